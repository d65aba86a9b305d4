/* Gradients against finite differences, for the double-precision programs. */
#ifndef HEED_TESTS_GRADIENT_H
#define HEED_TESTS_GRADIENT_H

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/real.h"
#include "base/rng.h"
#include "stop_test.h"

/* The scalar whose gradient is checked, as a function of everything reachable from ctx. */
typedef double gradient_value(void *ctx);

/* Fourth-order central difference of f in *x. */
static inline double central(real *x, double h, gradient_value *f, void *ctx)
{
    real kept = *x;
    double at[4];
    static const double step[4] = {-2, -1, 1, 2};
    for (int i = 0; i < 4; i++) {
        *x = (real)((double)kept + step[i] * h);
        at[i] = f(ctx);
    }
    *x = kept;
    return (8 * (at[2] - at[1]) - (at[3] - at[0])) / (12 * h);
}

/* Largest relative error over all of x (n), or `limit` random places of it. Small derivatives are
   measured against a thousandth of the tensor's largest, and none against less than 1e-5: there the
   differences drown in the rounding of f, which is of size 1 (1e-16 over the step is 1e-12). A
   step may cross a kink (relu, the jump of cog): a right derivative agrees at one of the three
   steps, a wrong one at none. */
static inline double gradient_error(const char *name, size_t n, real *x, const real *analytic,
                                    size_t limit, gradient_value *f, void *ctx)
{
    struct rng rng;
    rng_seed(&rng, n, RNG_TEST, 77);
    double largest = 0, worst = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs((double)analytic[i]));
    for (size_t c = 0; c < (n < limit ? n : limit); c++) {
        size_t i = n <= limit ? c : rng_below(&rng, (uint32_t)n);
        double best = INFINITY, seen = 0;
        for (double h = 1e-4; h > 5e-7 && !(best < 1e-7); h /= 10) {
            double numeric = central(&x[i], h, f, ctx);
            double size = fmax(fmax(fabs(numeric), fabs((double)analytic[i])), 1e-3 * largest);
            double error = fabs(numeric - (double)analytic[i]) / fmax(size, 1e-5);
            if (!(error >= best)) {
                best = error;
                seen = numeric;
            }
        }
        if (!(best < 1e-6))
            print_error("%s[%zu]: %.12g, differences say %.12g\n", name, i, (double)analytic[i],
                        seen);
        worst = fmax(worst, isnan(best) ? INFINITY : best);
    }
    return worst;
}

static inline void random_fill(struct rng *rng, size_t n, real *x, double std)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (real)(std * rng_normal(rng));
}

#endif
