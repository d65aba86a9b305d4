/* How a heat map is laid out and which glyphs and roles its levels have. Private to heat*.c. */
#ifndef HEED_VIEW_HEAT_LAYOUT_H
#define HEED_VIEW_HEAT_LAYOUT_H

#include "view/labels.h"
#include "view/widgets.h"

enum { LEVEL_EMPTY = -1, LEVEL_NAN = -2, LEVEL_ZERO = RAMP_LEVELS / 2 };

struct heat_layout {
    int pool;           /* values across one cell; 1 but for pooled maps that lack space */
    int size;           /* cells across the whole map: n / pool, rounded up */
    int cell_w, cell_h; /* columns and rows of a cell */
    bool half;          /* two cells per character, one above the other */
    int x, y;           /* the first cell's corner */
    int row0, column0;  /* first shown cell */
    int rows, columns;  /* shown cells */
    int gutter;         /* columns of row labels, 0: none */
    bool numbered;      /* positions stand for labels */
    int label_columns, label_rows;
};

/* Terminals of 256 colours and more show a level as background, others as a shaded glyph. */
bool heat_is_rich(const struct canvas *c);
void heat_layout(struct heat_layout *l, const struct canvas *c, struct rect r, int n,
                 const struct heat_options *o);
uint8_t heat_role(bool diverges, int level);
/* A character at zero strength that carries a line of the crosshair. */
uint32_t heat_line(const struct canvas *c, bool across);
/* Column `column` of a cell of width `cell_w` at this level, drawn. */
void heat_put(struct canvas *c, int x, int y, int column, int cell_w, bool diverges, int level);

#endif
