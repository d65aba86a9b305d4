/* The thread that draws: of a race on images, in the prober's place. It takes a contestant's newest
   weights, and another's beside it, draws images out of the same noise with both, and publishes every
   step of that with the attention of one image. */
#ifndef HEED_TRAIN_ARTIST_H
#define HEED_TRAIN_ARTIST_H

#include "core/feed.h"
#include "train/weights.h"

struct artist;

/* race, box and feed outlive the artist; `number` is the race's, for its pictures. */
int artist_new(struct artist **out, const struct race *race, int number, struct weight_box *box,
               struct feed *feed, struct failure *why);
int artist_start(struct artist *a, struct failure *why);
/* End the thread (if it runs) and free. */
void artist_free(struct artist *a);

#endif
