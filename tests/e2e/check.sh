# For the scripts that run commands and look at what comes out. Source it; then
#   refuse NAME CODE WORDS command...    one line "heed: ..." with WORDS on standard error, nothing on
#                                        standard output, exit code CODE, and nothing changed on disk
#   accept NAME command...               exit code 0, nothing said on standard error
#   holds NAME test...                   the test is true
#   until_true command...                waits for it
# Each prints one line of TAP. Output of the last command: $scratch/out, $scratch/err.
set -u
: "${HEED:?is set by tests/run.sh}"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/place"
cd "$scratch/place" || exit 1
export XDG_STATE_HOME=$scratch/place/state XDG_CONFIG_HOME=$scratch/place/config

# A small race that trains in a moment.
TINY="-s task.base=8 -s task.context=12 -s model.dim=8 -s model.heads=2 -s model.hidden=16
      -s train.batch=8 -s train.eval_windows=64 --threads 1"

report() { # true-or-false name
    if [ "$1" = 0 ]; then
        echo "ok - $2"
    else
        sed 's/^/# out: /' "$scratch/out" | head -n 20
        sed 's/^/# err: /' "$scratch/err" | head -n 20
        echo "not ok - $2"
    fi
}

# Every file below the work folder with its checksum. A run's lock names its last opener.
disk() {
    find . -type f ! -name lock -exec cksum {} + | sort
    find . | sort
}

refuse() {
    name=$1 code=$2 words=$3
    shift 3
    disk >"$scratch/before"
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    got=$?
    disk >"$scratch/after"
    good=0
    [ $got -eq "$code" ] || { echo "# exit code $got, not $code"; good=1; }
    [ "$(wc -l <"$scratch/err")" -eq 1 ] || { echo "# more or less than one line"; good=1; }
    grep -q '^heed: ' "$scratch/err" || { echo "# does not begin with heed:"; good=1; }
    grep -qF -- "$words" "$scratch/err" || { echo "# lacks: $words"; good=1; }
    [ ! -s "$scratch/out" ] || { echo "# something on standard output"; good=1; }
    cmp -s "$scratch/before" "$scratch/after" || {
        echo "# changed on disk:"
        diff "$scratch/before" "$scratch/after" | sed 's/^/# /'
        good=1
    }
    report $good "$name"
}

accept() {
    name=$1
    shift
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    got=$?
    good=0
    [ $got -eq 0 ] || { echo "# exit code $got"; good=1; }
    [ ! -s "$scratch/err" ] || good=1
    report $good "$name"
}

# Wait, at most a minute on a machine that is busy, until the command is true.
until_true() {
    tries=0
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || return 1
        sleep 0.1
    done
}

holds() {
    name=$1
    shift
    "$@" >"$scratch/said" 2>&1
    good=$?
    [ $good -eq 0 ] || sed 's/^/# /' "$scratch/said" | head -n 20
    report $good "$name"
}
