/* One model's look at a place of a sequence: what it expects there and where it attends. */
#ifndef HEED_TRAIN_LOOK_H
#define HEED_TRAIN_LOOK_H

#include "model/model.h"
#include "train/draw.h"
#include "train/stepper.h"

/* The symbol that the model expects at `place` (at least T), from the T symbols before it. */
int look_expect(struct model *m, const struct stepper *s, int place);
/* The map that must be shown where not all can be. */
struct look_choice {
    int layer, head;
};
/* The symbol that the model draws there; -1 as look_expect. */
int look_draw(struct model *m, const struct stepper *s, int place, const struct drawing *d,
              struct rng *rng);
/* Probabilities, what is read from the stream (out->next_answer is known) and attention maps of the newest
   look_expect; as many maps as `capacity` floats
   hold, the chosen one (within what the model has) among them. */
void look_show(const struct model *m, size_t capacity, struct look_choice choice,
               struct probe_snapshot *out);
/* The maps alone, of one sequence or image of the newest forward pass. */
void look_maps(const struct model *m, int sequence, size_t capacity, struct look_choice choice,
               struct probe_snapshot *out);

#endif
