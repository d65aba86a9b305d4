#!/bin/sh
# Write the manual: man/heed.1.in with the program's own tables in the places marked @...@.
#   sh man/make.sh build/release/heed > man/heed.1
set -eu
heed=$1
while IFS= read -r line; do
    case $line in
    @commands@ | @settings@ | @keys@)
        section=${line#@}
        "$heed" list "man-${section%@}"
        ;;
    *@version@*) printf '%s\n' "${line%%@version@*}$("$heed" --version)${line#*@version@}" ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$(dirname "$0")/heed.1.in"
