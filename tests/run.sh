#!/bin/bash
# Run every test of the build in $BUILD and end with the line "N passed, N failed".
set -u
passed=0 failed=0
for t in "$BUILD"/tests/test_* "$BUILD"/tests/f64_*; do
    [ -x "$t" ] && [ ! -d "$t" ] && case $t in *.d) continue ;; esac || continue
    out=$("$t" 2>&1); code=$?
    p=$(printf '%s\n' "$out" | grep -ac '^\[       OK \]')
    f=$(printf '%s\n' "$out" | grep -ac '^\[  FAILED  \] [a-zA-Z_0-9]*$')
    [ $code -ne 0 ] && [ "$f" -eq 0 ] && f=1
    [ $code -ne 0 ] && printf '%s\n' "$out"
    echo "${t##*/}: $p passed, $f failed"
    passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
