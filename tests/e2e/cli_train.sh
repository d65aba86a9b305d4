#!/bin/sh
# Training without a screen: what it prints where, how signals end it, how it goes on.
. "$(dirname "$0")/check.sh"

"$HEED" train -o lines $TINY --steps 40 -s race=lstm,mlp >"$scratch/o" 2>"$scratch/e"
holds "a training ends with 0" test $? -eq 0
holds "standard output stays empty" test ! -s "$scratch/o"
holds "plain lines without carriage returns in a pipe" sh -c "! grep -q '$(printf '\r')' '$scratch/e'"
holds "the last line tells the last step" grep -q '^step 40 / 40  100 %  lstm [01]\.[0-9]*  mlp [01]\.[0-9]*$' "$scratch/e"
holds "a summary with interval and n" grep -qE '^lstm  step 40  acc 0\.[0-9]{3} \[0\.[0-9]{3}, 0\.[0-9]{3}\] n [0-9]+$' "$scratch/e"
holds "the command that shows it" grep -qx 'see it with: heed step lines' "$scratch/e"

# A run that is called as a preset or a command is told of as a path.
for called in iarc train; do
    "$HEED" train -o $called $TINY --steps 3 --until 2 -s race=lstm,mlp 2>"$scratch/e"
    holds "a run called $called is told of as a path" grep -qx "goes on with: heed train ./$called --resume" "$scratch/e"
    "$HEED" train -o $called --resume 2>"$scratch/e"
    holds "$called: and shown so" grep -qx "see it with: heed step ./$called" "$scratch/e"
done

# The run's own config repeats it: the same logits to the last digit.
"$HEED" train lines/config.ini -o again 2>/dev/null
for run in lines again; do
    "$HEED" predict $run --tokens "I 3 4 A 7" --json >$run.json
done
holds "config.ini repeats the run" cmp lines.json again.json

"$HEED" train -o js $TINY --steps 10 -s race=lstm,mlp --json >"$scratch/o" 2>"$scratch/e"
holds "JSON alone on standard output" sh -c "[ \$(wc -l <'$scratch/o') -eq 1 ] && grep -q '^{\"run\":\"js\",.*}\$' '$scratch/o'"
"$HEED" train $TINY --steps 3 -s race=lstm,mlp 2>"$scratch/e"
holds "a fresh folder under the state folder" grep -qE "^run: $XDG_STATE_HOME/heed/runs/iarc-.*-s1\$" "$scratch/e"

disk >"$scratch/before"
"$HEED" train $TINY --steps 7 -s race=lstm,mlp --no-files >"$scratch/o" 2>"$scratch/e"
holds "training without files ends with 0" test $? -eq 0
disk >"$scratch/after"
holds "and leaves nothing on disk" cmp "$scratch/before" "$scratch/after"
holds "but a summary" grep -q '^lstm  step 7  acc' "$scratch/e"
holds "that says so" grep -qx 'nothing was kept: -o RUN in place of --no-files keeps it' "$scratch/e"

# --- signals -------------------------------------------------------------------------------------
interrupt() { # signal code
    rm -rf stopped
    : >"$scratch/e" # whose lines tell when this training has begun
    "$HEED" train -o stopped $TINY --steps 100000000 -s race=lstm,mlp >"$scratch/o" 2>"$scratch/e" &
    pid=$!
    until_true grep -q '^step' "$scratch/e"
    kill -s "$1" $pid
    wait $pid
    got=$?
    holds "$1 ends with $2" test $got -eq "$2"
    holds "$1: says how to go on" grep -qx 'goes on with: heed train stopped --resume' "$scratch/e"
    holds "$1: nothing on standard output" test ! -s "$scratch/o"
    step=$(sed -n 's/^lstm  step \([0-9,]*\).*/\1/p' "$scratch/e" | tr -d ,)
    "$HEED" train stopped --resume --until $((step + 5)) >"$scratch/o" 2>"$scratch/e"
    holds "$1: goes on from step $step" grep -q "^step .* lstm" "$scratch/e"
    "$HEED" eval stopped --json >"$scratch/o" 2>"$scratch/e"
    holds "$1: now at step $((step + 5))" grep -q "\"step\":$((step + 5))," "$scratch/o"
}
# A shell without job control starts background jobs with INT ignored; env restores it where it can.
if env --default-signal=INT true 2>/dev/null; then
    real=$HEED
    HEED=$scratch/with-int
    printf '#!/bin/sh\nexec env --default-signal=INT "%s" "$@"\n' "$real" >"$HEED"
    chmod +x "$HEED"
    interrupt INT 130
    HEED=$real
fi
interrupt TERM 143
interrupt HUP 129

# What was told to ignore HUP (nohup) goes on.
rm -rf stopped
: >"$scratch/e"
sh -c "trap '' HUP; exec '$HEED' train -o stopped $(echo $TINY) --steps 30000 -s race=lstm,mlp" >"$scratch/o" 2>"$scratch/e" &
pid=$!
until_true grep -q '^step' "$scratch/e"
kill -s HUP $pid 2>/dev/null
wait $pid
got=$?
holds "an ignored HUP stays ignored" test $got -eq 0

# --- a contestant that blows up ------------------------------------------------------------------
"$HEED" train -o hot $TINY --steps 60 -s race=lstm,mlp -s mlp.train.learning_rate=10 -s mlp.train.optimizer=sgd \
    -s mlp.train.clip=0 -s mlp.train.momentum=0.999 -s mlp.train.warmup=0 >"$scratch/o" 2>"$scratch/e"
got=$?
holds "a contestant without a number ends the command with 1" test $got -eq 1
holds "its step is named" grep -qE '^mlp .*failed: .*step [0-9]+' "$scratch/e"
holds "the other one reached the end" grep -qE '^lstm  step 60 ' "$scratch/e"
accept "what is left of it can be evaluated" "$HEED" eval hot --json
holds "the other one has its accuracy" grep -q '"name":"lstm",.*"acc":0\.' "$scratch/out"
holds "and it has none" grep -q '"name":"mlp",.*"loss":null,.*"acc":null,' "$scratch/out"

# --- closed streams ------------------------------------------------------------------------------
"$HEED" train -o closed $TINY --steps 20 -s race=lstm <&- >&- 2>&-
holds "training needs no standard stream" test $? -eq 0
holds "and writes nothing meant for them into its files" sh -c "! grep -rq 'step 20 /' closed"

# A folder's name reaches the terminal without its control characters, and as a shell takes it.
odd=$(printf 'odd\033[31m')
"$HEED" train -o "$odd" $TINY --steps 3 -s race=lstm >"$scratch/out" 2>"$scratch/err"
report $? "a folder with an odd name"
holds "no escape sequence of it is printed" sh -c "! grep -q '$(printf '\033')' '$scratch/err'"
holds "it is told" grep -qF 'run: odd\x1b[31m' "$scratch/err"
holds "and how to see it" grep -qF "heed step \$'odd\x1b[31m'" "$scratch/err"
