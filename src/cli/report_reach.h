/* What a model does beyond its training, as tables and as JSON: copying by distance, and rows that
   grow too long. */
#ifndef HEED_CLI_REPORT_REACH_H
#define HEED_CLI_REPORT_REACH_H

#include <jansson.h>
#include "base/text.h"
#include "train/race.h"

enum { REACH_POINTS = 128 };

struct beyond {
    int count, low, high; /* distances measured, 0: none; the range of training */
    int windows;          /* at each */
    int at[REACH_POINTS];
    struct score acc[REACH_POINTS];
    struct collapse rows;
};

/* Measure what the task of a loaded model asks for; nothing is measured for most tasks. */
int beyond_measure(struct loaded *l, const struct kern *kern, const struct batch *batch,
                   struct beyond *out, struct failure *why);
/* Distances inside the range of training, outside it, all. */
struct score beyond_inside(const struct beyond *b);
struct score beyond_outside(const struct beyond *b);
struct score beyond_all(const struct beyond *b);
/* Tables below that of heed eval, of `count` contestants. */
void beyond_tables(const struct beyond *const *b, const char *const *names, int count,
                   struct text *out);
/* Add "reach" and "representation" to a contestant's object. */
void beyond_json(const struct beyond *b, json_t *object);

#endif
