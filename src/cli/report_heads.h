/* What each head of a run's contestants is for, as tables and as JSON: the numbers of the page Probe. */
#ifndef HEED_CLI_REPORT_HEADS_H
#define HEED_CLI_REPORT_HEADS_H

#include <jansson.h>
#include "core/snapshot.h"
#include "train/race.h"

/* Measure a loaded contestant on at least `windows` windows that end before a number (0: as the page
   does), with its own threads. *out stays as it is (asked: false) if it has no attention. */
int heads_measure(struct loaded *l, const char *name, const struct kern *kern, int64_t windows,
                  struct exam_report *out, struct failure *why);
/* A contestant's tables; what it has none of is said. */
void heads_table(const struct exam_report *r, const char *name, const struct config *config,
                 const struct alphabet *a, struct text *out);
/* What "heads" of a contestant's object holds; null if nothing was measured. */
json_t *heads_json(const struct exam_report *r, const struct alphabet *a);

#endif
