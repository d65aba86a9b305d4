/* The sequence of the stepper with what the model attends to under it. */
#ifndef HEED_VIEW_STEP_TOKENS_H
#define HEED_VIEW_STEP_TOKENS_H

#include "view/ui_state.h"

/* The same under a title of its own; symbols that `mate` has otherwise stand out. */
void step_tokens_pair_draw(struct frame *f, struct rect r, const char *title,
                           const struct probe_snapshot *mate);
/* Symbols, right or wrong above them; beneath the last position's attention: the chosen head's as bars, every
   head's as a line of colours with its weight on the symbol that the rule reads. */
void step_tokens_draw(struct frame *f, struct rect r);
/* "-" for what is no symbol. */
const char *step_symbol_name(const struct alphabet *a, int symbol);
/* Columns of the widest symbol. */
int step_symbol_columns(const struct alphabet *a);

#endif
