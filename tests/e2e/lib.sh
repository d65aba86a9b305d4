# The program in a real terminal: tmux with a socket of its own. Sourced by the scripts beside it.
#
#   test_name() { ...; }     a test: fails at the first command that fails
#   run_tests                runs every test_* function and prints TAP
#
#   open W H                 a terminal of that size with a shell in it (prompt "ready>")
#   heed [WORD]...           types the command; its process number comes with heed_pid, `exit=N` at its end
#   keys KEY...              tmux's names: Enter, Up, C-c, or characters
#   see TEXT [SECONDS]       wait until the text stands on the screen
#   gone TEXT [SECONDS]      wait until it does not
#   eventually COMMAND...    wait until the command succeeds
#   changed OLD COMMAND...   wait until the command prints something else
#   resize W H               another size
#   screen                   the screen as text; `screen -e` with colours
# Nothing sleeps for a fixed time: what is waited for is text.
set -u
: "${HEED:?the program to test}"
command -v tmux >/dev/null || { echo "1..1"; echo "not ok 1 - tmux is missing: make deps"; exit 1; }

E2E=$(mktemp -d) || exit 1
SOCKET=$E2E/tmux # every test gets a server of its own
SECONDS_TO_WAIT=${E2E_SECONDS:-15}
export HEED E2E
export XDG_STATE_HOME=$E2E/state XDG_CONFIG_HOME=$E2E/config
export LC_ALL=C.UTF-8
unset TMUX NO_COLOR COLORTERM LINES COLUMNS

terminal() {
    tmux -S "$SOCKET" "$@"
}

# shellcheck disable=SC2317
leave() {
    for socket in "$E2E"/tmux.[0-9]*; do
        tmux -S "$socket" kill-server 2>/dev/null
    done
    rm -rf "$E2E"
}
trap leave EXIT

cat >"$E2E/tmux.conf" <<'CONF'
set -g status off
set -g default-terminal screen-256color
set -s escape-time 0
set -g history-limit 0
CONF

# The shell's job is a script that becomes the program, so that its process number is known.
cat >"$E2E/go" <<'GO'
#!/bin/sh
echo $$ >"$E2E/pid.new" && mv "$E2E/pid.new" "$E2E/pid"
exec "$HEED" "$@"
GO
chmod +x "$E2E/go"

open() {
    terminal -f "$E2E/tmux.conf" new-session -d -x "$1" -y "$2" \
        "env PS1='ready> ' LC_ALL=C.UTF-8 bash --norc --noprofile -i" &&
        see 'ready>'
}

type_line() {
    terminal send-keys -l -- "$1" && terminal send-keys Enter
}

heed() {
    rm -f "$E2E/pid"
    type_line "$E2E/go $*; echo exit=\$?"
}

heed_pid() {
    for _ in $(seq 500); do
        [ -s "$E2E/pid" ] && cat "$E2E/pid" && return 0
        sleep 0.02
    done
    return 1
}

keys() {
    terminal send-keys -- "$@"
}

resize() {
    terminal resize-window -x "$1" -y "$2"
}

screen() {
    terminal capture-pane -p "$@"
}

now_ms() {
    echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# until_ms LIMIT command...: repeat the command until it succeeds
until_ms() {
    local limit=$(($(now_ms) + $1))
    shift
    until "$@"; do
        [ "$(now_ms)" -lt "$limit" ] || return 1
        sleep 0.01
    done
}

shows() {
    screen | grep -qF -- "$1"
}

shows_not() {
    ! shows "$1"
}

matches() {
    screen | grep -qE -- "$1"
}

see() {
    until_ms $((${2:-$SECONDS_TO_WAIT} * 1000)) shows "$1" || complain "\"$1\" does not come"
}

gone() {
    until_ms $((${2:-$SECONDS_TO_WAIT} * 1000)) shows_not "$1" || complain "\"$1\" stays"
}

see_match() {
    until_ms $((${2:-$SECONDS_TO_WAIT} * 1000)) matches "$1" || complain "nothing matches $1"
}

# eventually command...: wait until the command succeeds
eventually() {
    until_ms $((SECONDS_TO_WAIT * 1000)) "$@" || complain "never: $*"
}

# changed OLD command...: wait until the command prints something else
changed() {
    local old=$1
    shift
    until_ms $((SECONDS_TO_WAIT * 1000)) differs "$old" "$@" || complain "still \"$old\": $*"
}

differs() {
    local old=$1
    shift
    [ "$("$@")" != "$old" ]
}

same() { # expected got what
    [ "$1" = "$2" ] || complain "$3: expected \"$1\", got \"$2\""
}

complain() {
    echo "# $1; the screen:"
    screen 2>/dev/null | sed 's/^/# |/'
    return 1
}

# What tmux knows of the terminal's state; nothing of the program may be left of it.
state() {
    terminal display-message -p \
        'alternate=#{alternate_on} cursor=#{cursor_flag} mouse=#{mouse_any_flag} keypad=#{keypad_cursor_flag}'
}

# The shell has its terminal back as it was: call `remember` before the program and `restored` after.
remember() {
    type_line "stty -g >$E2E/before; echo remembered" && see_match '^remembered' && state >"$E2E/state.before"
}

restored() {
    type_line "stty -g >$E2E/after; echo looked" && see_match '^looked' || return 1
    cmp -s "$E2E/before" "$E2E/after" || complain "stty differs" || return 1
    same "$(cat "$E2E/state.before")" "$(state)" "the terminal's state"
}

run_tests() {
    local names number=0 failed=0
    names=$(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p')
    echo "1..$(echo "$names" | wc -l)"
    for name in $names; do
        number=$((number + 1))
        SOCKET=$E2E/tmux.$number
        export XDG_CONFIG_HOME=$E2E/config.$number # nothing is remembered from the test before it
        # A fresh shell, because -e is not heeded inside a condition.
        (
            set -e
            "$name"
        ) >"$E2E/said" 2>&1
        local code=$?
        if [ $code -eq 0 ]; then
            echo "ok $number - $name"
        else
            echo "not ok $number - $name"
            cat "$E2E/said"
            failed=$((failed + 1))
        fi
        terminal kill-server 2>/dev/null
    done
    [ $failed -eq 0 ]
}
