/* A sweep: the settings of one race and lists of values for some of them; every combination is a run.
   File format: heed-sweep(5). */
#ifndef HEED_CORE_SWEEP_H
#define HEED_CORE_SWEEP_H

#include "core/config.h"

enum {
    SWEEP_AXES = 8,
    SWEEP_VALUES = 64,
    SWEEP_VALUE = 180, /* bytes of a value: a cast may be long */
    SWEEP_KEY = 96,
    SWEEP_RUNS = 4096,
    SWEEP_NAME = 224 /* bytes of a run folder's name */
};

/* What the values of an axis are for. */
enum sweep_role {
    SWEEP_VARIED, /* compared */
    SWEEP_RATE,   /* train.learning_rate: each contestant's best one counts */
    SWEEP_SEED,   /* train.seed: averaged over */
    SWEEP_CAST    /* who races: seen in the contestants' names */
};

struct sweep_axis {
    char key[SWEEP_KEY]; /* "task.tau", "race", "transformer-ea.train.learning_rate" */
    enum sweep_role role;
    int count;
    char value[SWEEP_VALUES][SWEEP_VALUE];
    char origin[256]; /* "file:line" */
};

struct sweep {
    struct plan base;
    int axis_count, runs;
    struct sweep_axis axis[SWEEP_AXES];
};

/* Read a sweep's text; `name` stands in messages. ERR_INPUT or ERR_USAGE, naming the line. */
int sweep_parse(struct sweep *s, const char *text, const char *name, struct failure *why);
/* Also of a zeroed struct. */
void sweep_release(struct sweep *s);
/* Which value of an axis run 0..runs-1 has; the last axis changes fastest. */
int sweep_place(const struct sweep *s, int run, int axis);
/* The race of a run, autos left in place. */
int sweep_race(const struct sweep *s, int run, struct race_config *race, struct failure *why);
/* Its folder: "base=16,tau=5,seed=1". */
void sweep_run_name(const struct sweep *s, int run, char out[SWEEP_NAME]);
/* The key as it stands in that name and over a column: its last part, or all of it where two axes end
   alike. */
const char *sweep_axis_name(const struct sweep *s, int axis);

#endif
