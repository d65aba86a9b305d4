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
            if (keep) /* value and slope share an exponential, here and below */
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
            if (keep)
                k->silu_gate_both(n, y, x, x + n, x, x + n);
            else
                k->silu_gate(n, y, x, x + n);
            break;
        }
    }
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
            k->multiply(n, dpre + wide, dact + at, pre + wide);
            k->multiply(n, dpre + wide + n, dact + at, pre + wide + n);
            break;
        }
    }
}
