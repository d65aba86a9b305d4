/* Differential attention (Ye 2024): each head has two pairs of queries and keys of half its width,
   and the second softmax, times lambda, is taken off the first. Here lambda is the number 0.8, the
   constant that the paper tries beside its learned one (which starts from it), and the heads are
   not normalised before they are mixed: (reconstructed). */
#include "nn/attn/map.h"
#include "nn/attn/soft.h"

static const real lambda = (real)0.8;

static void forward(int n, int first, real *w, const real *z)
{
    const real *second = z + (size_t)n * ATTN_BLOCK;
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane), least = v_set(-(real)INFINITY);
        vec max = soft_maximum(n, query, lane, second, as_it_is, least), sum = v_set(0);
        for (int j = 0; j < n; j++) {
            vec e = v_exp(v_sub(v_load(second + map_at(j, lane)), max));
            sum = v_add(sum, if_seen(query, j, e, v_set(0)));
        }
        vec share = v_div(v_set(lambda), sum);
        softmax(n, first, lane, w, z, false);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec less = v_mul(v_exp(v_sub(v_load(second + at), max)), share);
            v_store(w + at, if_seen(query, j, v_sub(v_load(w + at), less), v_set(0)));
        }
    }
}

/* p in the place of dz. With p1 and p2 the two softmaxes: dz1_j = p1_j (dw_j - sum_i dw_i p1_i),
   dz2_j = -lambda p2_j (dw_j - sum_i dw_i p2_i). */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    (void)w;
    for (int i = 0; i < 2; i++) {
        size_t half = (size_t)i * n * ATTN_BLOCK;
        vec factor = v_set(i ? -lambda : 1);
        for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
            softmax(n, first, lane, dz + half, z + half, false);
            vec mean = weighted_sum(n, lane, dw, dz + half);
            for (int j = 0; j < n; j++) {
                size_t at = map_at(j, lane);
                vec p = v_mul(v_load(dz + half + at), factor);
                v_store(dz + half + at, v_mul(p, v_sub(v_load(dw + at), mean)));
            }
        }
    }
}

const struct attn_ops ATTN_OPS(diff) = {
    .name = "diff",
    .help = "differential attention: what two softmaxes share is taken away",
    .formula = "w = softmax(z) - 0.8 softmax(z'), halves of a head",
    .sign = "both",
    .sum = "0.2",
    .source = "Ye 2024; lambda 0.8, heads not normalised (reconstructed)",
    .reconstructed = true,
    .is_signed = true,
    .scale_by_root = true,
    .grows = true,
    .learning_rate = 1e-2,
    .two_scores = true,
    .forward = forward,
    .backward = backward,
};
