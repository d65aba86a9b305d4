/* Every model kind's table, and what the kinds share. */
#ifndef HEED_MODEL_MODEL_OPS_H
#define HEED_MODEL_MODEL_OPS_H

#include "model/model.h"

#define MODEL(id) extern const struct model_ops model_##id##_ops;
#include "model/models/model_list.h"
#undef MODEL

/* A failed param_add or work_take in words. */
int model_fail(const struct model *model, int code, struct failure *why);

#endif
