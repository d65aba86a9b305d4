/* The symbols of one window. For task.c, and for tasks whose own loop spares them a call for each. */
#ifndef HEED_TASK_WINDOW_H
#define HEED_TASK_WINDOW_H

#include "task/task.h"

/* Column b of the batch: a window that begins with `first`, each next symbol by `next`, which is
   compiled into the caller where it is known there. Returns the symbol that follows. */
static inline int window_fill(const struct task *task, void *stream, struct rng *rng, int first,
                              struct batch *batch, int b,
                              int (*next)(const struct task *, void *, struct rng *,
                                          struct task_mark *))
{
    size_t stride = (size_t)batch->sequences, end = (size_t)batch->positions * stride;
    int symbol = first;
    for (size_t at = (size_t)b; at < end; at += stride) {
        struct task_mark mark;
        batch->tokens[at] = symbol;
        symbol = next(task, stream, rng, &mark);
        batch->targets[at] = symbol;
        batch->scored[at] = mark.scored;
        batch->number[at] = mark.number;
        batch->subtask[at] = mark.subtask;
        batch->since[at] = mark.since;
    }
    return symbol;
}

#endif
