/* The sign of cog on the bounded square of ea: the two ideas joined, this project's own. */
#include "nn/attn/attn_ops.h"

#include "nn/attn/bounded_square.h"

static void forward(const struct kern *k, int n, real *w, const real *z)
{
    real inverse = 1 / bounded_square_total(k, n, w, z);
    for (int j = 0; j < n; j++)
        w[j] *= z[j] < 0 ? -inverse : inverse; /* sgn(0) = 0 needs no case: u(0) = 0 */
}

/* With s = sgn(z), S = eps + sum u: dz_j = (s_j dw_j - sum_i dw_i w_i) / S * du_j/dz_j. At z = 0
   the slope of u is 0, so the map is differentiable there and its derivative is 0. */
static void backward(const struct kern *k, int n, real *dz, const real *dw, const real *z,
                     const real *w)
{
    real u[MAX_CONTEXT];
    u[0] = 0; /* n >= 1, which the compiler cannot know */
    real inverse = 1 / bounded_square_total(k, n, u, z);
    real mean = k->dot(n, dw, w);
    for (int j = 0; j < n; j++) {
        real d = z[j] < 0 ? -dw[j] : dw[j];
        dz[j] = (d - mean) * inverse * bounded_square_slope(z[j]);
    }
}

const struct attn_ops attn_signed_ea = {
    .name = "signed-ea",
    .help = "ea with the sign of the score: antiparallel vectors repel",
    .formula = "w = sgn(z) u / (eps + sum u), u = z^2 / (1 + z^2)",
    .sign = "both",
    .sum = "abs sum ~1",
    .source = "this project",
    .is_signed = true,
    .learning_rate = 2e-2,
    .forward = forward,
    .backward = backward,
};
