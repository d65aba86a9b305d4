/* The thread that looks inside: runs the stepped sequence through one contestant with the newest
   weights and publishes what it saw. */
#ifndef HEED_TRAIN_PROBER_H
#define HEED_TRAIN_PROBER_H

#include "core/feed.h"
#include "train/session.h"
#include "train/weights.h"

struct prober;

/* race, box, files and feed outlive the prober; `number` is the race's, for its pictures; files: where
   its contestants' saved weights stand. */
int prober_new(struct prober **out, const struct race *race, int number, struct weight_box *box,
               const struct gathering *files, struct feed *feed, struct failure *why);
int prober_start(struct prober *p, struct failure *why);
/* End the thread (if it runs) and free. */
void prober_free(struct prober *p);

#endif
