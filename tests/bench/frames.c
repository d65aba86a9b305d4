/* How long composing a frame takes, without a terminal, at 200 x 60.
 *
 *   frames pages [PRESET] [-s KEY=VALUE]...
 *       every page, of a race that is training and of the same race when it rests
 *   frames points
 *       the Train page after ten thousand and after ten million steps, and the memory of the process
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "cli/stage.h"
#include "cli/target.h"
#include "view/ui.h"

enum { WIDTH = 200, HEIGHT = 60, LIVE_FRAMES = 200, FRAMES = 500, OUTBOX = 64 };
static const double frame_seconds = 0.01;

struct bench_desk {
    struct args args;
    struct stage stage;
    struct canvas canvas;
    struct theme theme;
};

static void must(int code, const struct failure *why)
{
    if (code >= 0)
        return;
    fprintf(stderr, "frames: %s\n", why->text);
    exit(1);
}

static void open_desk(struct bench_desk *d, int argc, char **argv)
{
    struct failure why = {.text = ""};
    struct session_options o = {.mode = SESSION_TRAIN, .no_files = true, .until = -1};
    struct target target;
    must(args_parse(&d->args, argc, argv, &why), &why);
    must(target_find(d->args.word_count ? d->args.words[0] : NULL, &target, &why), &why);
    must(target_race(&d->args, &target, false, &d->stage.race, &why), &why);
    must(theme_load(&d->theme, "dark", &why), &why);
    must(canvas_resize(&d->canvas, WIDTH, HEIGHT), &(struct failure){.text = "no memory"});
    d->canvas.glyphs = GLYPHS_BRAILLE;
    d->canvas.colors = 256;
    must(stage_open(&d->stage, &d->args, &o, &why), &why);
    must(stage_start(&d->stage, &why), &why);
    while (!stage_race(&d->stage, NULL) || stage_race(&d->stage, NULL)->step < 50 ||
           !stage_probe(&d->stage))
        clock_sleep(0.01);
}

static void close_desk(struct bench_desk *d)
{
    stage_close(&d->stage);
    canvas_release(&d->canvas);
    args_release(&d->args);
}

static struct ui *open_page(const struct bench_desk *d, enum ui_page page)
{
    struct ui_options o = {.page = page, .theme = d->theme};
    struct failure why;
    struct ui *ui;
    must(ui_new(&ui, &o, &why), &why);
    return ui;
}

static double draw(struct bench_desk *d, struct ui *ui, const struct race_snapshot *race,
                   const struct probe_snapshot *probe)
{
    double begin = clock_now();
    canvas_clear(&d->canvas);
    ui_draw(ui, &d->canvas, race, probe);
    return 1e3 * (clock_now() - begin);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(const char *page, const char *state, double *ms, int n)
{
    qsort(ms, (size_t)n, sizeof *ms, by_size);
    printf("%-14s %-22s p50 %7.3f ms   p99 %7.3f ms   worst %7.3f ms   of %d\n", page, state,
           ms[n / 2], ms[(n * 99 + 99) / 100 - 1], ms[n - 1], n);
    fflush(stdout);
}

static void time_page(struct bench_desk *d, enum ui_page page, uint32_t key, bool training)
{
    double ms[FRAMES];
    char name[64];
    struct command outbox[OUTBOX];
    struct ui *ui = open_page(d, page);
    int n = training ? LIVE_FRAMES : FRAMES;
    draw(d, ui, stage_race(&d->stage, NULL), stage_probe(&d->stage));
    if (key)
        ui_key(ui, key, NULL, stage_race(&d->stage, NULL), stage_probe(&d->stage), outbox, OUTBOX);
    for (int i = 0; i < n; i++) {
        const struct race_snapshot *race = stage_race(&d->stage, NULL);
        ms[i] = draw(d, ui, race, stage_probe(&d->stage));
        if (training)
            clock_sleep(frame_seconds);
    }
    snprintf(name, sizeof name, "%s%s%c", ui_page_name(page), key ? " " : "",
             key ? (char)key : ' ');
    report(name, training ? "training" : "at rest", ms, n);
    ui_free(ui);
}

/* Attention also with all maps side by side, and with the help over it. */
static void time_pages(struct bench_desk *d, bool training)
{
    for (int page = 0; page < PAGE_COUNT; page++)
        time_page(d, (enum ui_page)page, 0, training);
    time_page(d, PAGE_ATTENTION, 'a', training);
    time_page(d, PAGE_ATTENTION, '?', training);
}

static void run_pages(int argc, char **argv)
{
    static struct bench_desk d;
    struct failure why;
    open_desk(&d, argc, argv);
    time_pages(&d, true);
    must(stage_stop(&d.stage, &why), &why);
    time_pages(&d, false);
    close_desk(&d);
}

/* --- long runs ------------------------------------------------------------------------------- */

static double resident_mb(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%*d %ld", &pages) != 1) {
        fprintf(stderr, "frames: no /proc/self/statm: this needs Linux\n");
        exit(1);
    }
    fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) * 1e-6;
}

/* Every curve of every contestant with a value at each of n steps. */
static void fill(struct race_snapshot *race, int64_t n)
{
    for (int c = 0; c < race->count; c++)
        for (int m = 0; m < METRIC_COUNT; m++) {
            struct series *s = &race->contestants[c].metric[m];
            series_reset(s);
            for (int64_t step = 0; step < n; step++) {
                double value =
                    3 * exp(-5.0 * (double)step / (double)n) + 0.1 * sin(0.9 * (double)step);
                series_add(s, step, 1e-3 * (double)step, value);
            }
        }
    race->step = race->steps = n;
}

static void run_points(void)
{
    static struct bench_desk d;
    static const int64_t counts[] = {10000, 10000000, 10000};
    char *argv[] = {"heed", NULL};
    double ms[FRAMES];
    struct failure why;
    open_desk(&d, 1, argv);
    must(stage_stop(&d.stage, &why), &why);
    struct race_snapshot *race = malloc(sizeof *race);
    must(race ? 0 : -1, &(struct failure){.text = "no memory"});
    memcpy(race, stage_race(&d.stage, NULL), sizeof *race);
    struct ui *ui = open_page(&d, PAGE_TRAIN);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char state[64];
        fill(race, counts[i]);
        for (int f = 0; f < FRAMES; f++)
            ms[f] = draw(&d, ui, race, stage_probe(&d.stage));
        snprintf(state, sizeof state, "%lld points", (long long)counts[i]);
        report("train", state, ms, FRAMES);
        printf("%-14s %-22s resident %.2f MB\n", "", "", resident_mb());
    }
    ui_free(ui);
    free(race);
    close_desk(&d);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "pages") == 0)
        run_pages(argc - 1, argv + 1);
    else if (strcmp(what, "points") == 0)
        run_points();
    else {
        fprintf(stderr, "frames: pages [PRESET] [-s KEY=VALUE]... | points\n");
        return 2;
    }
    return 0;
}
