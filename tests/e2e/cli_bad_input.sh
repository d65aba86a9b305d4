#!/bin/sh
# What a person may get wrong: one clear line, the right exit code, nothing changed on disk.
. "$(dirname "$0")/check.sh"

# --- words ---------------------------------------------------------------------------------------
refuse "a misspelt command" 2 "did you mean train?" "$HEED" trian
refuse "a command of another program" 2 "reproduce: unknown command" "$HEED" reproduce
refuse "a misspelt option" 2 "did you mean --steps?" "$HEED" train --stepz 5
refuse "a misspelt list" 2 "did you mean settings?: there are attention, models" "$HEED" list setings
refuse "nothing like a list" 2 "there are attention, models, tasks" "$HEED" list 12345
accept "what there is to list" "$HEED" list
holds "tells its names" grep -q "^settings " "$scratch/out"
refuse "no files and a folder" 2 "--no-files: contradicts -o" "$HEED" train --no-files -o x
refuse "no files and going on" 2 "--no-files: contradicts --resume" "$HEED" train x --no-files --resume
refuse "no files and their evaluation" 2 "--no-files: contradicts --json" "$HEED" train --no-files --json
refuse "a misspelt view" 2 "attention" "$HEED" render atention
refuse "a misspelt theme" 2 "dark" "$HEED" render train --theme drak
refuse "an instruction set that is not there" 2 "sse9" "$HEED" train --isa sse9
refuse "a size that is none" 2 "such as 120x40" "$HEED" render train --size 80by24
refuse "a command after options" 2 "heed train" "$HEED" -s model.dim=8 train

# --- settings ------------------------------------------------------------------------------------
refuse "an unknown key" 2 "did you mean model.dim?" "$HEED" train -s model.dimm=8
refuse "an unknown key, for the terminal program too" 2 "did you mean train.steps?" "$HEED" -s train.step=8
refuse "a number out of range" 2 "model.layers must be 1..16" "$HEED" train -s model.layers=17
refuse "a number that is none" 2 "train.steps" "$HEED" train --steps ten
refuse "a word that is no choice" 2 "layer|rms|none" "$HEED" train -s model.norm=batch
refuse "an assignment without =" 2 "model.dim" "$HEED" train -s model.dim
refuse "an unknown attention" 2 "did you mean" "$HEED" train -s attn.kind=dpaa
refuse "an unknown model in the cast" 2 "lstm" "$HEED" train -s race=lstmm,mlp
refuse "heads that do not divide the width" 2 "model.heads" "$HEED" train -s model.kind=transformer -s model.heads=5
refuse "a kind against the name" 2 "write transformer-cog in race" "$HEED" train -s transformer-dpa.attn.kind=cog
refuse "a contestant that does not race" 2 "gru" "$HEED" train -s gru.train.learning_rate=1
refuse "a shared setting for one contestant" 2 "train.batch" "$HEED" train -s lstm.train.batch=8

# --- files ---------------------------------------------------------------------------------------
printf '[model]\ndim = 32\nheads 4\n' >torn.ini
refuse "a settings file with a bad line" 1 "torn.ini" "$HEED" train torn.ini
printf '[model]\ndimm = 32\n' >wrong.ini
refuse "a settings file with an unknown key" 2 "did you mean model.dim?" "$HEED" train wrong.ini
printf '\177ELF\0\1\2\3' >binary.ini
refuse "a settings file that is none" 1 "binary.ini" "$HEED" train binary.ini
printf '[train]\nsteps = 5\n\0[model]\ndimm = 32\n' >cut.ini
refuse "a settings file that a zero byte would cut short" 1 "zero byte" "$HEED" train cut.ini
refuse "a settings file that is not there" 2 "missing.ini" "$HEED" train missing.ini
mkdir empty
refuse "a folder that is no run" 2 "empty" "$HEED" train empty
refuse "a run that is not there" 2 "nowhere" "$HEED" eval nowhere
refuse "watching what is no run" 2 "empty" "$HEED" watch empty --plain
refuse "stepping through what is no run" 2 "empty" "$HEED" step empty

# --- lessons -------------------------------------------------------------------------------------
mkdir -p config/heed/lessons
printf 'title: Mine\n\nText.\nwidget: map\npress: attention.hed : x\n' >config/heed/lessons/mine.lesson
accept "a lesson that is refused is told of" env XDG_CONFIG_HOME="$PWD/config" "$HEED" list lessons
holds "with file, line and remedy" grep -q 'mine.lesson: line 5: no command attention.hed: did you mean attention.head?' "$scratch/out"
holds "in its place, in one line" test "$(grep -c '^mine  *your file  *mine  *lesson ' "$scratch/out")" -eq 1
accept "a page of lessons is drawn beside it" env XDG_CONFIG_HOME="$PWD/config" "$HEED" render learn --steps 2 --size 80x24
rm -r config

# --- folders that cannot be written --------------------------------------------------------------
: >file
refuse "a run inside a file" 1 "file" "$HEED" train -o file/run $TINY --steps 5
refuse "a run in a folder that the system keeps" 1 "/proc/heed" "$HEED" train -o /proc/heed/run $TINY --steps 5

# --- runs ----------------------------------------------------------------------------------------
"$HEED" train -o run $TINY --steps 6 -s race=transformer-dpa,mlp 2>"$scratch/err" || report 1 "a run to spoil"
checkpoint=run/transformer-dpa/checkpoint.safetensors
refuse "training over a run" 2 "--resume" "$HEED" train run
refuse "a new run where one is" 2 "run" "$HEED" train -o run $TINY
refuse "resuming a preset" 2 "heed train RUN --resume" "$HEED" train iarc --resume
refuse "resuming with another width" 2 "model.dim" "$HEED" train run --resume -s model.dim=16
refuse "resuming with another cast" 2 "race" "$HEED" train run --resume -s race=lstm
refuse "resuming somewhere else" 2 "leave out -o" "$HEED" train run --resume -o other
refuse "predicting without tokens" 2 "--tokens" "$HEED" predict run
refuse "tokens that are blanks alone" 2 "is empty" "$HEED" predict run --tokens "$(printf ' \r\t')"
refuse "a symbol that the task lacks" 2 "X" "$HEED" predict run --tokens "I 3 X"
refuse "a sequence longer than the window" 2 "12" "$HEED" predict run --tokens "I 1 2 3 4 5 6 7 A 1 2 3 5"
refuse "a change that is none" 2 "removed, positive or uniform" "$HEED" predict run --tokens "I 1" --change "L1H1 gone"
refuse "a change without its form" 2 "L1H2 removed" "$HEED" predict run --tokens "I 1" --change "$(printf 'L1\033')"
refuse "a head that there is not" 2 "heads 1 to" "$HEED" predict run --tokens "I 1" --change "L1H65 removed"
refuse "a change of what has no heads" 2 "no attention" "$HEED" predict run --contestant mlp --tokens "I 1 2 3 4 5 6 7 A 1 2 3" --change "L1H1 removed"
refuse "a stream that there is not" 2 "no residual stream" "$HEED" predict run --contestant mlp --tokens "I 1 2 3 4 5 6 7 A 1 2 3" --stream
refuse "a short window for the MLP" 2 "full window of 12" "$HEED" predict run --contestant mlp --tokens "I 1 2"
refuse "attention of the MLP" 2 "no attention" \
    "$HEED" predict run --contestant mlp --attention --tokens "I 1 2 3 4 5 6 7 A 1 2 3"
refuse "a contestant that is not in the run" 2 "did you mean transformer-dpa?" \
    "$HEED" eval run --contestant transformer-dpaa

cp "$checkpoint" whole
head -c 700 whole >"$checkpoint"
refuse "a torn checkpoint: eval" 1 "$checkpoint" "$HEED" eval run
refuse "a torn checkpoint: predict" 1 "$checkpoint" "$HEED" predict run --tokens "I 1"
refuse "a torn checkpoint: resume" 1 "$checkpoint" "$HEED" train run --resume
head -c 5 whole >"$checkpoint"
refuse "a checkpoint cut in its first bytes" 1 "$checkpoint" "$HEED" eval run
: >"$checkpoint"
refuse "an empty checkpoint" 1 "$checkpoint" "$HEED" eval run
printf '\x10\0\0\0\0\0\0\0{"a":1}         ' >"$checkpoint"
refuse "a foreign safetensors file" 1 "$checkpoint" "$HEED" eval run
cp run/mlp/checkpoint.safetensors "$checkpoint"
refuse "another contestant's checkpoint" 1 "transformer-dpa" "$HEED" train run --resume
rm "$checkpoint"
refuse "a checkpoint that is gone" 1 "$checkpoint" "$HEED" eval run
cp whole "$checkpoint"
accept "the same run, whole again" "$HEED" eval run

# --- names that are paths too ----------------------------------------------------------------------
# A name is a preset or a task; a path with a slash is a folder. Where both are there it is said in a line.
tells() { # words command...
    words=$1
    shift
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || { echo "# exit code $?"; return 1; }
    grep -qxF -- "heed: $words" "$scratch/err"
}
cp -r run iarc
holds "heed sample iarc: the task, with a word on the run" \
    tells "iarc: taken as the task; the run of that name here is ./iarc" "$HEED" sample iarc -n 9
holds "which gives the task's stream" grep -q '=[0-9]' "$scratch/out"
accept "heed sample ./iarc: the run, without a word" "$HEED" sample ./iarc -n 9 --prompt "I 3"
holds "which goes on from the prompt" grep -q '^I 3 ' "$scratch/out"
refuse "what is of runs alone, for a task's name" 2 "write ./iarc for the run" "$HEED" sample iarc --prompt "I 3"
refuse "resuming a preset whose name a run has" 2 "write ./iarc for the run" "$HEED" train iarc --resume
refuse "a run by its path is a run" 2 "--resume" "$HEED" train ./iarc
accept "where only runs are meant, a word is a path" "$HEED" eval iarc
holds "heed train iarc: the preset, with a word on the run" \
    tells "iarc: taken as the preset; the run of that name here is ./iarc" \
    "$HEED" train iarc -o named $TINY --steps 1 -s race=mlp
mkdir text
"$HEED" sample text -n 9 >"$scratch/out" 2>"$scratch/err" </dev/null
holds "a folder that is no run does not hide a task" sh -c "[ ! -s '$scratch/err' ] && [ -s '$scratch/out' ]"

# --- terminals -----------------------------------------------------------------------------------
refuse "the terminal program into a pipe" 2 "terminal" "$HEED" -o fresh
refuse "watching into a pipe" 2 "--plain" "$HEED" watch run
refuse "stepping into a pipe" 2 "terminal" "$HEED" step run
if command -v tmux >/dev/null; then
    # A real terminal, but nothing that says which one.
    cat >in-terminal.sh <<INNER
cd "$scratch/place"
env -u TERM "$HEED" -o fresh 2>"$scratch/no-term"
echo \$? >"$scratch/no-term-code"
TERM=no-such-terminal "$HEED" -o fresh 2>"$scratch/odd-term"
echo \$? >"$scratch/odd-term-code"
INNER
    tmux -L "heed-cli-$$" -f /dev/null new-session -d -x 80 -y 24 "sh $scratch/place/in-terminal.sh"
    until_true test -s "$scratch/odd-term-code"
    tmux -L "heed-cli-$$" kill-server 2>/dev/null
    cat "$scratch/no-term" "$scratch/odd-term" >"$scratch/shown"
    holds "TERM not set: exit code 2" grep -qx 2 "$scratch/no-term-code"
    holds "TERM not set: said in one line" sh -c \
        "[ \$(wc -l <'$scratch/no-term') -eq 1 ] && grep -q '^heed: .*TERM' '$scratch/no-term'"
    holds "an unknown TERM: exit code 2" grep -qx 2 "$scratch/odd-term-code"
    holds "an unknown TERM is named" grep -q '^heed: .*no-such-terminal' "$scratch/odd-term"
    holds "no run was begun without a terminal" test ! -e fresh
fi
