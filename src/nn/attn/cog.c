/* Cog attention (Lv 2024): the softmax of |z|, with the sign of z. */
#include "nn/attn/attn_ops.h"

#include <tgmath.h> /* fabs and copysign of real, float or double */
#include "core/config.h"

static void forward(const struct kern *k, int n, real *w, const real *z)
{
    real size[MAX_CONTEXT];
    size[0] = 0; /* n >= 1, which the compiler cannot know */
    for (int j = 0; j < n; j++)
        size[j] = fabs(z[j]);
    real inverse = 1 / k->exp_sum(n, w, size, k->max(n, size));
    for (int j = 0; j < n; j++) {
        real p = copysign(w[j] * inverse, z[j]);
        w[j] = z[j] == 0 ? 0 : p;
    }
}

/* With p = softmax(|z|), s = sgn(z): dz_j = s_j p_j (s_j dw_j - sum_i dw_i w_i)
   = |w_j| dw_j - w_j sum_i dw_i w_i. The weight jumps from -p to p at z = 0; there sgn(0) = 0 makes
   the weight and this derivative 0, which keeps such a pair out of the step instead of sending it
   one way. */
static void backward(const struct kern *k, int n, real *dz, const real *dw, const real *z,
                     const real *w)
{
    (void)z;
    real mean = k->dot(n, dw, w);
    for (int j = 0; j < n; j++)
        dz[j] = (w[j] < 0 ? -w[j] : w[j]) * dw[j] - w[j] * mean;
}

const struct attn_ops attn_cog = {
    .name = "cog",
    .help = "cog attention: softmax of |z| with the sign of z, antiparallel vectors repel",
    .formula = "w = sgn(z) exp(|z|) / sum exp(|z|)",
    .sign = "both",
    .sum = "abs sum 1",
    .source = "Lv 2024",
    .is_signed = true,
    .scale_by_root = true,
    .learning_rate = 1e-2,
    .forward = forward,
    .backward = backward,
};
