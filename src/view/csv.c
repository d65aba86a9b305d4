#include "view/csv.h"

#include <math.h>

void csv_word(struct text *out, const char *s)
{
    text_add(out, "\"");
    for (; *s; s++) {
        if (*s == '"')
            text_add(out, "\"");
        text_add_bytes(out, s, 1);
    }
    text_add(out, "\"");
}

void csv_number(struct text *out, double value)
{
    text_add(out, ",");
    if (isfinite(value))
        text_addf(out, "%.9g", value);
}
