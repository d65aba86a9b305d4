#!/bin/bash
# Every key of the page Attention, on a run whose weights were saved on the way.
. "$(dirname "$0")/lib.sh"

CAST="-s race=transformer-dpa,transformer-ea,lstm -s model.dim=16 -s model.layers=2
      -s train.eval_windows=100 -s train.warmup=0 --threads 1"

ready() { # WIDTH HEIGHT [ARGUMENT]...: a run of 20 steps, looked at
    open "$1" "$2"
    shift 2
    # shellcheck disable=SC2086
    [ -d "$E2E/run" ] || "$HEED" train $CAST --until 20 -o "$E2E/run" >/dev/null 2>&1
    heed watch "$E2E/run" --page attention "$@"
    see "looks at"
    see "[live]"
}

line() { # the line of the cursor
    screen | grep -E '^ query [0-9]+'
}

cursor_is() { # QUERY KEY
    line | grep -qE "query $1 \"[^\"]+\" +key $2 "
}

test_cursor() {
    ready 120 40
    keys Up
    eventually cursor_is 31 '[0-9]+'
    keys PPage
    eventually cursor_is 23 '[0-9]+'
    keys NPage
    eventually cursor_is 31 '[0-9]+'
    keys Home
    eventually cursor_is 31 1
    keys Right
    eventually cursor_is 31 2
    keys Left
    eventually cursor_is 31 1
    keys End
    eventually cursor_is 31 31
    keys Right
    eventually cursor_is 31 32
    see "later than the query: masked"
    keys Down
    eventually cursor_is 32 32
    see_match 'z [-+][0-9.]+  w [-+][0-9.]+'
    keys Home Up Escape
    eventually cursor_is 32 '[0-9]+'
}

test_modes_and_scale() {
    ready 120 40
    local mode
    for mode in positive negative squared absolute score signed; do
        keys m
        see_match "^ query.* $mode "
    done
    keys M
    see_match '^ query.* score '
    keys r
    see "score, locked"
    keys r
    gone "locked"
    keys r m # another mode has another scale
    see_match '^ query.* signed '
    gone "locked"
}

test_heads_and_layers() {
    ready 120 40
    see "layer 1/2 head 1/4"
    keys ']'
    see "layer 1/2 head 2/4"
    keys '}'
    see "layer 2/2 head 2/4"
    keys '['
    see "layer 2/2 head 1/4"
    keys '{'
    see "layer 1/2 head 1/4"
    keys a
    see "layer 1 head 4"
    gone "looks at"
    keys Right
    see "▶ layer 1 head 2"
    keys Down
    see "▶ layer 2 head 2"
    keys Enter
    see "layer 2/2 head 2/4"
}

test_contestants() {
    ready 120 40
    keys v
    see "signed, both"
    see_match 'transf[^ ]*dpa · layer 1/2.*transf[^ ]*ea · layer 1/2'
    see_match 'query 32.*dpa z [-+].*ea z [-+]'
    keys d
    see "less"
    gone "both"
    keys d
    see "signed, both"
    keys v
    see "beside it: lstm"
    gone "both"
    keys d
    see "no difference"
    keys d v
    see "one contestant"
    keys c
    see_match 'transf[^ ]*ea · layer 1/2'
    keys c
    see "lstm has no attention"
}

test_overview() {
    open 80 24
    heed "--no-files -s race=transformer-dpa -s task.context=128 -s train.batch=2 -s train.eval_windows=4" \
        "-s train.steps=100000 --threads 1 --page attention"
    see_match 'query 128 "[^"]+", keys [0-9]+ to 128'
    see_match '\+[0-9]+ rows \+[0-9]+ columns'
    keys o
    see "the whole map, pooled"
    see "1:4"
    keys o
    see_match '\+[0-9]+ rows \+[0-9]+ columns'
    keys ,
    see "no weights are saved: this race writes no files"
}

test_freeze() {
    ready 120 40
    keys f
    see "frozen"
    keys f
    gone "frozen"
    keys f
    see "frozen"
    keys Escape
    gone "frozen"
}

test_timeline() {
    ready 120 40
    see "0 10 20 [live]"
    keys ,
    see "0 10 [20] live"
    keys ,
    see "0 [10] 20 live"
    see_match '(past:|past ·|past: step)'
    local past
    past=$(line)
    keys ,
    see "[0] 10 20 live"
    changed "$past" line
    keys 3
    see "weights of step 0"
    see "[0] 10 20 live"
    keys '\;'
    see "weights of step 10"
    keys Tab BTab BTab
    see "looks at"
    see "0 [10] 20 live"
    keys v
    see_match 'past.*past'
    keys l
    see "live: the newest weights"
    see "0 10 20 [live]"
    gone "past:"
}

run_tests
