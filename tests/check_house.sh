#!/bin/sh
# The rules of the house that a machine can see: who may include whom, who may print, how long a file
# and a function may be. The planted tree in tests/fixtures/layers must break each of them.
set -u
cd "$(dirname "$0")/.." || exit 1

# Everyone may include base and itself; the rest of the right side is the whole list.
allowed() {
    case $1 in
    base) echo ;;
    core | kern) echo base ;;
    nn) echo base core kern ;;
    model) echo base core kern nn ;;
    task | view) echo base core ;;
    store) echo base core kern nn model ;;
    train) echo base core kern nn model task store ;;
    tui) echo base core view ;;
    cli) echo base core kern nn model task store train view tui ;;
    esac
}
LAYERS="base core kern nn model task store train view tui cli"

sources() { # root
    find "$1/src" "$1/include" -type f \( -name '*.c' -o -name '*.h' -o -name '*.inc' \) | sort
}

# One line for each include of a layer that the file's own layer may not see.
forbidden_includes() { # root
    for layer in $LAYERS; do
        may=" $layer $(allowed "$layer") "
        for dir in "$1/src/$layer" "$1/include/$layer"; do
            [ -d "$dir" ] && grep -rnE '^ *# *include *"[a-z0-9_]+/' "$dir"
        done | while IFS= read -r line; do
            seen=$(printf '%s\n' "$line" | sed 's/.*include *"\([a-z0-9_]*\)\/.*/\1/')
            # A folder of the same layer (models/, attn/) is no layer.
            case " $LAYERS " in *" $seen "*) ;; *) continue ;; esac
            case $may in *" $seen "*) ;; *) echo "$line: $layer may not include $seen" ;; esac
        done
    done
}

foreign_curses() { # root
    grep -rnE '^ *# *include *<(n?curses|ncursesw/|term|panel)[^>]*>' "$1/src" "$1/include" |
        grep -v "^$1/src/tui/"
}

# snprintf and a stream handed in are fine; a word to the person or the end of the process is not.
foreign_words() { # root
    grep -rnE --include='*.[ch]' --include='*.inc' \
        '(^|[^a-zA-Z_>.])(printf|puts|putchar|perror|exit|quick_exit)\(|\<std(err|out)\>' \
        "$1/src" "$1/include" |
        grep -vE "^$1/src/cli/|format\(printf|^$1/src/tui/.*= stdout;"
}

too_long() { # root
    sources "$1" | while IFS= read -r file; do
        limit=60
        case $file in */src/kern/*) limit=120 ;; esac
        awk -v file="$file" -v limit=$limit '
            /^\{/ { start = NR }
            /^\}/ { if (start && NR - start + 1 >= limit)
                        print file ":" start ": function of " NR - start + 1 " lines"
                    start = 0 }
            END { if (NR >= 500) print file ": " NR " lines" }' "$file"
    done
}

# The rule must hold in the tree and be broken in the planted one.
rule() { # name function
    found=$($2 .)
    if [ -z "$found" ]; then
        echo "ok - $1"
    else
        printf '%s\n' "$found"
        echo "not ok - $1"
    fi
    if [ -n "$($2 tests/fixtures/layers)" ]; then
        echo "ok - a planted violation is found: $1"
    else
        echo "not ok - a planted violation is found: $1"
    fi
}

rule "a layer includes only what it may see" forbidden_includes
rule "only tui uses ncurses" foreign_curses
rule "only cli prints or exits" foreign_words
rule "files under 500 lines, functions under 60 (kernels 120)" too_long
