#include "core/plan.h"

#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* inih silently cuts long lines and sections, ignores what follows a section's bracket, and takes
   an indented line for more of the value before it. So its lines come from a reader that strips the
   indentation and refuses the rest. */
enum { LONGEST_LINE = 190, LONGEST_SECTION = 48, LINE_END = 3 };

struct lines {
    const char *rest;
    int number; /* of the line that was read last, from 1 */
    const char *name;
    struct plan *plan;
    int first;          /* entries before it are not of this file */
    char section[LONGEST_SECTION + 1];
    int word_line[2];   /* where race.preset and race.page stood, 0: nowhere */
    int code, bad_line; /* the first failure that is ours */
    struct failure *why;
};

static int refuse(struct lines *l, const char *what)
{
    l->bad_line = l->number;
    l->code = fail(l->why, ERR_INPUT, "%s:%d: %s", l->name, l->number, what);
    return l->code;
}

static size_t key_length(const char *line, size_t length)
{
    const char *equal = memchr(line, '=', length);
    size_t end = equal ? (size_t)(equal - line) : 0;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
        end--;
    return end;
}

/* The one kind of line that may be longer than inih reads: key = path. */
static bool is_long_path(const struct lines *l, const char *line, size_t length)
{
    char key[128];
    snprintf(key, sizeof key, "%s.%.*s", l->section, (int)key_length(line, length), line);
    const struct setting *s = config_find(key);
    return s && s->flags & SETTING_PATH && length < 2 * SETTING_TEXT;
}

static int check_line(struct lines *l, const char *line, size_t length, int room)
{
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)line[i] < ' ' && line[i] != '\t') || line[i] == 127)
            return refuse(l, "a control character: this must be a text file");
    if (length > LONGEST_LINE && is_long_path(l, line, length))
        return 0;
    if (length > LONGEST_LINE || length + LINE_END > (size_t)room)
        return refuse(l, "a line of more than 190 bytes: shorten it");
    if (length == 0 || line[0] != '[')
        return 0;
    const char *close = memchr(line, ']', length);
    if (!close)
        return refuse(l, "a section without ]: write [section]");
    if (close - line - 1 > LONGEST_SECTION)
        return refuse(l, "a section's name of more than 48 bytes: shorten it");
    size_t after = (size_t)(close - line) + 1;
    while (after < length && (line[after] == ' ' || line[after] == '\t'))
        after++;
    if (after < length && line[after] != ';' && line[after] != '#')
        return refuse(l, "more after [section]: begin a new line");
    snprintf(l->section, sizeof l->section, "%.*s", (int)(close - line - 1), line + 1);
    return 0;
}

static int take_assignment(void *user, const char *section, const char *name, const char *value);

/* Take a long line past inih, which gets a blank one instead. */
static size_t take_long_path(struct lines *l, const char *line, size_t length)
{
    char name[64], value[2 * SETTING_TEXT];
    size_t at = (size_t)((const char *)memchr(line, '=', length) - line) + 1;
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    snprintf(name, sizeof name, "%.*s", (int)key_length(line, length), line);
    snprintf(value, sizeof value, "%.*s", (int)(length - at), line + at);
    take_assignment(l, l->section, name, value);
    return 0;
}

static char *read_line(char *out, int room, void *stream)
{
    struct lines *l = stream;
    if (l->code || !*l->rest)
        return NULL;
    const char *line = l->rest;
    size_t length = strcspn(line, "\n");
    l->rest += length + (line[length] == '\n');
    l->number++;
    if (l->number == 1 && strncmp(line, "\xEF\xBB\xBF", 3) == 0) {
        line += 3;
        length -= 3;
    }
    for (; length > 0 && (*line == ' ' || *line == '\t'); line++)
        length--;
    while (length > 0 && strchr(" \t\r", line[length - 1]))
        length--;
    if (check_line(l, line, length, room))
        return NULL;
    if (length > LONGEST_LINE)
        length = take_long_path(l, line, length);
    if (l->code)
        return NULL;
    memcpy(out, line, length);
    memcpy(out + length, "\n", 2);
    return out;
}

/* The line where the same key already stands in this file, as its origin; NULL if nowhere. */
static const char *stands_already(const struct lines *l, const struct plan_entry *entry)
{
    for (int i = l->first; i < l->plan->count - 1; i++) {
        const struct plan_entry *e = &l->plan->entries[i];
        if (e->setting == entry->setting && strcmp(e->contestant, entry->contestant) == 0)
            return e->origin;
    }
    return NULL;
}

static int take_assignment(void *user, const char *section, const char *name, const char *value)
{
    static const char *const words[] = {"race.preset", "race.page"};
    struct lines *l = user;
    char key[128], origin[ORIGIN_TEXT];
    if (l->code)
        return 0;
    snprintf(key, sizeof key, "%s%s%s", section, section[0] ? "." : "", name);
    snprintf(origin, sizeof origin, "%s:%d", l->name, l->number);
    int count = l->plan->count;
    l->code = plan_add(l->plan, key, value, origin, l->why);
    const char *before = NULL;
    if (!l->code && l->plan->count > count)
        before = stands_already(l, &l->plan->entries[count]);
    if (before)
        l->code =
            fail(l->why, ERR_INPUT, "%s: %s stands in %s already: keep one", origin, key, before);
    for (int i = 0; i < 2 && !l->code; i++) {
        if (strcmp(key, words[i]) != 0)
            continue;
        if (l->word_line[i])
            l->code = fail(l->why, ERR_INPUT, "%s: %s stands in %s:%d already: keep one", origin,
                           key, l->name, l->word_line[i]);
        l->word_line[i] = l->number;
    }
    if (l->code)
        l->bad_line = l->number;
    return l->code == 0;
}

int plan_add_ini(struct plan *plan, const char *text, const char *name, struct failure *why)
{
    struct lines l = {.rest = text, .name = name, .plan = plan, .first = plan->count, .why = why};
    int line = ini_parse_stream(read_line, &l, take_assignment, &l);
    if (line < 0)
        return fail(why, ERR_MEMORY, "%s: no memory: end other programs", name);
    if (line > 0 && line != l.bad_line)
        return fail(why, ERR_INPUT, "%s:%d: neither [section] nor key = value: mend the line", name,
                    line);
    return l.code;
}
