#!/bin/sh
# How a step's cost grows with the window T and the width C, beside the growth of its products: a table in
# Markdown with the exponents of a straight line through log cost over log size.
#   tests/bench/scale.sh [HEED [SECONDS]]        ./heed, 1 second for each size
# "counted" is the exponent of the products (heed bench: gflop_per_step), which time should not exceed
# by much; the last doubling shows where it tends.
set -eu
heed=${1:-./heed} seconds=${2:-1}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# A number of the JSON of one case.
field() { # name
    sed -n "s/.*\"$1\":\([0-9.eE+-]*\).*/\1/p" "$scratch/json"
}

# One line "SIZE MS GFLOP" for each size.
sweep() { # sizes case setting...; @ in a setting stands for the size
    sizes=$1 case=$2
    shift 2
    for size in $sizes; do
        words=
        for setting in "$@"; do
            words="$words -s $(printf '%s' "$setting" | sed "s/@/$size/g")"
        done
        # shellcheck disable=SC2086 # words are words
        "$heed" bench --json --case "$case" --seconds "$seconds" $words >"$scratch/json"
        echo "$size $(field ms_per_step) $(field gflop_per_step) $(field share_of_peak)"
    done
}

# Rows of several files (their names are plain words) side by side, and the exponents under them.
table() { # heading name...
    heading=$1
    shift
    # shellcheck disable=SC2046 # one word a file
    awk -v heading="$heading" -v names="$*" '
        function slope(file, column, from,    i, n, x, y, sx, sy, sxx, sxy) {
            for (i = from; i <= rows; i++) {
                x = log(size[i]); y = log(value[file, column, i])
                n++; sx += x; sy += y; sxx += x * x; sxy += x * y
            }
            return n > 1 ? (n * sxy - sx * sy) / (n * sxx - sx * sx) : 0
        }
        function line(word, column, from,    f) {
            printf "| %s |", word
            for (f = 1; f <= files; f++)
                printf " %.2f | |", slope(f, column, from)
            print ""
        }
        FNR == 1 { files++ }
        { size[FNR] = $1; value[files, 2, FNR] = $2; value[files, 3, FNR] = $3
          value[files, 4, FNR] = $4; rows = FNR }
        END {
            split(names, name, " ")
            printf "| %s |", heading
            for (f = 1; f <= files; f++) printf " %s ms | of peak |", name[f]
            printf "\n|--:|"
            for (f = 1; f <= files; f++) printf "--:|--:|"
            print ""
            for (i = 1; i <= rows; i++) {
                printf "| %d |", size[i]
                for (f = 1; f <= files; f++)
                    printf " %.3f | %.1f %% |", value[f, 2, i], 100 * value[f, 4, i]
                print ""
            }
            line("exponent", 2, 1)
            line("counted", 3, 1)
            line("last doubling", 2, rows - 1)
            line("counted", 3, rows - 1)
        }' $(for name in "$@"; do echo "$scratch/$name"; done)
    echo
}

windows="32 64 128 256 512 1024" widths="32 64 128 256 512"
small="model.layers=2 model.heads=4 train.batch=4"
# shellcheck disable=SC2086
{
    sweep "$windows" small-transformer $small model.dim=64 task.context=@ >"$scratch/transformer"
    sweep "$windows" tiny-cisformer train.batch=4 task.context=@ model.groups=@ >"$scratch/cisformer-ea"
    sweep "$windows" tiny-lstm train.batch=4 model.dim=64 task.context=@ >"$scratch/lstm"
    table T transformer cisformer-ea lstm
    sweep "$widths" small-transformer $small task.context=64 model.dim=@ >"$scratch/transformer"
    sweep "$widths" tiny-lstm train.batch=16 model.dim=@ >"$scratch/lstm"
    table C transformer lstm
}
