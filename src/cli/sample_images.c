/* heed sample RUN where the run is on images. */
#include "cli/sample_run.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/grid.h"
#include "cli/report.h"
#include "task/images.h"
#include "train/race.h"
#include "train/sampler.h"

enum { IMAGES = 64, AT_ONCE = 32, IMAGES_MOST = 4096 };

enum picture { PICTURE_TEXT, PICTURE_PNG, PICTURE_SVG };

/* What all contestants drew of the same noise, or the task's own. */
struct images {
    const struct args *args;
    int first, count;     /* contestants */
    int side, each, steps;
    int64_t seed, step[MAX_CONTESTANTS];
    const char *names[MAX_CONTESTANTS];
    bool real; /* no contestant: the task's held-out images */
    float *pixels; /* (count, each, side, side) */
};

static int refuse(const struct args *args, enum picture *kind, struct failure *why)
{
    const char *path = args->output, *dot = path ? strrchr(path, '.') : NULL;
    const char *given = args->prompt             ? "prompt"
                        : args->temperature >= 0 ? "temperature"
                        : args->top_k >= 0       ? "top-k"
                                                 : NULL;
    *kind = PICTURE_TEXT;
    if (given)
        return fail(why, ERR_USAGE, "--%s: is of a run that writes symbols, %s draws images: leave "
                    "it out", given, args->words[0]);
    if (args->windows > IMAGES_MOST)
        return fail(why, ERR_USAGE, "-n %lld: more than %d images: choose fewer",
                    (long long)args->windows, IMAGES_MOST);
    if (path && args->json)
        return fail(why, ERR_USAGE, "--json: goes to standard output: leave out -o %s", path);
    if (!path || (dot && strcmp(dot, ".txt") == 0))
        return 0;
    *kind = dot && strcmp(dot, ".png") == 0 ? PICTURE_PNG : PICTURE_SVG;
    if (*kind == PICTURE_SVG && (!dot || strcmp(dot, ".svg") != 0))
        return fail(why, ERR_USAGE, "-o %s: what kind of picture? end the name in .png, .svg or .txt",
                    path);
    return 0;
}

static int draw_one(struct images *s, int k, const struct kern *kern, struct failure *why)
{
    struct loaded loaded;
    struct sampler sampler = {0};
    size_t pixels = (size_t)s->side * (size_t)s->side * (size_t)s->each;
    int at_once = s->each < AT_ONCE ? s->each : AT_ONCE;
    int rc = loaded_open(&loaded, s->args->words[0], s->names[k], kern, (int)s->args->threads,
                         at_once, why);
    if (rc < 0)
        return rc;
    s->step[k] = loaded.checkpoint.step;
    if (sampler_init(&sampler, s->side * s->side, s->each) < 0)
        rc = fail(why, ERR_MEMORY, "sample: out of memory");
    if (rc == 0) {
        sampler_begin(&sampler, (uint64_t)s->seed, 0, s->steps);
        while (sampler.done < sampler.steps)
            sampler_step(&sampler, loaded.model);
        memcpy(s->pixels + (size_t)k * pixels, sampler.batch.image, pixels * sizeof(float));
    }
    for (size_t i = 0; i < pixels && rc == 0; i++)
        if (!isfinite(s->pixels[(size_t)k * pixels + i]))
            rc = fail(why, ERR_NUMBER, "%s: its images are not finite: its training diverged",
                      s->names[k]);
    sampler_release(&sampler);
    loaded_release(&loaded);
    return rc;
}

static int add_json(const struct images *s, struct text *out, struct failure *why)
{
    size_t one = (size_t)s->side * (size_t)s->side;
    json_t *list = json_array();
    for (int k = 0; k < s->count; k++) {
        json_t *images = json_array();
        for (int i = 0; i < s->each; i++) {
            json_t *image = json_array();
            const float *pixels = s->pixels + ((size_t)k * (size_t)s->each + (size_t)i) * one;
            for (size_t p = 0; p < one; p++)
                json_array_append_new(image, json_real((double)pixels[p]));
            json_array_append_new(images, image);
        }
        json_array_append_new(list, json_pack("{s:s, s:I, s:o}", "name", s->names[k], "step",
                                              (json_int_t)s->step[k], "images", images));
    }
    json_t *root = json_pack("{s:I, s:i, s:i, s:o}", "seed", (json_int_t)s->seed, "denoise",
                             s->steps, "side", s->side, "contestants", list);
    char *line = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(root);
    if (!line)
        return fail(why, ERR_MEMORY, "--json: out of memory");
    text_addf(out, "%s\n", line);
    free(line);
    return 0;
}

/* As many columns as make a square, or as stand on a line of text. */
static int write_picture(const struct images *s, enum picture kind, struct text *out,
                         struct failure *why)
{
    int columns = (int)ceil(sqrt(s->each)), fit = 120 / (2 * s->side + 2);
    struct grid_picture g = {s->side, s->each, columns, s->count, s->pixels};
    if (kind == PICTURE_PNG)
        return grid_png(&g, out, why);
    if (kind == PICTURE_SVG) {
        grid_svg(&g, out);
        return 0;
    }
    g.columns = fit < 1 ? 1 : fit < columns ? fit : columns;
    for (int k = 0; k < s->count; k++) {
        if (s->real)
            text_addf(out, "%d of the held-out images, seed %lld\n\n", s->each,
                      (long long)s->seed);
        else
            text_addf(out, "%s%s, step %lld, %d steps of denoising, seed %lld\n\n", k ? "\n" : "",
                      s->names[k], (long long)s->step[k], s->steps, (long long)s->seed);
        grid_text(&g, k, out);
    }
    return 0;
}

int sample_images(const struct args *args, const struct race_config *race, const struct kern *kern,
                  int64_t seed, struct failure *why)
{
    struct images s = {.args = args,
                       .count = race->count,
                       .side = race->contestants[0].task.side,
                       .each = args->windows ? (int)args->windows : IMAGES,
                       .steps = args->denoise ? (int)args->denoise : SAMPLER_STEPS,
                       .seed = seed};
    struct text out = {0};
    enum picture kind;
    int rc = refuse(args, &kind, why);
    if (rc == 0 && args->contestant) {
        rc = s.first = report_contestant(race, args->contestant, why);
        s.count = 1;
    }
    if (rc < 0)
        return rc;
    size_t pixels = (size_t)s.side * (size_t)s.side * (size_t)s.each;
    s.pixels = calloc((size_t)s.count * pixels, sizeof *s.pixels);
    rc = s.pixels ? 0 : fail(why, ERR_MEMORY, "sample: out of memory");
    for (int k = 0; k < s.count && rc == 0; k++) {
        s.names[k] = race->names[s.first + k];
        rc = draw_one(&s, k, kern, why);
    }
    if (rc == 0)
        rc = args->json ? add_json(&s, &out, why) : write_picture(&s, kind, &out, why);
    if (rc == 0)
        rc = out_file(args->output, &out, why);
    text_release(&out);
    free(s.pixels);
    return rc;
}

int sample_real(const struct args *args, const struct task *task, struct failure *why)
{
    struct images s = {.args = args,
                       .count = 1,
                       .side = task->config.task.side,
                       .each = args->windows ? (int)args->windows : IMAGES,
                       .seed = task->config.train.seed,
                       .names = {"held out"},
                       .real = true};
    struct text out = {0};
    enum picture kind;
    int rc = refuse(args, &kind, why);
    if (rc < 0)
        return rc;
    s.pixels = calloc((size_t)task->pixels * (size_t)s.each, sizeof *s.pixels);
    if (!s.pixels)
        return fail(why, ERR_MEMORY, "sample: out of memory");
    for (int i = 0; i < s.each; i++)
        images_clean(task, true, (uint64_t)i, s.pixels + (size_t)i * (size_t)task->pixels);
    rc = args->json ? add_json(&s, &out, why) : write_picture(&s, kind, &out, why);
    if (rc == 0)
        rc = out_file(args->output, &out, why);
    text_release(&out);
    free(s.pixels);
    return rc;
}
