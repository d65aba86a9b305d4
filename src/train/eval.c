/* Accuracy at the last position of full windows, on the fixed held-out stream. */
#include <math.h>
#include "train/race.h"

static int argmax(const real *row, int n)
{
    int best = 0;
    for (int i = 1; i < n; i++) {
        if (row[i] > row[best])
            best = i;
    }
    return best;
}

/* -log softmax(row)[target] in double: the sum of a whole evaluation stays exact enough. */
static double surprise(const real *row, int n, int target)
{
    double top = (double)row[argmax(row, n)], sum = 0;
    for (int i = 0; i < n; i++)
        sum += exp((double)row[i] - top);
    return top + log(sum) - (double)row[target];
}

static void count(struct score *s, bool right)
{
    s->count++;
    s->right += right;
}

/* One window: its last position's target stands at `at` in the batch. */
static void count_window(struct evaluation *e, const struct batch *batch, size_t at, bool right)
{
    count(&e->all, right);
    if (!batch->number[at])
        return;
    count(&e->acc, right);
    if (batch->subtask[at] < MAX_SUBTASKS)
        count(&e->subtask[batch->subtask[at]], right);
    int since = batch->since[at];
    count(&e->since[since < MAX_SINCE ? since : MAX_SINCE - 1], right);
}

int evaluate_model(struct model *model, const struct task *task, int64_t windows,
                   const struct batch *batch, struct evaluation *out, struct failure *why)
{
    struct task_reader reader;
    *out = (struct evaluation){.all_ceiling = task->all_ceiling};
    if (task_reader_init(&reader, task, RNG_EVAL) < 0)
        return fail(why, ERR_MEMORY, "no memory for the held-out stream");
    double loss = 0;
    size_t V = (size_t)model->symbols;
    for (int64_t done = 0; done < windows;) {
        struct batch part = *batch;
        if (windows - done < part.sequences)
            part.sequences = (int)(windows - done);
        size_t B = (size_t)part.sequences;
        task_read(&reader, &part);
        model_forward(model, part.tokens, part.positions, part.sequences);
        const real *last = model->logits + (size_t)(model->logit_positions - 1) * B * V;
        for (size_t b = 0; b < B; b++) {
            size_t at = (size_t)(part.positions - 1) * B + b;
            int target = part.targets[at];
            loss += surprise(last + b * V, (int)V, target);
            count_window(out, &part, at, argmax(last + b * V, (int)V) == target);
        }
        done += part.sequences;
    }
    task_reader_release(&reader);
    out->windows = windows;
    out->loss = loss / (double)windows;
    out->valid = true;
    if (!isfinite(out->loss))
        return fail(why, ERR_NUMBER, "the loss on the held-out stream is not finite");
    return 0;
}

int race_evaluate(struct race *race, int i, int64_t windows, struct evaluation *out,
                  struct failure *why)
{
    struct contestant *c = &race->contestants[i];
    int code = evaluate_model(c->model, race->task, windows, &race->eval_batch, out, why);
    out->step = c->step;
    return code;
}
