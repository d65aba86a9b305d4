/* The sequence of the stepper with what the model attends to under it. */
#ifndef HEED_VIEW_STEP_TOKENS_H
#define HEED_VIEW_STEP_TOKENS_H

#include "view/ui_state.h"

/* The same under a title of its own; symbols that `mate` has otherwise stand out. */
void step_tokens_pair_draw(struct frame *f, struct rect r, const char *title,
                           const struct probe_snapshot *mate);
/* Symbols, right or wrong above them, signed attention of the last position beneath. */
void step_tokens_draw(struct frame *f, struct rect r);
/* The weight that every head puts on the symbol that the rule reads: "1.1 +.62  1.2 .04"; the strongest
   of them where not all have room. */
void step_copy_draw(struct frame *f, struct rect r);
/* The last position's attention in every head, one coloured line each, under the same symbols; at its end the
   weight on the symbol that the rule reads. */
void step_heads_draw(struct frame *f, struct rect r);
/* "-" for what is no symbol. */
const char *step_symbol_name(const struct alphabet *a, int symbol);
/* Columns of the widest symbol. */
int step_symbol_columns(const struct alphabet *a);

#endif
