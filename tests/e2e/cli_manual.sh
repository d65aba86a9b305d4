#!/bin/sh
# The manual: as the tables say, without complaints of the formatters, and complete about files.
. "$(dirname "$0")/check.sh"

for page in heed.1 heed-config.5 heed-run.5 heed-theme.5; do
    sh "$SOURCE/man/make.sh" "$HEED" $page >"$scratch/$page"
    holds "$page is as 'make man' writes it" cmp "$scratch/$page" "$SOURCE/man/$page"
done
for page in heed.1 heed-config.5 heed-lesson.5 heed-rules.5 heed-run.5 heed-sweep.5 heed-theme.5; do
    if command -v mandoc >/dev/null; then
        mandoc -T lint -W warning "$SOURCE/man/$page" >"$scratch/lint" 2>&1
        holds "mandoc has no complaint about $page: $(head -n 1 "$scratch/lint")" test ! -s "$scratch/lint"
    fi
    if command -v groff >/dev/null; then
        groff -man -Tutf8 -ww -z "$SOURCE/man/$page" 2>"$scratch/lint"
        holds "nor has groff" test ! -s "$scratch/lint"
    fi
done

# Every field that a run writes is told of in heed-run(5): "loss_n" stands there as a word of its own.
"$HEED" train -o run $TINY --steps 20 -s race=transformer-dpa,lstm,mlp 2>/dev/null
"$HEED" train run --resume 2>/dev/null
sed 's/\\-/-/g' "$SOURCE/man/heed-run.5" >"$scratch/page"
told() {
    for word; do
        grep -qE "(^\\.B[RI]? |[\" ,])$word(\"|,|\$| )" "$scratch/page" || echo "$word"
    done
}
fields=$(tr ',{' '\n\n' <run/metrics.jsonl | sed -n 's/^"\([a-z_0-9]*\)":.*/\1/p' | sort -u)
holds "every field of metrics.jsonl is told of: $(told $fields | tr '\n' ' ')" test -z "$(told $fields)"
holds "there are some" test "$(echo "$fields" | wc -l)" -ge 30
for contestant in transformer-dpa lstm mlp; do
    head -c 20000 run/$contestant/checkpoint.safetensors | tr -c '[:print:]' '\n' >"$scratch/header"
    meta=$(sed -n 's/.*"__metadata__":{\([^}]*\)}.*/\1/p' "$scratch/header" |
        grep -oE '"[a-z_]+":"' | tr -d '":' | sort -u)
    holds "metadata of $contestant: $(told $meta | tr '\n' ' ')" test -z "$(told $meta)" -a -n "$meta"
    parts=$(grep -oE '"model\.[a-z_0-9.]+":' "$scratch/header" | tr -d '":' |
        sed 's/\.[^.]*$//; s/\.[0-9]*\./.<n>./; s/\.[0-9]*$//' | sort -u)
    missing=
    for part in $parts; do
        case $part in
        model.layers*) part=$(echo "$part" | sed 's/.*<n>\.\([a-z_]*\).*/model.layers.<l>.\1/') ;;
        model.mlp) part="model.mlp.<i>" ;;
        esac
        grep -qF -- "$part" "$scratch/page" || missing="$missing $part"
    done
    holds "tensors of $contestant:$missing" test -z "$missing" -a -n "$parts"
done
missing=
for role in $(sed -n 's/^\([a-z_]*\) = .*/\1/p' "$SOURCE/themes/dark.theme"); do
    grep -q "^.fB$role.fR\$" "$SOURCE/man/heed-theme.5" || missing="$missing $role"
done
holds "every key of a theme:$missing" test -z "$missing"
