#include "cli/preferences.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fsio.h"
#include "cli/args.h"

/* inih cuts longer lines silently. */
enum { FILE_LIMIT = 1 << 16, LONGEST_LINE = 180, PREFERENCES = 7 };

/* In the order of enum ui_page. */
static const char pages[] =
#define VIEW(ID, id, number) "|" #id
#include "view/page_list.h"
#undef VIEW
    ;

static const struct preference table[PREFERENCES] = {
#define AT(field) offsetof(struct preferences, field)
    {"theme", AT(theme), NULL, 0, 0, "dark",
     "colours: a name of heed list themes, of a file in the folder themes beside this one, or a "
     "path with a '/'; kept when t has changed it"},
    {"page", AT(page), pages + 1, 0, 0, "train",
     "page that heed begins with, where a preset has none of its own and the race has something for it; "
     "kept when it ends (heed watch begins with train)"},
    {"glyphs", AT(glyphs), "auto|" GLYPH_CHOICES, 0, 0, "auto",
     "characters that curves and maps are drawn with: block has whole cells and eighths of them, half "
     "two colours in a cell and so twice the rows, braille dots as well"},
    {"colors", AT(colors), COLOR_CHOICES, 0, 0, "auto", "how many colours to use"},
    {"mouse", AT(mouse), "off|on", 0, 0, "on",
     "off leaves the mouse to the terminal, which then selects text"},
    {"fps", AT(fps), NULL, 0.1, 60, "10", "frames a second at most"},
    {"max_kbps", AT(max_kbps), NULL, 0, 1e6, "0",
     "kilobits a second sent to the terminal at most, by drawing less often; 0: no limit"},
#undef AT
};

const struct preference *preferences_table(int *count)
{
    *count = PREFERENCES;
    return table;
}

/* --- reading --------------------------------------------------------------------------------- */

struct reading {
    struct preferences *p;
    const char *rest, *name;
    int number;                 /* of the line that was read last, from 1 */
    int bound[UI_COMMANDS_MOST]; /* the line that bound a command */
};

/* The first problem counts: it is shown as one line. */
static void report(struct reading *r, int line, const char *what)
{
    if (!r->p->problem[0])
        snprintf(r->p->problem, sizeof r->p->problem, "%s:%d: %.300s", r->name, line, what);
}

/* The next line for inih: without indentation, which it would take for more of the value before. */
static char *read_line(char *out, int room, void *user)
{
    struct reading *r = user;

    if (!*r->rest)
        return NULL;
    const char *line = r->rest;
    size_t length = strcspn(line, "\n");
    r->rest += length + (line[length] == '\n');
    r->number++;
    size_t blank = strspn(line, " \t");
    blank = blank < length ? blank : length;
    line += blank;
    length -= blank;
    while (length > 0 && strchr(" \t\r", line[length - 1]))
        length--;
    if (length > LONGEST_LINE || length + 2 > (size_t)room) {
        report(r, r->number, "a line of more than 180 bytes: shorten it");
        length = 0;
    }
    memcpy(out, line, length);
    memcpy(out + length, "\n", 2);
    return out;
}

static int choice_index(const char *choices, const char *given)
{
    size_t n = strlen(given);
    const char *at = choices;

    for (int i = 0; *at; i++) {
        size_t length = strcspn(at, "|");
        if (length == n && memcmp(at, given, n) == 0)
            return i;
        at += length + (at[length] == '|');
    }
    return -1;
}

static int set(struct preferences *p, const struct preference *s, const char *value,
               struct failure *why)
{
    void *at = (char *)p + s->offset;
    double number;

    if (s->choices) {
        int index = choice_index(s->choices, value);
        if (index < 0)
            return fail(why, ERR_INPUT, "%s = %s: must be one of %s", s->key, value, s->choices);
        *(int *)at = index;
    } else if (s->low < s->high) {
        if (!text_to_double(value, &number) || number < s->low || number > s->high)
            return fail(why, ERR_INPUT, "%s = %s: must be a number from %g to %g", s->key, value,
                        s->low, s->high);
        *(double *)at = number;
    } else if (!*value) {
        return fail(why, ERR_INPUT, "%s: has no value: write %s = %s", s->key, s->key, s->initial);
    } else {
        text_copy(at, PREFERENCE_TEXT, value);
    }
    return 0;
}

static int set_named(struct preferences *p, const char *key, const char *value, struct failure *why)
{
    const char *names[PREFERENCES];

    for (int i = 0; i < PREFERENCES; i++) {
        names[i] = table[i].key;
        if (strcmp(key, names[i]) == 0)
            return set(p, &table[i], value, why);
    }
    int near = text_nearest(key, names, PREFERENCES);
    return fail(why, ERR_INPUT, "%s: unknown: %s%s", key, near >= 0 ? "did you mean " : "see ",
                near >= 0 ? names[near] : "man heed-config");
}

static int bind_named(struct reading *r, const char *name, const char *keys, struct failure *why)
{
    int rc = ui_bind(&r->p->keys, name, keys, why), count;
    const struct ui_command *commands = ui_commands(&count);

    for (int i = 0; rc == 0 && i < count; i++)
        if (strcmp(commands[i].name, name) == 0)
            r->bound[i] = r->number;
    return rc;
}

static int take(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    struct failure why;
    int rc;

    if (strcmp(section, "screen") == 0)
        rc = set_named(r->p, name, value, &why);
    else if (strcmp(section, "keys") == 0)
        rc = bind_named(r, name, value, &why);
    else
        rc = fail(&why, ERR_INPUT, "%s: not in [screen] or [keys]: move or remove it", name);
    if (rc < 0)
        report(r, r->number, why.text);
    return 1;
}

/* A binding that clashes is undone, until none does. */
static void settle_keys(struct reading *r)
{
    struct failure why;
    int i;

    while ((i = ui_bindings_clash(&r->p->keys, &why)) >= 0) {
        report(r, r->bound[i], why.text);
        r->p->keys.keys[i][0] = '\0';
    }
}

void preferences_parse(struct preferences *p, const char *text, const char *name)
{
    struct reading r = {.p = p, .rest = text, .name = name};

    memset(p, 0, sizeof *p);
    for (int i = 0; i < PREFERENCES; i++)
        set(p, &table[i], table[i].initial, NULL);
    int line = ini_parse_stream(read_line, &r, take, &r);
    if (line > 0)
        report(&r, line, "neither [section] nor key = value: mend or remove the line");
    settle_keys(&r);
}

static int file_path(char out[FSIO_PATH], struct failure *why)
{
    char folder[FSIO_PATH];
    int rc = fsio_config_folder(folder, why);
    return rc < 0 ? rc : fsio_join(out, folder, "heed.ini", why);
}

/* The file's text, NULL if there is none; freed by the caller. */
static int load(char path[FSIO_PATH], char **text, struct failure *why)
{
    size_t size;
    int rc = file_path(path, why);

    *text = NULL;
    if (rc < 0 || !fsio_is_file(path))
        return rc;
    rc = fsio_read(path, FILE_LIMIT, text, &size, why);
    if (rc == 0 && strlen(*text) != size) {
        free(*text);
        *text = NULL;
        return fail(why, ERR_INPUT, "%s: holds a zero byte: is it the right file?", path);
    }
    return rc;
}

void preferences_read(struct preferences *p)
{
    char path[FSIO_PATH], *text;
    struct failure why;
    int rc = load(path, &text, &why);

    preferences_parse(p, text ? text : "", path);
    if (rc < 0)
        text_copy(p->problem, sizeof p->problem, why.text);
    free(text);
}

/* --- keeping --------------------------------------------------------------------------------- */

/* Whether a line of `length` bytes is "key = ..." */
static bool assigns(const char *line, size_t length, const char *key)
{
    size_t at = strspn(line, " \t"), n = strlen(key);
    if (at + n > length || memcmp(line + at, key, n) != 0)
        return false;
    at += n + strspn(line + at + n, " \t");
    return at < length && (line[at] == '=' || line[at] == ':');
}

static bool is_section(const char *line, size_t length, const char *name)
{
    size_t at = strspn(line, " \t") + 1, n = strlen(name);
    return at + n < length && memcmp(line + at, name, n) == 0 && line[at + n] == ']';
}

void preferences_edit(const char *text, const char *key, const char *value, struct text *out)
{
    bool inside = false, done = false;
    size_t after = 0; /* the place behind [screen], 0: there is none */

    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n"), whole = length + (line[length] == '\n');
        if (line[strspn(line, " \t")] == '[')
            inside = is_section(line, length, "screen");
        if (inside && !done && assigns(line, length, key)) {
            text_addf(out, "%s = %s\n", key, value);
            done = true;
        } else {
            text_add_bytes(out, line, whole);
            if (whole == length)
                text_add(out, "\n");
        }
        if (inside && !after)
            after = out->length;
        line += whole;
    }
    if (done)
        return;
    struct text edited = {0};
    text_add_bytes(&edited, text_string(out), after ? after : out->length);
    text_addf(&edited, "%s%s = %s\n", after ? "" : "[screen]\n", key, value);
    text_add(&edited, text_string(out) + (after ? after : out->length));
    text_release(out);
    *out = edited;
}

static int replace(const char *path, const char *before, const char *theme, const char *page,
                   struct failure *why)
{
    static const char head[] =
        "; How heed looks, see heed-config(5). heed itself writes theme and page alone.\n[screen]\n";
    struct text first = {0}, second = {0};
    char folder[FSIO_PATH];
    int rc;

    text_add(&first, before ? before : head);
    if (theme) {
        preferences_edit(text_string(&first), "theme", theme, &second);
        text_release(&first);
        first = second;
        second = (struct text){0};
    }
    if (page)
        preferences_edit(text_string(&first), "page", page, &second);
    else
        text_add(&second, text_string(&first));
    if (first.broken || second.broken)
        rc = fail(why, ERR_MEMORY, "%s: out of memory", path);
    else if ((rc = fsio_config_folder(folder, why)) == 0 &&
             (rc = fsio_make_folder(folder, why)) == 0)
        rc = fsio_replace(path, text_string(&second), second.length, why);
    text_release(&first);
    text_release(&second);
    return rc;
}

int preferences_keep(const char *theme, const char *page, struct failure *why)
{
    char path[FSIO_PATH], *before;
    struct preferences p;
    enum ui_page number;
    int rc = load(path, &before, why);

    if (rc < 0)
        return rc;
    preferences_parse(&p, before ? before : "", path);
    if (theme && strcmp(theme, p.theme) == 0)
        theme = NULL;
    if (page && ui_page_by_name(page, &number, NULL) == 0 && (int)number == p.page)
        page = NULL;
    if (!p.problem[0] && (theme || page))
        rc = replace(path, before, theme, page, why);
    free(before);
    return rc;
}
