#include "nn/ffn.h"

/* Row by row: the kernels' tails then fall on the same elements however rows are divided among
   threads, so the bits do not depend on the team's size. */
void activation_forward(enum activation a, const struct kern *k, int first, int last, int width,
                        bool keep, real *act, real *pre)
{
    int n = width;
    for (int r = first; r < last; r++) {
        real *y = act + (size_t)r * n;
        real *x = pre + (size_t)r * n * activation_pieces(a);
        switch (a) {
        case ACT_GELU:
            if (keep) /* value and slope share an exponential */
                k->gelu_both(n, y, x, x);
            else
                k->gelu(n, y, x);
            break;
        case ACT_RELU:
            k->relu(n, y, x);
            break;
        case ACT_TANH:
            k->tanh(n, y, x);
            break;
        case ACT_SILU_GATED:
            k->silu(n, y, x);
            for (int j = 0; j < n; j++)
                y[j] *= x[n + j];
            break;
        }
    }
}

/* y = silu(g) v: dg = dy v silu'(g), dv = dy silu(g). */
static void gated_back(const struct kern *k, int n, real *dx, real *dy, const real *x)
{
    k->silu(n, dx + n, x);
    for (int j = 0; j < n; j++) {
        dx[n + j] *= dy[j];
        dy[j] *= x[n + j];
    }
    k->silu_back(n, dx, dy, x);
}

void activation_backward(enum activation a, const struct kern *k, int first, int last, int width,
                         real *dpre, real *dact, const real *pre, const real *act)
{
    int n = width;
    for (int r = first; r < last; r++) {
        size_t at = (size_t)r * n;
        size_t wide = at * activation_pieces(a);
        switch (a) {
        case ACT_GELU:
            k->multiply(n, dpre + at, dact + at, pre + at);
            break;
        case ACT_RELU:
            k->relu_back(n, dpre + at, dact + at, pre + at);
            break;
        case ACT_TANH:
            k->tanh_back(n, dpre + at, dact + at, act + at);
            break;
        case ACT_SILU_GATED:
            gated_back(k, n, dpre + wide, dact + at, pre + wide);
            break;
        }
    }
}
