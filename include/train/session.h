/* The threads behind a screen: a trainer (or a follower of files) and a prober. */
#ifndef HEED_TRAIN_SESSION_H
#define HEED_TRAIN_SESSION_H

#include "core/feed.h"
#include "train/race.h"

enum session_mode {
    SESSION_TRAIN, /* train, write the run's files */
    SESSION_STEP,  /* a finished or interrupted run, weights from its checkpoints, no training */
    SESSION_WATCH  /* follow a run that another process trains, through its files alone */
};

/* Several runs looked at side by side as one race. */
struct gathering {
    int runs;
    const char *folder[MAX_CONTESTANTS]; /* the caller's */
    int64_t steps[MAX_CONTESTANTS];      /* length of each run's schedule */
    int run[MAX_CONTESTANTS];            /* whose contestant i of the race is */
    char name[MAX_CONTESTANTS][NAME_TEXT]; /* and what it is called there */
};
/* Read the settings of `runs` folders and join them into one race, resolved: every contestant of the
   first run, then of the second, ... A name that two runs use becomes "<run>/<name>", where <run> is
   the folder's last part (or more, where that does not tell them apart). ERR_USAGE if there are more
   than MAX_CONTESTANTS, if a run is given twice, or if the runs' tasks differ: then their numbers
   belong on no common axis. */
int gathering_read(struct gathering *g, const char *const *folders, int runs,
                   struct race_config *race, struct failure *why);

struct session_options {
    enum session_mode mode;
    const struct race_config *race; /* resolved */
    const struct kern *kern;
    const char *folder; /* where to write or read; NULL: a fresh folder */
    const struct gathering *gathering; /* SESSION_WATCH: follow these; NULL: `folder` alone */
    bool resume;        /* SESSION_TRAIN: go on from the checkpoints in folder */
    bool no_files;      /* SESSION_TRAIN: leave nothing on disk (render, tests) */
    bool paused;        /* begin paused */
    bool unwatched;     /* nobody looks inside: no prober runs */
    int64_t until;      /* stop at this step; -1: at train.steps */
    int number;         /* of the race in this sitting, for its pictures */
    double (*clock)(void); /* SESSION_WATCH: seconds that tell when a run went quiet; NULL: clock_now */
};

struct session;

/* Checks everything that can fail early (folder, checkpoints, memory); starts no thread. */
int session_new(struct session **out, const struct session_options *options, struct feed *feed,
                struct failure *why);
int session_start(struct session *s, struct failure *why);
/* Write checkpoints, on a thread that may wait: 0 once all of them stand in the folder, or where there
   is none. The race goes on meanwhile. */
int session_keep(struct session *s, struct failure *why);
/* Ask the threads to end, after a checkpoint if training, and join them. why gets a failed save. */
int session_stop(struct session *s, struct failure *why);
void session_free(struct session *s);
/* Free one that was never started, and remove the folder that it made for itself. */
void session_discard(struct session *s);
/* True once training ended by itself (finished, all failed). */
bool session_done(const struct session *s);
/* The run's folder, "" without files; several are divided by ", ". */
const char *session_folder(const struct session *s);

#endif
