#!/bin/sh
# The memory that the default race of four holds at most (VmHWM, 1e6 bytes), trained plainly and in the live
# program; and a curve of ten thousand points against one of ten million. Needs Linux's /proc.
#   make bench-tools && tests/bench/memory.sh [SECONDS [BUILD]]     5, build/release
set -eu
seconds=${1:-5} build=${2:-build/release}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

"$build/heed" train -o "$scratch/run" -s train.steps=1000000000 2>/dev/null &
pid=$!
sleep "$seconds"
awk '/^VmHWM/ { printf "heed train, race of four   %.1f MB\n", $2 * 1024e-6 }' "/proc/$pid/status"
kill $pid
wait $pid || true
"$build/bench/pty" hold "$seconds" "$build/heed" --no-files -s train.steps=1000000000 |
    awk '{ printf "live, race of four         %.1f MB\n", $4 }'
"$build/bench/frames" points
