#!/bin/bash
# Any size, at any moment; terminals that can do less.
. "$(dirname "$0")/lib.sh"

CAST="--no-files -s train.steps=100000 -s train.eval_windows=100"
SIZES="1x1 2x2 1x50 200x1 10x3 20x6 40x12 60x20 80x24 132x43 300x100"

test_resize_while_training() {
    open 80 24
    heed "$CAST"
    see "accuracy"
    local size page
    for page in 1 2 4 5 3; do # 3 takes digits for itself
        resize 80 24
        keys $page
        for size in $SIZES; do
            resize "${size%x*}" "${size#*x}"
            [ "${size%x*}" -lt 10 ] || eventually has_words
        done
    done
    resize 80 24
    see "the model expects"
    keys Tab
    see "sorted by"
}

has_words() {
    screen | grep -q '[a-z0-9]'
}

test_eighty_columns_without_colour_or_unicode() {
    open 80 24
    type_line "LC_ALL=C NO_COLOR=1 $E2E/go $CAST; echo exit=\$?"
    see "accuracy"
    see_match "step [0-9,]+ /"
    screen | LC_ALL=C grep -n '[^ -~]' && complain "not ASCII"
    screen -e | grep -E $'\033\\[([0-9;]*;)?[34][0-8]' && complain "colours"
    keys 2
    see "looks at"
    screen | LC_ALL=C grep -n '[^ -~]' && complain "not ASCII"
    keys 3
    see "the model expects"
    keys q
    see "quit?"
    keys y
    see "exit=0"
}

on_terminal() { # TERM [FLAG]
    open 80 24
    type_line "TERM=$1 $E2E/go $CAST ${2:-}; echo exit=\$?"
    see "accuracy"
    see_match "step [0-9,]+ /"
    keys 2
    see "looks at"
    keys Left Up
    keys q
    see "quit?"
    keys y
    see "exit=0"
}

test_vt100() {
    on_terminal vt100
}

# The library that ncurses loads for the console's mouse leaks, which a sanitizer tells.
test_linux_console() {
    on_terminal linux --no-mouse
}

test_xterm_of_eight_colours() {
    on_terminal xterm
}

test_screen() {
    on_terminal screen-256color
}

run_tests
