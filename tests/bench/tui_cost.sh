#!/bin/sh
# What the screen costs: steps a second of `heed train` against the live program at 200 x 60, in turns, by
# the steps and times of metrics.jsonl, and the screen thread's share of a processor.
#   make bench-tools && tests/bench/tui_cost.sh [SECONDS [ROUNDS [BUILD]]]     10, 5, build/release
# With one thread that trains, and with as many as there are processors.
set -eu
seconds=${1:-10} rounds=${2:-5} build=${3:-build/release}
heed=$build/heed pty=$build/bench/pty
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
settings="-s train.steps=1000000000 --seed 1"

# Steps a second of the first contestant, from the second second on.
rate() { # folder
    awk '
        function number(key,    at) {
            at = index($0, "\"" key "\":")
            return substr($0, at + length(key) + 3) + 0
        }
        !/"kind":"step"/ { next }
        { match($0, /"contestant":"[^"]*"/); name = substr($0, RSTART, RLENGTH) }
        first == "" { first = name }
        name != first { next }
        { step = number("step"); now = number("race_seconds") }
        now >= 1 && !begun { begun = 1; from = step; since = now }
        END {
            if (now <= since) { print "no steps in metrics.jsonl" > "/dev/stderr"; exit 1 }
            print (step - from) / (now - since)
        }' "$1/metrics.jsonl"
}

train() { # threads
    rm -rf "$scratch/run"
    # shellcheck disable=SC2086
    timeout "$seconds" "$heed" train -o "$scratch/run" --threads "$1" $settings 2>/dev/null || true
    rate "$scratch/run"
}

live() { # threads; sets cpu as well
    rm -rf "$scratch/run"
    # shellcheck disable=SC2086
    "$pty" hold "$seconds" "$heed" -o "$scratch/run" --threads "$1" $settings >"$scratch/hold"
    rate "$scratch/run"
}

median() {
    sort -n | awk '{ x[NR] = $1 } END { print NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2 }'
}

echo "| training threads | train, steps/s | live, steps/s | slower by | screen thread |"
echo "|--:|--:|--:|--:|--:|"
for threads in $(printf '1\n%s\n' "$(getconf _NPROCESSORS_ONLN)" | sort -nu); do
    rm -f "$scratch/train" "$scratch/live" "$scratch/cpu"
    round=0
    while [ $round -lt "$rounds" ]; do
        [ $((round % 2)) -eq 0 ] && train "$threads" >>"$scratch/train"
        live "$threads" >>"$scratch/live"
        awk '{ print 100 * $3 / $1 }' "$scratch/hold" >>"$scratch/cpu"
        [ $((round % 2)) -eq 1 ] && train "$threads" >>"$scratch/train"
        round=$((round + 1))
    done
    echo "$threads $(median <"$scratch/train") $(median <"$scratch/live") $(median <"$scratch/cpu")" |
        awk '{ printf "| %d | %.1f | %.1f | %.1f %% | %.2f %% |\n", $1, $2, $3, 100 * (1 - $3 / $2), $4 }'
done
