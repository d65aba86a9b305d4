/* What every JSON output of a command has in common. */
#ifndef HEED_CLI_JSON_H
#define HEED_CLI_JSON_H

#include <jansson.h>
#include <math.h>

/* NaN and infinity have no JSON number: null. */
static inline json_t *number(double v)
{
    return isfinite(v) ? json_real(v) : json_null();
}

#endif
