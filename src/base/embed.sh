#!/bin/sh
# Write C source that holds the given theme, preset and rule files as strings (see base/embed.h).
echo '#include <stddef.h>'
echo '#include "base/embed.h"'
emit() { # table suffix files...
    table=$1 suffix=$2
    shift 2
    echo "const struct embedded $table[] = {"
    for file in "$@"; do
        case $file in
        *"$suffix")
            echo "{\"$(basename "$file" "$suffix")\","
            sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$file"
            echo '},'
            ;;
        esac
    done
    echo '{NULL, NULL}};'
}
emit embedded_themes .theme "$@"
emit embedded_presets .ini "$@"
emit embedded_rules .rules "$@"
