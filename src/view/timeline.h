/* Weights of earlier steps. */
#ifndef HEED_VIEW_TIMELINE_H
#define HEED_VIEW_TIMELINE_H

#include "view/ui_state.h"

/* The saved steps on the lower edge of a framed part, the shown one in brackets; those that fit around
   it. Nothing where nothing is saved. */
void timeline_draw(struct frame *f, struct rect box);
/* TIMELINE and LIVE; false: another action. */
bool timeline_act(struct event *e);
/* Show the weights of an entry of the newest picture's timeline; beyond the last one: the newest. */
void timeline_choose(struct event *e, int entry);

#endif
