/* What each head of a model is for: where it looks, and what becomes of the answers when it is changed.
   Done in small portions, so that whoever does it can answer in between. */
#ifndef HEED_TRAIN_EXAM_H
#define HEED_TRAIN_EXAM_H

#include "core/snapshot.h"
#include "train/race.h"

struct exam;

/* Begin with a copy of these weights, which are contestant i's of training step `step`. ERR_USAGE: it
   has no attention, or the task is one of images. The race outlives the exam; team: of the caller. */
int exam_new(struct exam **out, const struct race *race, int i, const real *weights, int64_t step,
             struct team *team, struct failure *why);
void exam_free(struct exam *e);
/* One portion more. True when the report has become another one. */
bool exam_go_on(struct exam *e);
/* Zero what belongs to head `head` (layer * heads + head) in an attention weight, or take it from `back`
   (params.total numbers). piece 'o', the output map (G, C, C): the columns by which it reads the head;
   'q', 'k', 'v': the rows that write it. */
void exam_change_head(struct model *m, int head, char piece, const real *back);
bool exam_done(const struct exam *e);
const struct exam_report *exam_report(const struct exam *e);

#endif
