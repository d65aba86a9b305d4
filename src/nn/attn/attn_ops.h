/* Every attention variant's table. */
#ifndef HEED_NN_ATTN_OPS_H
#define HEED_NN_ATTN_OPS_H

#include "nn/attn.h"

#define ATTN(id) extern const struct attn_ops attn_##id;
#include "nn/attn/attn_list.h"
#undef ATTN

#endif
