#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/preferences.h"
#include "view/theme.h"
#include "view/ui.h"

enum { HELP_COLUMNS = 79, OPTION_INDENT = 28 };

/* Text wrapped at HELP_COLUMNS; `column` is where the line stands already. */
static void add_wrapped(struct text *out, const char *s, size_t column, size_t indent)
{
    bool first = true;

    while (*s) {
        size_t length = strcspn(s, " \n");
        if (!first && column + 1 + length > HELP_COLUMNS) {
            text_addf(out, "\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        if (!first) {
            text_add(out, " ");
            column++;
        }
        text_add_bytes(out, s, length);
        column += length;
        first = false;
        s += length;
        if (strncmp(s, "\n\n", 2) == 0) {
            text_addf(out, "\n\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        s += strspn(s, " \n");
    }
    text_add(out, "\n");
}

static void add_option(struct text *out, const struct option_spec *o)
{
    char left[96];
    int n = o->letter ? snprintf(left, sizeof left, "  -%c, --%s", o->letter, o->name)
                      : snprintf(left, sizeof left, "      --%s", o->name);

    if (o->value)
        n += snprintf(left + n, sizeof left - (size_t)n, " %s", o->value);
    if (n > HELP_COLUMNS) { /* a list of choices: on after the last bar that fits */
        int cut = HELP_COLUMNS;
        while (cut > 0 && left[cut - 1] != '|')
            cut--;
        text_addf(out, "%.*s\n%*s%s", cut, left, OPTION_INDENT, "", left + cut);
    } else {
        text_add(out, left);
    }
    if (n + 2 > OPTION_INDENT) {
        text_add(out, "\n");
        n = 0;
    }
    text_addf(out, "%*s", OPTION_INDENT - n, "");
    add_wrapped(out, o->help, OPTION_INDENT, OPTION_INDENT);
}

static void add_usage(struct text *out, const struct subcommand *c)
{
    text_addf(out, "heed%s%s%s%s [option]...", c->name[0] ? " " : "", c->name,
              c->words[0] ? " " : "", c->words);
}

void help_command(const struct subcommand *c, struct text *out)
{
    text_add(out, "usage: ");
    add_usage(out, c);
    text_add(out, "\n\n");
    add_wrapped(out, c->description, 0, 0);
    text_add(out, "\n");
    for (const struct option_spec *o = c->options; o->name; o++)
        add_option(out, o);
    if (c->name[0])
        return;
    text_add(out, "\ncommands (heed COMMAND --help tells more):\n");
    for (const struct subcommand *const *p = commands() + 1; *p; p++)
        text_addf(out, "  %-15s %s\n", (*p)->name, (*p)->summary);
}

/* --- the manual ------------------------------------------------------------------------------ */

static void add_roff(struct text *out, const char *s)
{
    bool line_start = true;

    for (; *s; s++) {
        if (line_start && (*s == '.' || *s == '\''))
            text_add(out, "\\&");
        line_start = false;
        if (strncmp(s, "\n\n", 2) == 0) {
            text_add(out, "\n.PP\n");
            s++;
            line_start = true;
        } else if (*s == '\\') {
            text_add(out, "\\e");
        } else if (*s == '-') {
            text_add(out, "\\-");
        } else {
            text_add_bytes(out, s, 1);
        }
    }
}

static void add_roff_term(struct text *out, const char *bold, const char *italic)
{
    text_add(out, ".TP\n\\fB");
    add_roff(out, bold);
    text_add(out, "\\fR");
    if (italic) {
        text_add(out, " \\fI");
        add_roff(out, italic);
        text_add(out, "\\fR");
    }
    text_add(out, "\n");
}

void help_man_commands(struct text *out)
{
    char name[NAME_TEXT];

    for (const struct subcommand *const *p = commands(); *p; p++) {
        text_add(out, ".SS \"");
        struct text usage = {0};
        add_usage(&usage, *p);
        add_roff(out, text_string(&usage));
        text_release(&usage);
        text_add(out, "\"\n");
        add_roff(out, (*p)->description);
        text_add(out, "\n");
        for (const struct option_spec *o = (*p)->options; o->name; o++) {
            if (o->letter)
                snprintf(name, sizeof name, "-%c, --%s", o->letter, o->name);
            else
                snprintf(name, sizeof name, "--%s", o->name);
            add_roff_term(out, name, o->value);
            add_roff(out, o->help);
            text_add(out, "\n");
        }
    }
}

void help_man_settings(struct text *out)
{
    int count;
    const struct setting *settings = config_settings(&count);

    for (int i = 0; i < count; i++) {
        const struct setting *s = &settings[i];
        add_roff_term(out, s->key, NULL);
        add_roff(out, s->help);
        text_add(out, ".\n");
        if (s->choices) {
            text_add(out, "One of ");
            add_roff(out, s->choices);
        } else if (s->type == SETTING_INT || s->type == SETTING_REAL) {
            text_addf(out, "From %.15g to %.15g", s->low, s->high);
            text_add(out, s->flags & SETTING_MAY_BE_AUTO ? ", or auto" : "");
        } else {
            text_add(out, "A name");
        }
        text_add(out, "; default ");
        add_roff(out, s->initial);
        text_add(out, ".\n");
    }
}

void help_man_keys(struct text *out)
{
    int count;
    const struct ui_command *table = ui_commands(&count);

    for (int i = 0; i < count; i++) {
        add_roff_term(out, table[i].keys, NULL);
        add_roff(out, table[i].help);
        text_add(out, " (");
        add_roff(out, table[i].name);
        for (int page = 0; page < PAGE_COUNT; page++) {
            if (table[i].pages == (1u << PAGE_COUNT) - 1)
                break;
            if (table[i].pages & (1u << page))
                text_addf(out, "; %s", ui_page_name((enum ui_page)page));
        }
        text_add(out, ")\n");
    }
}

void help_man_preferences(struct text *out)
{
    int count;
    const struct preference *table = preferences_table(&count);

    for (int i = 0; i < count; i++) {
        const struct preference *p = &table[i];
        add_roff_term(out, p->key, NULL);
        add_roff(out, p->help);
        text_add(out, ".\n");
        if (p->choices) {
            text_add(out, "One of ");
            add_roff(out, p->choices);
            text_add(out, "; ");
        } else if (p->low < p->high) {
            text_addf(out, "From %.15g to %.15g; ", p->low, p->high);
        }
        text_add(out, p->choices || p->low < p->high ? "default " : "Default ");
        add_roff(out, p->initial);
        text_add(out, ".\n");
    }
}

void help_man_commandkeys(struct text *out)
{
    int count;
    const struct ui_command *table = ui_commands(&count);

    for (int i = 0; i < count; i++) {
        add_roff_term(out, table[i].name, table[i].keys);
        add_roff(out, table[i].help);
        text_add(out, ".\n");
    }
}

/* "1 to 8 colours". */
static void add_colours(struct text *out, const struct theme_key *key)
{
    if (key->most > 1)
        text_addf(out, " %d to %d colours.", key->least, key->most);
}

void help_man_roles(struct text *out)
{
    int count;
    const struct theme_key *keys = theme_keys(&count);

    add_roff_term(out, "help", NULL);
    text_add(out, "One line that says what the theme is for.\n");
    for (int i = 0; i < count; i++) {
        add_roff_term(out, keys[i].name, NULL);
        add_roff(out, keys[i].help);
        add_colours(out, &keys[i]);
        text_add(out, "\n");
    }
}

void help_man_themes(struct text *out)
{
    for (const char *const *name = theme_names(); *name; name++) {
        struct theme theme;
        if (theme_load_shipped(&theme, *name, NULL) < 0)
            continue;
        add_roff_term(out, *name, NULL);
        add_roff(out, theme.help);
        text_add(out, "\n");
    }
}
