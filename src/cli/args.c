#include "cli/args.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/target.h"

enum { OPTIONS = 32, FIRST_ID = 256 };

#define COMMAND(name) extern const struct subcommand command_##name;
#include "cli/command_list.h"
#undef COMMAND

const struct subcommand *const *commands(void)
{
#define COMMAND(name) &command_##name,
    static const struct subcommand *const table[] = {
#include "cli/command_list.h"
        NULL};
#undef COMMAND
    return table;
}

const struct subcommand *command_find(const char *name)
{
    for (const struct subcommand *const *c = commands(); *c; c++)
        if ((*c)->name[0] && strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

void args_suggest(const char *word, const char *const *words, int count, char *out, size_t size)
{
    int nearest = text_nearest(word, words, count);
    out[0] = '\0';
    if (nearest >= 0)
        snprintf(out, size, ": did you mean %s?", words[nearest]);
}

/* The tables of getopt_long for one command. */
struct getopt_tables {
    struct option longs[OPTIONS + 1];
    char shorts[2 * OPTIONS + 2];
};

static int fill_tables(struct getopt_tables *t, const struct option_spec *options)
{
    char *s = t->shorts;
    int n = 0;

    *s++ = ':';
    for (; n < OPTIONS && options[n].name; n++) {
        int takes = options[n].type == OPTION_FLAG ? no_argument : required_argument;
        t->longs[n] = (struct option){options[n].name, takes, NULL, FIRST_ID + n};
        if (options[n].letter) {
            *s++ = options[n].letter;
            if (takes == required_argument)
                *s++ = ':';
        }
    }
    *s = '\0';
    t->longs[n] = (struct option){NULL, 0, NULL, 0};
    return n;
}

static const struct option_spec *find_option(const struct option_spec *options, int id)
{
    if (id >= FIRST_ID)
        return &options[id - FIRST_ID];
    for (; options->name; options++)
        if (options->letter == id)
            return options;
    return NULL;
}

/* How the person wrote an option: "--steps" or "-s". */
static void spell(const struct option_spec *o, int id, char out[NAME_TEXT])
{
    if (id >= FIRST_ID)
        snprintf(out, NAME_TEXT, "--%s", o->name);
    else
        snprintf(out, NAME_TEXT, "-%c", o->letter);
}

static int choose(const struct option_spec *o, const char *given, int *out, struct failure *why)
{
    const char *at = o->value;
    size_t n = strlen(given);

    for (int i = 0; *at; i++) {
        size_t length = strcspn(at, "|");
        if (length == n && memcmp(at, given, n) == 0) {
            *out = i;
            return 0;
        }
        at += length + (at[length] == '|');
    }
    return fail(why, ERR_USAGE, "--%s %s: must be one of %s", o->name, given, o->value);
}

static int store_number(void *at, const struct option_spec *o, const char *given,
                        struct failure *why)
{
    double real;
    int64_t whole = 0;

    if (o->type == OPTION_INT) {
        if (!text_to_i64(given, &whole))
            return fail(why, ERR_USAGE, "--%s %s: must be a whole number", o->name, given);
        real = (double)whole;
    } else if (!text_to_double(given, &real)) {
        return fail(why, ERR_USAGE, "--%s %s: must be a number", o->name, given);
    }
    if (real < o->low || real > o->high)
        return fail(why, ERR_USAGE, "--%s %s: must be between %g and %g", o->name, given, o->low,
                    o->high);
    if (o->type == OPTION_INT)
        *(int64_t *)at = whole;
    else
        *(double *)at = real;
    return 0;
}

static int store(struct args *args, const struct option_spec *o, const char *given,
                 struct failure *why)
{
    void *at = (char *)args + o->offset;

    switch (o->type) {
    case OPTION_FLAG:
        *(bool *)at = true;
        return 0;
    case OPTION_TEXT:
        *(const char **)at = given;
        return 0;
    case OPTION_INT:
    case OPTION_REAL:
        return store_number(at, o, given, why);
    case OPTION_CHOICE:
        return choose(o, given, at, why);
    case OPTION_SETTING:
    case OPTION_ASSIGN:
        args->assignments[args->assignment_count++] = (struct assignment){o->name, o->key, given};
        return 0;
    }
    return 0;
}

/* "heed" or "heed train", for messages. */
static void program(const struct subcommand *c, char out[NAME_TEXT])
{
    snprintf(out, NAME_TEXT, "heed%s%s", c->name[0] ? " " : "", c->name);
}

static int unknown_option(const struct subcommand *c, const char *written, struct failure *why)
{
    const char *names[OPTIONS];
    char self[NAME_TEXT], word[NAME_TEXT], hint[2 * NAME_TEXT] = "";
    int count = 0, prefixed = 0, nearest = -1;
    size_t length;

    program(c, self);
    if (strncmp(written, "--", 2) != 0)
        return fail(why, ERR_USAGE, "%s: unknown option in this command: see %s --help", written,
                    self);
    text_copy(word, sizeof word, written + 2);
    word[strcspn(word, "=")] = '\0';
    length = strlen(word);
    for (; c->options[count].name; count++) {
        names[count] = c->options[count].name;
        prefixed += strncmp(names[count], word, length) == 0;
    }
    if (prefixed > 1)
        return fail(why, ERR_USAGE, "--%s: more than one option begins so: see %s --help", word,
                    self);
    nearest = text_nearest(word, names, count);
    if (nearest >= 0)
        snprintf(hint, sizeof hint, "did you mean --%s?", names[nearest]);
    else
        snprintf(hint, sizeof hint, "see %s --help", self);
    return fail(why, ERR_USAGE, "--%s: unknown option of %s: %s", word, self, hint);
}

/* What getopt_long objected to. */
static int bad_option(const struct subcommand *c, int kind, const char *written,
                      struct failure *why)
{
    const struct option_spec *o = optopt ? find_option(c->options, optopt) : NULL;
    char name[NAME_TEXT];

    if (o && kind == ':') {
        spell(o, optopt, name);
        return fail(why, ERR_USAGE, "%s: needs a value: %s", name, o->value);
    }
    if (o && optopt >= FIRST_ID)
        return fail(why, ERR_USAGE, "--%s: takes no value", o->name);
    if (optopt && optopt < FIRST_ID) {
        snprintf(name, sizeof name, "-%c", optopt);
        written = name;
    }
    return unknown_option(c, written, why);
}

static int parse_options(struct args *args, int argc, char **argv, struct failure *why)
{
    struct getopt_tables tables;
    const struct subcommand *c = args->command;
    int id, rc;

    fill_tables(&tables, c->options);
    opterr = 0;
    optind = 0; /* glibc and musl both take this as "begin anew" */
    while ((id = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
        if (id == '?' || id == ':')
            return bad_option(c, id, argv[optind - 1], why);
        if ((rc = store(args, find_option(c->options, id), optarg, why)) < 0)
            return rc;
    }
    return 0;
}

static int take_words(struct args *args, int argc, char **argv, struct failure *why)
{
    const struct subcommand *c = args->command;
    char self[NAME_TEXT];

    program(c, self);
    for (int i = optind; i < argc; i++) {
        if (args->word_count == c->most || args->word_count == ARGS_WORDS)
            return fail(why, ERR_USAGE, "%s: one word too many for %s: see %s --help", argv[i],
                        self, self);
        args->words[args->word_count++] = argv[i];
    }
    if (!args->help && !args->version && args->word_count < c->least)
        return fail(why, ERR_USAGE, "%s: needs %s: see %s --help", c->name, c->words, self);
    return 0;
}

int args_parse(struct args *args, int argc, char **argv, struct failure *why)
{
    int rc, skip;

    *args = (struct args){.isa = "auto",
                          .glyphs = -1,
                          .colors = -1,
                          .max_kbps = -1,
                          .until = -1,
                          .top = 5,
                          .temperature = -1,
                          .samples = 512,
                          .image = -1,
                          .top_k = -1,
                          .warm_steps = 200,
                          .threads = 1,
                          .interval = 5,
                          .seconds = 2,
                          .figure_theme = "print",
                          .size = "120x40",
                          .keys = ""};
    args->command = argc > 1 ? command_find(argv[1]) : NULL;
    skip = args->command != NULL;
    if (!args->command) {
        struct target target;
        args->command = commands()[0];
        if (argc > 1 && argv[1][0] != '-' && (rc = target_find(argv[1], &target, why)) < 0)
            return rc;
    }
    args->assignments = calloc((size_t)argc + 1, sizeof *args->assignments);
    if (!args->assignments)
        return fail(why, ERR_MEMORY, "command line: out of memory");
    if ((rc = parse_options(args, argc - skip, argv + skip, why)) < 0)
        return rc;
    return take_words(args, argc - skip, argv + skip, why);
}

void args_release(struct args *args)
{
    free(args->assignments);
    args->assignments = NULL;
}

int args_color_count(int index)
{
    static const int count[] = {-1, 0, 8, 16, 256, 1 << 24};
    return count[index];
}

int args_colors(const struct args *args)
{
    return args->colors < 0 ? -1 : args_color_count(args->colors);
}
