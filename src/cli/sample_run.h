/* heed sample RUN: what a run's model writes. */
#ifndef HEED_CLI_SAMPLE_RUN_H
#define HEED_CLI_SAMPLE_RUN_H

#include "cli/args.h"

/* Let a contestant of the run args->words[0] go on from a prompt, to standard output. */
int sample_run(const struct args *args, struct failure *why);

#endif
