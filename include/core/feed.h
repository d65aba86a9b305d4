/* Everything that crosses between the screen and the threads that compute. */
#ifndef HEED_CORE_FEED_H
#define HEED_CORE_FEED_H

#include "core/config.h"
#include "core/desk.h"
#include "core/exchange.h"
#include "core/snapshot.h"

struct feed {
    struct exchange race;  /* of struct race_snapshot */
    struct exchange probe; /* of struct probe_snapshot */
    struct command_queue to_trainer, to_prober;
    struct desk desk;
    struct exchange *sweep; /* of struct sweep_picture; NULL: no sweep is followed. Not owned */
    int wake[2]; /* pipe: a byte arrives when a probe answer is published; both ends non-blocking */
};

/* Allocates the slots for this race, with room for what a screen looks at first: probe_map_need of the
   chosen map, none for second pictures. A zeroed struct may be released. */
int feed_init(struct feed *feed, const struct race_config *race, struct failure *why);
void feed_release(struct feed *feed);
/* Route a command to its receiver; false if that queue is full. */
bool feed_send(struct feed *feed, struct command c);
/* Between two sessions, when nobody receives: forget the commands that nobody took. */
void feed_drain(struct feed *feed);
/* desk_tell, and the screen wakes. */
void feed_tell(struct feed *feed, const char *line, bool done);
/* Room for `floats` in each map buffer of a picture that belongs to the caller: more may be looked at
   later, and another race may have larger maps. ERR_MEMORY leaves it as it was. */
int feed_grow(struct probe_snapshot *slot, size_t floats);
/* Likewise room for the images that a race on them draws. */
int feed_draws(struct probe_snapshot *slot);
/* A slot of a race without images has no gallery, whatever race it served before. */
void feed_draws_not(struct probe_snapshot *slot);

#endif
