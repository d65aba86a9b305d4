#!/bin/sh
# Where output goes: help, lists, pipes that close, disks that are full, pictures, the manual.
. "$(dirname "$0")/check.sh"

accept "--version" "$HEED" --version
holds "--version says heed and a number" sh -c "'$HEED' --version | grep -qE '^heed [0-9]+\.[0-9]+\.[0-9]+$'"
accept "--help" "$HEED" --help
for command in train watch step eval predict sample render bench list check-terminal help; do
    accept "$command --help" "$HEED" $command --help
    "$HEED" help $command >"$scratch/o"
    holds "help $command is $command --help" cmp "$scratch/o" "$scratch/out"
done
for what in attention models tasks themes presets keys settings views isa; do
    accept "list $what" "$HEED" list $what
    holds "list $what has lines" test "$("$HEED" list $what | wc -l)" -ge 2
done
accept "check-terminal into a pipe" "$HEED" check-terminal
accept "check-terminal with every colour" "$HEED" check-terminal --colors direct

# --- streams -------------------------------------------------------------------------------------
("$HEED" list settings; echo $? >"$scratch/code") 2>"$scratch/err" | true
holds "a closed pipe is no word on standard error" test ! -s "$scratch/err"
(trap '' PIPE; "$HEED" list settings; echo $? >"$scratch/code") 2>"$scratch/err" | true
holds "nor where SIGPIPE is ignored" test ! -s "$scratch/err"
if [ -e /dev/full ]; then
    "$HEED" list settings >/dev/full 2>"$scratch/err"
    holds "a full disk ends with 1" test $? -eq 1
    "$HEED" list settings >/dev/full 2>"$scratch/full"
    holds "a full disk is named" grep -q '^heed: standard output: ' "$scratch/full"
fi

# --- decimal points stay points ------------------------------------------------------------------
for locale in de_DE.UTF-8 fr_FR.UTF-8; do
    LC_ALL=$locale LANG=$locale "$HEED" list settings >"$scratch/o" 2>&1
    holds "$locale changes no number" sh -c "'$HEED' list settings | cmp - '$scratch/o'"
done

# --- pictures ------------------------------------------------------------------------------------
draw() {
    "$HEED" render "$@" $TINY --steps 20 -s race=transformer-cog,lstm
}
# What depends on the clock: times, speeds.
timeless() {
    sed -E 's/[0-9.,]+k?( ?k)? ?(steps)?\/(s|min)//g; s/[0-9]+:[0-9][0-9]( left)?//g' "$1"
}
for view in $("$HEED" list views | tail -n +2); do
    draw $view --size 100x30 -o one.txt
    holds "render $view" test "$(wc -l <one.txt)" -eq 30
    holds "render $view: no colours in text" sh -c "! grep -q '$(printf '\033')' one.txt"
    for glyphs in ascii block half; do
        draw $view --size 80x24 --glyphs $glyphs -o small.txt
        holds "render $view --glyphs $glyphs" test "$(wc -l <small.txt)" -eq 24
    done
    holds "render $view --glyphs ascii is ASCII" sh -c \
        "'$HEED' render $view $(echo $TINY) --steps 2 -s race=lstm --glyphs ascii | LC_ALL=C tr -d '\n -~' | cmp - /dev/null"
done
for view in attention step; do
    draw $view --size 100x30 -o one.txt
    draw $view --size 100x30 -o two.txt
    timeless one.txt >one
    timeless two.txt >two
    holds "render $view twice is the same but for times" cmp one two
done
draw train --format ansi --size 60x20 -o a.ansi
holds "ANSI has colours" grep -q "$(printf '\033\\[')" a.ansi
draw train --format ansi --colors none --size 60x20 -o a.ansi
holds "ANSI without colours has none" sh -c "! grep -qE '$(printf '\033')\\[[0-9;]*[34]8;' a.ansi"
draw train --format svg --size 60x20 -o a.svg
holds "SVG is one element" sh -c "grep -q '<svg' a.svg && tail -n 1 a.svg | grep -q '</svg>'"
"$HEED" train -o run $TINY --steps 20 -s race=transformer-cog,lstm 2>/dev/null
accept "render from a run" "$HEED" render attention run
holds "the run's step stands there" sh -c "'$HEED' render train run | head -n 1 | grep -q '20 / 20'"
