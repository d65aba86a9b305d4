/* Weights that a run saved on its way, to be looked at again. */
#ifndef HEED_TRAIN_PAST_H
#define HEED_TRAIN_PAST_H

#include "core/snapshot.h"
#include "model/model.h"
#include "train/session.h"

struct past {
    const struct gathering *files; /* whose folders hold them; folder "": no files are written */
    int64_t step;                  /* chosen; -1: the newest weights */
    int contestant;                /* whose list this is, -1: none's */
    int count;
    int64_t steps[PROBE_TIMELINE]; /* ascending */
    double list_at;                /* clock when to look again */
};

/* The list of a contestant, read anew if it is another one's or a second old. A folder that cannot be
   read has no list. */
void past_list(struct past *p, int contestant);
/* The weights that a contestant had at the chosen step. ERR_INPUT if it saved none there. */
int past_load(const struct past *p, int contestant, struct model *model, struct failure *why);

#endif
