/* The arithmetic that training spends its time in. One table of functions per instruction set. */
#ifndef HEED_KERN_KERN_H
#define HEED_KERN_KERN_H

#include <stddef.h>
#include <stdint.h>
#include "base/fail.h"
#include "base/real.h"

/* Enough independent chains for four cycles of latency in two units, and few enough for sixteen
   registers. */
enum { KERN_PEAK_CHAINS = 12 };

enum { KERN_LANES_MAX = 16 };

enum isa { ISA_REF, ISA_SCALAR, ISA_AVX2, ISA_AVX512, ISA_NEON, ISA_COUNT };

/* One sweep of AdamW (Loshchilov and Hutter 2019): correction_1 = 1 - beta1^t, correction_2
 * likewise. */
struct adamw {
    real learning_rate, beta1, beta2, eps, decay, correction1, correction2, gradient_scale;
};

/* Sizes first, then outputs, then inputs. Vectors are contiguous; no argument overlaps another
   unless said. In the double-precision build only ISA_REF and ISA_SCALAR exist. */
struct kern {
    enum isa isa;
    const char *name; /* "ref", "scalar", "avx2", "avx512", "neon" */
    int lanes;

    /* c (m, n) = [accumulate] c + a (m, k) . b (k, n). a[i * a_row + p * a_col], b[p * b_row + j],
       c[i * c_row + j]. Every c element is one chain of fused multiply-adds in ascending p (from c,
       or from 0), so its bits do not depend on the tiling or on which thread computes it. */
    void (*gemm)(int m, int n, int k, int accumulate, real *c, ptrdiff_t c_row, const real *a,
                 ptrdiff_t a_row, ptrdiff_t a_col, const real *b, ptrdiff_t b_row);
    /* The same from b in panels of 2 * lanes columns, one after the other, each (k, 2 * lanes) and
       contiguous; the last is as wide, with anything beyond column n. The row `start` (n), if not
       NULL, is added to what every row of c starts from. */
    void (*gemm_panels)(int m, int n, int k, int accumulate, real *c, ptrdiff_t c_row,
                        const real *a, ptrdiff_t a_row, ptrdiff_t a_col, const real *panels,
                        const real *start);
    /* out (cols, rows) = transpose of in (rows, cols). */
    void (*transpose)(int rows, int cols, real *out, ptrdiff_t out_row, const real *in,
                      ptrdiff_t in_row);
    /* out (rows, cols) = in (rows, cols) * factor. */
    void (*copy_scaled)(int rows, int cols, real *out, ptrdiff_t out_row, const real *in,
                        ptrdiff_t in_row, real factor);

    /* sum (n) += the rows of x (rows, n), ascending; of x * y with one rounding. */
    void (*column_sums)(int rows, int n, real *sum, const real *x, ptrdiff_t x_row);
    void (*column_dots)(int rows, int n, real *sum, const real *x, const real *y, ptrdiff_t row);

    /* Vectors of n. Sums run in a fixed order that depends on n alone. */
    real (*sum)(int n, const real *x);
    real (*dot)(int n, const real *x, const real *y);
    real (*max)(int n, const real *x);
    real (*sum_squares)(int n, const real *x);
    void (*add)(int n, real *y, const real *x);          /* y += x */
    void (*scale)(int n, real *y, real a);               /* y *= a */
    void (*axpy)(int n, real *y, real a, const real *x); /* y = fma(a, x, y) */
    void (*multiply)(int n, real *z, const real *x, const real *y);
    real (*exp_sum)(int n, real *y, const real *x,
                    real shift); /* y = exp(x - shift), returns the sum */

    /* Activations. _back: dx = dy * f'(x); dx may be dy. */
    void (*gelu)(int n, real *y,
                 const real *x); /* 0.5 x (1 + tanh(sqrt(2/pi)(x + 0.044715 x^3))) */
    void (*gelu_back)(int n, real *dx, const real *dy, const real *x);
    void (*gelu_both)(int n, real *y, real *slope, const real *x); /* with f'(x); slope may be x */
    void (*relu)(int n, real *y, const real *x);
    void (*relu_back)(int n, real *dx, const real *dy, const real *x);
    void (*tanh)(int n, real *y, const real *x);
    void (*tanh_back)(int n, real *dx, const real *dy, const real *y); /* from y = tanh(x) */
    void (*sigmoid)(int n, real *y, const real *x);
    void (*silu)(int n, real *y, const real *x);
    void (*silu_back)(int n, real *dx, const real *dy, const real *x);
    /* y = silu(gate) * value (Shazeer 2020), and its derivatives by both; those may be gate and value. */
    void (*silu_gate)(int n, real *y, const real *gate, const real *value);
    void (*silu_gate_both)(int n, real *y, real *by_gate, real *by_value, const real *gate,
                           const real *value);

    /* Turn the pairs (x[2 i], x[2 i + 1]) of each of some rows of n numbers by the angle whose cosine and
       sine are (turns[2 i], turns[2 i + 1]) of the same row, or back by it. n is even. */
    void (*rotate)(int rows, int n, real *x, ptrdiff_t x_row, const real *turns, ptrdiff_t turns_row,
                   int back);

    /* One row of n. xhat = (x - mean) / sqrt(var + eps), y = xhat * gain + bias (NULL: none); *inverse =
       1/sqrt. */
    void (*layer_norm)(int n, real *y, real *xhat, real *inverse, const real *x, const real *gain,
                       const real *bias, real eps);
    /* dx (accumulated) from dy, saved xhat and inverse; gain's and bias's gradients are column
       sums, left to the caller. */
    void (*layer_norm_back)(int n, real *dx, const real *dy, const real *xhat, real inverse,
                            const real *gain);
    /* xhat = x / sqrt(mean(x^2) + eps), y = xhat * gain. */
    void (*rms_norm)(int n, real *y, real *xhat, real *inverse, const real *x, const real *gain,
                     real eps);
    void (*rms_norm_back)(int n, real *dx, const real *dy, const real *xhat, real inverse,
                          const real *gain);
    /* -log softmax(logits)[target] of one row; dlogits = (softmax - onehot) * weight if not NULL.
     */
    real (*cross_entropy)(int n, real *dlogits, const real *logits, int target, real weight);

    /* One row of an LSTM of n cells, gates in the order i f g o, each n wide: gates (4 n) from
       their inputs pre (4 n), i, f, o = sigmoid, g = tanh; cell = f before + i g, tanh_cell =
       tanh(cell), hidden = o tanh_cell. */
    void (*lstm_cell)(int n, real *gates, real *cell, real *tanh_cell, real *hidden,
                      const real *pre, const real *before);
    /* dgates (4 n), those of pre; dcell, the gradient of cell from the position after, becomes that
       of `before`. */
    void (*lstm_cell_back)(int n, real *dgates, real *dcell, const real *dhidden, const real *gates,
                           const real *tanh_cell, const real *before);

    /* The sum of squares in double, whose range no gradient leaves: the same bits for every
       instruction set but ISA_REF. */
    double (*wide_squares)(size_t n, const real *x);
    /* w, m, v updated from gradient_scale * g; decay is decoupled. */
    void (*adamw)(size_t n, real *w, real *m, real *v, const real *g, const struct adamw *a);
    /* m = momentum m + gradient_scale g + decay w; w -= learning_rate m. */
    void (*sgd)(size_t n, real *w, real *m, const real *g, real learning_rate, real momentum,
                real decay, real gradient_scale);

    /* What the processor can do at most: KERN_PEAK_CHAINS vectors, of which number i starts as i in
       every lane, each become x * a + b `rounds` times, in registers alone. Returns the sum of all
       lanes. rounds * KERN_PEAK_CHAINS * lanes fused multiply-adds. */
    real (*peak)(int64_t rounds, real a, real b);
};

/* The table of an instruction set, NULL if this build or this processor lacks it. */
const struct kern *kern_get(enum isa isa);
/* The best there is. */
const struct kern *kern_best(void);
/* By name ("auto" is the best); unknown or unsupported: ERR_USAGE listing what there is. */
int kern_by_name(const char *name, const struct kern **out, struct failure *why);

#endif
