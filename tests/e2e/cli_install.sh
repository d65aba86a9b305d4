#!/bin/sh
# make install and uninstall: everything in its place, and nothing left.
. "$(dirname "$0")/check.sh"

# The build under test is installed as it is; nothing is compiled anew.
install() { # target
    make -C "$SOURCE" -s --no-print-directory "$1" BUILD="$BUILD" VARIANT="${VARIANT:-release}" \
        CC="${CC:-cc}" DESTDIR="$scratch/root" PREFIX=/usr -o "$BUILD/heed" -o all -o heed
}
holds "make install" install install
root=$scratch/root/usr
holds "the program runs from there" sh -c "'$root/bin/heed' --version | grep -q '^heed '"
holds "themes" sh -c "ls '$root/share/heed/themes/' | grep -q '^dark.theme\$'"
holds "the manual" cmp "$root/share/man/man1/heed.1" "$SOURCE/man/heed.1"
for page in heed-config heed-run heed-theme; do
    holds "$page(5)" cmp "$root/share/man/man5/$page.5" "$SOURCE/man/$page.5"
done
for file in bash-completion/completions/heed zsh/site-functions/_heed \
    fish/vendor_completions.d/heed.fish; do
    holds "$file" grep -q completions "$root/share/$file"
done
holds "make uninstall" install uninstall
holds "no file is left" sh -c "[ -z \"\$(find '$scratch/root' -type f)\" ]"
