/* heed bench */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/target.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "train/bench.h"
#include "train/race.h"

enum { MOST_CASES = 16 };

static const struct option_spec options[] = {
    OPTION_JSON_SPEC("one JSON object on standard output"),
    {"case", 0, OPTION_TEXT, OPTION_AT(bench_case), "NAME", NULL, 0, 0,
     "this one only: tiny-transformer, tiny-cisformer, tiny-lstm, tiny-mlp, small-transformer, "
     "medium-transformer, text or images"},
    {"seconds", 0, OPTION_REAL, OPTION_AT(seconds), "S", NULL, 0, 3600,
     "time for each case (2), yet at least 30 steps and at most 131072"},
    OPTION_THREADS_SPEC,
    OPTION_ISA_SPEC,
    OPTION_SET_SPEC,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

/* One line of the table, and all of them. */
struct row {
    const char *name;
    struct race_config race; /* resolved */
    struct bench_result result;
};

struct bench {
    const struct kern *kern;
    struct bench_ceilings best;
    int count;
    struct row *rows;
};

/* What the flags make of a case. */
static int plan_row(struct row *row, const struct bench_case *c, const struct args *args,
                    struct failure *why)
{
    struct plan plan = {0};
    int rc = 0;

    row->name = c->name;
    for (int i = 0; c->settings[i] && rc == 0; i++)
        rc = plan_add_flag(&plan, c->settings[i], why);
    if (rc == 0)
        rc = target_add_flags(args, &plan, why);
    if (rc == 0)
        rc = plan_build(&plan, &row->race, why);
    if (rc == 0 && row->race.count != 1)
        rc = fail(why, ERR_USAGE, "race: a case is one model: leave it out");
    if (rc == 0)
        rc = race_resolve(&row->race, why);
    plan_release(&plan);
    return rc;
}

static int unknown_case(const char *name, const struct bench_case *cases, int count,
                        struct failure *why)
{
    const char *names[MOST_CASES];
    char hint[128], all[256] = "";

    for (int i = 0; i < count; i++) {
        names[i] = cases[i].name;
        size_t n = strlen(all);
        snprintf(all + n, sizeof all - n, "%s%s", n ? ", " : "", cases[i].name);
    }
    args_suggest(name, names, count, hint, sizeof hint);
    return fail(why, ERR_USAGE, "--case %s: no case of this name%s%s", name,
                hint[0] ? hint : ": choose one of ", hint[0] ? "" : all);
}

static int plan_rows(struct bench *b, const struct args *args, struct failure *why)
{
    int count, rc = 0;
    const struct bench_case *cases = bench_cases(&count);

    b->rows = calloc((size_t)count, sizeof *b->rows);
    if (!b->rows)
        return fail(why, ERR_MEMORY, "bench: out of memory");
    for (int i = 0; i < count && rc == 0; i++)
        if (!args->bench_case || strcmp(args->bench_case, cases[i].name) == 0)
            rc = plan_row(&b->rows[b->count++], &cases[i], args, why);
    if (rc == 0 && b->count == 0)
        rc = unknown_case(args->bench_case, cases, count, why);
    return rc;
}

static int take_ceilings(struct bench *b, const struct row *row, struct failure *why)
{
    static const double ceiling_seconds = 0.2;
    return bench_ceilings(&b->best, b->kern, row->race.contestants[0].train.threads,
                          ceiling_seconds, why);
}

/* The limits are taken before and after every case, so that they stand for the same minute. */
static int measure(struct bench *b, double seconds, struct failure *why)
{
    bool told = isatty(STDERR_FILENO);
    int rc = take_ceilings(b, &b->rows[0], why);

    for (int i = 0; i < b->count && rc == 0; i++) {
        struct row *row = &b->rows[i];
        if (told)
            fprintf(stderr, "\r%s ...\033[K", row->name);
        rc = bench_train(&row->result, &row->race, b->kern, seconds, why);
        if (rc == 0)
            rc = take_ceilings(b, row, why);
    }
    if (told)
        fprintf(stderr, "\r\033[K");
    return rc;
}

static double steps_per_second(const struct bench_result *r)
{
    return 1e3 / r->ms_per_step;
}

static double gflops(const struct bench_result *r)
{
    return r->gflop_per_step * steps_per_second(r);
}

static json_t *row_json(const struct row *row, const struct bench *b)
{
    const struct bench_result *r = &row->result;

    return json_pack("{s:s, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:o}", "name", row->name,
                     "parameters", (json_int_t)r->parameters, "ms_per_step", r->ms_per_step,
                     "steps_per_second", steps_per_second(r), "tokens_per_second",
                     r->tokens_per_step * steps_per_second(r), "gflop_per_step", r->gflop_per_step,
                     "gflops", gflops(r), "share_of_peak", gflops(r) / b->best.peak_gflops,
                     "resident_mb",
                     isfinite(r->resident_mb) ? json_real(r->resident_mb) : json_null());
}

static int threads_of(const struct bench *b)
{
    return b->rows[0].race.contestants[0].train.threads;
}

static int add_json(const struct bench *b, struct text *out, struct failure *why)
{
    json_t *list = json_array(), *root;
    char *line;

    for (int i = 0; i < b->count; i++)
        json_array_append_new(list, row_json(&b->rows[i], b));
    root =
        json_pack("{s:s, s:i, s:f, s:f, s:o}", "isa", b->kern->name, "threads", threads_of(b),
                  "peak_gflops", b->best.peak_gflops, "copy_gbs", b->best.copy_gbs, "cases", list);
    line = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(root);
    if (!line)
        return fail(why, ERR_MEMORY, "bench: out of memory for the JSON text");
    text_addf(out, "%s\n", line);
    free(line);
    return 0;
}

static void add_table(const struct bench *b, struct text *out)
{
    char parameters[32], tokens[32], resident[32];

    text_addf(out, "%s, %d thread%s: peak %.1f GFLOP/s, copy %.1f GB/s\n\n", b->kern->name,
              threads_of(b), threads_of(b) == 1 ? "" : "s", b->best.peak_gflops, b->best.copy_gbs);
    text_addf(out, "%-20s %10s %9s %9s %11s %11s %8s %7s %6s\n", "case", "parameters", "ms/step",
              "steps/s", "tokens/s", "GFLOP/step", "GFLOP/s", "of peak", "MB");
    for (int i = 0; i < b->count; i++) {
        const struct bench_result *r = &b->rows[i].result;
        text_thousands(parameters, sizeof parameters, r->parameters);
        text_thousands(tokens, sizeof tokens, llround(r->tokens_per_step * steps_per_second(r)));
        snprintf(resident, sizeof resident, isfinite(r->resident_mb) ? "%.0f" : "-",
                 r->resident_mb);
        text_addf(out, "%-20s %10s %9.3f %9.1f %11s %11.4f %8.1f %5.1f %% %6s\n", b->rows[i].name,
                  parameters, r->ms_per_step, steps_per_second(r), tokens, r->gflop_per_step,
                  gflops(r), 100 * gflops(r) / b->best.peak_gflops, resident);
    }
}

static int run(const struct args *args, struct failure *why)
{
    struct bench b = {0};
    struct text out = {0};
    int rc;

    if ((rc = kern_by_name(args->isa, &b.kern, why)) == 0 && (rc = plan_rows(&b, args, why)) == 0 &&
        (rc = measure(&b, args->seconds, why)) == 0) {
        if (args->json)
            rc = add_json(&b, &out, why);
        else
            add_table(&b, &out);
    }
    if (rc == 0)
        rc = out_text(&out, why);
    text_release(&out);
    free(b.rows);
    return rc;
}

const struct subcommand command_bench = {
    .name = "bench",
    .words = "",
    .summary = "how fast training is here, beside what the machine could do",
    .description =
        "Time whole training steps of a few models (windows drawn, forward, backward, clipping, "
        "AdamW) after a warm-up, and print the median; beside it two limits of the machine, "
        "measured in the same run with the same threads and instruction set: fused "
        "multiply-adds a second out of registers, two operations each, and bytes a second of a "
        "large copy, read and written. GFLOP/step counts the model's products alone: 6 for each "
        "parameter of a matrix and token that it meets, and those of attention in the form that it "
        "runs in: 12 C for each pair of a query with a key that it sees, or, where linear "
        "attention "
        "goes by sums over a long window (task.context of 96 + 2 C / H or more), those of its "
        "sums; "
        "nothing counts twice that is computed again. \"of "
        "peak\" is the share of the first limit that they reach. MB is what the process holds "
        "in memory after the steps. -s changes a setting of every case that is run, such as -s "
        "task.context=512. Writes no files.",
    .least = 0,
    .most = 0,
    .options = options,
    .run = run,
};
