/* Whether long rows still differ at their end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "train/race.h"

enum { STEPS = 10, LONGEST = 2000, PAIR = 2, AROUND = 2 /* the tokens before and after the row */ };
_Static_assert(LONGEST + AROUND <= MAX_CONTEXT, "the longest row fits into a window");

struct collapse_room {
    const struct task *task;
    struct model *model;
    int32_t tokens[MAX_CONTEXT * PAIR];
};

/* The most positions that weights of these settings serve. */
static int longest_window(const struct config *c)
{
    bool any = c->model.position != POSITION_LEARNED && c->model.groups == 1;
    return any ? LONGEST + AROUND : c->task.context;
}

/* Whether there is a row to measure, and a vector behind it. */
static bool measures_rows(const struct task *task, const struct config *config)
{
    const struct model_ops *ops;
    return task->asks_of_row && model_by_name(config->model.kind, &ops, NULL) == 0 && ops->features;
}

int collapse_open(struct collapse_room **out, const struct task *task, const struct config *config,
                  const struct kern *kern, struct team *team, struct failure *why)
{
    struct config longer = *config;
    *out = NULL;
    if (!measures_rows(task, config))
        return 0;
    longer.task.context = longest_window(config);
    struct collapse_room *room = calloc(1, sizeof *room);
    if (!room)
        return fail(why, ERR_MEMORY, "no memory for rows of %d", LONGEST);
    room->task = task;
    int code = model_new(&room->model, &longer, task->alphabet.count, PAIR, false, kern, team, why);
    if (code < 0) {
        free(room);
        return code;
    }
    *out = room;
    return 0;
}

void collapse_close(struct collapse_room *room)
{
    if (!room)
        return;
    model_free(room->model);
    free(room);
}

int collapse_lengths(const struct task *task, const struct config *config, int at[MAX_REACH])
{
    int most = longest_window(config) - AROUND, count = 0;
    most = most < LONGEST ? most : LONGEST;
    if (!measures_rows(task, config))
        return 0;
    for (int i = 1; i <= STEPS; i++) {
        int n = most * i / STEPS;
        if (n > 0 && (count == 0 || n > at[count - 1]))
            at[count++] = n;
    }
    return count;
}

/* Both rows side by side, (T', 2). */
static void write_rows(struct collapse_room *room, int n)
{
    const struct task *t = room->task;
    int32_t *to = room->tokens;
    for (int i = 0; i < n + AROUND; i++)
        for (int b = 0; b < PAIR; b++)
            *to++ = i == 0       ? t->row.open
                    : i == n + 1 ? t->row.close
                    : i == 1 && b ? t->row.other
                                  : t->row.same;
}

/* The mean over head-sized chunks of the largest |difference| within each. */
static double difference(const real *x, const real *y, int width, int chunk)
{
    double sum = 0;
    int chunks = width / chunk;
    for (int first = 0; first < chunks * chunk; first += chunk) {
        double most = 0;
        for (int c = first; c < first + chunk; c++) {
            double d = fabs((double)x[c] - (double)y[c]);
            most = d > most || isnan(d) ? d : most;
        }
        sum += most;
    }
    return sum / chunks;
}

int collapse_evaluate(struct collapse_room *room, const real *weights,
                      const struct interlude *interlude, struct collapse *out)
{
    struct model *m = room->model;
    int width = m->config.model.dim, chunk = width / m->config.model.heads;
    memcpy(m->weights, weights, m->params.total * sizeof *weights);
    out->count = collapse_lengths(room->task, &m->config, out->at);
    for (int i = 0; i < out->count; i++) {
        int positions = out->at[i] + AROUND;
        write_rows(room, out->at[i]);
        model_forward(m, room->tokens, positions, PAIR);
        const real *last = m->ops->features(m) + (size_t)(positions - 1) * PAIR * (size_t)width;
        out->difference[i] = difference(last, last + width, width, chunk);
        if (!interlude_go_on(interlude))
            return EVALUATION_ENDED;
    }
    return 0;
}
