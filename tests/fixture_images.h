/* A race on images and what two contestants have drawn so far, for tests of the view. */
#ifndef HEED_TESTS_FIXTURE_IMAGES_H
#define HEED_TESTS_FIXTURE_IMAGES_H

#include "fixture_snapshot.h"

enum { DRAWN_SIDE = 16, DRAWN_PATCH = 2, DRAWN_T = 65 };

/* Two contestants with an evaluation by eight levels of noise, and no accuracy. */
static inline struct race_snapshot *fixture_drawing_race(void)
{
    static const char *const names[] = {"uvit-dpa", "uvit-cog"};
    struct race_snapshot *r = fixture_race();
    r->count = 2;
    memset(&r->alphabet, 0, sizeof r->alphabet);
    snprintf(r->preset, sizeof r->preset, "images-uvit");
    for (int i = 0; i < 2; i++) {
        struct contestant_view *v = &r->contestants[i];
        struct evaluation *e = &v->eval;
        snprintf(v->name, sizeof v->name, "%s", names[i]);
        snprintf(v->model, sizeof v->model, "uvit");
        snprintf(v->attention, sizeof v->attention, "%s", names[i] + 5);
        snprintf(v->config.task.kind, sizeof v->config.task.kind, "images");
        v->config.task.side = DRAWN_SIDE;
        v->config.task.context = DRAWN_T;
        *e = (struct evaluation){.valid = true,
                                 .step = v->step,
                                 .windows = 1024,
                                 .loss_count = 1024,
                                 .loss = 0.1 + 0.004 * i,
                                 .loss_error = 0.003,
                                 .all_ceiling = NAN};
        for (int k = 0; k < MAX_LEVELS; k++) {
            e->level_loss[k] = 0.32 / (1 + k) + 0.01 * i;
            e->level_count[k] = 128;
        }
        series_reset(&v->metric[METRIC_ACC]);
        for (int k = 0; k < MAX_SUBTASKS; k++)
            series_reset(&v->metric[METRIC_SUBTASK_0 + k]);
        series_reset(&v->metric[METRIC_EVAL_LOSS]);
        for (int64_t step = 0; step <= v->step; step += 200)
            series_add(&v->metric[METRIC_EVAL_LOSS], step, (double)step / 400,
                       0.1 + 0.9 / (1 + (double)step / 500) + 0.01 * i);
    }
    r->config = r->contestants[0].config;
    return r;
}

static inline void fixture_gallery(struct gallery *g, int step)
{
    struct rng rng;
    rng_seed(&rng, 5, RNG_TEST, 0);
    *g = (struct gallery){.side = DRAWN_SIDE,
                          .patch = DRAWN_PATCH,
                          .step = step,
                          .steps = 25,
                          .time = 40 * (25 - step),
                          .chosen = 1};
    g->looked = step > 0 ? 40 * (26 - step) - 20 : 0;
    g->quality = (struct quality_report){.distance = NAN, .floor = NAN, .ceiling = NAN};
    double share = step / 25.0;
    for (int i = 0; i < IMAGES_SHOWN; i++)
        for (int p = 0; p < DRAWN_SIDE * DRAWN_SIDE; p++) {
            int x = p % DRAWN_SIDE - 5 - i % 4, y = p / DRAWN_SIDE - 6 - i / 4;
            double clean = x * x + y * y < 20 ? 0.8 : -1;
            g->clean[i][p] = (float)clean;
            g->image[i][p] = (float)(share * clean + (1 - share) * rng_normal(&rng));
            g->real[i][p] = x > -3 && x < 3 && y > -3 && y < 3 + i % 3 ? 1.0F : -1.0F;
        }
    g->real_count = IMAGES_SHOWN;
    for (int i = 0; i < IMAGES_SHOWN; i++)
        snprintf(g->real_label[i], SYMBOL_TEXT, i % 2 ? "bar" : "square");
    for (int k = 0; k < IMAGES_PAST; k++) {
        g->past_step[k] = (25 * k + 3) / 6;
        g->past_time[k] = 40 * (25 - g->past_step[k]);
        double done = g->past_step[k] / 25.0;
        if (g->past_step[k] > step)
            continue;
        g->past_count = k + 1;
        for (int p = 0; p < DRAWN_SIDE * DRAWN_SIDE; p++)
            g->past[k][p] = (float)(done * (double)g->clean[1][p] + (1 - done) * rng_normal(&rng));
    }
}

/* Measured when all is drawn, being measured near the end, else not asked for. */
static inline void fixture_quality(struct quality_report *q, int step, int contestant)
{
    if (step < 20)
        return;
    *q = (struct quality_report){.asked = true,
                                 .done = step == 25,
                                 .step = FIXTURE_STEP,
                                 .samples = step == 25 ? 512 : contestant ? 0 : 192,
                                 .of = 512,
                                 .denoise = 50,
                                 .distance = step == 25 ? 1.5 + contestant : NAN,
                                 .floor = 0.1,
                                 .ceiling = 5.7,
                                 .reference = 4096,
                                 .accuracy = 0.98,
                                 .judged = 1000};
}

static inline struct probe_snapshot *fixture_drawing(int step, int contestant)
{
    struct probe_snapshot *p = calloc(1, sizeof *p);
    if (!p || !(p->gallery = calloc(1, sizeof *p->gallery)))
        abort();
    p->serial = 1;
    p->past = -1;
    p->ready = step > 0;
    p->weights_step = FIXTURE_STEP;
    p->contestant = contestant;
    snprintf(p->name, sizeof p->name, contestant ? "uvit-cog" : "uvit-dpa");
    fixture_gallery(p->gallery, step);
    fixture_quality(&p->gallery->quality, step, contestant);
    p->positions = DRAWN_T;
    p->layers = 3;
    p->heads = 4;
    p->map_count = 12;
    p->map_floats = p->map_room = 12 * DRAWN_T * DRAWN_T;
    p->weight = calloc(p->map_floats, sizeof *p->weight);
    p->score_z = calloc(p->map_floats, sizeof *p->score_z);
    if (!p->weight || !p->score_z)
        abort();
    for (int l = 0; l < 3; l++)
        snprintf(p->layer_attention[l], KIND_TEXT, contestant && l == 1 ? "cog" : "dpa");
    p->signed_weights = contestant == 1;
    for (int m = 0; m < 12; m++)
        for (int q = 0; q < DRAWN_T; q++)
            for (int k = 0; k < DRAWN_T; k++) {
                int away = abs((q - 1) % 8 - (k - 1) % 8) + abs((q - 1) / 8 - (k - 1) / 8);
                double w = 0.3 / (1 + away + m % 4);
                p->weight[((size_t)m * DRAWN_T + q) * DRAWN_T + k] =
                    (float)(contestant && m / 4 == 1 && away > 2 ? -w : w);
            }
    return p;
}

static inline struct probe_snapshot *fixture_drawings(int step)
{
    struct probe_snapshot *p = fixture_drawing(step, 0);
    p->second_kind = SECOND_VERSUS;
    p->second = fixture_drawing(step, 1);
    return p;
}

static inline void fixture_drawings_free(struct race_snapshot *r, struct probe_snapshot *p)
{
    if (p->second)
        free(p->second->gallery);
    free(p->gallery);
    fixture_free(r, p);
}

#endif
