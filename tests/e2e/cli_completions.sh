#!/bin/sh
# What bash offers is what --help tells; the scripts of the other shells name every command.
. "$(dirname "$0")/check.sh"

cat >"$scratch/offer" <<'E2'
# offer LINE: the words that bash would offer at its end, one a line
compopt() { :; }
source "$1"
COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=' '
_heed
printf '%s\n' "${COMPREPLY[@]}"
E2
"$HEED" completions bash >"$scratch/heed.bash"
offer() { bash "$scratch/offer" "$scratch/heed.bash" "$1"; }
offers() { offer "$1" | grep -qx -- "$2"; }

"$HEED" --help | sed -n '/^commands/,$s/^  \([a-z-]*\)  *.*/\1/p' >"$scratch/commands"
missing=
while read -r command; do
    offers "heed ${command%?}" "$command" || missing="$missing $command"
    for option in $("$HEED" "$command" --help | sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p'); do
        offers "heed $command $option" "$option" || missing="$missing $command:$option"
    done
done <"$scratch/commands"
holds "every command and option of --help is offered:$missing" test -z "$missing"
holds "there are some" test "$(wc -l <"$scratch/commands")" -ge 10
missing=
for key in $("$HEED" list settings | sed -n '2,$s/ .*//p'); do
    offers "heed train -s $key" "$key=" || missing="$missing $key"
done
holds "every setting is offered:$missing" test -z "$missing"
holds "and what it can be" offers "heed --set model.norm=r" model.norm=rms
holds "and kinds by their names" offers "heed -s attn.kind=sig" attn.kind=signed-ea
holds "themes" offers "heed --theme pro" projector
holds "views" offers "heed render att" attention
holds "presets" offers "heed train ia" iarc
"$HEED" train -o arun $TINY --steps 10 -s race=mlp 2>/dev/null
holds "run folders" offers "heed step ar" arun
holds "contestants of the run on the line" offers "heed predict arun --contestant m" mlp
holds "a setting's file" offers "heed train -s task.rules=ar" task.rules=arun
mkdir -p "$XDG_CONFIG_HOME/heed/themes"
cp "$SOURCE/themes/dark.theme" "$XDG_CONFIG_HOME/heed/themes/mine.theme"
holds "themes of one's own" offers "heed --theme mi" mine
# fish answers without a terminal.
if command -v fish >/dev/null; then
    "$HEED" completions fish >"$scratch/heed.fish"
    fish_offers() { # line word
        HOME=$scratch fish -c "source '$scratch/heed.fish'; complete -C '$1'" | cut -f1 | grep -qx -- "$2"
    }
    holds "fish: commands" fish_offers "heed pre" predict
    holds "fish: options" fish_offers "heed predict --att" --attention
    holds "fish: settings" fish_offers "heed -s model.ki" model.kind=
    holds "fish: what a setting can be" fish_offers "heed -s model.norm=r" model.norm=rms
    holds "fish: contestants" fish_offers "heed predict arun --contestant " mlp
    holds "fish: themes of one's own" fish_offers "heed --theme " mine
    holds "fish: a setting's file" fish_offers "heed train -s task.rules=ar" task.rules=arun/
    holds "fish: run folders" fish_offers "heed step ar" arun/
fi
for shell in zsh fish; do
    "$HEED" completions $shell >"$scratch/$shell"
    holds "$shell's has every command" sh -c \
        "while read -r c; do grep -q -- \"\$c\" '$scratch/$shell' || exit 1; done <'$scratch/commands'"
    if command -v $shell >/dev/null; then
        holds "$shell reads it" $shell -n "$scratch/$shell"
    fi
done
refuse "no such shell" 2 "must be bash, zsh or fish" "$HEED" completions tcsh
