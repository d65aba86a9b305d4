#!/bin/bash
# The settings as a form: chosen before the start, refused, changed during a run; restarts, another
# seed, other runs, all in one sitting.
. "$(dirname "$0")/lib.sh"

TINY="-s train.threads=1 -s train.batch=4 -s task.context=16 -s model.dim=8 -s model.hidden=8 -s train.eval_windows=16"
RUNS=$XDG_STATE_HOME/heed/runs

leave_it() {
    keys q
    see_match 'quit\?|exit=0'
    if shows "quit?"; then keys y; fi
    see "exit=0"
}

typed() { # text: as it is, then Enter
    terminal send-keys -l -- "$1" && keys Enter
}

value() { # key text: type a value into the row that / finds
    keys / && typed "$1" && see "/$1: " && keys Enter && see "_" && typed "$2"
}

answers() { # run: the loss to its last digit
    "$HEED" eval "$1" --json | grep -o '"loss": *[0-9.e-]*' | tr '\n' ' '
}

newest_run() {
    # shellcheck disable=SC2012 # the names are ours
    ls -td "$RUNS"/*/ | head -n 1
}

test_a_form_starts_what_the_command_line_starts() {
    rm -rf "$RUNS"
    open 100 30
    heed "--setup $TINY -s race=lstm,mlp"
    see "not started"
    see "R starts"
    [ ! -e "$RUNS" ] || complain "a run before the start"
    value train.steps 40
    gone "40_"
    value train.seed 7
    gone "7_"
    keys R
    see "finished"
    leave_it
    "$HEED" train $TINY -s race=lstm,mlp --steps 40 --seed 7 -o "$E2E/line" >"$E2E/said.train" 2>&1
    cmp "$(newest_run)config.ini" "$E2E/line/config.ini" || complain "other settings"
    same "$(answers "$E2E/line")" "$(answers "$(newest_run)")" "what the models answer"
}

test_a_bad_value_is_refused_in_the_command_lines_words() {
    open 100 30
    heed "--setup $TINY"
    see "not started"
    value model.heads 99
    see "-s model.heads=99: model.heads must be 1..64, not 99: choose a number in that range"
    see "99_"
    keys Escape
    gone "99_"
    keys s
    see "KEY=VALUE"
    typed "model.dmi=9"
    see "unknown key model.dmi: did you mean model.dim?"
    keys Escape
    gone "KEY=VALUE"
    keys R
    see "▶"
    leave_it
}

test_presets_and_the_cast() {
    open 120 36
    type_line "cd $E2E; clear"
    heed "--setup"
    see "not started"
    keys p
    see "load a preset into the form"
    typed "count"
    see "settings · count-ones"
    see "transformer-dpa,transformer-cog"
    keys A
    see "add a contestant"
    typed "lstm"
    see "transformer-dpa,transformer-cog,lstm"
    keys X
    gone "transformer-cog,lstm"
    keys i
    see "for the marked one"
    keys q
    see "quit? q or y: yes; the form was edited, W writes it to a file"
    keys n
    gone "quit?"
    keys W
    see "write the settings to: heed-settings.ini_"
    keys Enter
    see "written: heed-settings.ini"
    keys q
    see "quit?"
    keys q
    see "exit=0"
    type_line "clear; $HEED train heed-settings.ini --steps 1 -s train.eval_windows=16 --threads 1 -o $E2E/written"
    see "transformer-cog  step 1 "
    grep -qx "preset = count-ones" "$E2E/written/config.ini" || complain "not the preset's settings"
}

test_a_restart_during_a_run() {
    rm -rf "$RUNS"
    open 120 36
    heed "$TINY --page run -s race=lstm,mlp -s train.steps=1000000"
    see "▶ step"
    value model.dim 16
    see "model.dim is fixed once a run begins: lstm runs with 8, R restarts with 16"
    see "R restarts with 1 edit"
    keys R
    see "restart? y: yes; this run stops at step"
    keys n # no
    gone "restart? y"
    keys R
    see "restart? y"
    keys y
    see "begun: "
    gone "R restarts with 1 edit"
    see "▶ step"
    # shellcheck disable=SC2012
    same 2 "$(ls "$RUNS" | wc -l)" "runs"
    grep -qx "dim = 16" "$(newest_run)config.ini" || complain "the old width"
    keys N
    see "restart with the next seed? y"
    keys y
    see "seed 2"
    # shellcheck disable=SC2012
    same 3 "$(ls "$RUNS" | wc -l)" "runs"
    leave_it
    see "earlier: heed "
    see "again: heed "
}

test_a_learning_rate_changes_at_once() {
    open 120 36
    heed "$TINY --no-files --page run -s race=lstm -s train.steps=1000000"
    see "▶ step"
    value learning_rate 0.004
    see "train.learning_rate: from the next step on, and after a restart"
    see "lstm: learning rate 0.004 from step"
    see "x0.4"
    keys 0
    see "lstm: learning rate 0.01 from step"
    gone "x0.4"
    keys R
    see "this run keeps no files: its "
    keys Escape
    leave_it
}

test_another_run_is_opened() {
    rm -rf "$RUNS"
    "$HEED" train $TINY -s race=mlp --steps 30 -o "$RUNS/first-run" >"$E2E/said.train" 2>&1
    open 120 36
    heed "$TINY --page run -s race=lstm --no-files -s train.steps=1000000"
    see "▶ step"
    keys o
    see "open a run"
    see "first-run"
    keys Enter
    see "open? y: yes; this run keeps no files"
    keys y
    see "opened: $RUNS/first-run"
    see "finished"
    see_match "race +mlp"
    keys o
    see "open a run"
    typed "/no/such/run"
    see "/no/such/run: no such folder"
    see "finished"
    leave_it
}

test_nothing_is_edited_where_nothing_is_trained() {
    "$HEED" train $TINY -s race=mlp --steps 3 -o "$E2E/done" >"$E2E/said.train" 2>&1
    open 100 30
    heed "step $E2E/done --page run"
    see "are read here"
    keys R
    see "nothing is trained here: these are the settings of the run as it was"
    keys q
    see "exit=0"
}

run_tests
