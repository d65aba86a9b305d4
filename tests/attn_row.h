/* One query of a map: its row of scores put into a block, its weights taken out. */
#ifndef HEED_TESTS_ATTN_ROW_H
#define HEED_TESTS_ATTN_ROW_H

#include "nn/attn.h"

enum { ROW_KEYS = 64 };

/* w, or dz (scores, n) if dw is given, of the n keys that query n - 1 sees, from z (scores, n). The
   other queries of its block get scores of their own. */
static inline void attn_row(const struct attn_ops *ops, int n, real *out, const real *dw,
                            const real *z)
{
    static real scores[2 * ROW_KEYS * ATTN_BLOCK], weights[ROW_KEYS * ATTN_BLOCK];
    static real above[2 * ROW_KEYS * ATTN_BLOCK], slopes[2 * ROW_KEYS * ATTN_BLOCK];
    int rows = n * attn_scores(ops);
    int lane = (n - 1) % ATTN_BLOCK, first = n - 1 - lane;
    for (int j = 0; j < rows; j++)
        for (int i = 0; i < ATTN_BLOCK; i++) {
            scores[j * ATTN_BLOCK + i] = i == lane ? z[j] : (real)(j % n + 1 + i) / 8;
            above[j * ATTN_BLOCK + i] = i == lane && dw && j < n ? dw[j] : (real)1;
        }
    ops->forward(n, first, weights, scores);
    if (dw)
        ops->backward(n, first, slopes, above, scores, weights);
    for (int j = 0; j < (dw ? rows : n); j++)
        out[j] = (dw ? slopes : weights)[j * ATTN_BLOCK + lane];
}

#endif
