/* Training the runs of a sweep, several at a time. */
#ifndef HEED_CLI_SWEEP_CLIMB_H
#define HEED_CLI_SWEEP_CLIMB_H

#include "cli/args.h"
#include "train/board.h"

struct climb_options {
    const struct args *args;
    int jobs;          /* 0: as many as there are cores */
    int shard, shards; /* runs r with r % shards == shard */
};

/* Train what has not ended. `text` is the sweep as DIR/sweep.ini keeps it. Returns an exit code. */
int climb(struct board *board, const char *text, const struct climb_options *o,
          struct failure *why);

#endif
