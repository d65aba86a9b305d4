/* What a figure of runs holds, from their files. */
#ifndef HEED_CLI_PLOT_FILL_H
#define HEED_CLI_PLOT_FILL_H

#include "cli/args.h"
#include "train/session.h"
#include "view/figure.h"

#define PLOT_CHOICES "accuracy|loss|switch|attention|subtasks|distance|representation|bits"
enum plot_what { PLOT_ACCURACY, PLOT_LOSS, PLOT_SWITCH, PLOT_ATTENTION, PLOT_SUBTASKS,
                 PLOT_DISTANCE, PLOT_REPRESENTATION, PLOT_BITS };

/* The runs, their joined race, and one figure. */
struct plot {
    const struct args *args;
    struct gathering runs;
    struct race_config race;
    struct task *task;
    struct figure figure;
    struct evaluation newest[MAX_CONTESTANTS];
    int64_t step[MAX_CONTESTANTS]; /* the last that the file tells of */
    bool shown[MAX_CONTESTANTS];   /* --contestant may leave some out */
};

/* Curves and bars from metrics.jsonl. */
int plot_fill_records(struct plot *p, struct failure *why);
/* Of the newest evaluations, for PLOT_DISTANCE and PLOT_REPRESENTATION. ERR_MEMORY. */
int plot_fill_reach(struct plot *p);
/* A sweep's folder: accuracy over two settings, a grid for each contestant. */
int plot_fill_sweep(struct figure *f, const char *folder, struct failure *why);
/* Maps of the newest checkpoints on the first held-out window. */
int plot_fill_maps(struct plot *p, struct failure *why);

#endif
