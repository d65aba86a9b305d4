/* A session with the feed it speaks through: what live, train, watch, step and render share. */
#ifndef HEED_CLI_STAGE_H
#define HEED_CLI_STAGE_H

#include <pthread.h>
#include "cli/args.h"
#include "core/feed.h"
#include "train/session.h"

struct stage {
    struct race_config race; /* resolved; of the first session */
    struct feed feed;
    struct session *session; /* NULL: none yet; the director's while it runs */
    struct session_options options; /* as given; their kern found */
    bool started;
    int number;           /* of races begun */
    pthread_t director;
    bool directed;
    struct text earlier;  /* folders of the runs before the last one, a line each */
};

/* Find the kernels, make the feed for stage->race, no session yet. */
int stage_prepare(struct stage *s, const struct args *args, const struct session_options *options,
                  struct failure *why);
/* stage_prepare, and build the session of stage->race. Starts no thread. */
int stage_open(struct stage *s, const struct args *args, const struct session_options *options,
               struct failure *why);
/* Start the session's threads, if there is one. */
int stage_start(struct stage *s, struct failure *why);
/* Start the thread that begins other races and opens other runs as the screen asks for it
   (core/desk.h). stage_stop ends it. */
int stage_direct(struct stage *s, struct failure *why);
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
