/* What the threads of a session share; one thread owns each part, as said. */
#ifndef HEED_TRAIN_SESSION_STATE_H
#define HEED_TRAIN_SESSION_STATE_H

#include <pthread.h>
#include "train/artist.h"
#include "train/ledger.h"
#include "train/prober.h"
#include "train/session.h"
#include "train/weights.h"

/* Steps since the last line of the file. */
struct tally {
    struct spread loss, grad_norm;
    double seconds;
};

/* A run whose file is read. */
struct source {
    struct record_reader reader;
    double race_seconds; /* as its newest record tells */
    double heard_at;     /* clock when the file last grew */
    bool quiet, unreadable;
};

struct session {
    struct session_options options;
    struct feed *feed;
    struct race_config config;
    struct race *race;     /* the worker's once it runs */
    struct run run;        /* the worker's; open only when has_run */
    bool has_run;
    char folder[FSIO_PATH];
    struct ledger ledger;  /* the worker's */
    struct weight_box box; /* between worker and prober */
    struct prober *prober;
    struct artist *artist; /* in its place where the race is on images */
    pthread_t worker;
    bool started;
    atomic_bool done;
    struct failure save_failure; /* of the last save; code 0: it worked */
    bool stepping, ends;         /* a single step is under way; a request to end was heard */
    int owed;                    /* single steps asked for during an evaluation */
    atomic_int kept;             /* COMMAND_KEEP: 0 not yet, 1 saved, negative: see keep_failure */
    struct failure keep_failure;

    int64_t target; /* stop at this step */
    struct tally tally[MAX_CONTESTANTS];
    int64_t evaluate_at, saved_step;
    double save_at;
    double looked; /* clock when the files were looked at last; 0: never */

    struct gathering gathering; /* of one run, unless more are watched */
    struct source sources[MAX_CONTESTANTS];
    int64_t checkpoint_stamp[MAX_CONTESTANTS];
};

/* Thread bodies. */
void *trainer_main(void *session);
void *follower_main(void *session);

/* Sizes and times of the run's files, and the memory that is held, into the ledger, if `every` seconds
   have passed since the last look. */
void look_at_files(struct session *s, double every);

/* Read whatever a run's file has to say into the ledger; returns the number of records. A wrong line
   goes to the log with its number. */
int follow_records(struct session *s, int run);
/* Load contestant i's checkpoint if its file changed; 1 if it did, 0 if not, negative if it is bad. */
int follow_checkpoint(struct session *s, int i, struct failure *why);

#endif
