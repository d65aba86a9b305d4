/* A sweep as heat maps: accuracy over two lists of settings, for two contestants, and their difference. */
#ifndef HEED_VIEW_LADDER_H
#define HEED_VIEW_LADDER_H

#include "view/ui_state.h"

void ladder_draw(struct frame *f, struct rect r);
/* CELL, LESS, PAIR, SLICE, CELL_RUN. */
void ladder_act(struct event *e);
/* A click within the map that lies at `at`. */
void ladder_click(struct event *e, const struct ui_mouse *m, struct rect at);

#endif
