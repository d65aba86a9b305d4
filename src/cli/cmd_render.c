/* heed render VIEW [RUN] */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/matching.h"
#include "cli/stage.h"
#include "cli/target.h"
#include "cli/wait.h"
#include "train/sweep_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "view/ui.h"

enum { LARGEST_SIDE = 1000, PROBE_SECONDS = 2, DRAW_SECONDS = 20, MEASURE_SECONDS = 600, COMMANDS = 16 };

static const struct option_spec options[] = {
    {"size", 0, OPTION_TEXT, OPTION_AT(size), "WxH", NULL, 0, 0, "columns and rows (120x40)"},
    {"format", 0, OPTION_CHOICE, OPTION_AT(format), FORMAT_CHOICES, NULL, 0, 0,
     "plain text, text with terminal colours, an SVG picture, or the numbers behind the page"},
    {"keys", 0, OPTION_TEXT, OPTION_AT(keys), "KEYS", NULL, 0, 0,
     "characters to press first, such as c for the next contestant (heed list keys)"},
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
            return fail(why, ERR_USAGE, "--%s: a run's settings stand in its folder: leave it out",
                        args->assignments[0].flag);
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

/* A picture being taken. */
struct shot {
    const struct args *args;
    struct sweep_watch *sweep; /* in place of a race; NULL: there is a race */
    struct stage stage;
    struct ui *ui;
    struct canvas canvas;
    bool training;
    int64_t request; /* the newest question to the prober */
};

static bool trained(struct shot *s)
{
    return stage_race(&s->stage, NULL) && (!s->training || session_done(s->stage.session));
}

/* Whether it draws images instead of stepping through symbols. */
static bool draws(const struct race_snapshot *race)
{
    return strcmp(race->config.task.kind, "images") == 0;
}

/* Whether it measures what heads are for, or how good images are, or those of the second contestant. */
static bool measures(const struct probe_snapshot *probe)
{
    if (probe && probe->exam.asked && !probe->exam.done)
        return true;
    const struct quality_report *q = probe && probe->gallery ? &probe->gallery->quality : NULL;
    if (q && q->asked && !q->done && !q->message[0])
        return true;
    return probe && probe->second_kind == SECOND_VERSUS && measures(probe->second);
}

/* The prober has answered the newest question, with the newest weights. */
static bool answered(struct shot *s)
{
    const struct race_snapshot *race = stage_race(&s->stage, NULL);
    const struct probe_snapshot *probe = stage_probe(&s->stage);

    bool whole = probe && (probe->second_kind != SECOND_VERSUS || probe->second->ready);
    if (whole && draws(race) && probe->gallery->step < probe->gallery->steps)
        return false; /* images are still being drawn */
    if (whole && measures(probe))
        return false;
    return whole && probe->ready && probe->request >= s->request &&
           (!s->training || probe->weights_step == race->contestants[probe->contestant].step);
}

/* Wait for both. Where no weights are to come (a run without checkpoints, a contestant that failed)
   the page itself says so, after PROBE_SECONDS. Returns 0 or the exit code of a signal. */
static int settle(struct shot *s)
{
    struct ending ending;
    double since = 0;
    int signal = 0;
    const struct race_snapshot *race = stage_race(&s->stage, NULL);
    bool long_work = (race && draws(race)) || ui_page_now(s->ui) == PAGE_PROBE;
    double limit = long_work ? DRAW_SECONDS : PROBE_SECONDS;

    ending_block(&ending);
    while (!signal) {
        bool ready = trained(s);
        if (ready && answered(s))
            break;
        if (ready && since == 0)
            since = clock_now();
        if (ready && clock_now() - since > (measures(stage_probe(&s->stage)) ? MEASURE_SECONDS : limit))
            break;
        signal = ending_wait(&ending, 0.01);
    }
    ending_restore(&ending);
    return signal ? EXIT_BY_SIGNAL + signal : 0;
}

static void draw(struct shot *s)
{
    if (s->sweep) {
        ui_sweep(s->ui, exchange_front(&s->sweep->pictures, &(bool){false}));
        ui_draw(s->ui, &s->canvas, NULL, NULL);
        return;
    }
    ui_draw(s->ui, &s->canvas, stage_race(&s->stage, NULL), stage_probe(&s->stage));
}

/* One key, on a page that has settled and is drawn; then it settles again. */
static int press(struct shot *s, uint32_t key)
{
    struct command outbox[COMMANDS];

    draw(s);
    int n = ui_key(s->ui, key, NULL, stage_race(&s->stage, NULL), stage_probe(&s->stage), outbox,
                   COMMANDS);
    for (int i = 0; i < n; i++) {
        feed_send(&s->stage.feed, outbox[i]);
        if (outbox[i].request > s->request)
            s->request = outbox[i].request;
    }
    return settle(s);
}

/* What the page shows only when it is asked to, then --keys. */
static int press_all(struct shot *s, const char *keys)
{
    uint32_t key;
    int rc = settle(s);

    if (rc == 0 && ui_page_now(s->ui) == PAGE_PROBE)
        rc = press(s, UI_KEY_ENTER);
    while (rc == 0 && *keys) {
        keys += text_decode(keys, &key);
        rc = press(s, key);
    }
    return rc;
}

static int write_picture(struct shot *s, struct failure *why)
{
    struct text out = {0};
    const struct theme *theme = ui_theme(s->ui, &(int){0});
    int rc;

    if (s->args->format == FORMAT_TEXT)
        canvas_write_text(&s->canvas, &out);
    else if (s->args->format == FORMAT_ANSI)
        canvas_write_ansi(&s->canvas, theme, &out);
    else if (s->args->format == FORMAT_SVG)
        canvas_write_svg(&s->canvas, theme, s->args->words[0], &out);
    else
        ui_csv(s->ui, stage_race(&s->stage, NULL), stage_probe(&s->stage), &out);
    rc = out_file(s->args->output, &out, why);
    text_release(&out);
    return rc;
}

static int set_canvas(struct shot *s, struct failure *why)
{
    static const int format_colors[] = {0, 256, 1 << 24, 0};
    const struct args *args = s->args;
    int width, height, rc = parse_size(args->size, &width, &height, why);

    if (rc < 0)
        return rc;
    if (canvas_resize(&s->canvas, width, height) < 0)
        return fail(why, ERR_MEMORY, "--size %s: out of memory", args->size);
    s->canvas.glyphs = args->glyphs < 0 ? GLYPHS_BRAILLE : (enum glyphs)args->glyphs;
    s->canvas.colors = args_colors(args) < 0 ? format_colors[args->format] : args_colors(args);
    return 0;
}

/* The folder of a sweep: no session, one look. */
static int take_sweep(struct shot *s, struct failure *why)
{
    struct command outbox[COMMANDS];
    uint32_t key;
    int rc;

    if (!(s->sweep = calloc(1, sizeof *s->sweep)))
        return fail(why, ERR_MEMORY, "out of memory");
    if ((rc = sweep_watch_open(s->sweep, s->args->words[1], why)) < 0)
        return rc;
    for (const char *keys = s->args->keys; *keys;) {
        keys += text_decode(keys, &key);
        draw(s);
        ui_key(s->ui, key, NULL, NULL, NULL, outbox, COMMANDS);
    }
    draw(s);
    return write_picture(s, why);
}

static int take(struct shot *s, struct failure *why)
{
    bool sweep = s->args->word_count == 2 && sweep_is_folder(s->args->words[1]);
    struct ui_options o = {.stepping_only = sweep, .matching = &cli_matching};
    int rc;

    if ((rc = set_canvas(s, why)) < 0 ||
        (rc = ui_page_by_name(s->args->words[0], &o.page, why)) < 0 ||
        (rc = theme_load(&o.theme, s->args->theme ? s->args->theme : "dark", why)) < 0 ||
        (rc = ui_new(&s->ui, &o, why)) < 0)
        return rc;
    if (sweep)
        return take_sweep(s, why);
    if ((rc = open_stage(&s->stage, s->args, why)) < 0 ||
        (rc = stage_start(&s->stage, why)) < 0)
        return rc;
    feed_send(&s->stage.feed, (struct command){.kind = COMMAND_MAPS, .index = 1});
    if ((rc = press_all(s, s->args->keys)) != 0)
        return rc;
    draw(s);
    return write_picture(s, why);
}

static int run(const struct args *args, struct failure *why)
{
    struct shot s = {.args = args, .training = args->word_count == 1};
    int rc = take(&s, why);

    if (s.sweep)
        sweep_watch_close(s.sweep);
    free(s.sweep);
    stage_close(&s.stage);
    canvas_release(&s.canvas);
    ui_free(s.ui);
    return rc;
}

const struct subcommand command_render = {
    .name = "render",
    .words = "VIEW [RUN|DIR]",
    .summary = "draw a page without a terminal, as text, picture or table",
    .description =
        "Draw the page VIEW (heed list views) as the terminal program would at the given size. "
        "With RUN the run's files are shown, with DIR a sweep's; without, the default cast is trained for --steps "
        "steps, nothing is kept, and that is drawn. Everything but times and speeds is the same "
        "each time.",
    .least = 1,
    .most = 2,
    .options = options,
    .run = run,
};
