#!/bin/bash
# Every rung of both ladders: direct, 256, 16, 8, no colours; braille, half blocks, blocks, ASCII. Each draws every
# page with no more than it may use, and gives the terminal back.
. "$(dirname "$0")/lib.sh"

CAST="--no-files -s race=transformer-dpa,lstm -s train.steps=100000 -s train.eval_windows=100 --threads 1"
export TERMINFO_DIRS=$E2E/terminfo:/etc/terminfo:/lib/terminfo:/usr/share/terminfo

# Direct colours have a description of their own, which not every machine has.
describe_direct() {
    cat >"$E2E/direct.ti" <<'TI'
screen-direct|screen whose numbers are components of light,
	RGB, colors#0x1000000, pairs#0x7FFF,
	setab=\E[48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm,
	setaf=\E[38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm,
	use=screen-256color,
TI
    tic -x -o "$E2E/terminfo" "$E2E/direct.ti"
}

colour_codes() { # the kinds of SGR colours on the screen, one a line
    screen -e | grep -oE $'\033\\[[0-9;:]*m' | sed -E 's/[34]8[;:]2[;:][0-9;:]*/direct/g
        s/[34]8[;:]5[;:]([0-9]+)/many/g' | grep -oE 'direct|many|(^|[^0-9])(9[0-7]|10[0-7])[m;]|[^0-9][34][0-7][m;]' |
        sed -E 's/.*(9[0-7]|10[0-7]).*/bright/; s/.*[34][0-7].*/eight/' | sort -u | tr '\n' ' '
}

check_colours() { # rung
    local codes
    codes=$(colour_codes)
    case $1:$codes in
    direct:*direct*) case $codes in *many*) complain "$1 colours: $codes" ;; esac ;;
    256:*many*) case $codes in *direct*) complain "$1 colours: $codes" ;; esac ;;
    16:*eight*) case $codes in *direct* | *many*) complain "$1 colours: $codes" ;; esac ;;
    8:eight\ ) ;;
    none:) ;;
    *) complain "$1 colours: $codes" ;;
    esac
}

check_glyphs() { # rung
    local braille other
    braille=$(braille_lines)
    other=$(screen | LC_ALL=C grep '[^ -~]' | wc -l)
    case $1 in
    braille) [ "$other" -gt 0 ] ;;
    half) [ "$braille" = 0 ] && [ "$other" -gt 0 ] ;;
    block) [ "$braille" = 0 ] && [ "$other" -gt 0 ] && ! screen | grep -q '[▀▐]' ;;
    ascii) [ "$other" = 0 ] ;;
    esac || complain "$1 characters: braille on $braille, beyond ASCII on $other lines"
}

draws_pages() { # colours glyphs
    local page words
    for page in "2 looks at" "4 sorted by" "5 are read here" "6 what each head" "1 accuracy now" \
        "3 the model expects"; do
        words=${page#* }
        keys "${page%% *}"
        see "$words"
        check_colours "$1"
        check_glyphs "$2"
    done
}

rung() { # colours glyphs
    open 100 30
    remember
    type_line "export TERMINFO_DIRS=$TERMINFO_DIRS TERM=screen-256color; clear"
    [ "$1" != direct ] || type_line "export COLORTERM=truecolor; clear"
    gone "export"
    heed "$CAST --page train --colors $1 --glyphs $2"
    see "accuracy now"
    draws_pages "$1" "$2"
    if [ "$2" = braille ]; then # curves are drawn with it
        keys Escape
        see "accuracy now"
        eventually has_braille
    fi
    keys q
    see "quit?"
    keys y
    see "exit=0"
    restored
}

has_braille() {
    [ "$(braille_lines)" -gt 2 ]
}

braille_lines() { # U+2800 to U+28FF
    screen | LC_ALL=C grep $'\xe2[\xa0-\xa3]' | wc -l
}

for colours in direct 256 16 8 none; do
    for glyphs in braille half block ascii; do
        eval "test_${colours}_colours_$glyphs() { rung $colours $glyphs; }"
    done
done

command -v tic >/dev/null || { echo "1..1"; echo "not ok 1 - tic is missing: install ncurses"; exit 1; }
describe_direct
run_tests
