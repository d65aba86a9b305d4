#!/bin/sh
# tests/deps.sh on systems that are played by scripts: which command it runs or prints.
. "$(dirname "$0")/check.sh"

tools=$scratch/tools
mkdir -p source/tests "$tools"
cp "$SOURCE/tests/deps.sh" source/tests/

# A PATH with the few tools the script itself needs, and actors that write down how they were called.
for tool in sh cksum dirname mktemp rm mkdir cat ls tail sed; do
    ln -sf "$(command -v $tool)" "$tools/$tool"
done
actor() { # name, body
    printf '#!/bin/sh\necho "%s $*" >>%s/calls\n%s\n' "$1" "$scratch" "${2:-exit 0}" >"$tools/$1"
    chmod +x "$tools/$1"
}
# A compiler that knows the libraries once they have been "installed".
compiler="case \$* in *-l*) [ -f $scratch/installed ] ;; *) exit 0 ;; esac"
play() { # manager: who manages packages here
    rm -rf "$tools/apt-get" "$tools/dnf" "$tools/pacman" "$tools/apk" "$tools/zypper" "$tools/brew" \
        "$tools/sudo" "$tools/env" source/build "$scratch/installed" "$scratch/calls"
    actor cc "$compiler"
    actor make
    actor pkg-config
    actor tmux
    actor bash
    actor tic
    actor true
    printf '#!/bin/sh\nwhile case $1 in *=*) true ;; *) false ;; esac; do shift; done\nexec "$@"\n' >"$tools/env"
    chmod +x "$tools/env"
    [ "$1" = none ] || actor "$1" "case \$* in *update*) ;; *) : >$scratch/installed ;; esac"
}
user() { # number
    printf '#!/bin/sh\necho %s\n' "$1" >"$tools/id"
    chmod +x "$tools/id"
}
deps() {
    (PATH=$tools CC=cc sh source/tests/deps.sh "$@") >"$scratch/out" 2>"$scratch/err"
}

user 0
for pair in "apt-get:install -y --no-install-recommends libncurses-dev libjansson-dev libinih-dev libpng-dev libcmocka-dev" \
    "dnf:install -y ncurses-devel jansson-devel inih-devel libpng-devel libcmocka-devel" \
    "pacman:-S --needed --noconfirm ncurses jansson libinih libpng cmocka" \
    "apk:add ncurses-dev jansson-dev inih-dev libpng-dev cmocka-dev" \
    "zypper:--non-interactive install pkgconfig(ncursesw) pkgconfig(jansson) pkgconfig(inih) pkgconfig(libpng) pkgconfig(cmocka)" \
    "brew:install ncurses jansson inih libpng cmocka"; do
    play "${pair%%:*}"
    deps
    report $? "${pair%%:*} as root: succeeds"
    holds "${pair%%:*} is asked for the right packages" grep -qx -- "${pair%%:*} ${pair#*:}" "$scratch/calls"
done

play apt-get
deps
: >"$scratch/calls"
deps
report $? "a second time succeeds"
holds "a second time nothing is asked" test ! -s "$scratch/calls"
holds "a second time nothing is said" test ! -s "$scratch/out" -a ! -s "$scratch/err"

play apt-get
rm "$tools/tmux" "$tools/bash" "$tools/tic"
deps run
report $? "what builds the program: succeeds without tmux"
holds "and asks for no test tool" sh -c "! grep -qE 'cmocka|tmux' '$scratch/calls'"

user 1000
play dnf
deps
holds "without rights: exit code 1" test $? -eq 1
deps
holds "without rights: the one command to type" grep -qx '    sudo dnf install -y ncurses-devel jansson-devel inih-devel libpng-devel libcmocka-devel' "$scratch/err"
play zypper
deps
holds "without rights: quoted for a shell" grep -q " 'pkgconfig(inih)' " "$scratch/err"
play dnf
deps
holds "without rights: nothing was run" sh -c "! grep -q '^dnf' '$scratch/calls'"

play dnf
actor sudo 'shift; exec "$@"'
deps
report $? "with a sudo that asks nothing: succeeds"
holds "with sudo: through sudo" grep -q '^sudo -n dnf install' "$scratch/calls"

play none
deps
holds "an unknown system: exit code 1" test $? -eq 1
deps
holds "an unknown system: what is missing is named" grep -q 'ncurses jansson inih libpng cmocka' "$scratch/err"

user 0
play apt-get
actor apt-get 'exit 100'
deps
holds "a manager that fails: exit code 1" test $? -eq 1
play apt-get
actor apt-get
deps
holds "a manager that installs nothing: exit code 1" test $? -eq 1
deps
holds "a manager that installs nothing: said so" grep -q 'still missing' "$scratch/err"
