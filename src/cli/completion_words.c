#include "cli/completion_words.h"

#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "cli/listing.h"
#include "kern/kern.h"
#include "model/model.h"
#include "nn/attn.h"
#include "task/task.h"
#include "view/theme.h"
#include "view/ui.h"

static void add(struct text *words, const char *word)
{
    text_addf(words, " %s", word);
}

static void add_commands(struct text *words)
{
    for (const struct subcommand *const *c = commands() + 1; *c; c++)
        add(words, (*c)->name);
}

static void add_presets(struct text *words)
{
    for (const struct embedded *p = embedded_presets; p->name; p++)
        add(words, p->name);
}

static void add_sweeps(struct text *words)
{
    for (const struct embedded *p = embedded_sweeps; p->name; p++)
        add(words, p->name);
}

static void add_views(struct text *words)
{
    for (int page = 0; page < PAGE_COUNT; page++)
        add(words, ui_page_name((enum ui_page)page));
}

static void add_tasks(struct text *words)
{
    for (const struct task_ops *const *t = task_registry(); *t; t++)
        add(words, (*t)->name);
}

static void add_kinds(struct text *words)
{
    for (int i = 0; list_kind(i); i++)
        add(words, list_kind(i));
}

static void add_themes(struct text *words)
{
    for (const char *const *name = theme_names(); *name; name++)
        add(words, *name);
}

static void add_isas(struct text *words)
{
    add(words, "auto");
    for (int isa = 0; isa < ISA_COUNT; isa++)
        if (kern_get((enum isa)isa))
            add(words, kern_get((enum isa)isa)->name);
}

/* "a|b" as words, each with `prefix` before it. */
static void add_choices(struct text *words, const char *prefix, const char *choices)
{
    while (*choices) {
        size_t n = strcspn(choices, "|");
        text_addf(words, " %s%.*s", prefix, (int)n, choices);
        choices += n + (choices[n] == '|');
    }
}

/* Words of a usage line, and the names of options' values, that stand for a list. */
static const struct {
    const char *name;
    void (*fill)(struct text *words);
    unsigned kinds;
} places[] = {
    {"PRESET", add_presets, 0},
    {"FILE", NULL, COMPLETE_FILES},
    {"RUN", NULL, COMPLETE_FILES},
    {"VIEW", add_views, 0},
    {"WHAT", add_kinds, 0},
    {"COMMAND", add_commands, 0},
    {"TASK", add_tasks, 0},
    {"theme", add_themes, COMPLETE_FILES | COMPLETE_THEMES},
    {"contestant", NULL, COMPLETE_CONTESTANTS},
    {"isa", add_isas, 0},
    {"page", add_views, 0},
    {"SWEEP", add_sweeps, 0},
    {"DIR", NULL, COMPLETE_FILES},
};

static unsigned add_place(const char *name, size_t n, struct text *words)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (strlen(places[i].name) != n || memcmp(places[i].name, name, n) != 0)
            continue;
        if (places[i].fill)
            places[i].fill(words);
        return places[i].kinds;
    }
    return 0;
}

unsigned completion_of_option(const struct option_spec *o, struct text *words)
{
    if (o->type == OPTION_CHOICE)
        add_choices(words, "", o->value);
    if (o->type != OPTION_TEXT)
        return 0;
    unsigned kinds = add_place(o->name, strlen(o->name), words);
    return kinds | add_place(o->value, strlen(o->value), words);
}

unsigned completion_of_words(const struct subcommand *c, struct text *words)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned kinds = 0;

    if (strpbrk(c->words, "abcdefghijklmnopqrstuvwxyz")) { /* the words themselves: "bash|zsh" */
        add_choices(words, "", c->words);
        return 0;
    }
    for (const char *at = c->words; *at; at += strcspn(at, letters)) {
        size_t n = strspn(at, letters);
        kinds |= add_place(at, n, words);
        at += n;
    }
    return kinds;
}

static void add_names(struct text *words, const struct setting *s)
{
    if (strcmp(s->key, "model.kind") == 0) {
        for (const struct model_ops *const *m = model_registry(); *m; m++)
            text_addf(words, " %s=%s", s->key, (*m)->name);
    } else if (strcmp(s->key, "attn.kind") == 0) {
        for (const struct attn_ops *const *a = attn_registry(); *a; a++)
            text_addf(words, " %s=%s", s->key, (*a)->name);
    } else if (strcmp(s->key, "task.kind") == 0) {
        for (const struct task_ops *const *t = task_registry(); *t; t++)
            text_addf(words, " %s=%s", s->key, (*t)->name);
    }
}

void completion_of_settings(struct text *keys, struct text *assignments, struct text *paths)
{
    char prefix[NAME_TEXT];
    int count;
    const struct setting *s = config_settings(&count);

    add(keys, "race=");
    for (int i = 0; i < count; i++) {
        snprintf(prefix, sizeof prefix, "%s=", s[i].key);
        add(keys, prefix);
        if (s[i].choices)
            add_choices(assignments, prefix, s[i].choices);
        else if (s[i].flags & SETTING_PATH)
            add(paths, prefix);
        else if (s[i].type == SETTING_NAME)
            add_names(assignments, &s[i]);
        else if (s[i].flags & SETTING_MAY_BE_AUTO)
            text_addf(assignments, " %sauto", prefix);
    }
}
