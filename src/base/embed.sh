#!/bin/sh
# Write C source that holds the given theme, preset, rule, sweep and lesson files as strings, and the given pages of
# the manual as one plain text (see base/embed.h).
echo '#include <stddef.h>'
echo '#include "base/embed.h"'
quote() { # files as C strings
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$@"
}
plain() { # pages of the manual without their markup
    sed -e '/^\.\\"/d' -e '/^\.TH/d' -e 's/^\.\(PP\|TP\|EX\|EE\|nf\|fi\|br\)$//' \
        -e 's/^\.S[HS] "\{0,1\}\([^"]*\)"\{0,1\}/\n\1\n/' \
        -e '/^\.[BIR]\{1,2\} /{s/" \{0,1\}//g;s/^\.[BIR]* //;s/ \([,.;:)]\)/\1/g;}' \
        -e 's/\\f[BRIP]//g' -e 's/\\-/-/g' -e 's/\\(dq/"/g' -e "s/\\\\(aq/'/g" -e 's/\\&//g' \
        -e "s/\\\\('e/é/g" -e 's/\\e/\\/g' "$@" | cat -s
}
emit() { # table suffix files...
    table=$1 suffix=$2
    shift 2
    echo "const struct embedded $table[] = {"
    for file in "$@"; do
        case $file in
        *"$suffix")
            echo "{\"$(basename "$file" "$suffix")\","
            quote "$file"
            echo '},'
            ;;
        esac
    done
    echo '{NULL, NULL}};'
}
emit embedded_themes .theme "$@"
emit embedded_presets .ini "$@"
emit embedded_rules .rules "$@"
pages=
for file in "$@"; do
    case $file in *.[15]) pages="$pages $file" ;; esac
done
echo 'const struct embedded embedded_texts[] = {{"manual",'
plain $pages | quote
echo '}, {NULL, NULL}};'
emit embedded_sweeps .sweep "$@"
emit embedded_lessons .lesson "$@"
