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

/* --- texts ----------------------------------------------------------------------------------- */

enum { SPACE_SHOWN = 0x2423, LINE_SHOWN = 0x21b5 };

/* Whether a cell of a screen shows it: controls, blanks, marks that combine and wide characters need
   another name, and so do the two signs that stand for a space and a new line. */
static bool shows(uint32_t code)
{
    bool blank = code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
                 code == 0x202f || code == 0x205f || (code >= 0xe000 && code <= 0xf8ff);
    return text_width(code) == 1 && !blank && code != SPACE_SHOWN && code != LINE_SHOWN;
}

void alphabet_set_code(struct alphabet *a, int id, uint32_t code)
{
    char *name = a->name[id];
    bool byte = a->kind == ALPHABET_BYTES;
    memset(name, 0, SYMBOL_TEXT);
    a->code[id] = code;
    a->control[id] = -1;
    if (code == ' ' || code == '\n')
        text_encode(code == ' ' ? SPACE_SHOWN : LINE_SHOWN, name);
    else if (code == '\t')
        text_copy(name, SYMBOL_TEXT, "\\t");
    else if (code < 0x100 && (!shows(code) || (byte && code > 0x7f)))
        snprintf(name, SYMBOL_TEXT, "\\x%02x", (unsigned)code);
    else if (!shows(code))
        snprintf(name, SYMBOL_TEXT, "\\u%04x", (unsigned)code);
    else
        text_encode(code, name);
}

int alphabet_find_code(const struct alphabet *a, uint32_t code)
{
    int low = 0, high = a->count - 1;
    while (low <= high) {
        int middle = (low + high) / 2;
        if (a->code[middle] == code)
            return middle;
        if (a->code[middle] < code)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return -1;
}

static int parse_text(const struct alphabet *a, const char *text, int *ids, int limit,
                      struct failure *why)
{
    int count = 0;
    for (int step; *text; text += step) {
        uint32_t code = (unsigned char)*text;
        step = a->kind == ALPHABET_BYTES ? 1 : text_decode(text, &code);
        int id = alphabet_find_code(a, code);
        if (id < 0)
            return fail(why, ERR_USAGE,
                        "%.*s: does not occur in the text that the model learns, of %d different "
                        "%s: leave it out",
                        step, text, a->count,
                        a->kind == ALPHABET_BYTES ? "bytes" : "characters");
        if (count == limit)
            return fail(why, ERR_USAGE, "more than %d symbols: give fewer", limit);
        ids[count++] = id;
    }
    return count;
}

/* One character of well-formed UTF-8 in bytes; 0 if they are none. */
static int character(const struct alphabet *a, const int *ids, int count, char out[8])
{
    uint32_t code;
    int n = count < 4 ? count : 4;
    for (int i = 0; i < n; i++)
        out[i] = (char)a->code[ids[i]];
    out[n] = '\0';
    n = text_decode(out, &code);
    out[n] = '\0';
    return n > 1 ? n : 0;
}

static void write_text(const struct alphabet *a, const int *ids, int count, struct text *out)
{
    for (int i = 0, step; i < count; i += step) {
        char raw[8] = "", shown[32];
        uint32_t code = a->code[ids[i]];
        step = 1;
        if (code == '\n' || code == '\t')
            raw[0] = (char)code;
        else if (code == 0 || (a->kind == ALPHABET_BYTES && code > 0x7f))
            step = code ? character(a, ids + i, count - i, raw) : 0;
        else
            text_encode(code, raw);
        if (raw[0] == '\n' || raw[0] == '\t')
            text_copy(shown, sizeof shown, raw);
        else
            text_escape(shown, sizeof shown, raw);
        if (step == 0) {
            snprintf(shown, sizeof shown, "\\x%02x", (unsigned)code);
            step = 1;
        }
        text_add(out, shown);
    }
}

/* --- any ------------------------------------------------------------------------------------- */

void alphabet_write(const struct alphabet *a, const int *ids, int count, struct text *out)
{
    if (a->kind != ALPHABET_WORDS)
        write_text(a, ids, count, out);
    for (int i = 0; i < count && a->kind == ALPHABET_WORDS; i++)
        text_addf(out, "%s%s", i ? " " : "", a->name[ids[i]]);
}

int alphabet_parse(const struct alphabet *a, const char *text, int *ids, int limit,
                   struct failure *why)
{
    static const char blanks[] = " \t\r\n";
    int count = 0;
    if (a->kind != ALPHABET_WORDS)
        return parse_text(a, text, ids, limit, why);
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
