#!/bin/sh
# Run every test of the build in $BUILD and end with the line "N passed, N failed".
# Test programs (tests/test_*.c, tests/f64_*.c) and scripts (tests/check_*.sh, tests/e2e/*.sh) speak
# TAP: "1..N", "ok ...", "not ok ...". A script without such lines counts as one by its exit code; a
# program that dies counts every test it did not reach. ONLY="pattern pattern" runs the matching ones;
# RUNNER starts the programs of another machine.
set -u
: "${BUILD:?is set by make check}"
# An absolute path, because scripts work in folders of their own.
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
HEED=$BUILD/heed SOURCE=$PWD
LIMIT=${LIMIT:-300} # seconds for one program or script
export BUILD HEED SOURCE
export CMOCKA_MESSAGE_OUTPUT=TAP
unset NO_COLOR COLORTERM
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
# Nothing that runs here may touch the person's own runs and settings.
export XDG_STATE_HOME=$scratch/state XDG_CONFIG_HOME=$scratch/config
passed=0 failed=0

wanted() { # name
    set -f # the patterns are for names, not for files
    for pattern in ${ONLY:-*}; do
        case $1 in $pattern) set +f && return 0 ;; esac
    done
    set +f
    return 1
}

run_one() { # name command...
    name=$1
    shift
    wanted "$name" || return
    began=$(date +%s)
    timeout -k 10 "$LIMIT" "$@" >"$scratch/out" 2>&1 </dev/null
    code=$?
    planned=$(sed -n 's/^1\.\.\([0-9][0-9]*\)$/\1/p' "$scratch/out" | tail -n 1)
    p=$(grep -ac '^ok\b' "$scratch/out")
    f=$(grep -ac '^not ok\b' "$scratch/out")
    if [ -n "$planned" ] && [ $((p + f)) -lt "$planned" ]; then
        f=$((planned - p))
    elif [ $((p + f)) -eq 0 ]; then
        [ $code -eq 0 ] && p=1 || f=1
    elif [ $code -ne 0 ] && [ "$f" -eq 0 ]; then
        f=1
    fi
    if [ "$f" -gt 0 ]; then
        sed "s/^/    /" "$scratch/out"
        echo "    $name ended with code $code"
    fi
    echo "$name: $p passed, $f failed, $(($(date +%s) - began)) s"
    passed=$((passed + p)) failed=$((failed + f))
}

for test in "$BUILD"/tests/test_* "$BUILD"/tests/f64_*; do
    case $test in *.d) continue ;; esac
    # A program whose source is gone is left over from an older tree.
    [ -x "$test" ] && [ -f "tests/${test##*/}.c" ] && run_one "${test##*/}" ${RUNNER:-} "$test"
done
for test in tests/check_*.sh tests/e2e/*.sh; do
    case ${test##*/} in lib.sh | check.sh) continue ;; esac
    [ -f "$test" ] && run_one "${test#tests/}" "$SOURCE/$test"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
