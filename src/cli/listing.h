/* A small table of strings, written for eyes or as JSON. */
#ifndef HEED_CLI_LISTING_H
#define HEED_CLI_LISTING_H

#include <stdbool.h>
#include "base/fail.h"
#include "base/text.h"

enum { LISTING_COLUMNS = 8 };

struct listing {
    const char *columns; /* "name|help" */
    int column_count;
    struct text cells; /* every cell's text, NUL-terminated, row by row */
    int cell_count;
};

void listing_columns(struct listing *l, const char *columns);
/* As many strings as there are columns; they are copied. */
#define listing_row(l, ...) listing_add((l), (const char *const[]){__VA_ARGS__})
void listing_add(struct listing *l, const char *const *cells);
/* Columns padded to their widest cell under a header; or an array of objects with the columns as
   names. */
int listing_write(const struct listing *l, bool json, struct text *out, struct failure *why);
void listing_release(struct listing *l);
/* The i-th WHAT of `heed list`, NULL after the last. */
const char *list_kind(int i);

#endif
