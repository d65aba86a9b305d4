#!/bin/bash
# Every page, with the keys a person would press, while four models train.
. "$(dirname "$0")/lib.sh"

CAST="--no-files -s train.steps=100000 -s train.eval_windows=100"

step_shown() { # the step in the title line, without commas
    screen | head -1 | sed -n 's/.*step \([0-9,]*\).*/\1/p' | tr -d ,
}

test_curves_move_within_a_second() {
    open 120 40
    heed "$CAST"
    see "accuracy"
    see_match "step [0-9,]+ / 100,000"
    local first
    first=$(step_shown)
    eventually step_beyond "$first"
    see_match "chance"
    keys q
    see "quit?"
    keys y
    see "exit=0"
}

step_beyond() {
    local now
    now=$(step_shown)
    [ -n "$now" ] && [ "$now" -gt "${1:-0}" ]
}

test_page_keys() {
    open 100 30
    heed "$CAST"
    see "accuracy now"
    keys 2
    see "looks at"
    keys 4
    see "sorted by"
    keys 5
    see "are read here"
    keys 1
    see "accuracy now"
    keys 3
    see "the model expects"
    keys Tab
    see "sorted by"
    keys BTab
    see "the model expects"
}

test_attention_modes() {
    open 120 40
    heed "$CAST" --page attention
    see "looks at"
    local mode
    for mode in positive negative squared absolute score signed; do
        keys m
        see "$mode"
    done
    keys M
    see "score"
    keys Enter
    see "layer 1 head 3"
}

test_attention_cursor_names_query_and_key() {
    open 120 40
    heed "$CAST" --page attention
    see_match 'query [0-9]+ "[0-9IARC]+"  key [0-9]+'
    keys Space
    see "paused"
    local line
    line=$(cursor_line)
    keys Left
    changed "$line" cursor_line
    line=$(cursor_line)
    keys Up
    changed "$line" cursor_line
    keys Down Right
    line=$(screen | sed -n 's/.*head \([0-9]\)\/4.*/\1/p' | head -1)
    keys "]"
    see "head $((line % 4 + 1))/4"
}

cursor_line() {
    screen | grep -E 'query [0-9]+'
}

test_help_opens_and_closes() {
    open 100 30
    heed "$CAST"
    see "accuracy now"
    keys "?"
    see "On the page Train"
    keys Escape
    gone "On the page Train"
    see "accuracy now"
}

test_themes_change_colours() {
    open 100 30
    heed "$CAST"
    see "accuracy now"
    keys Space
    see "paused"
    local before
    before=$(colours)
    keys t
    changed "$before" colours
}

colours() {
    screen -e | head -1 | tr -d '[:alnum:] ' | cksum; screen -e | grep -oE '48;5;[0-9]+' | sort | uniq -c | sort -rn | head -1 | awk '{print $2}'
}

test_pause_and_single_step() {
    open 100 30
    heed "$CAST"
    see "accuracy now"
    keys Space
    see "paused"
    local at
    at=$(step_shown)
    keys .
    changed "$at" step_shown
    same $((at + 1)) "$(step_shown)" "one step"
    keys Space
    gone "paused"
    eventually step_beyond $((at + 1))
}

run_tests
