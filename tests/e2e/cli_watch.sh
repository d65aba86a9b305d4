#!/bin/sh
# Following a run through its files while another process trains it.
. "$(dirname "$0")/check.sh"

"$HEED" train -o run $TINY --steps 100000000 -s race=lstm,mlp -s train.eval_every=20 2>"$scratch/e" &
trainer=$!
until_true test -s run/metrics.jsonl
"$HEED" watch run --plain --interval 0.3 >"$scratch/lines" 2>"$scratch/watch-err" &
watcher=$!
enough() {
    [ "$(wc -l <"$scratch/lines")" -ge 5 ]
}
until_true enough
holds "lines come while it trains" test "$(wc -l <"$scratch/lines")" -ge 3
first=$(sed -n '1s/^step \([0-9,]*\).*/\1/p' "$scratch/lines" | tr -d ,)
last=$(sed -n '$s/^step \([0-9,]*\).*/\1/p' "$scratch/lines" | tr -d ,)
holds "steps grow from $first to $last" test "$last" -gt "$first"
holds "each line names both contestants" sh -c "! grep -vqE '^step [0-9,]+ / [0-9,]+  [0-9]+ %.*  lstm [0-9.-]+  mlp [0-9.-]+\$' '$scratch/lines'"
holds "the trainer keeps others from writing" sh -c "! '$HEED' train run --resume --until 1 2>'$scratch/second'"
holds "and the second one is told why" grep -q '^heed: run' "$scratch/second"
kill -s TERM $watcher
wait $watcher
holds "TERM ends watching with 143" test $? -eq 143
kill -s TERM $trainer
wait $trainer
holds "the trainer never noticed" test $? -eq 143

# Silence takes ten seconds to be noticed; meanwhile the other run goes on.
"$HEED" train -o loud $TINY --steps 100000000 -s race=mlp -s train.eval_every=20 2>"$scratch/e" &
loud=$!
until_true test -s loud/metrics.jsonl
"$HEED" watch run loud --plain --interval 1 >"$scratch/lines" 2>"$scratch/watch-err" &
watcher=$!
holds "a silent run is told of" until_true grep -q '  run: no news for 10 s: paused, stopped or killed$' "$scratch/lines"
"$HEED" train run --resume 2>"$scratch/e" &
trainer=$!
holds "and that it goes on" until_true grep -q '  run: goes on$' "$scratch/lines"
holds "and the other is never called silent" sh -c "! grep -q 'loud: no news' '$scratch/lines'"
kill -s TERM $watcher $trainer $loud
wait $watcher $trainer $loud
find run -type f | sort >"$scratch/files"
timeout 5 "$HEED" eval run >/dev/null
find run -type f | sort >"$scratch/after"
holds "reading leaves no file behind" cmp "$scratch/files" "$scratch/after"

# A finished run: its last line, and the end.
"$HEED" train -o done $TINY --steps 30 -s race=lstm,mlp 2>/dev/null
accept "watching a finished run ends by itself" timeout 10 "$HEED" watch done --plain
holds "with its last step" sh -c "'$HEED' watch done --plain | tail -n 1 | grep -q '^step 30 / 30  100 %'"
("$HEED" watch done --plain; echo $? >"$scratch/code") 2>"$scratch/err" | true
holds "a closed pipe is no word on standard error" test ! -s "$scratch/err"
mkfifo "$scratch/pipe"
(exec <"$scratch/pipe") &
exec 4>"$scratch/pipe"
wait $! # nobody reads any more
"$HEED" watch done --plain >&4
holds "but ends by SIGPIPE" test $? -eq 141
exec 4>&-
refuse "lines that cannot be written are a failure" 1 "standard output: No space left" \
    sh -c "'$HEED' watch done --plain >/dev/full"

# Two runs side by side; more than fit.
"$HEED" train -o other $TINY --steps 20 --seed 2 -s race=mlp 2>/dev/null
accept "two runs are watched as one race" timeout 10 "$HEED" watch done other --plain
holds "a name that both use is told apart by the run's" \
    sh -c "'$HEED' watch done other/ --plain | tail -n 1 | grep -qE ' lstm [0-9.]+  done/mlp [0-9.]+  other/mlp [0-9.]+\$'"
refuse "a run given twice" 2 "is the same run as done" "$HEED" watch done ./done --plain
refuse "more runs than a screen holds" 2 "9 runs: at most 8 fit" \
    "$HEED" watch done done done done done done done done done --plain
