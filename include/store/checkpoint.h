/* Weights and optimiser in one safetensors file that survives crashes and strangers. */
#ifndef HEED_STORE_CHECKPOINT_H
#define HEED_STORE_CHECKPOINT_H

#include "model/model.h"
#include "model/optim.h"

/* Write model.* and, if optim is not NULL, optim.m.* and optim.v.*; metadata: format heed-1, version,
   step, config (INI text of a one-contestant race), contestant, train_seconds, isa. Atomic. */
int checkpoint_write(const char *path, const struct model *model, const struct optim *optim,
                     const char *contestant, int64_t step, double train_seconds,
                     struct failure *why);

/* A file that was read and checked whole: header length, JSON, every offset, shape and type, no
   overlap, no gap, finite size, format heed-1. */
struct checkpoint {
    char path[4096];
    char *data;
    size_t size;
    struct checkpoint_tensor *tensors;
    int tensor_count;
    int64_t step;
    double train_seconds;
    char contestant[NAME_TEXT];
    char isa[16];
    struct config config; /* resolved, as it was trained */
};
int checkpoint_read(struct checkpoint *c, const char *path, struct failure *why);
void checkpoint_release(struct checkpoint *c);
/* Copy the tensors into a model of the same config (each missing, foreign or misshapen tensor is
   named); optim may be NULL. Nothing is changed on failure. */
int checkpoint_apply(const struct checkpoint *c, struct model *model, struct optim *optim,
                     struct failure *why);

#endif
