/* Symbols along the edge of a chart. Private to the view layer. */
#ifndef HEED_VIEW_LABELS_H
#define HEED_VIEW_LABELS_H

#include "view/canvas.h"

/* labels[first .. first + count - 1] and a role for each; `roles` may be NULL (ROLE_TEXT). */
struct labels {
    const char *const *names;
    const uint8_t *roles;
    int first, count;
    int cursor; /* index that is highlighted, -1: none */
};

int labels_columns(const struct labels *l); /* widest label */
/* Rows that labels `step` columns apart need: 1 side by side, else up to 3, written downwards. */
int labels_rows(const struct labels *l, int step);
/* Label k is centred, rather to the right, in columns x + (k - first) * step ... + step - 1; as
   many rows as labels_rows, at most `rows`. */
void labels_across(struct canvas *c, const struct labels *l, int x, int y, int step, int rows);
/* Label `index` right-aligned in `width` columns. */
void labels_put(struct canvas *c, const struct labels *l, int index, int x, int y, int width);

#endif
