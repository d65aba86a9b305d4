/* A line of metrics.jsonl as JSON. */
#ifndef HEED_STORE_RECORD_JSON_H
#define HEED_STORE_RECORD_JSON_H

#include <jansson.h>
#include "store/run.h"

/* One object, to be released by the caller; NULL without memory. What is not finite becomes null.
 */
json_t *record_to_json(const struct record *record, const struct alphabet *alphabet);
/* Returns NULL, or the name of the field that is missing or wrong. null is read as NaN. */
const char *record_from_json(json_t *line, const struct alphabet *alphabet, struct record *out);

#endif
