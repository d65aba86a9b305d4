/* One model's look at a place of a sequence: what it expects there and where it attends. */
#ifndef HEED_TRAIN_LOOK_H
#define HEED_TRAIN_LOOK_H

#include "model/model.h"
#include "train/stepper.h"

/* The symbol that the model expects at `place` (at least T), from the T symbols before it. */
int look_expect(struct model *m, const struct stepper *s, int place);
/* Probabilities and attention maps of the newest look_expect; as many whole layers as `capacity`
   floats hold, and a word in out->message if that is not all. */
void look_show(const struct model *m, const struct stepper *s, size_t capacity,
               struct probe_snapshot *out);

#endif
