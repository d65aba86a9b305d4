/* Accuracy and loss on windows of the fixed held-out stream. */
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

static void count(struct score *s, bool right)
{
    s->count++;
    s->right += right;
}

/* One symbol of a window: its target stands at `at` in the batch. What no model is trained on says
   nothing about it. */
static void count_symbol(struct evaluation *e, const struct batch *batch, size_t at,
                         bool every_position, bool right)
{
    if (!batch->scored[at])
        return;
    count(&e->all, right);
    if (!batch->number[at])
        return;
    count(&e->acc, right);
    if (batch->subtask[at] < MAX_SUBTASKS)
        count(&e->subtask[batch->subtask[at]], right);
    if (every_position) /* a text has no control tokens */
        return;
    int since = batch->since[at];
    count(&e->since[since < MAX_SINCE ? since : MAX_SINCE - 1], right);
}

/* The last positions, or of a text every one that has logits. */
static void count_windows(struct evaluation *e, const struct model *m, const struct batch *batch,
                          bool every_position)
{
    int B = batch->sequences, V = m->symbols, rows = m->logit_positions * B;
    size_t before = (size_t)(batch->positions - m->logit_positions) * (size_t)B;
    for (int r = every_position ? 0 : rows - B; r < rows; r++) {
        size_t at = before + (size_t)r;
        count_symbol(e, batch, at, every_position,
                     argmax(m->logits + (size_t)r * V, V) == batch->targets[at]);
    }
}

bool interlude_go_on(const struct interlude *interlude)
{
    return !interlude || !interlude->go_on || interlude->go_on(interlude->arg);
}

int evaluate_model(struct model *model, const struct task *task, int64_t windows,
                   const struct batch *batch, const struct interlude *interlude,
                   struct evaluation *out, struct failure *why)
{
    struct task_reader reader;
    if (task->pixels)
        return evaluate_images(model, task, windows, batch, interlude, out, why);
    *out = (struct evaluation){.all_ceiling = task->all_ceiling, .loss = NAN};
    if (task_reader_init(&reader, task, RNG_EVAL) < 0)
        return fail(why, ERR_MEMORY, "no memory for the held-out stream");
    if (task->test_windows && windows > task->test_windows)
        windows = task->test_windows;
    double loss = 0;
    bool goes_on = true;
    for (int64_t done = 0; done < windows && goes_on;) {
        struct batch part = *batch;
        int scored;
        if (windows - done < part.sequences)
            part.sequences = (int)(windows - done);
        task_read(&reader, &part);
        model_forward_batch(model, &part);
        double mean = model_loss(model, &part, &scored);
        loss += mean * scored;
        out->loss_count += scored;
        count_windows(out, model, &part, task->every_position);
        done += part.sequences;
        goes_on = interlude_go_on(interlude);
    }
    task_reader_release(&reader);
    if (!goes_on)
        return EVALUATION_ENDED;
    out->windows = windows;
    if (out->loss_count)
        out->loss = loss / (double)out->loss_count;
    out->valid = true;
    if (out->loss_count && !isfinite(out->loss))
        return fail(why, ERR_NUMBER, "the loss on the held-out stream is not finite");
    return 0;
}

int race_evaluate(struct race *race, int i, int64_t windows, struct evaluation *out,
                  struct failure *why)
{
    struct contestant *c = &race->contestants[i];
    int code = evaluate_model(c->model, race->task, windows, &race->eval_batch,
                              &race->interlude, out, why);
    if (code == 0)
        code = reach_evaluate(c->model, race->task, REACH_WINDOWS, &race->eval_batch,
                              &race->interlude, &out->reach, why);
    if (code == 0 && c->rows)
        code = collapse_evaluate(c->rows, c->model->weights, &race->interlude, &out->collapse);
    out->step = c->step;
    return code;
}
