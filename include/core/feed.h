/* Everything that crosses between the screen and the threads that compute. */
#ifndef HEED_CORE_FEED_H
#define HEED_CORE_FEED_H

#include "core/config.h"
#include "core/exchange.h"
#include "core/snapshot.h"

struct feed {
    struct exchange race;  /* of struct race_snapshot */
    struct exchange probe; /* of struct probe_snapshot */
    struct command_queue to_trainer, to_prober;
    int wake[2]; /* pipe: a byte arrives when a probe answer is published; both ends non-blocking */
};

/* Allocates the slots for this race. A zeroed struct may be released. */
int feed_init(struct feed *feed, const struct race_config *race, struct failure *why);
void feed_release(struct feed *feed);
/* Route a command to its receiver; false if that queue is full. */
bool feed_send(struct feed *feed, struct command c);

#endif
