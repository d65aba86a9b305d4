/* What commands say of a run in words and in JSON. */
#ifndef HEED_CLI_REPORT_H
#define HEED_CLI_REPORT_H

#include "base/text.h"
#include "cli/args.h"
#include "core/snapshot.h"

/* Evaluate the checkpoints of a run (args->contestant, args->windows, args->threads, args->json)
   and append the table or the JSON object. */
int report_evaluation(const struct args *args, const char *folder, int samples, struct text *out,
                      struct failure *why);
/* The same for contestants first.. of a run on images; `samples` are drawn for their distance from real
   images, 0: none. */
int report_images(const struct args *args, const char *folder, const struct race_config *race,
                  int first, int count, int samples, struct text *out, struct failure *why);
/* Index of a contestant by name; ERR_USAGE with the nearest one. */
int report_contestant(const struct race_config *race, const char *name, struct failure *why);
/* "step 1,200 / 20,000  6 %  0:41 left  lstm .973 ...", without a line end. */
void report_line(const struct race_snapshot *race, struct text *out);
/* The same in `columns`: of contestants that find no place the best one stands there with their number,
   and in less room none. Only the progress itself may be longer. */
void report_short_line(const struct race_snapshot *race, size_t columns, struct text *out);
/* One line for each contestant: step, accuracy and its interval and windows, or why it failed. */
void report_summary(const struct race_snapshot *race, struct text *out);
/* A path as a shell takes it: quoted where it must be. */
void report_quoted(const char *path, struct text *out);

#endif
