/* What a sweep has found: one result for each contestant of each run, and what they say together. */
#ifndef HEED_CORE_SWEEP_TABLE_H
#define HEED_CORE_SWEEP_TABLE_H

#include "core/series.h"
#include "core/sweep.h"

enum sweep_state {
    SWEEP_WAITING, /* not begun */
    SWEEP_RUNNING, /* begun: the newest evaluation, if there is one */
    SWEEP_DONE,
    SWEEP_FAILED, /* its numbers overflowed */
    SWEEP_DAMAGED /* its result cannot be read: it says nothing */
};

/* One contestant of one run. */
struct sweep_result {
    int run;
    char contestant[NAME_TEXT], model[KIND_TEXT], attention[KIND_TEXT]; /* attention "": none */
    enum sweep_state state;
    int64_t step, steps, seed, parameters, windows;
    double learning_rate;
    double loss;      /* mean cross-entropy in nats of the evaluation */
    double seconds;   /* of its own training */
    struct score acc; /* numbers only; count 0: not evaluated */
    int subtasks;
    char subtask[MAX_SUBTASKS][SYMBOL_TEXT];
    struct score subtask_acc[MAX_SUBTASKS];
};

/* One contestant at one choice of the values that are compared: its best learning rate, and the seeds
   at that rate. */
struct sweep_group {
    char contestant[NAME_TEXT];
    int place[SWEEP_AXES]; /* value of each axis; -1 where it is no SWEEP_VARIED one */
    int results, done, running, failed, damaged;
    int rates;           /* learning rates with a result: the best is "best of rates" */
    double rate;         /* the best of them by mean accuracy, the smaller of equals; NaN: none yet */
    int seeds;           /* results at that rate */
    bool provisional;    /* some run of the group has neither ended nor a damaged result */
    double mean;         /* accuracy, mean over the seeds; NaN: none yet */
    double low, high;    /* 95 %: bootstrap over seeds, or Wilson's where there is one */
    double best;         /* the greatest of the seeds: "best of seeds" */
    int64_t best_seed;
    int best_run; /* of that seed; -1: none yet */
    int64_t count;       /* numbers that each was measured on */
    double seconds;      /* mean training time at that rate */
};

/* A sweep as the screen shows it: one moment, self-contained. */
struct sweep_picture {
    int64_t serial;
    char folder[256];
    struct sweep sweep; /* without its base */
    int ended, running; /* runs, of sweep.runs */
    bool quiet;         /* nothing new for a while, and runs are left */
    char message[160];  /* why the folder cannot be read; "": it can */
    int group_count;
    struct sweep_group *groups; /* room for all */
};

/* Group the results, in the order of their first result. groups[] has room for `count`; returns how
   many there are, or ERR_MEMORY. A failed result counts as accuracy 0. */
int sweep_groups(const struct sweep *s, const struct sweep_result *results, int count,
                 struct sweep_group *groups);
/* Percentile bootstrap (Efron 1979) of the mean of n >= 1 values, 2,000 resamples of a fixed stream. */
void sweep_bootstrap(const double *values, int n, double *low, double *high);

#endif
