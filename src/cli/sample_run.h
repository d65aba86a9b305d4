/* heed sample RUN: what a run's model writes. */
#ifndef HEED_CLI_SAMPLE_RUN_H
#define HEED_CLI_SAMPLE_RUN_H

#include "cli/args.h"
#include "kern/kern.h"
#include "task/task.h"

/* Let a contestant of the run args->words[0] go on from a prompt, to standard output. */
int sample_run(const struct args *args, struct failure *why);

/* The same for a run on images: its contestants draw, all or the one that is named. */
int sample_images(const struct args *args, const struct race_config *race, const struct kern *kern,
                  int64_t seed, struct failure *why);

/* The first held-out images of a task. */
int sample_real(const struct args *args, const struct task *task, struct failure *why);

#endif
