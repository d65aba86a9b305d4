#!/bin/sh
# Texts from the command line: training, a violent end, going on, writing.
. "$(dirname "$0")/check.sh"

i=0
while [ $i -lt 60 ]; do
    echo "line $i: the quick brown fox jumps over the lazy dog, and Größe is no problem."
    i=$((i + 1))
done >fox.txt
own="-s task.kind=text -s task.context=16 -s train.batch=4 -s model.dim=8 -s train.eval_windows=32
     -s train.eval_every=100 --threads 1"
train() { "$HEED" train "$@" 2>/dev/null; }

# --- a violent end -------------------------------------------------------------------------------
holds "trains" train $own -s race=transformer-cog -s task.file=fox.txt --steps 600 -o whole
"$HEED" train $own -s race=transformer-cog -s task.file=fox.txt --steps 600 -o torn \
    -s train.checkpoint_seconds=0 2>/dev/null &
trainer=$!
waited=0
while ! grep -q '"kind":"step".*"step":[1-9][0-9]' torn/metrics.jsonl 2>/dev/null && [ $waited -lt 300 ]; do
    sleep 0.05
    waited=$((waited + 1))
done
kill -9 $trainer
wait $trainer 2>/dev/null
holds "was killed while it trained" test "$(grep -c '"step":600,' torn/metrics.jsonl)" -eq 0
rm fox.txt
holds "goes on without the file" train torn --resume
for run in whole torn; do
    "$HEED" predict $run --tokens "the quick brown" --json >$run.json
    "$HEED" sample $run --prompt "the " -n 100 --seed 3 >$run.txt
    "$HEED" eval $run --json | sed 's/"run":"[a-z]*"//' >$run.eval
done
holds "to the same bits" cmp whole.json torn.json
holds "and the same text" cmp whole.txt torn.txt
holds "and the same evaluation" cmp whole.eval torn.eval
holds "of all the held-out characters" grep -q '"windows":29,.*"loss_n":464,' whole.eval
holds "with bits" grep -q '"bits":[0-4]\.' whole.eval
accept "a figure of bits" "$HEED" plot whole --what bits --csv -o bits.csv
bits=$(sed -n 's/.*"kind":"eval".*"step":600,.*"bits":\([0-9.]*\).*/\1/p' whole/metrics.jsonl | tail -n 1)
holds "whose last point is the last evaluation's ($bits)" sh -c "
    tail -n 1 bits.csv | awk -F, -v bits=$bits '{ exit !(\$2 == 600 && \$3 - bits < 1e-6 && bits - \$3 < 1e-6) }'"
accept "its picture" "$HEED" plot whole --what bits -o bits.svg
holds "tells how many symbols there are" grep -q '>whole: text, V [0-9]*, T ' bits.svg
accept "eval's table" "$HEED" eval whole
holds "has bits a character" grep -q 'bits/char' "$scratch/out"

# --- what a model writes -------------------------------------------------------------------------
accept "sample" "$HEED" sample whole --prompt "the " -n 100 --seed 3
holds "begins with the prompt" grep -q '^the ' "$scratch/out"
holds "and has 105 characters" test "$(LC_ALL=C.UTF-8 wc -m <"$scratch/out")" -eq 105
"$HEED" sample whole --prompt "the " -n 100 --seed 4 >other.txt
holds "another seed writes otherwise" sh -c "! cmp -s whole.txt other.txt"
"$HEED" sample whole --prompt "the " -n 30 --temperature 0 --seed 1 >cold.txt
"$HEED" sample whole --prompt "the " -n 30 --top-k 1 --seed 2 >top.txt
holds "at temperature 0 as with the most probable alone" cmp cold.txt top.txt
accept "as JSON" "$HEED" sample whole --prompt "fox" -n 7 --json
holds "with 7 symbols after 3" grep -q '"prompt_ids":\[[0-9]*,[0-9]*,[0-9]*\],.*"ids":\[\([0-9]*,\)\{6\}[0-9]*\]' \
    "$scratch/out"
accept "without a prompt" "$HEED" sample whole -n 5
printf 'over' | "$HEED" sample whole --prompt - -n 1 >piped.txt
holds "a prompt from a pipe" grep -q '^over' piped.txt
refuse "a character it does not know" 2 "€: does not occur in the text" "$HEED" sample whole --prompt "5 €"
refuse "a setting for a run" 2 "a run keeps its settings" "$HEED" sample whole -s model.dim=3
refuse "a prompt for a task" 2 "name one" "$HEED" sample iarc --prompt x
accept "the held-out text" "$HEED" sample text -n 50

# --- bytes, and what must not reach a terminal ---------------------------------------------------
head -c 3000 /dev/urandom >noise.bin
holds "trains on bytes" train $own -s race=lstm -s task.file=noise.bin -s task.unit=byte --steps 2 -o bytes
"$HEED" sample bytes -n 2000 >bytes.txt
holds "what it writes holds no control character" sh -c "! LC_ALL=C tr -d '\\t\\n' <bytes.txt | LC_ALL=C grep -q '[[:cntrl:]]'"
holds "and is UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null bytes.txt

# --- what is wrong is said, and nothing is written -------------------------------------------------
: >empty.txt
printf 'short' >short.txt
printf 'abc\377def' >latin.txt
kind="-s task.kind=text -s race=lstm -o no"
refuse "an empty file" 1 "empty.txt: is empty" "$HEED" train $kind -s task.file=empty.txt
refuse "a short one" 1 "short.txt: of its 5 symbols" "$HEED" train $kind -s task.file=short.txt
refuse "no UTF-8" 1 "byte 4 (0xff) is no UTF-8: set task.unit=byte" "$HEED" train $kind -s task.file=latin.txt
refuse "a folder" 1 "not a regular file" "$HEED" train $kind -s task.file=/
refuse "nothing there" 1 "missing.txt: cannot be read" "$HEED" train $kind -s task.file=missing.txt
holds "no run was begun" test ! -e no

# --- a file that changed ---------------------------------------------------------------------------
cp whole/task.txt fox.txt
holds "the settings repeat the run" train whole/config.ini -o again --until 1
echo more >>fox.txt
refuse "not with another file" 1 "is another file than when the run began" "$HEED" train whole/config.ini -o no
holds "but with a new one if asked" train whole/config.ini -o new -s task.digest=none --until 1
rm whole/task.txt
refuse "nor does a run without its copy" 1 "is another file" "$HEED" eval whole
long=$(printf '%0250d' 0 | tr 0 d)
mkdir "$long" && cp torn/task.txt "$long/a text; with #blanks.txt"
refuse "a path that settings cannot hold" 2 "must be a path" \
    "$HEED" train $own -s "task.file=$long/a ;b" -s race=lstm -o no
mv "$long/a text; with #blanks.txt" "$long/a text with #blanks.txt"
holds "a long path with blanks" train $own -s "task.file=$long/a text with #blanks.txt" -s race=lstm --steps 2 \
    --until 1 -o long
holds "goes on" train long --resume
