/* What the maps and the bars of a ladder share. Private to ladder*.c. */
#ifndef HEED_VIEW_LADDER_PARTS_H
#define HEED_VIEW_LADDER_PARTS_H

#include "view/ladder.h"

/* What stands where. */
struct ladder {
    const struct sweep_picture *p;
    int axis[2];            /* of rows and columns; -1: there is none, one row or column */
    int count[2];           /* rows, columns */
    int slice;              /* of the values of the other axes that are compared; */
    int place[SWEEP_AXES];  /* the chosen value of every other axis that is compared */
    const char *who[2];     /* contestants; the second NULL: there is one */
};

/* One map on the canvas. */
struct field {
    int x, y, cell_w, cell_h; /* the first shown cell's corner */
    int first[2], shown[2];   /* rows, columns */
};

/* Names of the axis on a side (0 rows, 1 columns) and of its i-th value; "" where there is none. */
const char *ladder_axis(const struct ladder *l, int side);
const char *ladder_place(const struct ladder *l, int side, int i);
/* What is known of a contestant in a cell, NULL: nothing. */
const struct sweep_group *ladder_group(const struct ladder *l, const char *who, int row, int column);
/* ".973", "1.00"; what still trains ends in ~, what failed in !, what lacks a damaged result in ?. */
void ladder_text(const struct sweep_group *g, char *out, size_t size);
/* The line under the cell's number where there is room: 1 its interval, 2 how many seeds; or "". */
void ladder_more(const struct sweep_group *g, int line, char *out, size_t size);
/* What one map shows at a place: a contestant's accuracy, or (2) what the second has over the first. */
double ladder_value(const struct ladder *l, int map, int row, int column, char *text, size_t size);
/* The first shown of `count` so that the cursor is in sight. */
int ladder_scrolled(int cursor, int count, int shown);
struct rect ladder_cell(const struct field *at, int row, int column);

/* --- ladder_bars.c: one setting alone --------------------------------------------------------- */

/* Its values below each other, of each a line with its name and the contestants' bars. */
struct field ladder_bars_place(const struct ui *ui, const struct ladder *l, struct rect r);
void ladder_bars_draw(struct frame *f, const struct ladder *l, struct rect r);

#endif
