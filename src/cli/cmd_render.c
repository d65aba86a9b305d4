/* heed render VIEW [RUN] */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/stage.h"
#include "cli/target.h"
#include "cli/wait.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "view/ui.h"

enum { LARGEST_SIDE = 1000, PROBE_SECONDS = 2 };

static const struct option_spec options[] = {
    {"size", 0, OPTION_TEXT, OPTION_AT(size), "WxH", NULL, 0, 0, "columns and rows (120x40)"},
    {"format", 0, OPTION_CHOICE, OPTION_AT(format), FORMAT_CHOICES, NULL, 0, 0,
     "plain text, text with terminal colours, or an SVG picture"},
    OPTION_OUTPUT_SPEC("FILE", "where to write (standard output)"),
    {"steps", 0, OPTION_INT, OPTION_AT(warm_steps), "N", NULL, 0, 1e9,
     "without RUN: steps to train before the picture (200)"},
    OPTION_SET_SPEC,
    OPTION_SEED_SPEC,
    OPTION_THREADS_SPEC,
    OPTION_ISA_SPEC,
    OPTION_THEME_SPEC,
    OPTION_GLYPHS_SPEC,
    OPTION_COLORS_SPEC,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

static int parse_size(const char *text, int *width, int *height, struct failure *why)
{
    char tail;

    if (sscanf(text, "%4dx%4d%c", width, height, &tail) != 2 || *width < 1 || *height < 1 ||
        *width > LARGEST_SIDE || *height > LARGEST_SIDE)
        return fail(why, ERR_USAGE,
                    "--size %s: must be columns x rows, 1x1 to %dx%d, such as 120x40", text,
                    LARGEST_SIDE, LARGEST_SIDE);
    return 0;
}

/* Train without files until the wanted step, or load the run. */
static int open_stage(struct stage *stage, const struct args *args, struct failure *why)
{
    struct session_options o = {.mode = SESSION_WATCH, .until = -1};
    struct target target;
    int rc;

    if (args->word_count > 1) {
        if (args->assignment_count)
            return fail(why, ERR_USAGE, "-s: a run's settings stand in its folder: leave it out");
        if ((rc = stage_read_run(stage, args->words[1], why)) < 0)
            return rc;
        o.folder = args->words[1];
        return stage_open(stage, args, &o, why);
    }
    if ((rc = target_find(NULL, &target, why)) < 0 ||
        (rc = target_race(args, &target, false, &stage->race, why)) < 0)
        return rc;
    o.mode = SESSION_TRAIN;
    o.no_files = true;
    o.until = args->warm_steps;
    return stage_open(stage, args, &o, why);
}

/* The picture is complete when the training is done (or the files are read) and the prober has
   answered with the newest weights. */
static bool complete(struct stage *stage, bool training)
{
    const struct race_snapshot *race = stage_race(stage, NULL);
    const struct probe_snapshot *probe = stage_probe(stage);

    if (!race || (training && !session_done(stage->session)))
        return false;
    return probe && probe->ready &&
           (!training || probe->weights_step == race->contestants[probe->contestant].step);
}

/* A run without a readable checkpoint has no probe: its pages say so after PROBE_SECONDS. */
static int await(struct stage *stage, bool training, struct failure *why)
{
    struct ending ending;
    double began = clock_now();
    int signal = 0, rc;

    ending_block(&ending);
    rc = stage_start(stage, why);
    while (rc == 0 && !signal && !complete(stage, training)) {
        if (!training && stage_race(stage, NULL) && clock_now() - began > PROBE_SECONDS)
            break;
        signal = ending_wait(&ending, 0.02);
    }
    ending_restore(&ending);
    return rc < 0 ? rc : signal ? EXIT_BY_SIGNAL + signal : 0;
}

static int draw(struct ui *ui, struct canvas *canvas, struct stage *stage, const struct args *args,
                struct failure *why)
{
    struct text out = {0};
    const struct theme *theme = ui_theme(ui, &(int){0});
    int rc;

    ui_draw(ui, canvas, stage_race(stage, NULL), stage_probe(stage));
    if (args->format == FORMAT_TEXT)
        canvas_write_text(canvas, &out);
    else if (args->format == FORMAT_ANSI)
        canvas_write_ansi(canvas, theme, &out);
    else
        canvas_write_svg(canvas, theme, args->words[0], &out);
    rc = out_file(args->output, &out, why);
    text_release(&out);
    return rc;
}

static int run(const struct args *args, struct failure *why)
{
    static const int format_colors[] = {0, 256, 1 << 24};
    struct stage stage = {0};
    struct ui_options o = {0};
    struct ui *ui = NULL;
    struct canvas canvas = {0};
    int width, height, rc;

    if ((rc = parse_size(args->size, &width, &height, why)) < 0 ||
        (rc = ui_page_by_name(args->words[0], &o.page, why)) < 0 ||
        (rc = theme_load(&o.theme, args->theme, why)) < 0 || (rc = ui_new(&ui, &o, why)) < 0)
        return rc;
    if (canvas_resize(&canvas, width, height) < 0)
        rc = fail(why, ERR_MEMORY, "--size %s: out of memory", args->size);
    canvas.glyphs = args->glyphs < 0 ? GLYPHS_BRAILLE : (enum glyphs)args->glyphs;
    canvas.colors = args_colors(args) < 0 ? format_colors[args->format] : args_colors(args);
    if (rc == 0 && (rc = open_stage(&stage, args, why)) == 0 &&
        (rc = await(&stage, args->word_count == 1, why)) == 0)
        rc = draw(ui, &canvas, &stage, args, why);
    stage_close(&stage);
    canvas_release(&canvas);
    ui_free(ui);
    return rc;
}

const struct subcommand command_render = {
    .name = "render",
    .words = "VIEW [RUN]",
    .summary = "draw a page without a terminal, as text or as a picture",
    .description =
        "Draw the page VIEW (heed list views) as the terminal program would at the given size. "
        "With RUN the run's files are shown; without, the default cast is trained for --steps "
        "steps, nothing is kept, and that is drawn. Everything but times and speeds is the same "
        "each time.",
    .least = 1,
    .most = 2,
    .options = options,
    .run = run,
};
