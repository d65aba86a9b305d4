/* heed list WHAT */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/listing.h"
#include "cli/matching.h"
#include "cli/preferences.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "kern/kern.h"
#include "model/model.h"
#include "nn/attn.h"
#include "task/task.h"
#include "view/lesson.h"
#include "view/theme.h"
#include "view/ui.h"

static const struct option_spec options[] = {
    OPTION_JSON_SPEC("an array of objects"),
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

static int list_attention(struct listing *l, struct failure *why)
{
    (void)why;
    listing_columns(l, "name|weights|sign|sum|alias|source");
    for (const struct attn_ops *const *a = attn_registry(); *a; a++)
        listing_row(l, (*a)->name, (*a)->formula, (*a)->sign, (*a)->sum,
                    (*a)->alias ? (*a)->alias : "", (*a)->source);
    return 0;
}

static int list_models(struct listing *l, struct failure *why)
{
    (void)why;
    listing_columns(l, "name|attention|predicts|help");
    for (const struct model_ops *const *m = model_registry(); *m; m++)
        listing_row(l, (*m)->name, (*m)->has_attention ? "yes" : "no",
                    (*m)->last_only ? "after a full window" : "at every position", (*m)->help);
    return 0;
}

static int list_tasks(struct listing *l, struct failure *why)
{
    (void)why;
    listing_columns(l, "name|help|definition");
    for (const struct task_ops *const *t = task_registry(); *t; t++)
        listing_row(l, (*t)->name, (*t)->help,
                    (*t)->reconstructed                ? "(reconstructed)"
                    : strcmp((*t)->name, "rules") == 0 ? "your own"
                    : strcmp((*t)->name, "text") == 0  ? "any text"
                                                       : "of the paper");
    return 0;
}

static int list_themes(struct listing *l, struct failure *why)
{
    struct theme_name *names;
    int count = theme_list(&names, why);

    if (count < 0)
        return count;
    listing_columns(l, "name|from|help");
    for (int i = 0; i < count; i++) {
        struct theme theme;
        struct failure broken;
        int rc = theme_load(&theme, names[i].name, &broken);
        listing_row(l, names[i].name, names[i].own ? "your file" : "heed",
                    rc < 0 ? broken.text : theme.help);
    }
    free(names);
    return 0;
}

/* A file's first line is a comment that says what it is. */
static int list_embedded(struct listing *l, const struct embedded *p)
{
    char help[200];

    listing_columns(l, "name|help");
    for (; p->name; p++) {
        const char *start = p->text + strspn(p->text, ";# ");
        snprintf(help, sizeof help, "%.*s", (int)strcspn(start, "\n"), start);
        listing_row(l, p->name, help);
    }
    return 0;
}

static int list_presets(struct listing *l, struct failure *why)
{
    (void)why;
    return list_embedded(l, embedded_presets);
}

static int list_sweeps(struct listing *l, struct failure *why)
{
    (void)why;
    return list_embedded(l, embedded_sweeps);
}

static int list_lessons(struct listing *l, struct failure *why)
{
    struct lesson *lessons;
    int count = lesson_list(&lessons, &cli_matching, why);

    if (count < 0)
        return count;
    listing_columns(l, "name|from|title|help");
    for (int i = 0; i < count; i++)
        listing_row(l, lessons[i].name, lessons[i].own ? "your file" : "heed", lessons[i].title,
                    lessons[i].broken[0] ? lessons[i].broken : lessons[i].about);
    free(lessons);
    return 0;
}

static void page_names(unsigned pages, char *out, size_t size)
{
    size_t n = 0;

    out[0] = '\0';
    for (int page = 0; page < PAGE_COUNT && n < size; page++)
        if (pages & (1u << page))
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? "," : "",
                                  ui_page_name((enum ui_page)page));
}

static int list_keys(struct listing *l, struct failure *why)
{
    int count;
    const struct ui_command *table = ui_commands(&count);
    char pages[128];
    struct preferences p;

    (void)why;
    preferences_read(&p);
    if (p.problem[0])
        fprintf(stderr, "heed: %s\n", p.problem);
    listing_columns(l, "keys|name|pages|help");
    for (int i = 0; i < count; i++) {
        page_names(table[i].pages, pages, sizeof pages);
        listing_row(l, ui_command_keys(&p.keys, i), table[i].name, pages, table[i].help);
    }
    return 0;
}

static int list_settings(struct listing *l, struct failure *why)
{
    int count;
    const struct setting *s = config_settings(&count);
    char range[160], flags[64];

    (void)why;
    listing_columns(l, "key|default|values|flags|help");
    for (int i = 0; i < count; i++) {
        if (s[i].choices)
            snprintf(range, sizeof range, "%s", s[i].choices);
        else if (s[i].type == SETTING_NAME)
            snprintf(range, sizeof range, s[i].flags & SETTING_PATH ? "a file" : "a name");
        else
            snprintf(range, sizeof range, "%.15g..%.15g%s", s[i].low, s[i].high,
                     s[i].flags & SETTING_MAY_BE_AUTO ? "|auto" : "");
        snprintf(flags, sizeof flags, "%s%s%s", s[i].flags & SETTING_LIVE ? "live" : "",
                 (s[i].flags & SETTING_LIVE) && (s[i].flags & SETTING_SHARED) ? " " : "",
                 s[i].flags & SETTING_SHARED ? "shared" : "");
        listing_row(l, s[i].key, s[i].initial, range, flags, s[i].help);
    }
    return 0;
}

static int list_views(struct listing *l, struct failure *why)
{
    (void)why;
    listing_columns(l, "name");
    for (int page = 0; page < PAGE_COUNT; page++)
        listing_row(l, ui_page_name((enum ui_page)page));
    return 0;
}

static int list_isa(struct listing *l, struct failure *why)
{
    char lanes[16];

    (void)why;
    listing_columns(l, "name|lanes|used");
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const struct kern *k = kern_get((enum isa)isa);
        if (!k)
            continue;
        snprintf(lanes, sizeof lanes, "%d", k->lanes);
        listing_row(l, k->name, lanes, k == kern_best() ? "by default" : "");
    }
    return 0;
}

static const struct {
    const char *name;
    int (*fill)(struct listing *l, struct failure *why);
    const char *help;
} kinds[] = {
    {"attention", list_attention, "ways from a score to a weight, with formula and source"},
    {"models", list_models, "what can race: heed -s model.kind=NAME"},
    {"tasks", list_tasks, "what is learned: heed -s task.kind=NAME"},
    {"themes", list_themes, "colours: --theme NAME"},
    {"presets", list_presets, "settings that come with the program: heed NAME"},
    {"keys", list_keys, "keys of the terminal program, as they are bound now"},
    {"settings", list_settings, "every setting with its default, its values and its meaning"},
    {"views", list_views, "pages: --page NAME, heed render NAME"},
    {"isa", list_isa, "instruction sets of this machine: --isa NAME"},
    {"sweeps", list_sweeps, "sweeps that come with the program: heed sweep NAME -o DIR"},
    {"lessons", list_lessons, "lessons of the page Learn, the program's and yours"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static int list_kinds(struct listing *l, struct failure *why)
{
    (void)why;
    listing_columns(l, "WHAT|help");
    for (int i = 0; i < KINDS; i++)
        listing_row(l, kinds[i].name, kinds[i].help);
    return 0;
}

const char *list_kind(int i)
{
    return i < KINDS ? kinds[i].name : NULL;
}

/* Sections of the manual, for man/make.sh. */
static const struct {
    const char *name;
    void (*write)(struct text *out);
} sections[] = {
    {"man-commands", help_man_commands},
    {"man-settings", help_man_settings},
    {"man-keys", help_man_keys},
    {"man-preferences", help_man_preferences},
    {"man-roles", help_man_roles},
    {"man-themes", help_man_themes},
    {"man-commandkeys", help_man_commandkeys},
};

/* The nearest WHAT and all there are. */
static int unknown_kind(const char *what, struct failure *why)
{
    const char *names[KINDS];
    char hint[128], all[256];
    size_t used = 0;

    for (int i = 0; i < KINDS; i++) {
        names[i] = kinds[i].name;
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", names[i]);
    }
    args_suggest(what, names, KINDS, hint, sizeof hint);
    return fail(why, ERR_USAGE, "%s: nothing of this kind to list%s: there are %s", what, hint, all);
}

static int run(const struct args *args, struct failure *why)
{
    const char *what = args->word_count ? args->words[0] : NULL;
    int (*fill)(struct listing *l, struct failure *why) = what ? NULL : list_kinds;
    struct listing listing = {0};
    struct text out = {0};
    bool section = false;
    int rc = 0;

    for (size_t i = 0; what && i < sizeof sections / sizeof sections[0]; i++) {
        if (strcmp(sections[i].name, what) == 0) {
            sections[i].write(&out);
            section = true;
        }
    }
    for (int i = 0; what && i < KINDS; i++)
        if (strcmp(what, kinds[i].name) == 0)
            fill = kinds[i].fill;
    if (fill && (rc = fill(&listing, why)) == 0)
        rc = listing_write(&listing, args->json, &out, why);
    else if (!fill && !section)
        rc = unknown_kind(what, why);
    if (rc == 0)
        rc = out_text(&out, why);
    text_release(&out);
    listing_release(&listing);
    return rc;
}

const struct subcommand command_list = {
    .name = "list",
    .words = "[WHAT]",
    .summary = "what there is: attention, models, tasks, settings, keys, ...",
    .description = "List what the program knows, as a table or as JSON. WHAT is one of attention, "
                   "models, tasks, themes, presets, sweeps, lessons, keys, settings, views, isa; without it, "
                   "what there is to list.",
    .least = 0,
    .most = 1,
    .options = options,
    .run = run,
};
