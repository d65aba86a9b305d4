#!/bin/sh
# Write a page of the manual: its .in file with the program's own tables in the places marked @...@.
#   sh man/make.sh build/release/heed heed.1 > man/heed.1
set -eu
heed=$1
while IFS= read -r line; do
    case $line in
    @commands@ | @settings@ | @keys@ | @preferences@ | @commandkeys@ | @roles@ | @themes@)
        section=${line#@}
        "$heed" list "man-${section%@}"
        ;;
    *@version@*) printf '%s\n' "${line%%@version@*}$("$heed" --version)${line#*@version@}" ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$(dirname "$0")/$2.in"
