/* What stands beside the settings on Run. */
#ifndef HEED_VIEW_BOXES_H
#define HEED_VIEW_BOXES_H

#include "view/ui_state.h"

/* The contestants: what is measured now and what each has of its own; the system. Before the start the
   form's. */
void contestants_draw(struct frame *f, struct rect r);
/* Rows for what each has of its own: one for each contestant, or none where nobody has anything. */
int contestants_own(const struct frame *f);
/* The run's files: path, size, when they were written. */
void files_draw(struct frame *f, struct rect r);
/* The newest lines that fit, or older ones; wrapped, in one row cut. */
void log_draw(struct frame *f, struct rect r);

#endif
