/* heed help [COMMAND] */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/help.h"

#include <string.h>

static const struct option_spec options[] = {OPTION_HELP_SPEC, OPTION_END_SPEC};

static int unknown(const char *word, struct failure *why)
{
    const char *names[ARGS_WORDS * 4];
    char hint[128];
    int count = 0;

    for (const struct subcommand *const *c = commands() + 1; *c && count < ARGS_WORDS * 4; c++)
        names[count++] = (*c)->name;
    args_suggest(word, names, count, hint, sizeof hint);
    return fail(why, ERR_USAGE, "%s: unknown command%s", word,
                hint[0] ? hint : ": see heed --help");
}

static int run(const struct args *args, struct failure *why)
{
    const struct subcommand *c = commands()[0];
    struct text t = {0};
    int rc;

    if (args->word_count && strcmp(args->words[0], "heed") != 0) {
        c = command_find(args->words[0]);
        if (!c)
            return unknown(args->words[0], why);
    }
    help_command(c, &t);
    rc = out_text(&t, why);
    text_release(&t);
    return rc;
}

const struct subcommand command_help = {
    .name = "help",
    .words = "[COMMAND]",
    .summary = "what a command does and its options",
    .description = "Show what COMMAND does and its options, as heed COMMAND --help does.",
    .least = 0,
    .most = 1,
    .options = options,
    .run = run,
};
