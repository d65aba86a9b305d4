/* Image tasks: grey images with noise on them. */
#ifndef HEED_TASK_IMAGES_H
#define HEED_TASK_IMAGES_H

#include "core/series.h"
#include "task/task.h"

/* Pixels are -1 (black) to 1 (white). Image `index` without noise, side^2 numbers; returns what is to be
   seen on it, 0..labels-1. Those held out have indices of their own, in no order of a file's. */
int images_clean(const struct task *task, bool held_out, uint64_t index, float *pixels);
/* What is called so: "disc", "7". */
void images_label(const struct task *task, int label, char *out, size_t size);
/* Images held out, 0: as many as are wanted, since they are drawn. */
int64_t images_held_out(const struct task *task);

/* alpha_bar(t), the share of the signal's variance that is left at time t, 0 to IMAGE_TIMES: the cosine
   schedule f(t) / f(0), f(t) = cos^2((t / 1000 + 0.008) / 1.008 * pi / 2), where no step takes away more
   than 0.999 of what there is (Nichol and Dhariwal 2021, arXiv 2102.09672, eq. 17). */
double noise_signal(int t);

/* Levels of noise that a loss is told apart by: level k holds the times k * 125 + 1 to (k + 1) * 125. */
static inline int noise_level(int t)
{
    return (t - 1) * MAX_LEVELS / IMAGE_TIMES;
}

#endif
