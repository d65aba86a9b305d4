/* How far a training has come, on standard error: a bar on a terminal, else a line now and then. */
#ifndef HEED_CLI_PROGRESS_H
#define HEED_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>
#include "core/snapshot.h"

struct progress {
    FILE *stream;
    bool bar;         /* redraw one line in place */
    double interval;  /* seconds between plain lines */
    double last_time; /* of the last line; 0: none yet */
    int64_t last_step;
    bool unsaved;     /* told of */
};

/* `plain` asks for lines even on a terminal. */
void progress_init(struct progress *p, FILE *stream, double interval, bool plain);
void progress_show(struct progress *p, const struct race_snapshot *race);
/* The last state: a line of its own, and the bar is gone. */
void progress_end(struct progress *p, const struct race_snapshot *race);

#endif
