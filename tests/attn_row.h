/* One query of a map: its row of scores put into a block, its weights taken out. */
#ifndef HEED_TESTS_ATTN_ROW_H
#define HEED_TESTS_ATTN_ROW_H

#include "nn/attn.h"

enum { ROW_KEYS = 64 };

/* w, or dz if dw is given, of the n keys that query n - 1 sees. The other queries of its block get
   scores of their own. */
static inline void attn_row(const struct attn_ops *ops, int n, real *out, const real *dw,
                            const real *z)
{
    static real scores[ROW_KEYS * ATTN_BLOCK], weights[ROW_KEYS * ATTN_BLOCK];
    static real above[ROW_KEYS * ATTN_BLOCK], slopes[ROW_KEYS * ATTN_BLOCK];
    int lane = (n - 1) % ATTN_BLOCK, first = n - 1 - lane;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < ATTN_BLOCK; i++) {
            scores[j * ATTN_BLOCK + i] = i == lane ? z[j] : (real)(j - i) / 4;
            above[j * ATTN_BLOCK + i] = i == lane && dw ? dw[j] : (real)1;
        }
    ops->forward(n, first, weights, scores);
    if (dw)
        ops->backward(n, first, slopes, above, scores, weights);
    for (int j = 0; j < n; j++)
        out[j] = (dw ? slopes : weights)[j * ATTN_BLOCK + lane];
}

#endif
