/* heed sweep FILE -o DIR */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/sweep_climb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"

static const struct option_spec options[] = {
    OPTION_SET_SPEC,
    OPTION_OUTPUT_SPEC("DIR", "folder of the sweep's runs and tables"),
    {"jobs", 'j', OPTION_INT, OPTION_AT(jobs), "N", NULL, 1, 64,
     "runs that are trained at a time (as many as there are cores)"},
    {"shard", 0, OPTION_TEXT, OPTION_AT(shard), "I/N", NULL, 0, 0,
     "only every N-th run, beginning with the I-th: N machines share a sweep"},
    OPTION_STEPS_SPEC,
    OPTION_TEAM_SPEC,
    OPTION_ISA_SPEC,
    OPTION_JSON_SPEC("table.json on standard output at the end"),
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

static const char *shipped_text(const char *name)
{
    for (const struct embedded *p = embedded_sweeps; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p->text;
    return NULL;
}

static int unknown_sweep(const char *word, struct failure *why)
{
    const char *names[16];
    char hint[128];
    int count = 0;

    for (const struct embedded *p = embedded_sweeps; p->name && count < 16; p++)
        names[count++] = p->name;
    args_suggest(word, names, count, hint, sizeof hint);
    return fail(why, ERR_USAGE, "%s: no file, and no sweep of this name%s", word,
                hint[0] ? hint : ": see heed list sweeps");
}

static int read_text(const char *word, struct text *out, struct failure *why)
{
    const char *shipped = shipped_text(word);
    char *data;
    size_t size;
    int rc;

    if (shipped) {
        text_add(out, shipped);
        return 0;
    }
    if (strcmp(word, "-") != 0 && !fsio_is_file(word))
        return unknown_sweep(word, why);
    if ((rc = fsio_read(word, SWEEP_FILE_LIMIT, &data, &size, why)) < 0)
        return rc;
    if (strlen(data) != size)
        rc = fail(why, ERR_INPUT, "%s: holds a zero byte: a sweep is a text file", word);
    else
        text_add(out, data);
    free(data);
    return rc;
}

/* What was said on the command line becomes part of the sweep, so that its folder tells the whole. */
static void add_flags(const struct args *args, struct text *out)
{
    if (args->assignment_count > 0)
        text_add(out, "\n; Of the command line:\n[sweep]\n");
    for (int i = 0; i < args->assignment_count; i++) {
        const struct assignment *a = &args->assignments[i];
        if (a->key)
            text_addf(out, "%s = %s\n", a->key, a->value);
        else
            text_addf(out, "%s\n", a->value);
    }
}

/* "2/3"; everything if it was not said. */
static int parse_shard(const char *given, struct climb_options *o, struct failure *why)
{
    char first[24] = "";
    const char *slash = given ? strchr(given, '/') : NULL;
    int64_t shard = 1, shards = 1;

    if (given && (!slash || (size_t)(slash - given) >= sizeof first))
        return fail(why, ERR_USAGE, "--shard %s: must be I/N, as 2/3", given);
    if (given) {
        memcpy(first, given, (size_t)(slash - given));
        if (!text_to_i64(first, &shard) || !text_to_i64(slash + 1, &shards) || shard < 1 ||
            shards < shard || shards > SWEEP_RUNS)
            return fail(why, ERR_USAGE, "--shard %s: must be I/N with 1 <= I <= N <= %d", given,
                        SWEEP_RUNS);
    }
    o->shard = (int)shard - 1;
    o->shards = (int)shards;
    return 0;
}

static int run(const struct args *args, struct failure *why)
{
    struct climb_options o = {.args = args, .jobs = (int)args->jobs};
    struct text text = {0};
    struct sweep *sweep = calloc(1, sizeof *sweep);
    struct board board = {0};
    int rc = 0;

    if (!sweep)
        return fail(why, ERR_MEMORY, "out of memory");
    if (!args->output)
        rc = fail(why, ERR_USAGE, "sweep: needs a folder: heed sweep %s -o DIR", args->words[0]);
    if (rc == 0 && (rc = parse_shard(args->shard, &o, why)) == 0 &&
        (rc = read_text(args->words[0], &text, why)) == 0) {
        add_flags(args, &text);
        if (text.broken)
            rc = fail(why, ERR_MEMORY, "%s: out of memory", args->words[0]);
        else
            rc = sweep_parse(sweep, text_string(&text), args->words[0], why);
    }
    if (rc == 0)
        rc = board_open(&board, sweep, args->output, why);
    if (rc == 0)
        rc = climb(&board, text_string(&text), &o, why);
    board_release(&board);
    text_release(&text);
    free(sweep);
    return rc;
}

const struct subcommand command_sweep = {
    .name = "sweep",
    .words = "FILE|SWEEP",
    .summary = "train every combination of a list of settings",
    .description =
        "Train one run for every combination of the values that FILE lists, heed-sweep(5), each in "
        "a folder of its own in DIR, exactly as heed train would. FILE may be a sweep that comes "
        "with the program (heed list sweeps). After each run DIR/table.csv and DIR/table.json are "
        "written anew: every result with its interval, counts and seed, and a summary that takes "
        "each contestant's best learning rate of the grid and the mean over the seeds there.\n\n"
        "All runs share one process, each with a thread of its own: runs do not depend on each "
        "other, so that N of them side by side cost less than N threads in each, and the result "
        "of a run never depends on what runs beside it. --threads is for each run.\n\n"
        "INT, TERM and HUP write checkpoints and end with 128 plus the signal's number; the same "
        "command goes on, skips what has ended, and gives the same tables, after a kill as well. "
        "A run that was trained with other settings is refused. heed watch DIR shows the climb, "
        "heed plot DIR draws it.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
