#!/bin/sh
# The tests of the arithmetic as aarch64, under qemu: make check-neon. Ends like run.sh, or with one
# line that names what is missing.
set -u
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-aarch64-linux-gnu-gcc} QEMU=${QEMU:-qemu-aarch64}
TESTS="test_kern test_kern_gemm test_kern_math test_attn test_forward test_model test_optim"
# Of the program's libraries these tests use one.
LIBS="-linih -lm"
export BUILD=build/neon

missing() { # what, what to install on Debian
    echo "heed: check-neon: $1: on Debian: $2" >&2
    exit 1
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
command -v "$CC" >/dev/null || missing "no $CC" "apt-get install gcc-aarch64-linux-gnu"
command -v "$QEMU" >/dev/null || missing "no $QEMU" "apt-get install qemu-user"
echo 'int main(void) { return 0; }' >"$scratch/t.c"
# shellcheck disable=SC2086
"$CC" -o "$scratch/t" "$scratch/t.c" -lcmocka $LIBS 2>/dev/null &&
    "$QEMU" "$scratch/t" 2>/dev/null ||
    missing "no libraries for arm64" "dpkg --add-architecture arm64 && apt-get update &&\
 apt-get install libcmocka-dev:arm64 libinih-dev:arm64"

programs=
for test in $TESTS; do
    programs="$programs $BUILD/tests/$test"
done
# shellcheck disable=SC2086
"${MAKE:-make}" --no-print-directory CC="$CC" BUILD=$BUILD LIBS="$LIBS" $programs || exit 1
ONLY=$TESTS RUNNER=$QEMU LIMIT=${LIMIT:-900} tests/run.sh
