#include "task/task.h"

#include <assert.h>
#include <math.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include "base/team.h"
#include "base/text.h"
#include "core/config.h"
#include "task/images.h"
#include "task/window.h"

#define TASK(id) extern const struct task_ops task_##id##_ops;
#include "task/tasks/task_list.h"
#undef TASK

static const struct task_ops *const registry[] = {
#define TASK(id) &task_##id##_ops,
#include "task/tasks/task_list.h"
#undef TASK
    NULL};

/* A stream of task_sample lives on the stack: a training step allocates nothing. */
enum { STREAM_LIMIT = 8192 };

const struct task_ops *const *task_registry(void)
{
    return registry;
}

static int task_by_name(const char *name, const struct task_ops **out, struct failure *why)
{
    enum { TASKS = sizeof registry / sizeof registry[0] - 1 };
    const char *names[TASKS];
    for (int i = 0; i < TASKS; i++) {
        names[i] = registry[i]->name;
        if (strcmp(names[i], name) == 0) {
            *out = registry[i];
            return 0;
        }
    }
    int near = text_nearest(name, names, TASKS);
    if (near >= 0)
        return fail(why, ERR_USAGE, "task.kind: unknown task %s: did you mean %s?", name,
                    names[near]);
    return fail(why, ERR_USAGE, "task.kind: unknown task %s: `heed list tasks` names them", name);
}

int task_new(struct task **out, const struct config *config, struct failure *why)
{
    return task_new_in(out, config, NULL, why);
}

int task_new_in(struct task **out, const struct config *config, const char *folder,
                struct failure *why)
{
    const struct task_ops *ops = NULL;
    bool own = strcmp(config->task.rules, "none") != 0;
    int code = task_by_name(own ? "rules" : config->task.kind, &ops, why);
    if (code)
        return code;
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        return fail(why, ERR_MEMORY, "task: no memory: end other programs");
    task->ops = ops;
    task->config = *config;
    task->folder = folder;
    code = ops->init(task, config, why);
    task->folder = NULL;
    if (code) {
        task_free(task);
        return code;
    }
    assert(task->stream_size <= STREAM_LIMIT);
    *out = task;
    return 0;
}

int task_resolve(struct config *config, struct failure *why)
{
    const struct task_ops *ops = NULL;
    bool own = strcmp(config->task.rules, "none") != 0;
    int code = task_by_name(own ? "rules" : config->task.kind, &ops, why);
    return code || !ops->resolve ? code : ops->resolve(config, why);
}

int task_batch(const struct task *task, struct batch *batch, int positions, int sequences)
{
    return task->pixels ? batch_init_images(batch, positions, task->pixels, sequences)
                        : batch_init(batch, positions, sequences);
}

void task_free(struct task *task)
{
    if (!task)
        return;
    task->ops->release(task);
    free(task);
}

/* One window of T symbols beginning with `first`; returns the symbol that follows it. */
static int fill_window(const struct task *task, void *stream, struct rng *rng, int first,
                       struct batch *batch, int b)
{
    size_t stride = (size_t)batch->sequences;
    int symbol = task->ops->window
                     ? task->ops->window(task, stream, rng, first, batch, b)
                     : window_fill(task, stream, rng, first, batch, b, task->ops->next);
    for (int t = 0; t + 1 < task->mask && t < batch->positions; t++) {
        size_t at = (size_t)t * stride + (size_t)b;
        batch->scored[at] = batch->number[at] = 0;
    }
    return symbol;
}

/* Windows that one member of a team fills before it copies their rows into the batch: single bytes
   written in turns would throw the cache lines of the marks to and fro. */
enum { TOGETHER = 16 };

struct windows {
    int32_t tokens[MAX_CONTEXT * TOGETHER], targets[MAX_CONTEXT * TOGETHER];
    uint8_t scored[MAX_CONTEXT * TOGETHER], number[MAX_CONTEXT * TOGETHER];
    uint8_t subtask[MAX_CONTEXT * TOGETHER], since[MAX_CONTEXT * TOGETHER];
};

/* Rows of `count` windows go to columns first.. of the batch. */
static void put_windows(const struct batch *from, int first, int count, struct batch *batch)
{
    for (int t = 0; t < batch->positions; t++) {
        size_t at = (size_t)t * TOGETHER, to = (size_t)t * batch->sequences + (size_t)first;
        size_t bytes = (size_t)count, wide = bytes * sizeof *batch->tokens;
        memcpy(batch->tokens + to, from->tokens + at, wide);
        memcpy(batch->targets + to, from->targets + at, wide);
        memcpy(batch->scored + to, from->scored + at, bytes);
        memcpy(batch->number + to, from->number + at, bytes);
        memcpy(batch->subtask + to, from->subtask + at, bytes);
        memcpy(batch->since + to, from->since + at, bytes);
    }
}

/* Image `index` of a stream becomes image b of the batch, with noise on it. */
static void fill_image(const struct task *task, enum rng_stream stream, uint64_t index,
                       struct batch *batch, int b)
{
    struct rng rng;
    size_t at = (size_t)b * (size_t)batch->pixels;
    float *image = batch->image + at, *noise = batch->noise + at;
    enum { TIMES = IMAGE_TIMES / MAX_LEVELS }; /* of a level */
    batch->label[b] = (uint8_t)task->ops->image(task, stream, index, &rng, image);
    int level = stream == RNG_EVAL ? (int)(index % MAX_LEVELS) : (int)rng_below(&rng, MAX_LEVELS);
    batch->time[b] = 1 + level * TIMES + (int)rng_below(&rng, TIMES);
    double signal = noise_signal(batch->time[b]);
    float kept = (float)sqrt(signal), added = (float)sqrt(1 - signal);
    for (int i = 0; i < batch->pixels; i++) {
        noise[i] = (float)rng_normal(&rng);
        image[i] = kept * image[i] + added * noise[i];
    }
}

static void sample_images(const struct task *task, int64_t step, struct batch *batch, int part,
                          int parts)
{
    uint64_t first = (uint64_t)step * (uint64_t)batch->sequences;
    int last = team_first(part + 1, parts, batch->sequences, 1);
    for (int b = team_first(part, parts, batch->sequences, 1); b < last; b++)
        fill_image(task, RNG_TRAIN, first + (uint64_t)b, batch, b);
}

void task_sample_part(const struct task *task, int64_t step, struct batch *batch, int part,
                      int parts)
{
    if (task->ops->image) {
        sample_images(task, step, batch, part, parts);
        return;
    }
    alignas(max_align_t) char stream[STREAM_LIMIT];
    struct windows w;
    struct batch some = {.positions = batch->positions,
                         .sequences = TOGETHER,
                         .tokens = w.tokens,
                         .targets = w.targets,
                         .scored = w.scored,
                         .number = w.number,
                         .subtask = w.subtask,
                         .since = w.since};
    int last = team_first(part + 1, parts, batch->sequences, TOGETHER), count;
    for (int b = team_first(part, parts, batch->sequences, TOGETHER); b < last; b += count) {
        count = last - b < TOGETHER ? last - b : TOGETHER;
        for (int i = 0; i < count; i++) {
            struct rng rng;
            struct task_mark mark;
            rng_seed(&rng, (uint64_t)task->config.train.seed, RNG_TRAIN,
                     (uint64_t)step * (uint64_t)batch->sequences + (uint64_t)(b + i));
            task->ops->begin(task, stream, &rng);
            int first = task->ops->next(task, stream, &rng, &mark);
            fill_window(task, stream, &rng, first, &some, i);
        }
        put_windows(&some, b, count, batch);
    }
}

void task_sample(const struct task *task, int64_t step, struct batch *batch)
{
    task_sample_part(task, step, batch, 0, 1);
}

void task_begin_test(const struct task *task, void *stream, struct rng *rng, bool anywhere)
{
    if (task->ops->begin_test)
        task->ops->begin_test(task, stream, anywhere ? rng : NULL);
    else
        task->ops->begin(task, stream, rng);
}

static void begin_sequence(struct task_reader *r)
{
    struct task_mark mark;
    if (r->low)
        r->task->ops->begin_distance(r->task, r->stream, &r->rng, r->low, r->high);
    else
        task_begin_test(r->task, r->stream, &r->rng, false);
    r->pending = r->task->ops->next(r->task, r->stream, &r->rng, &mark);
}

int task_reader_init_distance(struct task_reader *r, const struct task *task,
                              enum rng_stream stream, int low, int high)
{
    *r = (struct task_reader){.task = task, .low = low, .high = high};
    if (task->ops->image)
        return 0;
    r->stream = calloc(1, task->stream_size);
    if (!r->stream)
        return ERR_MEMORY;
    rng_seed(&r->rng, (uint64_t)task->config.train.seed, stream, 0);
    begin_sequence(r);
    return 0;
}

int task_reader_init(struct task_reader *r, const struct task *task, enum rng_stream stream)
{
    return task_reader_init_distance(r, task, stream, 0, 0);
}

void task_reader_release(struct task_reader *r)
{
    free(r->stream);
    *r = (struct task_reader){0};
}

void task_read(struct task_reader *r, struct batch *batch)
{
    for (int b = 0; b < batch->sequences; b++) {
        if (r->task->ops->image) {
            fill_image(r->task, RNG_EVAL, r->image++, batch, b);
            continue;
        }
        r->pending = fill_window(r->task, r->stream, &r->rng, r->pending, batch, b);
        if (r->task->fresh)
            begin_sequence(r);
    }
}

void task_answer(const struct task *task, const int16_t *symbols, int n, struct task_mark *mark)
{
    task->ops->answer(task, symbols, n, mark);
}

int task_go_on(const struct task *task, const int16_t *symbols, int n, struct rng *rng)
{
    return task->ops->go_on(task, symbols, n, rng);
}
