#!/bin/bash
# The mouse: pages, rows, cells and symbols are clicked, the wheel zooms; a flag leaves it to the terminal.
. "$(dirname "$0")/lib.sh"

CAST="--no-files -s race=transformer-dpa,lstm -s train.steps=100000 -s train.eval_windows=60 \
-s train.eval_every=20 -s model.dim=16 -s train.threads=1"

begin() { # PAGE [FLAG]
    open 120 40
    heed "$CAST --page $1 ${2:-}"
    eventually evaluated
    keys Space
    see "paused"
    eventually still
}

evaluated() {
    [ "$(screen | head -1 | sed -n 's/.*step \([0-9,]*\).*/\1/p' | tr -d ,)" -ge 40 ] 2>/dev/null
}

body() {
    screen | tail -n +3
}

still() {
    local before
    before=$(body)
    sleep 0.3
    [ "$before" = "$(body)" ]
}

# mouse BUTTON X Y: as a terminal sends it (xterm's first encoding); 0 left, 64 and 65 the wheel. A button
# that was pressed is let go, or it cannot be pressed again.
mouse() {
    mouse_bytes "$1" "$2" "$3"
    [ "$1" -ge 64 ] || mouse_bytes 3 "$2" "$3"
}

mouse_bytes() {
    local bytes
    bytes=$(printf '\\x%02x\\x%02x\\x%02x' $(($1 + 32)) $(($2 + 33)) $(($3 + 33)))
    terminal send-keys -l "$(printf '\033[M'"$bytes")"
}

place() { # TEXT: its column and row, from 0
    local y=0 line
    while IFS= read -r line; do
        case $line in *"$1"*)
            line=${line%%"$1"*}
            echo ${#line} $y
            return
            ;;
        esac
        y=$((y + 1))
    done < <(screen)
}

click_on() {
    local at
    at=$(place "$1")
    [ -n "$at" ] || complain "\"$1\" is not there" || return 1
    mouse 0 ${at% *} "${at#* }"
}

test_pages_rows_and_cells() {
    begin train
    click_on "2 Attention"
    see "looks at"
    local before
    before=$(screen | grep -E 'query [0-9]+')
    mouse 0 20 14
    changed "$before" cursor_line
    click_on "1 Train"
    see "accuracy now"
    click_on "4 Compare"
    see "sorted by"
    click_on "▲ lstm"
    click_on "2 Attention"
    see "lstm has no attention"
    click_on "3 Step"
    see "the model expects"
    click_on "increment: m + 1"
    see_match '│ rule +I '
}

cursor_line() {
    screen | grep -E 'query [0-9]+'
}

test_the_wheel_zooms() {
    begin train
    mouse 64 30 10
    see "zoomed"
    mouse 65 30 10
    gone "zoomed"
    click_on "5 Run"
    see "are read here"
    local before
    before=$(screen -e | cksum)
    mouse 65 30 20 # elsewhere it is the arrow keys
    changed "$before" painted
}

painted() {
    screen -e | cksum
}

test_a_flag_leaves_it_to_the_terminal() {
    begin train --no-mouse
    state | grep -q 'mouse=0' || complain "the mouse is taken"
}

test_without_it_the_mouse_is_taken() {
    begin train
    state | grep -q 'mouse=1' || complain "the mouse is not taken"
}

run_tests
