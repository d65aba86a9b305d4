/* Following a sweep through its folder alone: a thread reads it and publishes pictures. */
#ifndef HEED_TRAIN_SWEEP_WATCH_H
#define HEED_TRAIN_SWEEP_WATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include "core/exchange.h"
#include "train/board.h"

struct sweep_watch {
    struct board board;
    struct exchange pictures; /* of struct sweep_picture */
    struct sweep_picture *slots[3];
    pthread_t thread;
    atomic_bool ending;
    bool started;
    int64_t serial, steps; /* steps that all runs have done, when last looked */
    double heard;          /* clock when that changed */
};

/* Read the folder and publish a first picture; starts no thread. */
int sweep_watch_open(struct sweep_watch *w, const char *folder, struct failure *why);
/* Look again, once a second. */
int sweep_watch_start(struct sweep_watch *w, struct failure *why);
/* Look now and publish, without a thread. */
void sweep_watch_look(struct sweep_watch *w);
/* End the thread. Also of a zeroed struct. */
void sweep_watch_close(struct sweep_watch *w);

#endif
