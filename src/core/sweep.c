#include "core/sweep.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/embed.h"

/* Where the reader stands: the lines of [sweep] are taken here, all others are the base's. */
struct reader {
    struct sweep *sweep;
    const char *name;
    int line;
    bool has_preset;
    struct plan fixed; /* keys with one value */
    struct failure *why;
};

static int complain(const struct reader *r, const char *what)
{
    return fail(r->why, ERR_INPUT, "%s:%d: %s", r->name, r->line, what);
}

/* Without white space at both ends; changes the text. */
static char *trimmed(char *s)
{
    s += strspn(s, " \t");
    size_t n = strlen(s);
    while (n > 0 && strchr(" \t\r", s[n - 1]))
        s[--n] = '\0';
    return s;
}

/* --- axes ------------------------------------------------------------------------------------ */

static enum sweep_role role_of(const char *key)
{
    static const char rate[] = "train.learning_rate";
    size_t n = strlen(key);
    if (strcmp(key, "race") == 0 || strcmp(key, "race.cast") == 0)
        return SWEEP_CAST;
    if (strcmp(key, "train.seed") == 0)
        return SWEEP_SEED;
    if (n >= sizeof rate - 1 && strcmp(key + n - (sizeof rate - 1), rate) == 0)
        return SWEEP_RATE;
    return SWEEP_VARIED;
}

static int add_value(struct reader *r, struct sweep_axis *axis, const char *value)
{
    struct plan scratch = {0};
    for (int i = 0; i < axis->count; i++)
        if (strcmp(axis->value[i], value) == 0)
            return fail(r->why, ERR_INPUT, "%s:%d: %s has the value %s twice: keep one", r->name,
                        r->line, axis->key, value);
    if (axis->count == SWEEP_VALUES)
        return complain(r, "more than 64 values: divide the sweep");
    if (strlen(value) >= SWEEP_VALUE)
        return complain(r, "a value of more than 179 bytes: shorten it");
    int code = plan_add(&scratch, axis->key, value, axis->origin, r->why);
    plan_release(&scratch);
    if (code == 0)
        strcpy(axis->value[axis->count++], value);
    return code;
}

/* "1..5" stands for 1 | 2 | 3 | 4 | 5. 1 if it is no such range. */
static int add_range(struct reader *r, struct sweep_axis *axis, const char *value)
{
    char low_text[24], number[24];
    int64_t low, high;
    const char *dots = strstr(value, "..");
    if (!dots || dots == value || (size_t)(dots - value) >= sizeof low_text)
        return 1;
    snprintf(low_text, sizeof low_text, "%.*s", (int)(dots - value), value);
    if (!text_to_i64(low_text, &low) || !text_to_i64(dots + 2, &high))
        return 1;
    if (low > high)
        return complain(r, "a range that ends before it begins: write 1..5");
    int code = 0;
    for (int64_t i = low; i <= high && code == 0; i++) {
        snprintf(number, sizeof number, "%lld", (long long)i);
        code = add_value(r, axis, number);
    }
    return code;
}

static int add_values(struct reader *r, struct sweep_axis *axis, char *list)
{
    for (char *next = list; next;) {
        char *bar = strchr(next, '|');
        if (bar)
            *bar++ = '\0';
        const char *value = trimmed(next);
        if (!*value)
            return complain(r, "an empty value: write key = first | second");
        int code = add_range(r, axis, value);
        if (code > 0)
            code = add_value(r, axis, value);
        if (code < 0)
            return code;
        next = bar;
    }
    return 0;
}

static int add_preset(struct reader *r, const char *name)
{
    const char *names[64];
    int count = 0;
    if (r->has_preset)
        return complain(r, "a second preset: keep one");
    r->has_preset = true;
    for (const struct embedded *p = embedded_presets; p->name && count < 64; p++) {
        names[count++] = p->name;
        if (strcmp(p->name, name) == 0) {
            int code = plan_add_ini(&r->sweep->base, p->text, name, r->why);
            text_copy(r->sweep->base.preset, KIND_TEXT, name);
            return code;
        }
    }
    int near = text_nearest(name, names, count);
    if (near < 0)
        return fail(r->why, ERR_INPUT, "%s:%d: unknown preset %s: see `heed list presets`", r->name,
                    r->line, name);
    return fail(r->why, ERR_INPUT, "%s:%d: unknown preset %s: did you mean %s?", r->name, r->line,
                name, names[near]);
}

static int add_axis(struct reader *r, const char *key, char *list)
{
    struct sweep *s = r->sweep;
    if (strlen(key) >= SWEEP_KEY)
        return complain(r, "a key of more than 95 bytes: see `heed list settings`");
    for (int i = 0; i < s->axis_count; i++)
        if (strcmp(s->axis[i].key, key) == 0)
            return fail(r->why, ERR_INPUT, "%s:%d: %s stands in %s already: keep one", r->name,
                        r->line, key, s->axis[i].origin);
    if (s->axis_count == SWEEP_AXES)
        return complain(r, "more than 8 axes: divide the sweep");
    struct sweep_axis *axis = &s->axis[s->axis_count];
    *axis = (struct sweep_axis){0};
    strcpy(axis->key, key);
    axis->role = role_of(key);
    snprintf(axis->origin, sizeof axis->origin, "%.200s:%d", r->name, r->line);
    int code = add_values(r, axis, list);
    if (code)
        return code;
    if (axis->count == 1)
        return plan_add(&r->fixed, key, axis->value[0], axis->origin, r->why);
    s->axis_count++;
    s->runs *= axis->count;
    return s->runs > SWEEP_RUNS ? complain(r, "more than 4096 runs by now: divide the sweep") : 0;
}

/* --- lines ----------------------------------------------------------------------------------- */

/* A line of the section [sweep]. */
static int take_line(struct reader *r, char *line)
{
    for (const char *c = line; *c; c++)
        if (((unsigned char)*c < ' ' && *c != '\t' && *c != '\r') || *c == 127)
            return complain(r, "a control character: this must be a text file");
    char *comment = strstr(line, " ;");
    if (comment)
        *comment = '\0';
    line = trimmed(line);
    if (!*line || *line == ';' || *line == '#')
        return 0;
    char *equals = strchr(line, '=');
    if (!equals)
        return complain(r, "no key = values: write task.tau = 2 | 5 | 9");
    *equals = '\0';
    const char *key = trimmed(line);
    if (strcmp(key, "preset") == 0)
        return add_preset(r, trimmed(equals + 1));
    return add_axis(r, key, equals + 1);
}

static bool is_section(const char *line, const char *name)
{
    line += strspn(line, " \t");
    size_t n = strlen(name);
    return strncmp(line, name, n) == 0 && strchr(" \t\r\n;#", line[n]);
}

/* Take the lines of [sweep] out of the text, so that the others keep their numbers. */
static int take_sweep(struct reader *r, char *text)
{
    bool inside = false;
    int code = 0;
    for (char *line = text; *line && code == 0;) {
        size_t n = strcspn(line, "\n");
        char *next = line + n + (line[n] == '\n');
        r->line++;
        const char *first = line + strspn(line, " \t");
        if (*first == '[')
            inside = is_section(line, "[sweep]");
        if (inside) {
            char *own = malloc(n + 1);
            if (!own)
                return fail(r->why, ERR_MEMORY, "%s: no memory: end other programs", r->name);
            memcpy(own, line, n);
            own[n] = '\0';
            code = *first == '[' ? 0 : take_line(r, own);
            free(own);
            memset(line, ' ', n);
        }
        line = next;
    }
    return code;
}

/* --- names ----------------------------------------------------------------------------------- */

const char *sweep_axis_name(const struct sweep *s, int axis)
{
    const char *key = s->axis[axis].key, *dot = strrchr(key, '.');
    for (int i = 0; i < s->axis_count; i++) {
        const char *other = strrchr(s->axis[i].key, '.');
        if (i != axis && dot && other && strcmp(dot, other) == 0)
            return key;
    }
    return dot ? dot + 1 : key;
}

int sweep_place(const struct sweep *s, int run, int axis)
{
    for (int i = s->axis_count - 1; i > axis; i--)
        run /= s->axis[i].count;
    return run % s->axis[axis].count;
}

/* Bytes that a folder's name can have on any disk. */
static void write_name(const struct sweep *s, int run, struct text *out)
{
    for (int i = 0; i < s->axis_count; i++) {
        text_addf(out, "%s%s=", i ? "," : "", sweep_axis_name(s, i));
        for (const char *c = s->axis[i].value[sweep_place(s, run, i)]; *c; c++)
            text_addf(out, "%c", isalnum((unsigned char)*c) || strchr("-_.,+", *c) ? *c : '_');
    }
    if (s->axis_count == 0)
        text_add(out, "run");
}

void sweep_run_name(const struct sweep *s, int run, char out[SWEEP_NAME])
{
    struct text t = {0};
    write_name(s, run, &t);
    text_copy(out, SWEEP_NAME, text_string(&t));
    text_release(&t);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Every run must have a folder of its own. */
static int check_names(const struct sweep *s, const char *name, struct failure *why)
{
    char(*names)[SWEEP_NAME] = calloc((size_t)s->runs, sizeof *names);
    int code = 0;
    if (!names)
        return fail(why, ERR_MEMORY, "%s: no memory: end other programs", name);
    for (int run = 0; run < s->runs && code == 0; run++) {
        struct text t = {0};
        write_name(s, run, &t);
        if (t.length >= SWEEP_NAME)
            code = fail(why, ERR_INPUT, "%s: a run's folder would have a name of %zu bytes: use fewer "
                        "axes or shorter values", name, t.length);
        else
            text_copy(names[run], SWEEP_NAME, text_string(&t));
        text_release(&t);
    }
    qsort(names, (size_t)s->runs, sizeof *names, by_name);
    for (int run = 1; run < s->runs && code == 0; run++)
        if (strcmp(names[run], names[run - 1]) == 0)
            code = fail(why, ERR_INPUT, "%s: two runs would share the folder %s: choose other values",
                        name, names[run]);
    free(names);
    return code;
}

/* --- the whole ------------------------------------------------------------------------------- */

int sweep_parse(struct sweep *s, const char *text, const char *name, struct failure *why)
{
    struct reader r = {.sweep = s, .name = name, .why = why};
    *s = (struct sweep){.runs = 1};
    size_t size = strlen(text);
    char *own = malloc(size + 1);
    if (!own)
        return fail(why, ERR_MEMORY, "%s: no memory: end other programs", name);
    memcpy(own, text, size + 1);
    int code = take_sweep(&r, own);
    if (code == 0)
        code = plan_add_ini(&s->base, own, name, why);
    if (code == 0)
        code = plan_join(&s->base, &r.fixed, why);
    plan_release(&r.fixed);
    if (code == 0 && s->axis_count == 0)
        code = fail(why, ERR_INPUT, "%s: no axis: add a section [sweep] with lines such as "
                    "task.tau = 2 | 5 | 9", name);
    if (code == 0)
        code = check_names(s, name, why);
    free(own);
    if (code)
        sweep_release(s);
    return code;
}

void sweep_release(struct sweep *s)
{
    plan_release(&s->base);
    *s = (struct sweep){0};
}

int sweep_race(const struct sweep *s, int run, struct race_config *race, struct failure *why)
{
    struct plan plan = {0};
    text_copy(plan.preset, sizeof plan.preset, s->base.preset);
    int code = plan_join(&plan, &s->base, why);
    for (int i = 0; i < s->axis_count && code == 0; i++)
        code = plan_add(&plan, s->axis[i].key, s->axis[i].value[sweep_place(s, run, i)],
                        s->axis[i].origin, why);
    if (code == 0)
        code = plan_build(&plan, race, why);
    plan_release(&plan);
    return code;
}
