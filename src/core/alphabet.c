#include "core/alphabet.h"

#include <string.h>

int alphabet_find(const struct alphabet *a, const char *name)
{
    for (int i = 0; i < a->count; i++)
        if (strcmp(a->name[i], name) == 0)
            return i;
    return -1;
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
            return fail(why, ERR_USAGE, "%.*s: no symbol of this task: its symbols are %s to %s",
                        (int)(length < 64 ? length : 64), text, a->name[0], a->name[a->count - 1]);
        if (count == limit)
            return fail(why, ERR_USAGE, "more than %d symbols: give fewer", limit);
        ids[count++] = id;
        text += length;
    }
    return count;
}
