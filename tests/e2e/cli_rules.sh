#!/bin/sh
# heed sample, and a rule file of one's own from the command line.
. "$(dirname "$0")/check.sh"

for task in iarc nt count-ones find-zero; do
    accept "sample $task" "$HEED" sample $task -n 40
    holds "sample $task has lines" test "$(wc -l <"$scratch/out")" -ge 3
done
accept "sample delay-copy" "$HEED" sample delay-copy -s task.context=128 -n 200

# --- what stands there ---------------------------------------------------------------------------
accept "sample as JSON" "$HEED" sample nt -n 30 -s task.tau=3 --json
holds "30 symbols" test "$(grep -o '"symbol"' "$scratch/out" | wc -l)" -eq 30
holds "of which 3 are random" test "$(grep -o '"counts":true' "$scratch/out" | wc -l)" -eq 27
"$HEED" sample iarc --seed 2 >two
"$HEED" sample iarc --seed 2 >again
holds "a seed gives the same stream" cmp two again
"$HEED" sample iarc --seed 3 >three
holds "another seed another one" sh -c "! cmp -s two three"

# --- a rule file of one's own --------------------------------------------------------------------
cat >up.rules <<'RULES'
numbers 10
token U "up"
    next back(1) + 1
token D "down"
    next back(1) - 1
RULES
accept "its stream" "$HEED" sample rules -s task.rules=up.rules -n 60
holds "counts up after U" grep -qE '^U.* =3 =4|^U.* =7 =8|^U.* =5 =6' "$scratch/out"
holds "marks what the rule gives" grep -qE '^[UD] =[0-9]' "$scratch/out"
train() { "$HEED" train "$@" 2>/dev/null; }
own="$TINY -s task.rules=up.rules -s race=lstm --steps 20"
holds "trains" train -o whole $own
holds "trains to the middle" train -o half $own --until 9
mv up.rules moved.rules
holds "and goes on with its own copy" train half --resume
mv moved.rules up.rules
accept "predicts" "$HEED" predict whole --tokens "U 3 4 5" --json
cp "$scratch/out" one
accept "predicts after the stop" "$HEED" predict half --tokens "U 3 4 5" --json
holds "the same to the last digit" cmp one "$scratch/out"

# --- a race without a preset's word is named after its task --------------------------------------
titled() { # title, options...
    title=$1
    shift
    "$HEED" render train --size 60x6 --steps 2 $TINY "$@" 2>/dev/null | head -n 1 | grep -q "heed  $title N"
}
printf 'numbers 10\ntoken U\n    next back(1) + 1\n' >mine.rules
holds "by its rule file" titled mine -s task.rules=mine.rules
holds "by its kind" titled nt -s task.kind=nt
holds "by the preset" titled iarc

# --- what is wrong is said -----------------------------------------------------------------------
refuse "a misspelt task" 2 "did you mean iarc" "$HEED" sample irac
refuse "no file" 2 "set task.rules to its path" "$HEED" sample rules
refuse "a tau twice" 2 "task.tau: 5,5: 5 stands twice" "$HEED" sample nt -s task.tau=5,5
refuse "a file that is not there" 1 "missing.rules: cannot be read" "$HEED" sample rules -s task.rules=missing.rules
printf 'numbers 10\ntoken U\n    next back(1 + 1\n' >bad.rules
refuse "a wrong file" 1 "bad.rules:4:1: expected ), not the end of the file" \
    "$HEED" sample rules -s task.rules=bad.rules
refuse "a wrong file for training" 1 "bad.rules:4:1: expected )" "$HEED" train -o no -s task.rules=bad.rules

if command -v mandoc >/dev/null; then
    holds "heed-rules(5) is sound" mandoc -T lint -W error "$SOURCE/man/heed-rules.5"
fi
