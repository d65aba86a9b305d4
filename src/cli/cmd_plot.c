/* heed plot RUN... */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/plot_fill.h"
#include "cli/report.h"
#include "cli/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sweep_folder.h"

static const struct option_spec options[] = {
    OPTION_OUTPUT_SPEC("FILE", "where to write (standard output)"),
    {"what", 0, OPTION_CHOICE, OPTION_AT(what), PLOT_CHOICES, NULL, 0, 0,
     "curves of accuracy, loss or bits, bars by numbers since a control token or by "
     "rule, or maps"},
    {"csv", 0, OPTION_FLAG, OPTION_AT(csv), NULL, NULL, 0, 0,
     "the figure's numbers as comma-separated values instead of the picture"},
    OPTION_CONTESTANT_SPEC("this one only, as the figure's legend names it"),
    {"theme", 0, OPTION_TEXT, OPTION_AT(figure_theme), "NAME", NULL, 0, 0,
     "colours (print; heed list themes), or a file with a '/' in its path"},
    OPTION_ISA_SPEC,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

/* Which contestants the figure shows. */
static int choose(struct plot *p, struct failure *why)
{
    int only = -1;

    if (p->args->contestant &&
        (only = report_contestant(&p->race, p->args->contestant, why)) < 0)
        return only;
    for (int i = 0; i < p->race.count; i++)
        p->shown[i] = only < 0 || only == i;
    return 0;
}

/* "N 16, T 32"; of a text how many symbols it has, of images their pixels. */
static void task_size(const struct plot *p, const struct config *c, char *out, size_t size)
{
    if (strcmp(c->task.kind, "images") == 0)
        snprintf(out, size, "%d × %d", c->task.side, c->task.side);
    else if (strcmp(c->task.kind, "text") == 0)
        snprintf(out, size, "V %d, T %d", p->task->alphabet.count, c->task.context);
    else
        snprintf(out, size, "N %d, T %d", c->task.base, c->task.context);
}

/* Every run in a line: where from, the task, the seed, how far. */
static void caption_runs(struct plot *p)
{
    char step[32], steps[32], size[48];

    for (int run = 0; run < p->runs.runs; run++) {
        int64_t most = -1;
        const struct config *c = NULL;
        for (int i = 0; i < p->race.count; i++) {
            if (p->runs.run[i] != run || !p->shown[i])
                continue;
            c = &p->race.contestants[i];
            most = p->step[i] > most ? p->step[i] : most;
        }
        if (!c)
            continue;
        text_thousands(step, sizeof step, most);
        text_thousands(steps, sizeof steps, p->runs.steps[run]);
        task_size(p, c, size, sizeof size);
        figure_caption(&p->figure, "%s: %s, %s, seed %lld, step %s of %s.", p->runs.folder[run],
                       c->task.kind, size, (long long)c->train.seed, step, steps);
    }
}

/* Images have a loss, and nothing that could be right or wrong. */
static int refuse_measure(const struct plot *p, struct failure *why)
{
    const char *kind = p->race.contestants[0].task.kind;
    if (p->args->what == PLOT_BITS && strcmp(kind, "text") != 0)
        return fail(why, ERR_USAGE, "%s: is no run on a text, whose loss is told in bits: use --what loss",
                    p->args->words[0]);
    if (p->args->what == PLOT_LOSS || strcmp(kind, "images") != 0)
        return 0;
    return fail(why, ERR_USAGE, "%s: is a run on images, which has no accuracy and no symbols: use "
                "--what loss", p->args->words[0]);
}

static int write_figure(struct plot *p, struct failure *why)
{
    const struct args *args = p->args;
    struct theme theme;
    struct text out = {0};
    int rc;

    if ((rc = theme_load(&theme, args->figure_theme, why)) < 0)
        return rc;
    if (args->csv)
        figure_csv(&p->figure, &out);
    else
        figure_svg(&p->figure, &theme, &out);
    rc = out_file(args->output, &out, why);
    text_release(&out);
    return rc;
}

static int plot(struct plot *p, struct failure *why)
{
    const struct args *args = p->args;
    struct stage checked = {0};
    int rc;

    if (args->word_count == 1 && sweep_is_folder(args->words[0])) {
        rc = plot_fill_sweep(&p->figure, args->words[0], why);
        return rc < 0 ? rc : write_figure(p, why);
    }
    for (int i = 0; i < args->word_count; i++)
        if ((rc = stage_read_run(&checked, args->words[i], why)) < 0)
            return rc;
    if ((rc = gathering_read(&p->runs, args->words, args->word_count, &p->race, why)) < 0 ||
        (rc = choose(p, why)) < 0 || (rc = refuse_measure(p, why)) < 0 ||
        (rc = task_new_in(&p->task, &p->race.contestants[0], p->race.folder, why)) < 0 ||
        (rc = args->what == PLOT_ATTENTION ? plot_fill_maps(p, why) : plot_fill_records(p, why)) < 0)
        return rc;
    caption_runs(p);
    return write_figure(p, why);
}

static int run(const struct args *args, struct failure *why)
{
    struct plot *p = calloc(1, sizeof *p);
    int rc;

    if (!p)
        return fail(why, ERR_MEMORY, "out of memory");
    p->args = args;
    rc = plot(p, why);
    figure_release(&p->figure);
    task_free(p->task);
    free(p);
    return rc;
}

const struct subcommand command_plot = {
    .name = "plot",
    .words = "RUN...|DIR",
    .summary = "a figure of runs for a paper, as SVG or CSV",
    .description =
        "Draw one clean figure of one or more runs of the same task, with axes, legend, and a "
        "caption that names runs, seeds and sample counts. Accuracy comes with 95 % Wilson "
        "intervals; the training loss is shown on a logarithmic axis as the mean, and the least "
        "and greatest, of the steps between two points; \"switch\" and \"subtasks\" are bars of "
        "the newest evaluation; \"attention\" shows the maps of the newest checkpoints on the "
        "first window of the held-out stream. \"bits\" is the "
        "loss on held-out text in bits a character or byte; \"distance\" "
        "shows copies by the distance between a pair's tokens, \"representation\" whether long rows "
        "still differ at their end, both of the newest evaluation. A contestant's name that two runs "
        "use is written RUN/NAME. The folder of a sweep gives its heat maps.",
    .least = 1,
    .most = ARGS_WORDS,
    .options = options,
    .run = run,
};
