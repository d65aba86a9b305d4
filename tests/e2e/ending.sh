#!/bin/bash
# However the program ends, the shell has its terminal back, and the program says what became of it.
. "$(dirname "$0")/lib.sh"

CAST="--no-files -s train.steps=100000 -s train.eval_windows=100"

begin() {
    open 100 30
    remember
    state >"$E2E/state.before"
    heed "$CAST" "$@"
    see "accuracy now"
    state | grep -q 'alternate=1 cursor=0' || complain "no full screen: $(state)"
}

test_quit_asks_and_can_be_taken_back() {
    begin
    keys q
    see "quit?"
    keys n
    gone "quit?"
    see "accuracy now"
    keys q
    see "quit?"
    keys q
    see "exit=0"
    see "transformer-dpa" # the last frame or the summary stays
    restored
}

test_control_c() {
    begin
    keys C-c
    see 'exit=130'
    restored
}

signalled() { # signal pattern of the exit code
    begin
    kill "-$1" "$(heed_pid)"
    see_match "exit=$2"
    restored
}

test_kill_term() {
    signalled TERM 143
}

test_kill_hup() {
    signalled HUP 129
}

test_kill_int() {
    signalled INT 130
}

test_crash_segv() {
    local code=139
    case $HEED in # a sanitizer's report comes after the terminal is given back
    */asan/*) code=1 ;;
    */tsan/*) code=66 ;;
    esac
    signalled SEGV $code
}

test_crash_abrt() {
    signalled ABRT 134
}

test_kill_stop_and_cont() {
    begin
    local pid
    pid=$(heed_pid)
    kill -STOP "$pid"
    see "ready>" # the shell has noticed
    kill -CONT "$pid"
    type_line "fg"
    see "accuracy now"
    keys 5
    see "are read here"
    kill -TERM "$pid"
    eventually ended "$pid"
    restored
}

test_control_z_and_fg() {
    begin
    local pid
    pid=$(heed_pid)
    keys C-z
    see "ready>"
    gone "accuracy now"
    state | grep -q 'alternate=0 cursor=1' || complain "stopped, and still: $(state)"
    resize 120 40
    type_line "fg"
    see "accuracy now"
    keys 5
    see "are read here"
    keys q
    see "quit?"
    keys y
    eventually ended "$pid"
    restored
}

test_the_terminal_goes_away() {
    begin
    local pid
    pid=$(heed_pid)
    terminal kill-server
    eventually ended "$pid"
}

# The shell that leads the session dies too, and the program hears of it a second time.
test_a_terminal_that_goes_away_costs_no_work() {
    terminal -f "$E2E/tmux.conf" new-session -d -x 100 -y 30 \
        "sh -c '$E2E/go -o $E2E/gone -s train.checkpoint_seconds=100000; true'"
    see "accuracy now"
    see_match "step [1-9][0-9,]+ /"
    local pid
    pid=$(heed_pid)
    terminal kill-server
    eventually ended "$pid"
    for contestant in transformer-dpa cisformer-ea lstm mlp; do
        "$HEED" predict "$E2E/gone" --contestant "$contestant" --json \
            --tokens "$(yes 5 | head -n 32 | tr '\n' ' ')" >/dev/null ||
            complain "$contestant has no checkpoint"
    done
    "$HEED" eval "$E2E/gone" -n 64 --json | grep -o '"step":[0-9]*' | sort -u >"$E2E/steps"
    [ "$(wc -l <"$E2E/steps")" = 1 ] && ! grep -q '"step":0$' "$E2E/steps" ||
        complain "checkpoints of the steps $(tr '\n' ' ' <"$E2E/steps")"
}

ended() {
    ! kill -0 "$1" 2>/dev/null
}

test_a_run_is_kept_and_goes_on() {
    open 100 30
    heed "-o $E2E/kept -s race=lstm -s train.steps=100000 -s train.eval_windows=100"
    see "accuracy now"
    see_match "step [1-9][0-9,]+ /"
    keys q
    see "quit?"
    keys y
    see "exit=0"
    see "$E2E/kept"
    [ -s "$E2E/kept/config.ini" ] && [ -s "$E2E/kept/lstm/checkpoint.safetensors" ] ||
        complain "the run's files are missing"
    heed "$E2E/kept"
    see_match "step [1-9][0-9,]+ /"
    keys q
    see "quit?"
    keys y
}

refused() { # words for the shell, what is said
    open 200 20
    type_line "$1; echo exit=\${PIPESTATUS[0]}"
    see "$2"
    see "exit=2"
    same "alternate=0 cursor=1 mouse=0 keypad=0" "$(state)" "the terminal's state"
}

test_no_terminal_name() {
    refused "env -u TERM $E2E/go $CAST" "heed: TERM"
}

test_dumb_terminal() {
    refused "TERM=dumb $E2E/go $CAST" "TERM=dumb"
}

test_unknown_terminal() {
    refused "TERM=no-such $E2E/go $CAST" "TERM=no-such"
}

test_output_is_a_pipe() {
    refused "$E2E/go $CAST | cat" "standard output: not a terminal"
}

run_tests
