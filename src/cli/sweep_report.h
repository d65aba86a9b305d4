/* A sweep's results in words. */
#ifndef HEED_CLI_SWEEP_REPORT_H
#define HEED_CLI_SWEEP_REPORT_H

#include "base/text.h"
#include "train/board.h"

/* One line for each contestant of a run that has ended. */
void sweep_report_run(const struct board *b, int run, struct text *out);
/* The summary as a table, or table.json. */
int sweep_report(const struct board *b, bool json, struct text *out, struct failure *why);

#endif
