/* Measures beyond what a model was trained on: copying over other distances, and rows too long to be
   told apart. Both run a model forward and change nothing. */
#ifndef HEED_TRAIN_REACH_H
#define HEED_TRAIN_REACH_H

#include "core/series.h"
#include "model/model.h"
#include "task/task.h"

struct interlude; /* of an evaluation, train/race.h: keys are answered between two measurements; NULL: none */

/* At each distance, while a model trains. */
enum { REACH_WINDOWS = 8 };
/* Up to 16 distances, evenly from task.test_min to task.test_max; 0 if the task has no pairs. */
int reach_distances(const struct task *task, int at[MAX_REACH]);
/* Accuracy over every ruled number of `windows` windows of the held-out stream whose pairs are all
   `distance` numbers apart. Where no copy fits into a window count stays 0. */
int reach_measure(struct model *model, const struct task *task, int distance, int windows,
                  const struct batch *batch, struct score *out, struct failure *why);
/* At all of reach_distances. EVALUATION_ENDED if the interlude says so. */
int reach_evaluate(struct model *model, const struct task *task, int windows,
                   const struct batch *batch, const struct interlude *interlude, struct reach *out,
                   struct failure *why);

/* The representation difference (Lv 2024): x = open same ... same close, a row of n, and x' with the
   first of the row changed. Of the vectors of the last position behind the final norm, in each of the
   C / H chunks of a head's width the largest |x - x'|; the mean over the chunks. Which symbol is
   changed is ours (reconstructed): the earliest, whose trace must come from furthest away. */
struct collapse_room; /* a copy of the model with a longer window */

/* Room for a contestant of these settings: NULL where the task asks about no row or the model has no
   such vectors. Windows longer than training's where positions are not learned and weights are not
   grouped, else as long. */
int collapse_open(struct collapse_room **out, const struct task *task, const struct config *config,
                  const struct kern *kern, struct team *team, struct failure *why);
void collapse_close(struct collapse_room *room);
/* The lengths that it measures with these settings: ten steps, n = 200 to 2,000 where the window can hold
   them. 0 where there is no room. */
int collapse_lengths(const struct task *task, const struct config *config, int at[MAX_REACH]);
/* With the weights of a model of the same settings. 0 or EVALUATION_ENDED. */
int collapse_evaluate(struct collapse_room *room, const real *weights,
                      const struct interlude *interlude, struct collapse *out);

#endif
