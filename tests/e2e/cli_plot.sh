#!/bin/sh
# Figures of runs: what they show is what the runs recorded.
. "$(dirname "$0")/check.sh"

"$HEED" train -o one $TINY --steps 30 -s race=transformer-dpa,lstm 2>/dev/null
"$HEED" train -o two $TINY --steps 20 --seed 2 -s race=lstm 2>/dev/null
for what in accuracy loss switch attention subtasks; do
    accept "a figure of $what" "$HEED" plot one two --what $what -o $what.svg
    holds "with both seeds" sh -c "grep -q 'seed 1,' $what.svg && { [ $what = attention ] || grep -q 'seed 2,' $what.svg; }"
    accept "and its numbers" "$HEED" plot one two --what $what --csv -o $what.csv
done
holds "a name of two runs is told apart" grep -q '>two/lstm<' accuracy.svg
acc=$(sed -n 's/.*"kind":"eval","contestant":"lstm","step":20,.*"acc_right":\([0-9]*\),"acc_n":\([0-9]*\).*/\1 \2/p' two/metrics.jsonl | head -n 1)
holds "the last point is the last evaluation ($acc)" sh -c "
    set -- $acc
    tail -n 1 accuracy.csv | awk -F, -v right=\$1 -v n=\$2 \
        '{ exit !(\$2 == 20 && \$3 - right / n < 1e-6 && right / n - \$3 < 1e-6) }'"
holds "maps have T (T + 1) / 2 weights for each of two heads" \
    test "$(wc -l <attention.csv)" -eq $((1 + 2 * 12 * 13 / 2))
refuse "a figure of attention without any" 2 "none of these contestants has attention" \
    "$HEED" plot two --what attention
refuse "a contestant that is not there" 2 "transformer-dpa" "$HEED" plot one --contestant transformer-dap
refuse "bits of a race on numbers" 2 "is no run on a text" "$HEED" plot one --what bits
refuse "no such figure" 2 "must be one of accuracy|loss|switch|attention|subtasks" \
    "$HEED" plot one --what wath

# A line that was torn on a full disk, and one of a stranger: told of, and nothing else is lost.
sed -n 1p two/metrics.jsonl | cut -c 1-30 >tail
printf '"\033[31m\n{}\n' >>tail
cat tail >>two/metrics.jsonl
"$HEED" plot two --csv -o torn.csv 2>"$scratch/err"
report $? "a run with torn lines"
"$HEED" plot one two --csv -o all.csv 2>"$scratch/err"
holds "has the figure of all others" cmp -s all.csv accuracy.csv
holds "one line for the first, one for the others" test "$(wc -l <"$scratch/err")" -eq 2
holds "which says which" grep -q "^heed: two/metrics.jsonl:[0-9]*: .* the line is left out" "$scratch/err"
holds "without control characters" sh -c "! grep -q '$(printf '\033')' '$scratch/err'"
