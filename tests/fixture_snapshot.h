/* A plausible race and a plausible picture of one sequence, for tests of the view. */
#ifndef HEED_TESTS_FIXTURE_SNAPSHOT_H
#define HEED_TESTS_FIXTURE_SNAPSHOT_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "core/snapshot.h"

enum { FIXTURE_N = 16, FIXTURE_T = 32, FIXTURE_STEP = 12340, FIXTURE_STEPS = 20000 };

static void fixture_alphabet(struct alphabet *a)
{
    static const char *const help[] = {"increment: m + 1 mod N",
                                       "addition: m + the number before it, mod N",
                                       "reverse copy: the numbers before the R, going back",
                                       "context: m + the number before the C, mod N"};

    memset(a, 0, sizeof *a);
    a->numbers = FIXTURE_N;
    a->count = FIXTURE_N + 4;
    a->subtasks = 4;
    memset(a->control, -1, sizeof a->control);
    for (int i = 0; i < FIXTURE_N; i++)
        snprintf(a->name[i], SYMBOL_TEXT, "%d", i);
    for (int i = 0; i < 4; i++) {
        snprintf(a->name[FIXTURE_N + i], SYMBOL_TEXT, "%c", "IARC"[i]);
        a->control[FIXTURE_N + i] = (signed char)i;
        a->control_id[i] = FIXTURE_N + i;
        snprintf(a->subtask_help[i], sizeof a->subtask_help[i], "%s", help[i]);
        a->subtask_reconstructed[i] = i > 0;
    }
}

/* One contestant that climbs to `top`, half way there at `middle` steps. */
static void fixture_contestant(struct contestant_view *v, int index, const char *model,
                               const char *attention, double top, double middle)
{
    struct rng rng;
    rng_seed(&rng, 7, RNG_TEST, (uint64_t)index);
    snprintf(v->name, sizeof v->name, "%s%s%s", model, *attention ? "-" : "", attention);
    snprintf(v->model, sizeof v->model, "%s", model);
    snprintf(v->attention, sizeof v->attention, "%s", attention);
    config_defaults(&v->config);
    snprintf(v->config.model.kind, sizeof v->config.model.kind, "%s", model);
    snprintf(v->config.attn.kind, sizeof v->config.attn.kind, "%s", *attention ? attention : "dpa");
    v->config.train.steps = FIXTURE_STEPS;
    v->config.train.learning_rate = v->own_rate = index == 1 ? 0.02 : 0.01;
    v->config.model.layers = index == 3 ? 2 : 1;
    v->config.model.groups = index == 1 ? FIXTURE_T : 1;
    v->parameters = 13216 + 91207 * (int64_t)(index % 3);
    v->step = FIXTURE_STEP;
    v->steps_per_second = 480 - 90 * index;
    v->train_seconds = (double)FIXTURE_STEP / v->steps_per_second;
    v->step_at_90 = -1;
    v->checkpoint = (struct file_view){185648 + 1092416 * (int64_t)(index % 3), 1763818540 + index};
    for (int m = 0; m < METRIC_COUNT; m++)
        series_reset(&v->metric[m]);
    for (int64_t step = 0; step <= FIXTURE_STEP; step += 10) {
        double t = (double)step, seconds = t / v->steps_per_second;
        double rise = 1 / (1 + exp(-4 * (t - middle) / (middle + 400)));
        double acc = 0.0625 + (top - 0.0625) * rise;
        double noise = 0.08 * (rng_uniform(&rng) - 0.5);
        v->learning_rate = v->config.train.learning_rate * (0.05 + 0.95 * (1 - t / FIXTURE_STEPS));
        v->loss = (2.9 * (1 - rise) + 0.9 * (1.02 - top)) * (1 + 2 * noise) + 0.3;
        v->grad_norm = 0.4 + 2 * (1 - rise) + fabs(noise) * 4;
        series_add(&v->metric[METRIC_LOSS], step, seconds, v->loss);
        series_add(&v->metric[METRIC_GRAD_NORM], step, seconds, v->grad_norm);
        series_add(&v->metric[METRIC_LEARNING_RATE], step, seconds, v->learning_rate);
        series_add(&v->metric[METRIC_TOKENS_PER_SECOND], step, seconds,
                   v->steps_per_second * 32 * 64 * (1 + noise));
        if (step % 100)
            continue;
        double measured = fmin(1, fmax(0, acc + noise * (1.05 - acc)));
        series_add(&v->metric[METRIC_ACC], step, seconds, measured);
        series_add(&v->metric[METRIC_EVAL_LOSS], step, seconds, v->loss);
        for (int k = 0; k < 4; k++)
            series_add(&v->metric[METRIC_SUBTASK_0 + k], step, seconds,
                       fmin(1, pow(measured, 0.4 + 0.7 * k)));
        if (measured >= 0.9 && v->step_at_90 < 0) {
            v->step_at_90 = step;
            v->seconds_at_90 = seconds;
        }
    }
    struct evaluation *e = &v->eval;
    e->valid = true;
    e->step = FIXTURE_STEP - FIXTURE_STEP % 100;
    e->windows = 1024;
    e->loss = v->loss;
    e->acc = (struct score){(int64_t)(top * 861), 861};
    e->all = (struct score){(int64_t)(top * 0.86 * 1024), 1024};
    e->all_ceiling = 0.8786;
    for (int k = 0; k < 4; k++)
        e->subtask[k] = (struct score){(int64_t)(pow(top, 0.4 + 0.7 * k) * 215), 215};
    for (int k = 0; k < 9; k++)
        e->since[k] =
            (struct score){(int64_t)(fmin(1, top - 0.25 * exp(-k)) * (170 - 17 * k)), 170 - 17 * k};
}

/* Freed with fixture_race_free. */
static struct race_snapshot *fixture_race(void)
{
    struct race_snapshot *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->serial = 1;
    r->state = RACE_RUNNING;
    snprintf(r->preset, sizeof r->preset, "iarc");
    snprintf(r->folder, sizeof r->folder, "/home/ada/runs/iarc-s1");
    fixture_alphabet(&r->alphabet);
    setenv("TZ", "UTC", 1); /* times of files look alike everywhere */
    r->settings = (struct file_view){1189, 1763818441};
    r->metrics = (struct file_view){4719697, 1763818545};
    snprintf(r->kernels, sizeof r->kernels, "avx2");
    r->threads = 2;
    r->resident = 36200000;
    r->step = FIXTURE_STEP;
    r->steps = FIXTURE_STEPS;
    r->seconds = 105;
    r->seconds_left = 41;
    r->steps_per_second = 468;
    r->chance = 1.0 / FIXTURE_N;
    r->count = 4;
    fixture_contestant(&r->contestants[0], 0, "transformer", "dpa", 0.949, 2200);
    fixture_contestant(&r->contestants[1], 1, "cisformer", "ea", 0.862, 5200);
    fixture_contestant(&r->contestants[2], 2, "lstm", "", 0.973, 1500);
    fixture_contestant(&r->contestants[3], 3, "mlp", "", 0.938, 3100);
    r->config = r->contestants[0].config;
    static const char *const lines[] = {"kernels: avx2, 2 threads",
                                        "run folder /home/ada/runs/iarc-s1",
                                        "transformer-dpa: 13,216 parameters, learning rate 0.01",
                                        "cisformer-ea: 104,423 parameters, learning rate 0.02",
                                        "lstm: 195,630 parameters, learning rate 0.01",
                                        "mlp: 13,216 parameters, learning rate 0.01",
                                        "step 10,000: checkpoints written"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        snprintf(r->log[r->log_total++ % LOG_LINES], LOG_TEXT, "%s", lines[i]);
    return r;
}

static const char fixture_sequence[] =
    "I 3 4 5 6 7 A 13 4 1 5 6 R 6 5 1 4 13 C 10 7 4 1 14 I 15 0 1 2 3 4 A 7 11 2 13 R 13 2 11 7";

static void fixture_marks(struct probe_snapshot *p)
{
    int ids[64], n = alphabet_parse(&p->alphabet, fixture_sequence, ids, 64, NULL);
    int subtask = 255, since = 0;

    p->length = p->cursor = n;
    for (int i = 0; i < n; i++) {
        bool control = p->alphabet.control[ids[i]] >= 0;
        if (control) {
            subtask = p->alphabet.control[ids[i]];
            since = 0;
        }
        p->sequence[i] = (int16_t)ids[i];
        p->answer[i] = (int16_t)(control ? -1 : ids[i]);
        p->subtask[i] = (uint8_t)(control ? 255 : subtask);
        p->since[i] = (uint8_t)since;
        p->hit[i] = (int8_t)(control || i < 6 ? -1 : i == 12 + 1 || i == 19 ? 0 : 1);
        since += !control;
        if (p->hit[i] < 0)
            continue;
        p->score.count++;
        p->score.right += p->hit[i];
        p->score_since[p->since[i]].count++;
        p->score_since[p->since[i]].right += p->hit[i];
    }
    p->next_subtask = subtask;
    p->next_since = since;
    p->next_answer = 4;
    p->copied_from = 30;
    p->copies = true;
}

static void fixture_maps(struct probe_snapshot *p, bool is_signed)
{
    int n = p->positions;
    for (int m = 0; m < p->layers * p->heads; m++)
        for (int q = 0; q < n; q++) {
            float *w = p->weight + ((size_t)m * n + q) * n,
                  *z = p->score_z + ((size_t)m * n + q) * n;
            double sum = 0;
            for (int k = 0; k <= q; k++) {
                int id = p->sequence[p->start + k];
                double v = 1.3 * sin(0.7 * k * (m + 1) + 0.31 * q);
                if (p->alphabet.control[id] >= 0)
                    v += m % 4 == 1 ? 3 : -1;
                if (q - k == m % 4)
                    v += 2.5;
                if (m % 4 == 3 && k == q / 2)
                    v -= 4.5;
                z[k] = (float)v;
                sum += exp(is_signed ? fabs(v) : v);
            }
            for (int k = 0; k <= q; k++)
                w[k] = (float)(is_signed ? copysign(exp(fabs((double)z[k])), z[k]) : exp(z[k])) /
                       (float)sum;
        }
}

/* What is read after every layer: the surer, the later. */
static void fixture_lens(struct probe_snapshot *p)
{
    static const int symbol[] = {4, 14, 5, 12, 19};
    p->lens = p->layers ? 2 * p->layers + 1 : 0;
    for (int row = 0; row < p->lens; row++) {
        struct lens_row *r = &p->lens_row[row];
        float sure = 0.87f * (float)(row + 1) / (float)p->lens;
        for (int i = 0; i < 5; i++) {
            r->symbol[i] = (int16_t)symbol[row ? i : (i + 1) % 5];
            r->share[i] = i ? (0.9f - sure) / 4 : sure;
        }
        r->answer = row ? sure : (0.9f - sure) / 4;
    }
}

/* A sequence through contestant 0: `layers` x 4 heads; 0 layers: a model without attention. */
static struct probe_snapshot *fixture_probe(int layers, bool is_signed)
{
    struct probe_snapshot *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->serial = 1;
    p->ready = true;
    p->weights_step = FIXTURE_STEP;
    p->past = -1;
    fixture_alphabet(&p->alphabet);
    snprintf(p->name, sizeof p->name, layers ? "transformer-dpa" : "lstm");
    p->contestant = layers ? 0 : 2;
    fixture_marks(p);
    p->positions = p->length < FIXTURE_T ? p->length : FIXTURE_T;
    p->context = FIXTURE_T;
    p->longest = PROBE_HISTORY - 1;
    p->start = p->cursor - p->positions;
    p->layers = layers;
    p->heads = layers ? 4 : 0;
    p->map_count = p->layers * p->heads;
    p->signed_weights = is_signed;
    p->map_floats = (size_t)(p->layers * p->heads * p->positions * p->positions);
    p->weight = calloc(p->map_floats + 1, sizeof *p->weight);
    p->score_z = calloc(p->map_floats + 1, sizeof *p->score_z);
    if (!p->weight || !p->score_z)
        abort();
    for (int l = 0; l < layers; l++)
    {
        snprintf(p->layer_attention[l], KIND_TEXT, is_signed ? "cog" : "dpa");
        p->layer_signs[l] = is_signed;
    }
    fixture_maps(p, is_signed);
    static const double top[] = {0.87, 0.04, 0.03, 0.02, 0.01};
    static const int symbol[] = {4, 14, 5, 12, 19};
    for (int i = 0; i < 5; i++)
        p->probability[symbol[i]] = (float)top[i];
    p->predicted = 4;
    fixture_lens(p);
    return p;
}

/* Give it a second picture: a branch with the last R made a C, or contestant 1 on the same symbols. */
/* What the heads were measured to be for. */
static inline void fixture_exam(struct probe_snapshot *p)
{
    struct exam_report *r = &p->exam;
    *r = (struct exam_report){.asked = true,
                              .done = true,
                              .contestant = p->contestant,
                              .step = FIXTURE_STEP,
                              .layers = p->layers,
                              .heads = p->heads,
                              .count = p->layers * p->heads,
                              .lens = 2 * p->layers + 1};
    for (int i = 0; i <= p->alphabet.subtasks; i++) {
        struct exam_part *part = &r->part[i];
        part->whole = i ? (struct score){120 - i, 128} : (struct score){489, 515};
        part->controls = part->whole.count;
        part->sources = part->whole.count - 17;
        for (int row = 0; row < r->lens; row++)
            part->lens_right[row] = part->whole.right * (row + 1) / r->lens;
        for (int k = 0; k < r->count; k++)
            part->head[k] = (struct exam_head){
                .entropy = 0.3 * (k + 1),
                .distance = 2.5 + k,
                .negative = p->signed_weights ? 0.25 : 0,
                .control = 0.1 * k - 0.2,
                .previous = 0.02 * k,
                .source = k == 2 ? 0.71 : 0.05 * k,
                .changed = {[HEAD_REMOVED] = {10 + 12 * k, 8},
                            [HEAD_POSITIVE] = {p->signed_weights ? 3 * k : 0, 0},
                            [HEAD_UNIFORM] = {k, 2}}};
    }
    for (int k = 0; k < r->count; k++)
        r->has_signs[k] = p->signed_weights;
}

static inline void fixture_pair(struct probe_snapshot *p, enum probe_second kind)
{
    struct probe_snapshot *s = fixture_probe(p->layers, true);
    p->second_kind = kind;
    p->second = s;
    if (kind == SECOND_VERSUS) {
        s->contestant = 1;
        snprintf(s->name, sizeof s->name, "cisformer-ea");
        for (int l = 0; l < s->layers; l++)
            snprintf(s->layer_attention[l], KIND_TEXT, "ea");
    } else {
        s->sequence[36] = FIXTURE_N + 3;
        s->next_subtask = 3;
        s->next_answer = 9;
        s->copies = false;
    }
    s->score.right -= 3;
    s->predicted = 14;
    s->probability[4] = 0.2f;
    s->probability[14] = 0.71f;
    for (size_t i = 0; i < s->map_floats; i++)
        s->weight[i] *= i % 3 == 0 ? 0.25f : 1.1f;
}

static inline void fixture_free(struct race_snapshot *r, struct probe_snapshot *p)
{
    if (p) {
        free(p->weight);
        free(p->score_z);
        if (p->second) {
            free(p->second->weight);
            free(p->second->score_z);
        }
        free(p->second);
    }
    free(p);
    free(r);
}

#endif
