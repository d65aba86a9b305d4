/* What is measured of a race beyond its training: copies by distance, or rows that grow too long. */
#ifndef HEED_VIEW_BEYOND_H
#define HEED_VIEW_BEYOND_H

#include "view/ui_state.h"

enum beyond { BEYOND_NOTHING, BEYOND_COPIES, BEYOND_ROWS };
enum { BEYOND_PLACES = MAX_REACH * MAX_CONTESTANTS };

/* What there is to show of a race: from the newest evaluations, before the first from what is planned. */
struct beyond_sight {
    enum beyond kind;
    bool measured;
    int count, place[BEYOND_PLACES]; /* distances or lengths of all contestants, ascending */
    int whos, who[MAX_CONTESTANTS];  /* contestants that have some */
    int low, high;                   /* distances of training */
};
void beyond_look(struct beyond_sight *s, const struct race_snapshot *race);

/* Accuracy with its 95 % interval, or the difference relative to that of the shortest row. */
struct beyond_value {
    double value, low, high; /* NaN where there is none */
    double raw;              /* of rows, the difference itself */
    int64_t n;               /* numbers; 0 of rows */
};
struct beyond_value beyond_at(const struct beyond_sight *s, const struct race_snapshot *race, int i,
                              int place);

void beyond_draw(struct frame *f, const struct beyond_sight *s, struct rect r);
/* Before the first measurement: what will be measured, when and of how much. */
void beyond_plan_draw(struct frame *f, const struct beyond_sight *s, struct rect r);

/* --- beyond_list.c: the same in numbers ------------------------------------------------------- */

/* Columns that the list wants of `w`; the chart gets the rest. */
int beyond_list_width(const struct beyond_sight *s, int w);
/* Whether its columns are too narrow for names, which another part of the page must give. */
bool beyond_list_is_narrow(const struct beyond_sight *s, int w);
int beyond_list_rows(const struct beyond_sight *s);
void beyond_list_draw(struct frame *f, const struct beyond_sight *s, struct rect r);
/* Arrows, where it is longer or wider than its room. */
void beyond_list_scroll(struct event *e);

#endif
