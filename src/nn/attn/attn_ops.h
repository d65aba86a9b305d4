/* Every attention variant's table, for every instruction set. */
#ifndef HEED_NN_ATTN_OPS_H
#define HEED_NN_ATTN_OPS_H

#include "nn/attn.h"

#define ATTN(id)                                                                                   \
    extern const struct attn_ops attn_##id##_scalar, attn_##id##_avx2, attn_##id##_avx512,         \
        attn_##id##_neon;
#include "nn/attn/attn_list.h"
#undef ATTN

#endif
