/* A session with the feed it speaks through: what live, train, watch, step and render share. */
#ifndef HEED_CLI_STAGE_H
#define HEED_CLI_STAGE_H

#include "cli/args.h"
#include "core/feed.h"
#include "train/session.h"

struct stage {
    struct race_config race; /* resolved */
    struct feed feed;
    struct session *session;
    bool started;
};

/* Build the session of a race (already in stage->race). Starts no thread. */
int stage_open(struct stage *s, const struct args *args, const struct session_options *options,
               struct failure *why);
int stage_start(struct stage *s, struct failure *why);
/* End the threads, after a checkpoint if training; the feed keeps its last snapshots. */
int stage_stop(struct stage *s, struct failure *why);
/* Also of a zeroed struct. Stops what still runs. */
void stage_close(struct stage *s);
/* The newest snapshots, NULL before the first. */
const struct race_snapshot *stage_race(struct stage *s, bool *fresh);
const struct probe_snapshot *stage_probe(struct stage *s);
/* RUN/config.ini into stage->race, resolved. ERR_USAGE if `folder` is no run. */
int stage_read_run(struct stage *s, const char *folder, struct failure *why);

#endif
