#!/bin/sh
# Find what heed needs; install what is missing with the system's package manager when that is allowed,
# else print the one command to type. `deps.sh run` wants what builds the program, `deps.sh` what the
# tests need as well. Silent and fast when everything is there.
set -u
cd "$(dirname "$0")/.." || exit 1
wanted=${1:-check}
CC=${CC:-cc}

# A stamp of this very script and compiler says that all was found before.
stamp=build/deps.$wanted
key="$CC $(cksum <tests/deps.sh)"
[ -f "$stamp" ] && read -r seen <"$stamp" && [ "$seen" = "$key" ] &&
    command -v "${CC%% *}" >/dev/null && exit 0

have() {
    command -v "$1" >/dev/null 2>&1
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

links() { # name: does a program with this library compile and link?
    case $1 in
    ncurses) set -- '#include <ncurses.h>' 'cchar_t c; setcchar(&c, L"x", 0, 0, 0);' -lncursesw ;;
    jansson) set -- '#include <jansson.h>' 'json_decref(json_object());' -ljansson ;;
    libpng) set -- '#include <png.h>' 'png_access_version_number();' -lpng ;;
    inih) set -- '#include <ini.h>' 'ini_parse_string("", 0, 0);' -linih ;;
    cmocka) set -- '#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>' 'cmocka_set_message_output(CM_OUTPUT_TAP);' -lcmocka ;;
    *) set -- '' '' '' ;;
    esac
    printf '%s\nint main(void) { %s return 0; }\n' "$1" "$2" >"$scratch/t.c"
    # shellcheck disable=SC2086
    $CC -std=c17 -D_XOPEN_SOURCE=700 -o "$scratch/t" "$scratch/t.c" $3 >/dev/null 2>&1
}

find_missing() {
    missing=
    if have "${CC%% *}" && links nothing; then
        for library in ncurses jansson inih libpng; do
            links $library || missing="$missing $library"
        done
        [ "$wanted" = run ] || links cmocka || missing="$missing cmocka"
    else
        missing="compiler ncurses jansson inih libpng"
        [ "$wanted" = run ] || missing="$missing cmocka"
    fi
    have make || missing="$missing make"
    have pkg-config || missing="$missing pkg-config"
    [ "$wanted" = run ] || have tmux || missing="$missing tmux"
    [ "$wanted" = run ] || have bash || missing="$missing bash"
    [ "$wanted" = run ] || have tic || missing="$missing tic"
}

package() { # manager thing: the package's name there
    case $1:$2 in
    apt-get:compiler) echo gcc libc6-dev ;;
    apk:compiler) echo gcc musl-dev ;;
    *:compiler) echo gcc ;;
    apt-get:tic) echo ncurses-bin ;;
    zypper:tic) echo ncurses-utils ;;
    *:tic) echo ncurses ;;
    apt-get:ncurses) echo libncurses-dev ;;
    apt-get:jansson) echo libjansson-dev ;;
    apt-get:inih) echo libinih-dev ;;
    apt-get:libpng) echo libpng-dev ;;
    apt-get:cmocka) echo libcmocka-dev ;;
    dnf:pkg-config) echo pkgconf-pkg-config ;;
    dnf:cmocka) echo libcmocka-devel ;;
    zypper:ncurses) echo "pkgconfig(ncursesw)" ;;
    zypper:jansson | zypper:inih | zypper:libpng | zypper:cmocka) echo "pkgconfig($2)" ;;
    pacman:pkg-config | apk:pkg-config) echo pkgconf ;;
    pacman:inih) echo libinih ;;
    dnf:ncurses | dnf:jansson | dnf:inih | dnf:libpng) echo "$2-devel" ;;
    apk:ncurses | apk:jansson | apk:inih | apk:libpng | apk:cmocka) echo "$2-dev" ;;
    *) echo "$2" ;;
    esac
}

install_command() { # manager packages...
    case $1 in
    apt-get) shift && echo "apt-get install -y --no-install-recommends $*" ;;
    dnf) shift && echo "dnf install -y $*" ;;
    pacman) shift && echo "pacman -S --needed --noconfirm $*" ;;
    apk) shift && echo "apk add $*" ;;
    zypper) shift && echo "zypper --non-interactive install $*" ;;
    brew) shift && echo "brew install $*" ;;
    esac
}

# apt-get without lists knows no packages; stale lists name packages that are gone.
install_apt() { # prefix command
    if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
        $1 apt-get update || return 1
        $1 env DEBIAN_FRONTEND=noninteractive $2
    else
        $1 env DEBIAN_FRONTEND=noninteractive $2 ||
            { $1 apt-get update && $1 env DEBIAN_FRONTEND=noninteractive $2; }
    fi
}

find_missing
if [ -n "$missing" ]; then
    for manager in apt-get dnf pacman apk zypper brew none; do
        have $manager && break
    done
    if [ $manager = none ]; then
        echo "heed: missing:$missing: install them with this system's package manager" >&2
        exit 1
    fi
    packages=
    for thing in $missing; do
        packages="$packages $(package $manager "$thing")"
    done
    # shellcheck disable=SC2086
    command=$(install_command $manager $packages)
    if [ "$(id -u)" = 0 ] || [ $manager = brew ]; then
        prefix=
    elif have sudo && sudo -n true 2>/dev/null; then
        prefix="sudo -n"
    else
        echo "heed: missing:$missing: type this, then make again:" >&2
        echo "    sudo $command" | sed "s/pkgconfig([a-z]*)/'&'/g" >&2
        exit 1
    fi
    echo "heed: installing:$packages" >&2
    if [ $manager = apt-get ]; then
        install_apt "$prefix" "$command" >"$scratch/log" 2>&1
    else
        $prefix $command >"$scratch/log" 2>&1
    fi || {
        tail -n 20 "$scratch/log" >&2
        echo "heed: could not install:$packages: see above; the command was: $prefix $command" >&2
        exit 1
    }
    find_missing
    if [ -n "$missing" ]; then
        echo "heed: still missing after installing:$missing" >&2
        exit 1
    fi
fi
mkdir -p build
echo "$key" >"$stamp"
