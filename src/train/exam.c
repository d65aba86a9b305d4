#include "train/exam.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Windows a portion, and at most in all: not every window ends before a number. */
enum { TOGETHER = 16, WINDOWS_MOST = 4 * EXAM_WINDOWS };

/* Ways to run a batch: whole, then without each head, then with each head's query zero. */
struct exam {
    const struct race *race;
    struct exam_report report;
    struct model *model;
    real *kept; /* the weights as they were handed over */
    struct task_reader reader;
    struct batch batch;
    int way;      /* the next one; 0: a new batch */
    int64_t read; /* windows so far */
    bool right[TOGETHER]; /* answered so by the whole model */
    struct exam_change without[EXAM_HEADS], blind[EXAM_HEADS]; /* of the batch in hand */
    float *map; /* (T, T) */
    double entropy[EXAM_HEADS], distance[EXAM_HEADS], control[EXAM_HEADS], source[EXAM_HEADS];
    int64_t controls, sources;
};

static int refuse(const struct race *race, int i, int layers, struct failure *why)
{
    const char *name = race->contestants[i].name;
    if (layers == 0)
        return fail(why, ERR_USAGE, "%s has no attention: c shows the next contestant", name);
    return 0;
}

int exam_new(struct exam **out, const struct race *race, int i, const real *weights, int64_t step,
             struct team *team, struct failure *why)
{
    const struct config *config = &race->config.contestants[i];
    struct exam *e = calloc(1, sizeof *e);
    int T = config->task.context;
    if (!e)
        return fail(why, ERR_MEMORY, "no memory to measure what the heads are for");
    e->race = race;
    int code = model_new(&e->model, config, race->task->alphabet.count, TOGETHER, false, race->kern,
                         team, why);
    if (code == 0)
        code = refuse(race, i, model_attention_layers(e->model), why);
    if (code == 0) {
        size_t bytes = e->model->params.total * sizeof *e->kept;
        e->kept = malloc(bytes);
        e->map = malloc((size_t)T * (size_t)T * sizeof *e->map);
        if (!e->kept || !e->map || task_batch(race->task, &e->batch, T, TOGETHER) < 0 ||
            task_reader_init(&e->reader, race->task, RNG_EVAL) < 0)
            code = fail(why, ERR_MEMORY, "no memory to measure what the heads are for");
        else
            memcpy(e->kept, weights, bytes);
    }
    if (code < 0) {
        exam_free(e);
        return code;
    }
    memcpy(e->model->weights, e->kept, e->model->params.total * sizeof *e->kept);
    int maps = model_attention_layers(e->model) * config->model.heads;
    e->report = (struct exam_report){.asked = true,
                                     .contestant = i,
                                     .step = step,
                                     .layers = model_attention_layers(e->model),
                                     .heads = config->model.heads,
                                     .count = maps < EXAM_HEADS ? maps : EXAM_HEADS};
    *out = e;
    return 0;
}

void exam_free(struct exam *e)
{
    if (!e)
        return;
    if (e->reader.task)
        task_reader_release(&e->reader);
    batch_release(&e->batch);
    model_free(e->model);
    free(e->kept);
    free(e->map);
    free(e);
}

bool exam_done(const struct exam *e)
{
    return e->report.done;
}

const struct exam_report *exam_report(const struct exam *e)
{
    return &e->report;
}

/* --- changed weights --------------------------------------------------------------------------- */

void exam_change_head(struct model *m, int head, char piece, const real *back)
{
    char name[PARAM_NAME];
    int heads = m->config.model.heads;
    snprintf(name, sizeof name, "layers.%d.attn.%c.weight", head / heads, piece);
    const struct param *p = param_find(&m->params, name);
    size_t C = (size_t)m->config.model.dim, D = C / (size_t)heads;
    size_t first = (size_t)(head % heads) * D, rows = p->size / C;
    for (size_t row = 0; row < rows; row++) {
        bool mine = row % C >= first && row % C < first + D;
        size_t from = piece == 'o' ? first : 0, count = piece == 'o' ? D : C;
        size_t at = p->offset + row * C + from;
        if (piece != 'o' && !mine)
            continue;
        if (back)
            memcpy(m->weights + at, back + at, count * sizeof *back);
        else
            memset(m->weights + at, 0, count * sizeof *m->weights);
    }
}

/* --- one batch --------------------------------------------------------------------------------- */

static bool is_right(const struct exam *e, int b)
{
    const struct model *m = e->model;
    size_t B = (size_t)e->batch.sequences, V = (size_t)m->symbols;
    const real *row = m->logits + ((size_t)(m->logit_positions - 1) * B + (size_t)b) * V;
    size_t best = 0;
    for (size_t v = 1; v < V; v++)
        if (row[v] > row[best])
            best = v;
    return (int)best == e->batch.targets[(size_t)(e->batch.positions - 1) * B + (size_t)b];
}

static bool asks_number(const struct exam *e, int b)
{
    int last = e->batch.positions - 1;
    return e->batch.number[(size_t)last * (size_t)e->batch.sequences + (size_t)b] != 0;
}

/* Where the last position of window b of every head looks. */
static void look_at(struct exam *e, int b)
{
    int T = e->batch.positions, control = -1;
    int16_t symbols[MAX_CONTEXT];
    struct task_mark mark;
    for (int t = 0; t < T; t++) {
        symbols[t] = (int16_t)e->batch.tokens[(size_t)t * (size_t)e->batch.sequences + (size_t)b];
        if (e->race->task->alphabet.control[symbols[t]] >= 0)
            control = t;
    }
    task_answer(e->race->task, symbols, T, &mark);
    int source = mark.answer >= 0 ? mark.copied_from : -1;
    e->controls += control >= 0;
    e->sources += source >= 0;
    for (int k = 0; k < e->report.count; k++) {
        e->model->ops->attention(e->model, k / e->report.heads, k % e->report.heads, b, e->map, NULL);
        const float *w = e->map + (size_t)(T - 1) * (size_t)T;
        double sum = 0, entropy = 0, distance = 0;
        for (int t = 0; t < T; t++)
            sum += fabs((double)w[t]);
        for (int t = 0; t < T && sum > 0; t++) {
            double share = fabs((double)w[t]) / sum;
            entropy -= share > 0 ? share * log(share) : 0;
            distance += share * (T - 1 - t);
        }
        e->entropy[k] += entropy;
        e->distance[k] += distance;
        e->control[k] += control >= 0 ? (double)w[control] : 0;
        e->source[k] += source >= 0 ? (double)w[source] : 0;
    }
}

static void begin_batch(struct exam *e)
{
    task_read(&e->reader, &e->batch);
    e->read += e->batch.sequences;
    memset(e->without, 0, sizeof e->without);
    memset(e->blind, 0, sizeof e->blind);
    model_forward(e->model, e->batch.tokens, e->batch.positions, e->batch.sequences);
    for (int b = 0; b < e->batch.sequences; b++) {
        e->right[b] = is_right(e, b);
        if (asks_number(e, b))
            look_at(e, b);
    }
}

static void run_changed(struct exam *e, int head, char piece, struct exam_change *out)
{
    exam_change_head(e->model, head, piece, NULL);
    model_forward(e->model, e->batch.tokens, e->batch.positions, e->batch.sequences);
    exam_change_head(e->model, head, piece, e->kept);
    for (int b = 0; b < e->batch.sequences; b++) {
        bool right = is_right(e, b);
        if (!asks_number(e, b))
            continue;
        out->lost += e->right[b] && !right;
        out->won += !e->right[b] && right;
    }
}

/* All ways saw the batch: it counts. */
static void end_batch(struct exam *e)
{
    struct exam_report *r = &e->report;
    for (int b = 0; b < e->batch.sequences; b++) {
        if (!asks_number(e, b))
            continue;
        r->whole.count++;
        r->whole.right += e->right[b];
    }
    double n = (double)r->whole.count;
    for (int k = 0; k < r->count && r->whole.count > 0; k++) {
        struct exam_head *h = &r->head[k];
        h->entropy = e->entropy[k] / n;
        h->distance = e->distance[k] / n;
        h->controls = e->controls;
        h->sources = e->sources;
        h->control = e->controls > 0 ? e->control[k] / (double)e->controls : NAN;
        h->source = e->sources > 0 ? e->source[k] / (double)e->sources : NAN;
        h->without.lost += e->without[k].lost;
        h->without.won += e->without[k].won;
        h->blind.lost += e->blind[k].lost;
        h->blind.won += e->blind[k].won;
    }
    r->done = r->whole.count >= EXAM_WINDOWS || e->read >= WINDOWS_MOST;
}

bool exam_go_on(struct exam *e)
{
    int heads = e->report.count, head = (e->way - 1) % heads;
    if (e->report.done)
        return false;
    if (e->way == 0)
        begin_batch(e);
    else if (e->way <= heads)
        run_changed(e, head, 'o', &e->without[head]);
    else
        run_changed(e, head, 'q', &e->blind[head]);
    e->way = (e->way + 1) % (2 * heads + 1);
    if (e->way > 0)
        return false;
    end_batch(e);
    return true;
}
