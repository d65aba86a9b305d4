/* Who measures how good the contestants' samples are while the artist draws: one after the other, in
   small portions, with a copy of the weights of the moment. */
#ifndef HEED_TRAIN_CRITIC_H
#define HEED_TRAIN_CRITIC_H

#include "core/snapshot.h"
#include "train/race.h"

struct critic;

/* race and team outlive it. */
int critic_new(struct critic **out, const struct race *race, struct team *team, struct failure *why);
void critic_free(struct critic *c);
/* Measure contestant i with these weights, of training step `step`. */
void critic_ask(struct critic *c, int i, const real *weights, int64_t step);
/* Forget what is not done. */
void critic_stop(struct critic *c);
bool critic_is_busy(const struct critic *c);
/* One portion; true when a report has become another one. */
bool critic_go_on(struct critic *c);
const struct quality_report *critic_report(const struct critic *c, int i);

#endif
