#include "core/alphabet.h"

#include <stdio.h>
#include <string.h>

int alphabet_find(const struct alphabet *a, const char *name)
{
    for (int i = 0; i < a->count; i++)
        if (strcmp(a->name[i], name) == 0)
            return i;
    return -1;
}

enum { SYMBOLS_SHOWN = 32, LAST_SHOWN = 8 };

static int no_symbol(const struct alphabet *a, const char *word, size_t length, struct failure *why)
{
    char names[SYMBOLS_SHOWN * (SYMBOL_TEXT + 1) + 8] = "";
    int left_out = a->count - SYMBOLS_SHOWN, first = SYMBOLS_SHOWN - LAST_SHOWN;
    size_t n = 0;
    for (int i = 0; i < a->count; i++) {
        if (left_out > 0 && i == first) {
            n += (size_t)snprintf(names + n, sizeof names - n, " ...");
            i += left_out;
        }
        n += (size_t)snprintf(names + n, sizeof names - n, " %s", a->name[i]);
    }
    return fail(why, ERR_USAGE, "%.*s: no symbol of this task: its symbols are%s",
                (int)(length < 64 ? length : 64), word, names);
}

int alphabet_parse(const struct alphabet *a, const char *text, int *ids, int limit,
                   struct failure *why)
{
    static const char blanks[] = " \t\r\n";
    int count = 0;
    for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
        size_t length = strcspn(text, blanks);
        char word[SYMBOL_TEXT] = "";
        if (length < sizeof word)
            memcpy(word, text, length);
        int id = length < sizeof word ? alphabet_find(a, word) : -1;
        if (id < 0)
            return no_symbol(a, text, length, why);
        if (count == limit)
            return fail(why, ERR_USAGE, "more than %d symbols: give fewer", limit);
        ids[count++] = id;
        text += length;
    }
    return count;
}
