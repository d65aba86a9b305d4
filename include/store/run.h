/* A run's folder: config.ini, metrics.jsonl, <contestant>/checkpoint.safetensors and timeline/. */
#ifndef HEED_STORE_RUN_H
#define HEED_STORE_RUN_H

#include <stdio.h>
#include "base/fsio.h"
#include "core/config.h"
#include "core/alphabet.h"
#include "core/series.h"
#include "core/snapshot.h"
#include "store/checkpoint.h"

/* A run that this process writes; locked against a second writer by flock on RUN/lock. */
struct run {
    char folder[FSIO_PATH];
    int lock_fd;
    FILE *metrics;
    bool torn; /* the last line broke off (a full disk) */
    bool made; /* run_create made the folder itself */
};

/* A new folder (must not hold a run yet) with config.ini. `folder` NULL: a fresh one named
   <preset>-<date>-<time>-s<seed> under $XDG_STATE_HOME/heed/runs. */
int run_create(struct run *run, const char *folder, const struct race_config *race,
               struct failure *why);
/* Reopen for writing: lock, check. */
int run_open(struct run *run, const char *folder, struct failure *why);
void run_close(struct run *run);
/* Remove what run_create has written, before anything else was; `copies`: names of files that were put
   there too, NULL behind the last; in a folder that was there before they may be the person's and stay.
   What is not of this run stays, and so does its folder then. Closes it. */
void run_remove_empty(struct run *run, const struct race_config *race, const char *const *copies);
/* Read RUN/config.ini. */
int run_read_config(const char *folder, struct race_config *race, struct failure *why);
/* RUN/<contestant>/checkpoint.safetensors and RUN/<contestant>/timeline/<step>.safetensors */
int run_checkpoint_path(const char *folder, const char *contestant, char out[FSIO_PATH],
                        struct failure *why);
/* Weights only, at steps 0, 10, 20, 50, 100, 200, 500, ... */
bool run_timeline_due(int64_t step);
int run_write_timeline(const struct run *run, const struct model *model, const char *contestant,
                       int64_t step, double seconds, struct failure *why);

/* Where they stand; no promise that they do. */
int run_timeline_path(const char *folder, const char *contestant, int64_t step,
                      char out[FSIO_PATH], struct failure *why);
/* The steps of which weights stand there, ascending; of more than `most` the newest. None yet: 0. */
int run_timeline_steps(const char *folder, const char *contestant, int64_t *steps, int most,
                       int *count, struct failure *why);

/* One line of metrics.jsonl: either steps since the last line of this contestant or an evaluation. */
struct record {
    enum { RECORD_STEP, RECORD_EVAL, RECORD_RESUME, RECORD_FAILURE } kind;
    char contestant[NAME_TEXT];
    int64_t step;
    double seconds;        /* the contestant's training seconds */
    double race_seconds;   /* of the whole race */
    struct spread loss, grad_norm; /* RECORD_STEP: since the last line */
    double learning_rate;
    double tokens_per_second;
    struct evaluation eval; /* RECORD_EVAL */
    char message[LOG_TEXT]; /* RECORD_FAILURE */
};
int run_append(struct run *run, const struct record *record, const struct alphabet *alphabet,
               struct failure *why);
int run_flush(struct run *run, struct failure *why);

/* Reading while somebody writes: whole lines only, a torn last line waits for its rest. */
struct record_reader {
    char path[FSIO_PATH];
    long offset;
    int64_t line;
    char *buffer;
    size_t capacity, length, start; /* what waits stands at start..length-1 */
    bool skipping;                  /* in the middle of a line that is too long */
};
int record_reader_init(struct record_reader *r, const char *folder, struct failure *why);
void record_reader_release(struct record_reader *r);
/* 1: a record, 0: no whole line is left, negative: the line is wrong (its number is named; the reader has
   moved past it). */
int record_read(struct record_reader *r, const struct alphabet *alphabet, struct record *out,
                struct failure *why);

#endif
