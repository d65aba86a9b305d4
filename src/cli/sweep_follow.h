/* heed watch and heed render of a sweep's folder. */
#ifndef HEED_CLI_SWEEP_FOLLOW_H
#define HEED_CLI_SWEEP_FOLLOW_H

#include "cli/args.h"

/* Follow DIR on the terminal, or with args->plain as lines. Returns an exit code. */
int sweep_follow(const struct args *args, const char *folder, struct failure *why);

#endif
