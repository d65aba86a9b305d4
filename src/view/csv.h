/* Fields of comma-separated values (RFC 4180, but with plain line ends). Private to view. */
#ifndef HEED_VIEW_CSV_H
#define HEED_VIEW_CSV_H

#include "base/text.h"

/* Words, quoted: names may hold commas. */
void csv_word(struct text *out, const char *s);
/* A comma and the number; what is no number stays empty. */
void csv_number(struct text *out, double value);

#endif
