#!/bin/bash
# Stepping through a sequence: injected control tokens change what is expected next.
. "$(dirname "$0")/lib.sh"

CAST="--no-files -s race=transformer-dpa,lstm -s train.steps=100000 -s train.eval_windows=100"

tokens() { # the sequence up to the cursor
    screen | grep -E '│token ' | sed 's/▌.*//; s/.*token *//; s/ *$//'
}

last_token() {
    tokens | awk '{print $NF}'
}

rule() { # "R 5": the rule in force and its number
    screen | sed -n 's/.*│ rule *\([A-Z] *[0-9-]*\).*/\1/p' | tr -s ' ' | head -1
}

expected() { # the symbols and shares that the model expects
    screen | sed -n '/the model expects/,/╯/p' | sed '1d; s/.*││//' | grep -E '[.0-9]' | sed 's/[▏▎▍▌▋▊▉█]//g'
}

ready() { # paused, with the weights of the very step at which it paused
    open 120 40
    heed "$CAST" --page step
    see "the model expects"
    eventually trained
    keys Space
    see "paused"
    eventually newest_weights
}

trained() {
    [ "$(weights_step)" -ge 20 ] 2>/dev/null
}

newest_weights() {
    local step
    step=$(screen | head -1 | sed -n 's/.*step \([0-9,]*\) .*/\1/p')
    [ -n "$step" ] && [ "$(weights_step)" = "${step//,/}" ]
}

weights_step() {
    screen | sed -n 's/.*weights of step \([0-9,]*\).*/\1/p' | tr -d ,
}

test_control_tokens_change_the_prediction() {
    ready
    local before token
    for token in I A R C; do
        before=$(expected)
        keys $token
        eventually last_token_is $token
        changed "$before" expected
        see_match "│ rule +$token "
    done
    same "I A R C" "$(tokens | awk '{print $(NF-3), $(NF-2), $(NF-1), $NF}')" "the injected tokens"
}

last_token_is() {
    [ "$(last_token)" = "$1" ]
}

test_the_rule_is_followed() {
    ready
    keys I
    eventually last_token_is I
    keys 4 # no number below 16 goes on from there: it is taken at once
    eventually last_token_is 4
    same "I 5" "$(rule)" "the rule after I 4"
    keys Enter
    eventually last_token_is 5
    same "I 6" "$(rule)" "the rule after I 4 5"
    keys A
    eventually last_token_is A
    same "A 9" "$(rule)" "the rule after 4 5 A"
    keys Enter
    eventually last_token_is 9
    same "A 14" "$(rule)" "the rule after 5 9"
    keys R
    eventually last_token_is R
    same "R 9" "$(rule)" "the rule after 9 R"
    keys Enter
    eventually last_token_is 9
    same "R 5" "$(rule)" "the rule after 9 R 9"
}

test_undo_and_rewind() {
    ready
    local start
    start=$(tokens)
    keys I
    eventually last_token_is I
    keys u
    eventually last_token_is "$(echo "$start" | awk '{print $NF}')"
    same "$start" "$(tokens)" "after undo"
    keys I 4 Enter Enter
    eventually last_token_is 6
    local here
    here=$(tokens)
    keys Left
    changed "$here" tokens
    same 5 "$(last_token)" "one back"
    keys Right
    eventually last_token_is 6
}

test_the_model_can_choose() {
    ready
    local best
    best=$(expected | head -1 | awk '{print $1}')
    keys m
    eventually last_token_is "$best"
}

test_another_contestant_keeps_the_sequence() {
    ready
    keys I 1 4 # one number of two digits
    eventually last_token_is 14
    local sequence guess
    sequence=$(tokens)
    guess=$(expected)
    keys c
    changed "$guess" expected
    same "$sequence" "$(tokens)" "the sequence"
}

test_steps_while_training() {
    open 120 40
    heed "$CAST" --page step
    see "the model expects"
    local token
    for token in I A R C I A R C; do
        keys $token
        eventually last_token_is $token
    done
}

run_tests
