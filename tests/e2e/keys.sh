#!/bin/bash
# Every key of the command table, on every page where it works: what it does is seen on the screen. The
# last test compares what was proved with the table itself.
. "$(dirname "$0")/lib.sh"

CAST="-s race=transformer-dpa,transformer-ea,lstm -s train.steps=100000 -s train.eval_windows=60 \
-s train.eval_every=20 -s model.dim=16 -s model.layers=2 -s train.threads=1"
TABLE=$E2E/table PROVED=$E2E/proved
: >"$PROVED"
"$HEED" list keys --json >"$TABLE"

begin() { # PAGE [ARGUMENT]...: a page of a paused race of its own
    page=$1
    shift
    open 120 40
    type_line "cd $E2E"
    heed "-o $E2E/run.$page $CAST --page $page $*"
    see_match "step [0-9,]+ / 100,000"
    eventually evaluated
    terminal send-keys Space
    see "paused"
    eventually still
}

evaluated() { # a picture of the inside is there, and a second evaluation
    [ "$(step_shown)" -ge 40 ] 2>/dev/null
}

step_shown() {
    screen | head -1 | sed -n 's/.*step \([0-9,]*\).*/\1/p' | tr -d ,
}

body() { # what the page shows, without title and clock
    screen | tail -n +3
}

still() {
    local before
    before=$(body)
    sleep 0.3
    [ "$before" = "$(body)" ]
}

tmux_key() {
    case $1 in
    PgUp) echo PPage ;;
    PgDn) echo NPage ;;
    Backspace) echo BSpace ;;
    Shift-Tab) echo BTab ;;
    Esc) echo Escape ;;
    *) echo "$1" ;;
    esac
}

press() {
    terminal send-keys -- "$(tmux_key "$1")"
}

note() {
    echo "$page $1 $2" >>"$PROVED"
}

# proves COMMAND KEY PATTERN: the key brings something that matches, and that was not there before
proves() {
    matches "$3" && complain "$1: \"$3\" is there before $2 is pressed" && return 1
    press "$2"
    see_match "$3" || return 1
    note "$1" "$2"
}

# hides COMMAND KEY PATTERN: it takes away what matches
hides() {
    see_match "$3" || return 1
    press "$2"
    until_ms $((SECONDS_TO_WAIT * 1000)) matches_not "$3" || complain "$3 stays" || return 1
    note "$1" "$2"
}

matches_not() {
    ! matches "$1"
}

# changes COMMAND KEY [WHAT]: what the command WHAT prints becomes something else
changes() {
    local what=${3:-body} before
    before=$($what)
    press "$2"
    changed "$before" $what || complain "$1: $2 changes nothing" || return 1
    note "$1" "$2"
}

painted() {
    screen -e | tail -n +3 | cksum
}

colours() { # with the title, which names the contestant
    screen -e | cksum
}

saved() { # when the checkpoints were written
    stat -c %y "$E2E/run.$page"/*/checkpoint.safetensors 2>/dev/null | cksum
}

# Weights of earlier steps, which the run keeps beside its checkpoints.
through_time() {
    eventually still
    changes timeline.scrub ,
    changes timeline.scrub ";"
    press ,
    eventually still
    changes timeline.live l
}

# What works everywhere. Ends on the same page, in the same theme's neighbour.
common() {
    local next=$1
    changes contestant.next c colours
    press c
    press c
    eventually still
    local at
    at=$(step_shown)
    press .
    # A pause amid an evaluation: the first key ends that, the next one steps.
    until_ms 3000 differs "$at" step_shown || press .
    changed "$at" step_shown
    note single-step .
    same $((at + 1)) "$(step_shown)" "one step"
    hides pause Space paused
    proves pause Space paused
    changes theme t painted
    changes save w saved
    eventually still # the log's line would replace the next message
    proves export e "exported: heed-"
    proves palette : "command"
    press Esc
    gone "Esc closes"
    proves help "?" "Esc closes"
    hides close Esc "Esc closes"
    proves page.next Tab "$next"
    press Shift-Tab
    gone "$next"
    note page.next Shift-Tab
    eventually still
}

leave_by_q() {
    proves quit q 'quit\?'
    press y
    see "exit=0"
}

test_train() {
    begin train
    proves curves.measure v "view 2 of"
    proves curves.measure V "view 1 of"
    proves curves.axis a "samples"
    press a
    see "seconds"
    press a
    proves curves.smooth m "smoothing 0.97"
    hides curves.log l "· log"
    proves curves.log-x L "log x"
    press L
    proves curves.zoom + "zoomed"
    hides curves.zoom - "zoomed"
    proves curves.zoom = "zoomed"
    changes curves.pan "<"
    changes curves.pan ">"
    proves curves.follow F "following"
    hides curves.fit f "following"
    proves curves.cursor Left "at [0-9.]+k? (steps|samples|seconds)"
    proves curves.cursor Right "newest end"
    hides close Esc "at [0-9.]+k? (steps|samples|seconds)"
    changes contestant.select Down painted
    changes contestant.select Up painted
    changes contestant.hide h
    press h
    changes contestant.highlight H painted
    press H
    local n word
    for n in 2:'looks at' 3:'the model expects' 4:'sorted by' 5:'are read here' 6:'measures what' 7:'geometry of matching' 1:'accuracy now'; do
        word=${n#*:}
        proves page.open "${n%%:*}" "$word"
        [ "${n%%:*}" != 3 ] || { press Shift-Tab && see "looks at"; }
    done
    common "looks at"
    proves attention.open Enter "looks at"
    press 1
    see "accuracy now"
    leave_by_q
}

test_attention() {
    begin attention
    proves attention.mode m "positive"
    proves attention.mode M "signed"
    changes attention.cursor Left
    changes attention.cursor Right
    changes attention.cursor Up
    changes attention.cursor Down
    changes attention.far Home
    changes attention.far End
    changes attention.far PgUp
    changes attention.far PgDn
    changes close Esc # the cursor goes, then the page
    press Esc
    see "accuracy now"
    press 2
    see "looks at"
    changes attention.head "]"
    changes attention.head "["
    changes attention.layer "}"
    changes attention.layer "{"
    changes attention.all a
    changes attention.all Enter
    proves attention.lock r "locked"
    press r
    proves attention.freeze f "frozen|kept"
    press f
    changes attention.difference d
    press d
    proves contestant.second v "beside it"
    press v
    press v
    changes attention.overview o
    press o
    through_time
    proves page.open 4 "sorted by"
    press 2
    see "looks at"
    common "the model expects"
    leave_by_q
}

test_step() {
    begin step
    proves step.inject I '│ rule +I '
    proves step.inject X "no symbol of this task begins with X"
    proves step.number 4 '│ rule +I 5'
    proves step.rule Enter '│ rule +I 6'
    proves step.move Left '│ rule +I 5'
    proves step.move Right '│ rule +I 6'
    proves step.undo u '│ rule +I 5'
    changes step.undo Backspace
    changes step.model m
    changes step.stream s
    proves step.ends Home "symbol 1 of"
    hides step.ends End "symbol 1 of"
    changes step.control "<"
    changes step.control ">"
    press End
    proves step.spell "'" "symbol _"
    press Esc
    proves step.replace r "replace .* by"
    proves step.inject A '│ rule +A '
    proves step.branch b "branch: replace"
    press I
    see "B, the branch"
    changes step.exchange x
    press b
    gone "B, the branch"
    changes step.ask g
    proves step.speed + "play: 8 symbols"
    proves step.speed - "play: 4 symbols"
    proves step.speed = "play: 8 symbols"
    proves step.type a "is no text"
    proves step.temperature "(" "temperature 0\.7"
    proves step.temperature ")" "temperature 0\.8"
    proves step.play p "p stops"
    hides step.play p "p stops"
    eventually still
    changes step.new n
    proves contestant.second v "beside it"
    press v
    press v
    changes attention.head "]"
    changes attention.head "["
    changes attention.layer "}"
    changes attention.layer "{"
    proves step.write o "write the sequence to"
    press Enter
    see "heed-sequence.txt"
    proves step.read i "read the sequence from"
    press Esc
    through_time
    common "sorted by"
    hides close Esc "the model expects"
    press 3
    see "the model expects"
    leave_by_q
}

test_compare() {
    begin compare
    changes contestant.select Down painted
    changes contestant.select Up painted
    proves compare.sort s "sorted by 95 % interval"
    proves compare.sort S "sorted by accuracy"
    resize 80 30
    see "→ +"
    changes compare.columns Right
    changes compare.columns Left
    resize 200 40
    gone "→ +"
    eventually still
    changes compare.bars b
    press b
    proves compare.reverse r "reversed"
    press r
    proves curves.axis a "samples"
    press a
    press a
    proves curves.log-x L "log x"
    press L
    changes contestant.hide h painted
    press h
    changes contestant.highlight H painted
    press H
    hides close Esc "sorted by"
    proves page.open 4 "sorted by"
    common "are read here"
    proves attention.open Enter "looks at"
    press 4
    see "sorted by"
    leave_by_q
}

# The settings as a form; from the first row on.
form() {
    press Home
    proves run.edit Enter "lstm_"
    press Esc
    gone "lstm_"
    press Down
    changes run.cycle Right
    changes run.cycle Left
    changes run.drop X
    changes run.undo u
    press Down
    changes run.default Delete
    press u
    see_match "dim +16"
    changes run.default Backspace
    press u
    see_match "dim +16"
    proves run.own i "for the marked one"
    press i
    see "for all"
    proves run.preset p "load a preset"
    press Esc
    proves run.add A "add a contestant"
    press Esc
    proves run.open o "open a run"
    press Esc
    gone "open a run"
    proves run.set s "KEY=VALUE"
    press Esc
    proves run.find / "find: "
    press Esc
    gone "find: "
    proves run.write W "write the settings to"
    press Esc
    gone "write the settings to"
    proves run.reseed N "next seed. y: yes"
    press Esc
    gone "y: yes"
    proves run.start R "restart. y: yes"
    press Esc
    gone "y: yes"
}

test_run() {
    begin run
    changes run.scroll Down painted
    changes run.scroll Up painted
    changes run.scroll PgDn painted
    changes run.scroll PgUp painted
    changes run.scroll End painted
    changes run.scroll Home painted
    local n
    for n in 1 2 3 4 5 6 7 8 9; do # lines enough to scroll
        press w
    done
    eventually still
    changes run.log "["
    changes run.log "]"
    changes rate.change +
    changes rate.change -
    changes rate.change =
    changes rate.reset 0
    changes rate.all a
    changes run.different d
    press d
    press d
    proves run.view v "the settings alone"
    proves run.view V "its part of the page"
    form
    hides close Esc "are read here"
    proves page.open 5 "are read here"
    common "measures what each head"
    leave_by_q
}

test_images() {
    begin images -s task.kind=images -s race=uvit-dpa,uvit-ea -s task.side=8 -s train.batch=8
    changes images.patch Right
    changes images.patch Down
    changes images.patch Left
    changes images.patch Up
    changes images.image i
    changes images.image I
    changes images.again Enter
    eventually still
    changes images.noise o
    eventually still
    changes images.noise O
    eventually still
    changes images.steps +
    eventually still
    changes images.steps -
    eventually still
    changes images.steps =
    eventually still
    proves images.quality m "measuring with the weights of now"
    changes images.below b
    press b
    eventually still
    changes contestant.second v
    changes attention.head "]"
    changes attention.head "["
    changes attention.layer "}"
    changes attention.layer "{"
    proves page.open 4 "sorted by"
    press 9
    gone "sorted by"
    common "evaluation loss"
    hides close Esc "attention of patch"
    leave_by_q
}

test_probe() {
    begin probe "-s race=transformer-cog,transformer-ea,lstm"
    proves probe.measure Enter "L1H1 looks"
    eventually measured
    proves probe.cut x "transf·cog: without L1H1"
    proves probe.uniform u "transf·cog: L1H1 uniform"
    proves probe.positive n "transf·cog: L1H1 no negatives"
    hides probe.lift X "transf·cog: L1H1 no negatives"
    proves probe.subtask s "on I · accuracy"
    press s
    press s
    press s
    press s
    see "all · accuracy"
    proves probe.head Down "L1H2 looks"
    proves probe.head Up "L1H1 looks"
    proves attention.head "]" "L1H2 looks"
    proves attention.head "[" "L1H1 looks"
    proves attention.layer "}" "L2H1 looks"
    proves attention.layer "{" "L1H1 looks"
    resize 76 30
    see "→ +"
    changes probe.columns Right
    changes probe.columns Left
    resize 120 40
    through_time
    hides close Esc "what each head is for"
    proves page.open 6 "what each head is for"
    common "geometry of matching"
    leave_by_q
}

test_learn() {
    begin learn
    see "1/7 · The geometry of matching"
    proves learn.turn Left "query q: 45 degrees"
    proves learn.turn Right "query q: 30 degrees"
    proves learn.turn Up "length 1.75"
    proves learn.turn Down "length 1.50"
    proves learn.variant v "ea: w = u"
    proves learn.variant V "dpa: w = exp"
    proves learn.press Enter "query q: 0 degrees"
    proves learn.lesson PgDn "2/7 · Reading a map"
    proves learn.lesson n "3/7 · What a control token does"
    proves learn.press Enter "before .* rule [IARC]: [0-9]+ .* now .* rule R: "
    eventually still
    changes attention.head "]"
    changes attention.head "["
    proves learn.lesson PgUp "2/7 · Reading a map"
    proves learn.lesson p "1/7 · The geometry"
    resize 80 24
    proves learn.read ")" "rows 2-"
    hides learn.read "(" "rows 2-"
    resize 120 40
    eventually still
    hides close Esc "1/7"
    proves page.open 7 "1/7"
    common "accuracy now"
    leave_by_q
}

measured() {
    shows "what each head is for" && shows_not "measuring" && still
}

# A ladder of two bases and two taus, and a slice for each context.
test_measure() {
    cat >"$E2E/small.sweep" <<'SWEEP'
; A ladder that takes a moment.
[race]
cast = lstm,mlp
[task]
kind = nt
[model]
dim = 8
hidden = 8
[train]
steps = 2
batch = 4
eval_windows = 8
[sweep]
task.tau = 2 | 3
task.base = 4 | 5
task.context = 8 | 12
SWEEP
    "$HEED" sweep "$E2E/small.sweep" -o "$E2E/sweep" >"$E2E/said.sweep" 2>&1
    page=measure
    open 120 40
    heed "watch $E2E/sweep"
    see "8 of 8 runs"
    eventually still
    changes measure.cell Right
    changes measure.cell Left
    changes measure.cell Down
    changes measure.cell Up
    resize 40 20 # at 120 columns both stand beside their difference
    eventually still
    changes measure.difference d
    changes measure.difference d
    changes measure.pair v
    changes measure.slice "]"
    changes measure.slice "["
    changes measure.run Enter
    press q
    see "exit=0"
}

# What works everywhere does so there as well, where there is no sweep.
test_measure_of_a_run() {
    begin measure -s task.kind=delay-copy -s task.context=32 -s task.distance_max=12 -s task.test_max=20
    proves measure.cell Down "is in sight"
    common "accuracy now"
    hides close Esc "copies by distance"
    proves page.open 8 "copies by distance"
    leave_by_q
}

# "Up,Down" or "A-Z": one key a line; of a range its two ends with a dash between.
each_key() {
    echo "$1" | tr , '\n'
}

is_proved() { # COMMAND KEY; of a range any key
    case $2 in
    ?-?) grep -qE "^[a-z]+ ${1//./\\.} [$2]\$" "$PROVED" ;;
    Comma) grep -qF " $1 ," "$PROVED" ;;
    Semicolon) grep -qF " $1 ;" "$PROVED" ;;
    *) grep -qF " $1 $2" "$PROVED" ;;
    esac
}

commands() { # NAME KEYS PAGES of every command
    sed -n 's/^ *"\(keys\|name\|pages\)": "\(.*\)",*$/\2/p' "$TABLE" | sed 's/\\\(.\)/\1/g' | paste - - - |
        while IFS=$'\t' read -r keys name pages; do
            echo "$name $keys $pages"
        done
}

test_whole_table() {
    local missing=0 name keys pages key page
    [ "$(commands | wc -l)" -gt 60 ]
    while read -r name keys pages; do
        for key in $(each_key "$keys"); do
            is_proved "$name" "$key" || { echo "# $name: nobody presses $key"; missing=1; }
        done
        for page in ${pages//,/ }; do
            grep -qE "^$page ${name//./\\.} " "$PROVED" ||
                { echo "# $name: not tried on the page $page"; missing=1; }
        done
    done < <(commands)
    # What was proved is in the table.
    while read -r page name key; do
        commands | grep -q "^$name " || { echo "# $name is no command"; missing=1; }
    done <"$PROVED"
    [ $missing -eq 0 ]
}

run_tests
