#!/bin/bash
# A text on the page Step: the model writes on, and what is typed stands there.
. "$(dirname "$0")/lib.sh"

CAST="--no-files -s race=transformer-cog -s task.kind=text -s task.context=16 -s model.dim=16 --threads 1"
CAST="$CAST -s train.batch=4 -s train.steps=100000 -s train.eval_windows=20"

length() { # symbols of the sequence
    screen | sed -n 's/.*symbol [0-9]* of \([0-9]*\).*/\1/p'
}

grew() { # from
    [ "$(length)" -gt "$1" ]
}

ready() {
    open 120 40
    heed "$CAST" --page step
    see "the model expects"
    see "V "
}

test_the_model_writes() {
    ready
    see "Enter model writes"
    local before
    before=$(length)
    keys Enter Enter Enter
    eventually grew $((before + 2))
    keys '('
    see "temperature 0.7"
    keys p
    see "it writes, "
    before=$(length)
    eventually grew $((before + 1))
    keys p q y
    see "exit=0"
}

test_what_is_typed_stands_there() {
    ready
    keys a
    see "typing: characters"
    keys q u i t '?' Space 1 Enter e
    see "quit? 1↵"
    see "e▌"
    keys BSpace
    gone "e▌"
    keys Escape
    gone "typing: characters"
    keys Tab
    see "contestants"
    keys q y
    see "exit=0"
}

test_a_run_opens_without_its_file() { # which changed, as the manual does with every version
    open 120 40
    type_line "cd $E2E"
    seq 1 3000 >"$E2E/numbers"
    heed "-o $E2E/kept ${CAST#--no-files } -s task.file=$E2E/numbers -s train.steps=9000000"
    see "V 11"
    keys q y
    see "exit=0"
    seq 5 4000 >"$E2E/numbers"
    heed "$E2E/kept --page run"
    see "config.ini"
    see "V 11"
    keys q y
    see "exit=0"
}

run_tests
