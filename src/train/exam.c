#include "train/exam.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

/* Windows a portion, and for each that is wanted at most: not every window ends before a number. */
enum { TOGETHER = 16, READ_MOST = 4, KINDS = HEAD_CHANGES - 1 };

/* Ways to run a batch: whole, then with each change of each head. */
struct exam {
    const struct task *task;
    char name[NAME_TEXT];
    struct exam_report report;
    struct model *model;
    unsigned char *changes; /* (layers, heads) */
    struct task_reader reader;
    struct batch batch;
    int64_t wanted;
    int way;                /* the next one; 0: a new batch */
    int64_t read;           /* windows so far */
    bool right[TOGETHER];   /* answered so by the whole model */
    float *map;             /* (T, T) */
    real *logits;           /* (TOGETHER, V), read from the stream */
    struct exam_part part[EXAM_PARTS]; /* sums in place of means; of the batch in hand too */
};

static int take_memory(struct exam *e, const struct exam_subject *s)
{
    size_t T = (size_t)s->config->task.context;
    size_t maps = (size_t)e->report.layers * (size_t)e->report.heads;
    e->map = malloc(T * T * sizeof *e->map);
    e->changes = calloc(maps, 1);
    e->logits = malloc(TOGETHER * (size_t)e->model->symbols * sizeof *e->logits);
    if (!e->map || !e->changes || !e->logits ||
        task_batch(s->task, &e->batch, s->config->task.context, TOGETHER) < 0 ||
        task_reader_init(&e->reader, s->task, RNG_EVAL) < 0)
        return ERR_MEMORY;
    return 0;
}

static void begin_report(struct exam *e, const struct exam_subject *s)
{
    int layers = model_attention_layers(e->model), heads = s->config->model.heads;
    struct exam_report *r = &e->report;
    *r = (struct exam_report){.asked = true,
                              .contestant = s->contestant,
                              .step = s->step,
                              .layers = layers,
                              .heads = heads,
                              .count = layers * heads < EXAM_HEADS ? layers * heads : EXAM_HEADS,
                              .lens = model_lens_rows(e->model)};
    for (int k = 0; k < r->count; k++)
        r->has_signs[k] = model_layer_attention(e->model, k / heads)->is_signed;
}

int exam_new(struct exam **out, const struct exam_subject *s, struct team *team,
             struct failure *why)
{
    struct exam *e = calloc(1, sizeof *e);
    if (!e)
        return fail(why, ERR_MEMORY, "no memory to measure what the heads are for");
    e->task = s->task;
    text_copy(e->name, sizeof e->name, s->name);
    e->wanted = s->windows > 0 ? s->windows : EXAM_WINDOWS;
    int code = model_new(&e->model, s->config, s->task->alphabet.count, TOGETHER, false, s->kern,
                         team, why);
    if (code == 0 && (model_attention_layers(e->model) == 0 || e->model->ops->reads_images))
        code = fail(why, ERR_USAGE, "%s has no attention to symbols: c shows the next contestant",
                    s->name);
    if (code == 0) {
        begin_report(e, s);
        if (take_memory(e, s) < 0)
            code = fail(why, ERR_MEMORY, "no memory to measure what the heads are for");
    }
    if (code < 0) {
        exam_free(e);
        return code;
    }
    memcpy(e->model->weights, s->weights, e->model->params.total * sizeof *s->weights);
    e->model->changes = e->changes;
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
    free(e->changes);
    free(e->logits);
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

/* --- one batch --------------------------------------------------------------------------------- */

/* Whether a row (B, V) of logits is right about window b. */
static bool is_right(const struct exam *e, const real *logits, int b)
{
    size_t B = (size_t)e->batch.sequences, V = (size_t)e->model->symbols, best = 0;
    const real *row = logits + (size_t)b * V;
    for (size_t v = 1; v < V; v++)
        if (row[v] > row[best])
            best = v;
    return (int)best == e->batch.targets[(size_t)(e->batch.positions - 1) * B + (size_t)b];
}

static const real *newest_logits(const struct exam *e)
{
    const struct model *m = e->model;
    return m->logits +
           (size_t)(m->logit_positions - 1) * (size_t)e->batch.sequences * (size_t)m->symbols;
}

static size_t last_of(const struct exam *e, int b)
{
    return (size_t)(e->batch.positions - 1) * (size_t)e->batch.sequences + (size_t)b;
}

static bool asks_number(const struct exam *e, int b)
{
    return e->batch.number[last_of(e, b)] != 0;
}

/* The parts that window b belongs to: all, and its subtask's if it has one. */
static int parts_of(struct exam *e, int b, struct exam_part *parts[2])
{
    int subtask = e->batch.subtask[last_of(e, b)];
    parts[0] = &e->part[0];
    if (subtask >= MAX_SUBTASKS)
        return 1;
    parts[1] = &e->part[1 + subtask];
    return 2;
}

/* Add what a head's last query of n keys does with its weights. */
static void add_look(struct exam_head *h, const float *w, int n, int control, int source)
{
    double sum = 0, below = 0;
    for (int t = 0; t < n; t++) {
        sum += fabs((double)w[t]);
        below += w[t] < 0 ? -(double)w[t] : 0;
    }
    for (int t = 0; t < n && sum > 0; t++) {
        double share = fabs((double)w[t]) / sum;
        h->entropy -= share > 0 ? share * log(share) : 0;
        h->distance += share * (n - 1 - t);
    }
    h->negative += sum > 0 ? below / sum : 0;
    h->control += control >= 0 ? (double)w[control] : 0;
    h->previous += n > 1 ? (double)w[n - 2] : 0;
    h->source += source >= 0 ? (double)w[source] : 0;
}

/* Where the last position of window b of every head looks. */
static void look_at(struct exam *e, int b)
{
    int T = e->batch.positions, control = -1;
    int16_t symbols[MAX_CONTEXT];
    struct exam_part *parts[2];
    struct task_mark mark;
    for (int t = 0; t < T; t++) {
        symbols[t] = (int16_t)e->batch.tokens[(size_t)t * (size_t)e->batch.sequences + (size_t)b];
        if (e->task->alphabet.control[symbols[t]] >= 0)
            control = t;
    }
    task_answer(e->task, symbols, T, &mark);
    int source = mark.answer >= 0 ? mark.copied_from : -1, count = parts_of(e, b, parts);
    for (int i = 0; i < count; i++) {
        parts[i]->controls += control >= 0;
        parts[i]->sources += source >= 0;
    }
    for (int k = 0; k < e->report.count; k++) {
        e->model->ops->attention(e->model, k / e->report.heads, k % e->report.heads, b, e->map, NULL);
        for (int i = 0; i < count; i++)
            add_look(&parts[i]->head[k], e->map + (size_t)(T - 1) * (size_t)T, T, control, source);
    }
}

/* What the head reads from the stream on its way. */
static void read_stream(struct exam *e)
{
    for (int row = 0; row < e->report.lens; row++) {
        model_lens(e->model, row, e->logits);
        for (int b = 0; b < e->batch.sequences; b++) {
            struct exam_part *parts[2];
            if (!asks_number(e, b) || !is_right(e, e->logits, b))
                continue;
            for (int i = parts_of(e, b, parts) - 1; i >= 0; i--)
                parts[i]->lens_right[row]++;
        }
    }
}

/* A text has so many windows and begins again after them: none is read twice. */
static void read_windows(struct exam *e)
{
    int64_t most = e->task->test_windows, left = most ? most - e->read : TOGETHER;
    e->batch.sequences = left < TOGETHER ? (int)left : TOGETHER;
    task_read(&e->reader, &e->batch);
    e->read += e->batch.sequences;
}

/* Numbers that overflowed say nothing, and nothing that was counted before is shown. */
static bool is_finite(const struct exam *e)
{
    const real *logits = newest_logits(e);
    size_t count = (size_t)e->batch.sequences * (size_t)e->model->symbols;
    for (size_t i = 0; i < count; i++)
        if (!isfinite((double)logits[i]))
            return false;
    return true;
}

static void give_up(struct exam *e)
{
    struct exam_report *r = &e->report;
    memset(r->part, 0, sizeof r->part);
    r->count = r->lens = 0;
    r->done = true;
    snprintf(r->message, sizeof r->message, "%s: its numbers are not finite, so its heads say nothing",
             e->name);
}

static void run_whole(struct exam *e)
{
    read_windows(e);
    model_forward(e->model, e->batch.tokens, e->batch.positions, e->batch.sequences);
    if (!is_finite(e)) {
        give_up(e);
        return;
    }
    for (int b = 0; b < e->batch.sequences; b++) {
        struct exam_part *parts[2];
        e->right[b] = is_right(e, newest_logits(e), b);
        if (!asks_number(e, b))
            continue;
        look_at(e, b);
        for (int i = parts_of(e, b, parts) - 1; i >= 0; i--) {
            parts[i]->whole.count++;
            parts[i]->whole.right += e->right[b];
        }
    }
    read_stream(e);
}

static void run_changed(struct exam *e, int head, enum head_change change)
{
    e->changes[head] = (unsigned char)change;
    model_forward(e->model, e->batch.tokens, e->batch.positions, e->batch.sequences);
    e->changes[head] = HEAD_WHOLE;
    for (int b = 0; b < e->batch.sequences; b++) {
        bool right = is_right(e, newest_logits(e), b);
        struct exam_part *parts[2];
        if (!asks_number(e, b))
            continue;
        for (int i = parts_of(e, b, parts) - 1; i >= 0; i--) {
            parts[i]->head[head].changed[change].lost += e->right[b] && !right;
            parts[i]->head[head].changed[change].won += !e->right[b] && right;
        }
    }
}

static void to_means(struct exam_part *p, int heads)
{
    double n = (double)p->whole.count;
    for (int k = 0; k < heads; k++) {
        struct exam_head *h = &p->head[k];
        h->entropy /= n;
        h->distance /= n;
        h->negative /= n;
        h->previous /= n;
        h->control /= (double)p->controls;
        h->source /= (double)p->sources; /* 0 / 0 is NaN: nothing was seen */
    }
}

/* All ways saw the batch: it counts. */
static void end_batch(struct exam *e)
{
    struct exam_report *r = &e->report;
    memcpy(r->part, e->part, sizeof r->part);
    for (int i = 0; i < EXAM_PARTS; i++)
        to_means(&r->part[i], r->count);
    r->done = r->part[0].whole.count >= e->wanted || e->read >= READ_MOST * e->wanted ||
              e->read == e->task->test_windows;
}

bool exam_go_on(struct exam *e)
{
    int ways = 1 + KINDS * e->report.count;
    if (e->report.done)
        return false;
    if (e->way == 0)
        run_whole(e);
    else
        run_changed(e, (e->way - 1) / KINDS, (enum head_change)(1 + (e->way - 1) % KINDS));
    if (e->report.done)
        return true;
    /* Who has no weights below 0 answers the same without them. */
    do
        e->way++;
    while (e->way < ways && 1 + (e->way - 1) % KINDS == HEAD_POSITIVE &&
           !e->report.has_signs[(e->way - 1) / KINDS]);
    if (e->way < ways)
        return false;
    e->way = 0;
    end_batch(e);
    return true;
}
