/* heed predict with heads changed, and with what is read from the stream. */
#ifndef HEED_CLI_PREDICT_HEADS_H
#define HEED_CLI_PREDICT_HEADS_H

#include <jansson.h>
#include "base/text.h"
#include "core/alphabet.h"
#include "model/model.h"

enum { PREDICT_HEADS = 16 * 64 }; /* the most layers times the most heads */

/* Fill changes (layers, heads) from "L1H2 removed, L1H3 uniform"; ERR_USAGE naming what is wrong. */
int predict_changes(const struct model *model, const char *name, const char *words,
                    unsigned char changes[PREDICT_HEADS], struct failure *why);
/* (2 L + 1, V) logits of model_lens after a forward pass of one sequence; null if there is no stream. */
json_t *predict_stream_json(const struct model *model);
/* The likeliest symbol after each of them. */
void predict_stream_table(const struct model *model, const struct alphabet *a, struct text *out);

#endif
