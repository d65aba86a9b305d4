/* What a figure of runs holds, from their files. */
#ifndef HEED_CLI_PLOT_FILL_H
#define HEED_CLI_PLOT_FILL_H

#include "cli/args.h"
#include "train/session.h"
#include "view/figure.h"

#define PLOT_CHOICES "accuracy|loss|switch|attention|subtasks"
enum plot_what { PLOT_ACCURACY, PLOT_LOSS, PLOT_SWITCH, PLOT_ATTENTION, PLOT_SUBTASKS };

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
/* Maps of the newest checkpoints on the first held-out window. */
int plot_fill_maps(struct plot *p, struct failure *why);

#endif
