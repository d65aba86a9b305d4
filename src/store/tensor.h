/* One tensor of a safetensors file, as checkpoint_read found it. */
#ifndef HEED_STORE_TENSOR_H
#define HEED_STORE_TENSOR_H

#include <stddef.h>
#include <stdint.h>
#include "base/real.h"
#include "nn/param.h"

/* The file holds little-endian 32-bit floats, and so does the memory of this program. */
_Static_assert(sizeof(real) == 4, "checkpoints are written from single precision");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "safetensors is little-endian");

enum { LENGTH_BYTES = 8 }; /* before the header: its length */
enum { TENSOR_NAME = PARAM_NAME + 16, TENSOR_RANK = 3, TENSOR_MAX = 3 * PARAM_MAX };

#define CHECKPOINT_FORMAT "heed-1"
#define PREFIX_MODEL      "model."
#define PREFIX_M          "optim.m."
#define PREFIX_V          "optim.v."

struct checkpoint_tensor {
    char name[TENSOR_NAME]; /* with its prefix: "model.embed.weight" */
    int rank;
    int64_t shape[TENSOR_RANK];
    size_t offset; /* of its first byte in the file; not aligned in files of others */
    size_t count;  /* numbers */
};

struct checkpoint;
struct failure;
/* The part of checkpoint_read after reading: c->path, data and size are set, the rest is zero. On
   failure the caller releases. */
int checkpoint_parse(struct checkpoint *c, struct failure *why);

#endif
