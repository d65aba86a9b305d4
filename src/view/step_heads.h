/* Every head's attention at the last position of the stepper, under the symbols; private to the page Step. */
#ifndef HEED_VIEW_STEP_HEADS_H
#define HEED_VIEW_STEP_HEADS_H

#include "view/ui_state.h"

/* Columns of row names left of the symbols, and of a weight at the right. */
enum { STEP_TAG = 6, STEP_WEIGHT = 5 };
/* Rows of a head from which on it has bars in place of a line, and the most that it has. */
enum { STEP_SMALL_PITCH = 3, STEP_MOST_PITCH = 4 };

/* Which symbols stand where: `behind` symbols that the window has lost, positions first..first+count-1 of
   the window from column x on, then `ahead` symbols that lie after the cursor. */
struct step_strip {
    int x, step;
    int behind, first, count, ahead;
};

/* The maps that have lines of their own, of all in the model's order. */
struct step_lines {
    int first, count;
};

/* As many heads as there are rows, the chosen one among them. */
struct step_lines step_lines_of(const struct frame *f, int rows);
/* Those heads, `pitch` rows each, at their ends the weight on the symbol that the rule reads. */
void step_lines_draw(struct frame *f, const struct step_strip *s, const struct step_lines *lines, int pitch,
                     struct rect r);
/* Over them: from which colours or characters to which they go, and whose weights stand at the right. */
void step_legend_draw(struct frame *f, struct rect inner, int y, int pitch);
/* The weights of the heads without lines on the symbol that the rule reads, as many as fit into `width` columns,
   the strongest: "w on ↑ 1.1 +.62  1.2 .04  +2". */
void step_weights_draw(struct frame *f, const struct step_lines *lines, int x, int y, int width);

#endif
