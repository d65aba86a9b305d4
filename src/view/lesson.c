/* A lesson file, line by line:

       # a comment
       title: Reading a map
       about: one line for heed list lessons
       order: 20

       Paragraphs, with empty lines between them.

       widget: map signed=yes
       press: attention.head ] : the next head

   A line that begins with a word of small letters and a colon says something; all others are text.
 */
#include "view/lesson.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "view/ui_state.h"

static const char *const widget_names[LESSON_WIDGET_KINDS] = {
    [LESSON_MATCH] = "match",   [LESSON_CROWD] = "crowd",   [LESSON_MAP] = "map",
    [LESSON_STEP] = "step",     [LESSON_SWITCH] = "switch", [LESSON_POSITIONS] = "positions",
    [LESSON_LADDER] = "ladder", [LESSON_ROWS] = "rows"};

/* The first three stand in a lesson once. */
enum key { KEY_TITLE, KEY_ABOUT, KEY_ORDER, KEY_WIDGET, KEY_PRESS, KEYS };
static const char *const keys[KEYS] = {"title", "about", "order", "widget", "press"};
enum { KEY_TEXT = 16, VALUE_TEXT = 2048, GREATEST = 10 };

const char *lesson_widget_name(enum lesson_widget_kind kind)
{
    return widget_names[kind];
}

struct reading {
    struct lesson *lesson;
    const char *file;
    const struct ui_matching *matching;
    struct failure *why;
    int line;
    bool in_paragraph;
    unsigned seen; /* bit per key */
    int press_line[LESSON_PRESSES];
    char show[LESSON_PRESSES][KEY_TEXT]; /* widgets that are named before they come */
};

/* "lesson mine.lesson: line 7: <what>: <remedy>" */
static int refuse(const struct reading *r, int line, const char *what, const char *word,
                  const char *remedy)
{
    return fail(r->why, ERR_INPUT, "lesson %s: line %d: %s%.60s: %s", r->file, line, what, word,
                remedy);
}

/* The next word of *at, at most size - 1 bytes of it; false at the end. */
static bool next_word(const char **at, char *out, size_t size)
{
    *at += strspn(*at, " \t");
    size_t n = strcspn(*at, " \t");
    snprintf(out, size, "%.*s", (int)(n < size ? n : size - 1), *at);
    *at += n;
    return n > 0;
}

/* --- widgets ---------------------------------------------------------------------------------- */

/* "30:1.5": degrees and length; the length may be left out. */
static bool read_arrow(const char *word, struct lesson_arrow *out)
{
    char angle[KEY_TEXT];
    size_t n = strcspn(word, ":");

    *out = (struct lesson_arrow){0, 1};
    if (n == 0 || n >= sizeof angle)
        return false;
    memcpy(angle, word, n);
    angle[n] = '\0';
    return text_to_double(angle, &out->angle) && fabs(out->angle) <= 360 &&
           (!word[n] || (text_to_double(word + n + 1, &out->length) && out->length >= 0 &&
                         out->length <= GREATEST));
}

static int read_keys(const struct reading *r, struct lesson_widget *w, char *list)
{
    w->keys = 0;
    for (char *save, *word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
        if (w->keys == LESSON_KEYS)
            return refuse(r, r->line, "keys", "", "at most 8 of them");
        if (!read_arrow(word, &w->key[w->keys++]))
            return refuse(r, r->line, "keys=", word, "write degrees:length, such as 90:1.5");
    }
    return w->keys ? 0 : refuse(r, r->line, "keys=", "", "write degrees:length, such as 90:1.5");
}

static bool is_variant(const struct ui_matching *m, const char *name)
{
    struct ui_variant v;

    for (int k = 0; m && m->variant(k, &v); k++)
        if (strcmp(v.name, name) == 0)
            return true;
    return !m;
}

static int read_variants(const struct reading *r, struct lesson_widget *w, char *list)
{
    w->variants = 0;
    for (char *save, *word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
        if (w->variants == LESSON_VARIANTS)
            return refuse(r, r->line, "variants", "", "at most 12 of them");
        if (strlen(word) >= KIND_TEXT || !is_variant(r->matching, word))
            return refuse(r, r->line, "no attention ", word, "heed list attention names them");
        for (int i = 0; i < w->variants; i++)
            if (strcmp(w->variant[i], word) == 0)
                return refuse(r, r->line, "twice: ", word, "name each variant once");
        text_copy(w->variant[w->variants++], KIND_TEXT, word);
    }
    return 0;
}

static bool is_plane(const struct lesson_widget *w)
{
    return w->kind == LESSON_MATCH || w->kind == LESSON_CROWD;
}

static int read_option(const struct reading *r, struct lesson_widget *w, char *word)
{
    char *value = strchr(word, '=');

    if (!value)
        return refuse(r, r->line, "not an option: ", word, "write name=value");
    *value++ = '\0';
    if (is_plane(w) && strcmp(word, "query") == 0)
        return read_arrow(value, &w->query)
                   ? 0
                   : refuse(r, r->line, "query=", value, "write degrees:length, such as 90:1.5");
    if (is_plane(w) && strcmp(word, "keys") == 0)
        return read_keys(r, w, value);
    if (is_plane(w) && strcmp(word, "variants") == 0)
        return read_variants(r, w, value);
    if (w->kind == LESSON_MAP && strcmp(word, "signed") == 0) {
        w->is_signed = strcmp(value, "yes") == 0;
        return w->is_signed || strcmp(value, "no") == 0
                   ? 0
                   : refuse(r, r->line, "signed=", value, "yes or no");
    }
    return refuse(r, r->line, "this widget has no option ", word,
                  is_plane(w)             ? "it has query, keys and variants"
                  : w->kind == LESSON_MAP ? "it has signed"
                                          : "leave it out");
}

static int read_widget(struct reading *r, const char *at)
{
    struct lesson *l = r->lesson;
    char word[VALUE_TEXT];
    int kind = 0, rc = 0;

    if (l->widgets == LESSON_WIDGETS)
        return refuse(r, r->line, "widget", "", "a lesson has at most 4");
    next_word(&at, word, sizeof word);
    while (kind < LESSON_WIDGET_KINDS && strcmp(word, widget_names[kind]) != 0)
        kind++;
    if (kind == LESSON_WIDGET_KINDS)
        return refuse(r, r->line, "no widget is called ", word,
                      "match, crowd, map, step, switch, positions, ladder or rows");
    for (int i = 0; i < l->widgets; i++)
        if ((int)l->widget[i].kind == kind)
            return refuse(r, r->line, "there are two widgets ", word, "remove one");
    struct lesson_widget *w = &l->widget[l->widgets++];
    *w = (struct lesson_widget){.kind = (enum lesson_widget_kind)kind,
                                .query = {30, 1.5},
                                .key = {{0, 1.5}, {90, 1.5}, {180, 1.5}},
                                .keys = kind == LESSON_CROWD ? 2 : 3};
    while (rc == 0 && next_word(&at, word, sizeof word))
        rc = read_option(r, w, word);
    if (rc == 0 && kind == LESSON_CROWD && w->keys != 2)
        rc = refuse(r, r->line, "keys", "", "crowd has two: the one, and each of the others");
    return rc;
}

/* --- presses ---------------------------------------------------------------------------------- */

static int find_command(const struct reading *r, const char *name)
{
    const char *names[ACTION_COUNT];
    const struct ui_command *table = ui_commands(&(int){0});

    for (int i = 0; i < ACTION_COUNT; i++) {
        names[i] = table[i].name;
        if (strcmp(name, names[i]) == 0)
            return i;
    }
    int near = text_nearest(name, names, ACTION_COUNT);
    if (near >= 0)
        return fail(r->why, ERR_INPUT, "lesson %s: line %d: no command %.40s: did you mean %s?",
                    r->file, r->line, name, names[near]);
    return refuse(r, r->line, "no command ", name, "heed list keys names them");
}

/* A command of the table, and one of its keys; the first without a word. */
static int read_command(const struct reading *r, struct lesson_press *p, const char *name,
                        const char *key)
{
    p->command = find_command(r, name);
    if (p->command < 0)
        return p->command;
    if (p->command == ACTION_LESSON_PRESS)
        return refuse(r, r->line, name, "", "a lesson cannot press itself");
    const struct ui_command *c = &ui_commands(&(int){0})[p->command];
    uint32_t wanted = command_key_code(key, strlen(key));
    for (int k = 0; command_key(c, k, &p->key); k++)
        if (!*key || p->key == wanted)
            return 0;
    return fail(r->why, ERR_INPUT, "lesson %s: line %d: %.20s is no key of %s: it has %s", r->file,
                r->line, key, c->name, c->keys);
}

/* "COMMAND [KEY] : words", "show WIDGET : words", "query DEGREES:LENGTH : words" */
static int read_press(struct reading *r, const char *at)
{
    struct lesson *l = r->lesson;
    const char *words = strstr(at, " : ");
    char head[VALUE_TEXT], name[KEY_TEXT * 3], what[KEY_TEXT * 2], more[KEY_TEXT];

    if (l->presses == LESSON_PRESSES)
        return refuse(r, r->line, "press", "", "a lesson has at most 12");
    if (!words || !words[3])
        return refuse(r, r->line, "press", "", "write COMMAND [KEY] : what it does");
    struct lesson_press *p = &l->press[l->presses];
    snprintf(head, sizeof head, "%.*s", (int)(words - at), at);
    at = head;
    next_word(&at, name, sizeof name);
    next_word(&at, what, sizeof what);
    if (next_word(&at, more, sizeof more))
        return refuse(r, r->line, "one word too many: ", more,
                      "write COMMAND [KEY] : what it does");
    words += 3;
    if (strlen(words) >= sizeof p->words)
        return refuse(r, r->line, "press", "", "its words are longer than 239 bytes: shorten them");
    text_copy(p->words, sizeof p->words, words);
    r->press_line[l->presses] = r->line;
    if (strcmp(name, "show") == 0) {
        p->kind = PRESS_SHOW;
        text_copy(r->show[l->presses++], KEY_TEXT, what);
        return 0;
    }
    l->presses++;
    if (strcmp(name, "query") == 0) {
        p->kind = PRESS_QUERY;
        return read_arrow(what, &p->query)
                   ? 0
                   : refuse(r, r->line, "query ", what, "write degrees:length, such as 90:1.5");
    }
    p->kind = PRESS_COMMAND;
    return read_command(r, p, name, what);
}

/* --- lines ------------------------------------------------------------------------------------ */

static int read_line_of_text(struct reading *r, const char *line)
{
    char *text = r->lesson->text;
    size_t n = strlen(text), room = LESSON_TEXT - n;

    if (strlen(line) + 3 > room)
        return refuse(r, r->line, "the text", "", "is too long for a lesson: make two of it");
    if (r->in_paragraph)
        text[n - 1] = ' ';
    text_copy(text + n, room - 2, line);
    strcat(text + n, "\n");
    r->in_paragraph = true;
    return 0;
}

static int read_short(const struct reading *r, char *out, size_t size, const char *value)
{
    if (!*value)
        return refuse(r, r->line, "nothing follows the colon", "", "write a line");
    if (strlen(value) >= size)
        return refuse(r, r->line, "too long: ", value, "shorten it");
    text_copy(out, size, value);
    return 0;
}

static int read_order(const struct reading *r, const char *value)
{
    int64_t order;

    if (!text_to_i64(value, &order) || order < 1 || order > 1000)
        return refuse(r, r->line, "order: ", value, "a number from 1 to 1000");
    r->lesson->order = (int)order;
    return 0;
}

/* The key of a line such as "title: ...", *value what follows it; KEYS: a line of text. ERR_INPUT: a
   word that is no key. */
static int key_of(const struct reading *r, const char *line, const char **value)
{
    char word[KEY_TEXT];
    size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyz");

    if (n == 0 || n >= sizeof word || line[n] != ':' || (line[n + 1] && line[n + 1] != ' '))
        return KEYS;
    memcpy(word, line, n);
    word[n] = '\0';
    *value = line + n + 1;
    *value += strspn(*value, " ");
    for (int i = 0; i < KEYS; i++)
        if (strcmp(word, keys[i]) == 0)
            return i;
    int near = text_nearest(word, keys, KEYS);
    if (near >= 0)
        return fail(r->why, ERR_INPUT, "lesson %s: line %d: %s: did you mean %s?", r->file, r->line,
                    word, keys[near]);
    return refuse(r, r->line, "no key is called ", word,
                  "title, about, order, widget or press; text begins otherwise");
}

static int read_line(struct reading *r, const char *line)
{
    struct lesson *l = r->lesson;
    const char *value = "";
    int key;

    if (*line == '#')
        return 0;
    if (!*line) {
        r->in_paragraph = false;
        return 0;
    }
    if ((key = key_of(r, line, &value)) < 0)
        return key;
    if (key == KEYS)
        return read_line_of_text(r, line);
    r->in_paragraph = false;
    if (key <= KEY_ORDER && r->seen & 1u << key)
        return refuse(r, r->line, keys[key], "", "stands there twice: remove one");
    r->seen |= 1u << key;
    switch (key) {
    case KEY_TITLE:
        return read_short(r, l->title, sizeof l->title, value);
    case KEY_ABOUT:
        return read_short(r, l->about, sizeof l->about, value);
    case KEY_ORDER:
        return read_order(r, value);
    case KEY_WIDGET:
        return read_widget(r, value);
    default:
        return read_press(r, value);
    }
}

static bool has_plane(const struct lesson *l)
{
    for (int i = 0; i < l->widgets; i++)
        if (is_plane(&l->widget[i]))
            return true;
    return false;
}

/* What only the whole file can tell. */
static int finish(struct reading *r)
{
    struct lesson *l = r->lesson;

    if (!l->title[0])
        return refuse(r, 1, "title", "", "is missing: begin with a line \"title: ...\"");
    if (!l->text[0])
        return refuse(r, r->line, "text", "", "is missing: a lesson has at least a paragraph");
    if (!l->widgets)
        return refuse(r, r->line, "widget", "", "is missing: add a line \"widget: map\"");
    if (!l->presses)
        return refuse(r, r->line, "press", "", "is missing: a lesson has something to press");
    for (int i = 0; i < l->presses; i++) {
        struct lesson_press *p = &l->press[i];
        if (p->kind == PRESS_QUERY && !has_plane(l))
            return refuse(r, r->press_line[i], "query", "",
                          "this lesson has no widget match or crowd: add it");
        if (p->kind != PRESS_SHOW)
            continue;
        for (p->widget = 0; p->widget < l->widgets; p->widget++)
            if (strcmp(widget_names[l->widget[p->widget].kind], r->show[i]) == 0)
                break;
        if (p->widget == l->widgets)
            return refuse(r, r->press_line[i], "show ", r->show[i],
                          "is no widget of this lesson: add a line \"widget: ...\"");
    }
    return 0;
}

int lesson_parse(struct lesson *out, const char *text, const char *file,
                 const struct ui_matching *matching, struct failure *why)
{
    struct lesson *fresh = calloc(1, sizeof *fresh);
    struct reading r = {.lesson = fresh, .file = file, .matching = matching, .why = why};
    const char *stem = strrchr(file, '/');
    char line[VALUE_TEXT], clean[VALUE_TEXT + 8];
    int rc = 0;

    if (!fresh)
        return fail(why, ERR_MEMORY, "lesson %s: out of memory", file);
    fresh->order = 1001;
    while (rc == 0 && *text) {
        size_t n = strcspn(text, "\n");
        r.line++;
        if (n >= sizeof line) {
            rc = refuse(&r, r.line, "the line", "", "is longer than 2047 bytes: break it");
            break;
        }
        memcpy(line, text, n);
        text += n + (text[n] == '\n');
        line[n] = '\0';
        for (char *tab = line; (tab = strchr(tab, '\t'));)
            *tab = ' ';
        n = strlen(line);
        while (n > 0 && strchr(" \r", line[n - 1]))
            line[--n] = '\0';
        text_escape(clean, sizeof clean, line);
        if (strcmp(clean, line) != 0)
            rc = refuse(&r, r.line, "the line", "",
                        "holds a control character or no UTF-8: remove it");
        else
            rc = read_line(&r, line);
    }
    if (rc == 0)
        rc = finish(&r);
    if (rc == 0) {
        text_escape(fresh->name, sizeof fresh->name, stem ? stem + 1 : file);
        char *dot = strstr(fresh->name, ".lesson");
        if (dot)
            *dot = '\0';
        *out = *fresh;
    }
    free(fresh);
    return rc;
}
