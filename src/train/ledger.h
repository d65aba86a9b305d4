/* The picture of a race that grows: what the trainer or the follower of files tells the screen. */
#ifndef HEED_TRAIN_LEDGER_H
#define HEED_TRAIN_LEDGER_H

#include "core/feed.h"
#include "train/race.h"

struct ledger {
    struct race_snapshot *now; /* the whole picture, on the heap */
    double before; /* race seconds up to `began` */
    double began;  /* clock when the present state began */
    double rate_clock, rate_step; /* where the measurement of steps per second began */
    double published;
};

int ledger_init(struct ledger *l, const struct race *race, const char *folder,
                struct failure *why);
void ledger_release(struct ledger *l);
/* Seconds of the race, all sessions together. */
double ledger_seconds(const struct ledger *l);
/* One training step of contestant i. */
void ledger_step(struct ledger *l, int i, const struct contestant *c, double step_seconds);
void ledger_evaluation(struct ledger *l, int i, const struct evaluation *e, double train_seconds);
/* A record of the run's file, of this or of another process. */
void ledger_record(struct ledger *l, int i, const struct record *r);
void ledger_failure(struct ledger *l, int i, const char *message);
/* Contestant i's setting train.learning_rate is now another. */
void ledger_rate(struct ledger *l, int i, double rate);
void ledger_state(struct ledger *l, enum race_state state);
/* A line for the log, and for the message line of the screen. */
void ledger_log(struct ledger *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A file of the run could not be written: said in the log, and until ledger_saved in `unsaved`. */
void ledger_unsaved(struct ledger *l, const char *what, const struct failure *why);
void ledger_saved(struct ledger *l);
/* Hand the picture over if `every` seconds have passed since the last time. */
void ledger_publish(struct ledger *l, struct feed *feed, int64_t step, int64_t target,
                    double every);

#endif
