#!/bin/sh
# Draw the README's pictures: one race of 3,000 steps, then four pages of it.
#   sh docs/pictures.sh build/release/heed
set -eu
heed=$1
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
"$heed" train -o "$run/iarc" --steps 3000 --seed 2
for page in train attention step learn; do
    case $page in
    train | attention | learn) keys= ;;
    step) keys=nR ;; # a fresh sequence, and a control token
    esac
    "$heed" render $page "$run/iarc" --size 110x32 --format svg --keys "$keys" -o "docs/$page.svg"
done
