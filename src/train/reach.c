/* How far copying carries beyond the distances of training. */
#include "train/race.h"

#include <string.h>

int reach_distances(const struct task *task, int at[MAX_REACH])
{
    enum { POINTS = 16 };
    int low = task->config.task.test_min, high = task->config.task.test_max, count = 0;
    if (!task->distance_low)
        return 0;
    if (high < low)
        high = low;
    int points = high - low + 1 < POINTS ? high - low + 1 : POINTS;
    for (int i = 0; i < points; i++)
        at[count++] = points > 1 ? low + (int)((int64_t)(high - low) * i / (points - 1)) : low;
    return count;
}

static int argmax(const real *row, int n)
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (row[i] > row[best])
            best = i;
    return best;
}

/* Every number that a pair rules in the windows of a batch. */
static void count_batch(const struct model *m, const struct batch *batch, struct score *score)
{
    int B = batch->sequences, rows = m->logit_positions * B;
    size_t before = (size_t)(batch->positions - m->logit_positions) * (size_t)B;
    for (int r = 0; r < rows; r++) {
        size_t at = before + (size_t)r;
        if (!batch->number[at])
            continue;
        score->count++;
        score->right += argmax(m->logits + (size_t)r * (size_t)m->symbols, m->symbols) ==
                        batch->targets[at];
    }
}

int reach_measure(struct model *model, const struct task *task, int distance, int windows,
                  const struct batch *batch, struct score *out, struct failure *why)
{
    struct task_reader reader;
    *out = (struct score){0};
    if (task_reader_init_distance(&reader, task, RNG_EVAL, distance, distance) < 0)
        return fail(why, ERR_MEMORY, "no memory for the held-out stream");
    for (int done = 0; done < windows;) {
        struct batch part = *batch;
        if (windows - done < part.sequences)
            part.sequences = windows - done;
        task_read(&reader, &part);
        model_forward_batch(model, &part);
        count_batch(model, &part, out);
        done += part.sequences;
    }
    task_reader_release(&reader);
    return 0;
}

int reach_evaluate(struct model *model, const struct task *task, int windows,
                   const struct batch *batch, const struct interlude *interlude, struct reach *out,
                   struct failure *why)
{
    *out = (struct reach){.low = task->distance_low, .high = task->distance_high};
    int count = reach_distances(task, out->at), code = 0;
    for (int i = 0; i < count && code == 0; i++) {
        code = reach_measure(model, task, out->at[i], windows, batch, &out->acc[i], why);
        if (code == 0 && !interlude_go_on(interlude))
            code = EVALUATION_ENDED;
    }
    out->count = code == 0 ? count : 0;
    return code;
}
