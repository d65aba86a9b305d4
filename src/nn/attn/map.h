/* For the files of this folder: vectors of queries, one a lane. */
#ifndef HEED_NN_ATTN_MAP_H
#define HEED_NN_ATTN_MAP_H

#include "kern/vec.h"
#include "nn/attn/attn_ops.h"

/* The table that a variant's file defines. */
#define ATTN_OPS(id) VEC_NAMED(attn_##id)

/* The numbers of the queries in lanes `lane`, lane + 1, ... of a block that begins with `first`; the
   last of n for all of them where `first` is attn_sees_all(n). */
static ALWAYS_INLINE vec queries_at(int first, int lane)
{
    if (first < 0)
        return v_set((real)(-first - 1));
    static const real number[ATTN_BLOCK] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return v_add(v_load(number + lane), v_set((real)first));
}

/* n: the number of keys that a query sees. */
static ALWAYS_INLINE vec keys_of(vec query)
{
    return v_add(query, v_set(1));
}

/* x where a query may see key j, else `masked`. */
static ALWAYS_INLINE vec if_seen(vec query, int j, vec x, vec masked)
{
    return v_if_less(query, v_set((real)j), masked, x);
}

/* Where key j of the lanes from `lane` on stands in a map. */
static ALWAYS_INLINE size_t map_at(int j, int lane)
{
    return (size_t)j * ATTN_BLOCK + (size_t)lane;
}

#endif
