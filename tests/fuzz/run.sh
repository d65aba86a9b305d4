#!/bin/sh
# Let libFuzzer search for inputs that break the readers of foreign files; needs clang.
#   tests/fuzz/run.sh [SECONDS [TARGET...]]     60 seconds for each of checkpoint record config theme lesson rules sweep text
# Finds are left in build/fuzz/<target>-*; a new corpus grows in build/fuzz/corpus.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- checkpoint record config theme lesson rules sweep text
build=build/fuzz
flags='-std=c17 -D_XOPEN_SOURCE=700 -Iinclude -Isrc -Itests -g -O1 -fno-sanitize-recover=all'
make -j2 VARIANT=asan BUILD=$build CC=clang CFLAGS=-fsanitize=fuzzer-no-link $build/libheed.a
for target in "$@"; do
    # shellcheck disable=SC2086
    clang $flags -fsanitize=fuzzer,address,undefined -DFUZZ_TARGET="fuzz_$target" \
        -o "$build/fuzz_$target" tests/fuzz/fuzz.c $build/libheed.a -ljansson -linih -lm -pthread
    mkdir -p "$build/corpus/$target"
    seeds=
    for folder in "tests/fuzz/corpus/$target"; do [ -d "$folder" ] && seeds="$seeds $folder"; done
    case $target in
    config) seeds="$seeds presets" ;;
    theme) seeds="$seeds themes" ;;
    lesson) seeds="$seeds lessons" ;;
    rules) seeds="$seeds rules" ;;
    sweep) seeds="$seeds sweeps" ;;
    esac
    echo "--- $target, $seconds s"
    # shellcheck disable=SC2086
    "$build/fuzz_$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
        -dict=tests/fuzz/words.dict -artifact_prefix="$build/$target-" -print_final_stats=1 \
        "$build/corpus/$target" $seeds
done
