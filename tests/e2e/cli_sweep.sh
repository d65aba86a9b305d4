#!/bin/sh
# Sweeps: interrupted, killed, divided and resumed, they give the same tables; wrong files are refused.
. "$(dirname "$0")/check.sh"

cat >my.sweep <<'SWEEP'
; Two levels, two rates, two seeds.
[race]
cast = transformer-dpa,lstm
[task]
kind = nt
context = 12
[model]
dim = 8
heads = 2
[train]
steps = 3000
batch = 4
eval_windows = 64
checkpoint_seconds = 0.2
[sweep]
task.base = 4 | 8
train.learning_rate = 0.003 | 0.01
train.seed = 1..2
SWEEP
"$HEED" sweep my.sweep -o whole -j 2 >"$scratch/out" 2>"$scratch/err"
holds "a sweep ends well" test $? -eq 0
holds "with a line for each contestant of each run" test "$(grep -c ' acc ' "$scratch/err")" -eq 16
holds "and a summary with the best rate of those tried" grep -q 'best of 2' "$scratch/out"
holds "eight folders" test "$(find whole -name result.json | wc -l)" -eq 8
table() { # all but the seconds, the last column
    sed 's/,[^,]*$//' "$1/table.csv"
}
table whole >"$scratch/whole"
holds "a table of 16 results" test "$(wc -l <"$scratch/whole")" -eq 17
holds "all of them done" test "$(grep -c ',done,' "$scratch/whole")" -eq 16
accept "what is done is not done again" "$HEED" sweep my.sweep -o whole --json
holds "JSON has the summary" grep -q '"best_of_rates": 2' "$scratch/out"
accept "a run of a sweep is a run" "$HEED" eval whole/base=4,learning_rate=0.01,seed=2 --json

# A run alone gives the same figures as within the sweep.
"$HEED" train whole/base=8,learning_rate=0.01,seed=2/config.ini -o alone 2>/dev/null
last() {
    grep '"kind":"eval"' "$1/metrics.jsonl" | tail -n 2 | sed 's/.*"loss":\([^,]*\).*"acc_right":\([0-9]*\).*/\1 \2/' | sort
}
last alone >"$scratch/a"
last whole/base=8,learning_rate=0.01,seed=2 >"$scratch/b"
holds "as heed train would" cmp "$scratch/a" "$scratch/b"

# Interrupted in a run, then killed in another, then gone on with.
begun() {
    [ "$(find cut -name metrics.jsonl | wc -l)" -ge "$1" ] && [ "$(find cut -name checkpoint.safetensors | wc -l)" -ge "$1" ]
}
"$HEED" sweep my.sweep -o cut -j 1 >/dev/null 2>"$scratch/err" &
sweep=$!
until_true begun 2
kill -s TERM $sweep
wait $sweep
holds "TERM ends with 143" test $? -eq 143
holds "and says how to go on" grep -q 'the same command goes on' "$scratch/err"
holds "a table is there" grep -q ',waiting,' cut/table.csv
"$HEED" sweep my.sweep -o cut -j 2 >/dev/null 2>&1 &
sweep=$!
until_true begun 5
kill -s KILL $sweep
wait $sweep 2>/dev/null
"$HEED" sweep my.sweep -o cut -j 2 >/dev/null 2>&1
holds "a killed sweep goes on" test $? -eq 0
table cut >"$scratch/cut"
holds "with the same table" cmp "$scratch/whole" "$scratch/cut"

# Divided among three.
for i in 3 1 2; do
    "$HEED" sweep my.sweep -o parts --shard $i/3 -j 1 >/dev/null 2>&1 &
done
wait
table parts >"$scratch/parts"
holds "the union of three shards is the whole" cmp "$scratch/whole" "$scratch/parts"

# Watching it fill.
"$HEED" sweep my.sweep -o live -j 1 >/dev/null 2>&1 &
sweep=$!
until_true test -s live/sweep.ini
"$HEED" watch live --plain --interval 0 >"$scratch/lines" 2>"$scratch/err"
holds "watching ends with the sweep" test $? -eq 0
wait $sweep
holds "and counted" grep -q '^8 of 8 runs ended$' "$scratch/lines"
holds "from fewer on" grep -q '^[0-7] of 8 runs ended$' "$scratch/lines"
holds "with the summary" grep -q 'base 8 *lstm' "$scratch/lines"
accept "a page of it" "$HEED" render measure live --size 100x30
holds "with both contestants" sh -c "grep -q transformer-dpa '$scratch/out' && grep -q lstm '$scratch/out'"
accept "a figure of it" "$HEED" plot live -o live.svg
holds "which is SVG" grep -q '</svg>' live.svg
accept "its numbers" "$HEED" plot live --csv
holds "one for each cell" test "$(wc -l <"$scratch/out")" -eq 7
mkdir three
printf '[race]\ncast = lstm\n[task]\nkind = nt\n[sweep]\ntask.base = 4 | 8\ntask.tau = 2 | 3\ntask.announce = yes | no\n' \
    >three/sweep.ini
accept "a third setting has maps of its own" "$HEED" plot three --csv
holds "one for each value" test "$(grep -c '^"lstm","announce no",' "$scratch/out")" -eq 4
holds "and no more" test "$(wc -l <"$scratch/out")" -eq 9

# What is wrong is one line, and changes nothing.
refuse "another sweep's folder" 2 "train.steps" "$HEED" sweep my.sweep -o whole --steps 50
refuse "no folder" 2 "heed sweep my.sweep -o DIR" "$HEED" sweep my.sweep
refuse "a sweep that is not there" 2 "did you mean nt-ladder?" "$HEED" sweep nt-lader -o x
refuse "a shard beyond its number" 2 "--shard 4/3" "$HEED" sweep my.sweep -o x --shard 4/3
refuse "a shard that is none" 2 "--shard one" "$HEED" sweep my.sweep -o x --shard one
printf '[sweep]\ntask.tua = 2 | 5\n' >bad.sweep
refuse "a misspelt key" 2 "bad.sweep:2: unknown key task.tua: did you mean task.tau?" \
    "$HEED" sweep bad.sweep -o x
printf '[sweep]\nmodel.dim = 32 | 30\n' >bad.sweep
refuse "a run that cannot be" 2 "dim=30: " "$HEED" sweep bad.sweep -o x
printf '[sweep]\ntask.tau = 2 | \033[2J\n' >bad.sweep
refuse "a control character" 1 "bad.sweep:2: a control character" "$HEED" sweep bad.sweep -o x
refuse "a key that is an axis already" 1 "stands in my.sweep:18 already" \
    "$HEED" sweep my.sweep -o x -s train.seed=3
echo '[]' >whole/base=4,learning_rate=0.01,seed=2/result.json
refuse "a damaged result" 1 "result.json: is damaged" "$HEED" sweep my.sweep -o whole
"$HEED" watch whole --plain >"$scratch/out" 2>"$scratch/err"
holds "watching tells of a damaged result" test $? -eq 1
holds "and of the others" grep -q "^7 of 8 runs ended, 1 damaged" "$scratch/out"
holds "with the table" grep -q "0\.01.*best" "$scratch/out"
holds "and names the file" grep -q "result.json: is damaged" "$scratch/err"
refuse "watching a sweep and a run" 2 "is a sweep" "$HEED" watch live alone
