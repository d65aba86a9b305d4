/* How far exp, tanh and sigmoid are off over their whole range; what NaN, infinity and huge numbers
   come to; and the oracle itself against known values and finite differences. f64_kern_math.c runs
   the same in double precision. */
#include "heed_test.h"
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "kern/kern.h"

enum { POINTS = 1 << 16, ROW = 67 };

#define EACH_TABLE(kern)                                                                           \
    for (int isa_ = 0; isa_ < ISA_COUNT; isa_++)                                                   \
        for (const struct kern *kern = kern_get((enum isa)isa_); kern; kern = NULL)

static const double largest = REAL_IS_DOUBLE ? DBL_MAX : FLT_MAX;

/* The distance of neighbouring reals about x. */
static long double unit(long double x)
{
    const int least = REAL_IS_DOUBLE ? DBL_MIN_EXP - 1 : FLT_MIN_EXP - 1;
    int power = x == 0 ? least : ilogbl(x);
    return ldexpl(1, (power < least ? least : power) - (REAL_IS_DOUBLE ? 52 : 23));
}

typedef long double truth(long double);

static long double true_sigmoid(long double x)
{
    return 1 / (1 + expl(-x));
}

static void run(const struct kern *kern, truth *f, int n, real *y, const real *x)
{
    if (f == expl)
        kern->exp_sum(n, y, x, 0);
    else
        (f == tanhl ? kern->tanh : kern->sigmoid)(n, y, x);
}

/* The largest error of any table on POINTS numbers from low to high, evenly or by equal ratios. */
static double worst(truth *f, double low, double high, bool ratios)
{
    real *x = malloc(POINTS * sizeof *x), *y = malloc(POINTS * sizeof *y);
    long double *want = malloc(POINTS * sizeof *want), most = 0;
    assert_true(x && y && want);
    for (int i = 0; i < POINTS; i++) {
        double part = i / (POINTS - 1.0);
        x[i] = (real)(ratios ? low * pow(high / low, part) : low + (high - low) * part);
        want[i] = f(x[i]);
    }
    EACH_TABLE(kern)
    {
        run(kern, f, POINTS, y, x);
        for (int i = 0; i < POINTS; i++) {
            long double off = fabsl(y[i] - want[i]) / unit(want[i]);
            most = off > most ? off : most;
        }
    }
    free(x), free(y), free(want);
    return (double)most;
}

static void assert_in_ulp(const char *what, double off, double bound)
{
    if (!(off <= bound))
        print_error("%s: off by %.3f units in the last place, not %.3f\n", what, off, bound);
    assert_true(off <= bound);
}

static void test_exp_error(void **state)
{
    (void)state;
    const double low = REAL_IS_DOUBLE ? -708 : -87.3, high = REAL_IS_DOUBLE ? 709.7 : 88.72;
    assert_in_ulp("exp", worst(expl, low, high, false), 1);
    assert_in_ulp("exp, gradual underflow", worst(expl, REAL_IS_DOUBLE ? -746 : -104, low, false),
                  1);
    assert_in_ulp("exp near 0", worst(expl, -1, 1, false), 1);
    assert_in_ulp("exp near 0", worst(expl, 1e-30, 1, true), 1);
}

static void test_tanh_error(void **state)
{
    (void)state;
    const double bound = REAL_IS_DOUBLE ? 2.5 : 1.5; /* the C library's in double precision */
    assert_in_ulp("tanh", worst(tanhl, -20, 20, false), bound);
    assert_in_ulp("tanh", worst(tanhl, -1, 1, false), bound);
    assert_in_ulp("tanh near 0", worst(tanhl, 1e-30, 1, true), bound);
    assert_in_ulp("tanh near 0", worst(tanhl, -1e-30, -1, true), bound);
}

static void test_sigmoid_error(void **state)
{
    (void)state;
    assert_in_ulp("sigmoid", worst(true_sigmoid, -87, 40, false), 2.5);
    assert_in_ulp("sigmoid near 0", worst(true_sigmoid, -1, 1, false), 2.5);
}

/* A row of zeros with one value at each place in turn: what comes out there. */
static real at_every_place(void (*f)(int, real *, const real *), real value)
{
    real first = 0;
    for (int i = 0; i < ROW; i++) {
        real x[ROW] = {0}, y[ROW];
        x[i] = value;
        f(ROW, y, x);
        if (i == 0)
            first = y[0];
        assert_true(y[i] == first || (isnan(y[i]) && isnan(first)));
        assert_false(isnan(y[(i + 1) % ROW]));
    }
    return first;
}

static void test_edges_of_activations(void **state)
{
    (void)state;
    const real inf = (real)INFINITY, huge = (real)(largest / 4), nan = (real)NAN;
    EACH_TABLE(kern)
    {
        assert_true(at_every_place(kern->tanh, inf) == 1 && at_every_place(kern->tanh, -inf) == -1);
        assert_true(at_every_place(kern->tanh, huge) == 1);
        assert_true(at_every_place(kern->tanh, -huge) == -1);
        assert_true(at_every_place(kern->sigmoid, inf) == 1);
        assert_true(at_every_place(kern->sigmoid, -inf) == 0);
        assert_true(at_every_place(kern->sigmoid, -huge) == 0);
        assert_true(at_every_place(kern->relu, inf) == inf &&
                    at_every_place(kern->relu, -inf) == 0);
        assert_true(at_every_place(kern->gelu, huge) == huge);
        assert_true(at_every_place(kern->gelu, -huge) == 0);
        assert_true(at_every_place(kern->silu, huge) == huge);
        assert_true(at_every_place(kern->silu, -huge) == 0);
        assert_true(isnan(at_every_place(kern->tanh, nan)));
        assert_true(isnan(at_every_place(kern->sigmoid, nan)));
        assert_true(isnan(at_every_place(kern->relu, nan)));
        assert_true(isnan(at_every_place(kern->gelu, nan)));
        assert_true(isnan(at_every_place(kern->silu, nan)));
        /* The sign of a zero survives. */
        assert_true(signbit(at_every_place(kern->tanh, -(real)0)));
    }
}

static real slope_at(void (*f)(int, real *, const real *, const real *), real x)
{
    const real one = 1;
    real dx;
    f(1, &dx, &one, &x);
    return dx;
}

static void test_edges_of_slopes(void **state)
{
    (void)state;
    const real inf = (real)INFINITY, huge = (real)(largest / 4), nan = (real)NAN;
    EACH_TABLE(kern)
    {
        assert_true(slope_at(kern->gelu_back, huge) == 1 && slope_at(kern->gelu_back, inf) == 1);
        assert_true(fabs((double)slope_at(kern->gelu_back, -huge)) < 1e-30);
        assert_true(slope_at(kern->silu_back, huge) == 1 && slope_at(kern->silu_back, inf) == 1);
        assert_true(fabs((double)slope_at(kern->silu_back, -huge)) < 1e-30);
        assert_true(slope_at(kern->relu_back, 0) == 0 && slope_at(kern->relu_back, -inf) == 0);
        assert_true(slope_at(kern->relu_back, inf) == 1);
        assert_true(isnan(slope_at(kern->gelu_back, nan)));
        assert_true(isnan(slope_at(kern->silu_back, nan)));
        assert_true(isnan(slope_at(kern->relu_back, nan)));
        assert_true(isnan(slope_at(kern->tanh_back, nan)));
    }
}

static void test_edges_of_exp(void **state)
{
    (void)state;
    const real inf = (real)INFINITY;
    const real x[] = {inf, (real)largest, 1000, 0, -1000, (real)-largest, -inf, (real)NAN};
    const real want[] = {inf, inf, inf, 1, 0, 0, 0, (real)NAN};
    enum { COUNT = sizeof x / sizeof *x };
    EACH_TABLE(kern)
    for (int i = 0; i < COUNT; i++)
        for (int place = 0; place < ROW; place++) {
            real row[ROW] = {0}, y[ROW];
            row[place] = x[i];
            real sum = kern->exp_sum(ROW, y, row, 0);
            assert_true(y[place] == want[i] || (isnan(y[place]) && isnan(want[i])));
            real whole = ROW - 1 + want[i];
            assert_true(sum == whole || (isnan(sum) && isnan(whole)));
        }
}

/* One NaN anywhere in a row of any length is not lost, not even behind an infinity. */
static void test_nan_in_rows(void **state)
{
    (void)state;
    EACH_TABLE(kern)
    for (int n = 1; n <= ROW; n++)
        for (int place = 0; place < n; place++) {
            real x[ROW], one[ROW], y[ROW], hat[ROW], inverse;
            for (int i = 0; i < n; i++)
                x[i] = i % 5 == 3 ? (real)INFINITY : (real)-i, one[i] = 1;
            real top = n > 3 ? (real)INFINITY : 0;
            assert_true(kern->max(n, x) == top);
            x[place] = (real)NAN;
            assert_true(isnan(kern->max(n, x)));
            assert_true(isnan(kern->sum(n, x)));
            assert_true(isnan(kern->dot(n, x, one)));
            assert_true(isnan(kern->sum_squares(n, x)));
            assert_true(isnan(kern->cross_entropy(n, y, x, 0, 1)) && isnan(y[n - 1]));
            kern->layer_norm(n, y, hat, &inverse, x, one, one, (real)1e-5);
            assert_true(isnan(y[0]) && isnan(hat[n - 1]) && isnan(inverse));
            kern->rms_norm(n, y, hat, &inverse, x, one, (real)1e-5);
            assert_true(isnan(y[0]) && isnan(hat[n - 1]) && isnan(inverse));
        }
}

/* An only -infinity is a maximum like any other. */
static void test_max_of_minus_infinity(void **state)
{
    (void)state;
    EACH_TABLE(kern)
    for (int n = 1; n <= ROW; n++) {
        real x[ROW];
        for (int i = 0; i < n; i++)
            x[i] = -(real)INFINITY;
        assert_true(kern->max(n, x) == -(real)INFINITY);
        x[n - 1] = -5;
        assert_true(kern->max(n, x) == -5);
    }
}

static void assert_about(double got, double want)
{
    if (fabs(got - want) > 2e-6)
        print_error("%.9g, not %.9g\n", got, want);
    assert_true(fabs(got - want) <= 2e-6);
}

/* The values are PyTorch's. */
static void test_known_values(void **state)
{
    (void)state;
    const real x[4] = {1, 2, 3, 4}, gain[4] = {1, 1, 2, 1}, bias[4] = {0, 0, 0, 1};
    EACH_TABLE(kern)
    {
        real y[4], hat[4], inverse;
        kern->gelu(4, y, x);
        assert_about(y[0], 0.8411919906), assert_about(y[1], 1.9545976782);
        kern->silu(4, y, x);
        assert_about(y[0], 0.7310585786), assert_about(y[1], 1.7615941560);
        kern->layer_norm(4, y, hat, &inverse, x, gain, bias, (real)1e-5);
        assert_about(y[0], -1.3416354), assert_about(y[2], 0.8944236),
            assert_about(y[3], 2.3416354);
        assert_about(inverse, 0.8944236);
        kern->rms_norm(4, y, hat, &inverse, x, gain, 0);
        assert_about(hat[1], 2 / sqrt(7.5)), assert_about(y[2], 6 / sqrt(7.5));
        assert_about(kern->cross_entropy(3, y, x, 2, 1), 0.4076059645);
        assert_about(y[0], 0.0900305732), assert_about(y[2], 0.6652409558 - 1);
    }
}

static void test_known_steps(void **state)
{
    (void)state;
    EACH_TABLE(kern)
    {
        real w = 1, m = 0, v = 0, g = 1;
        struct adamw a = {(real)0.1,  (real)0.9, (real)0.999, 0,
                          (real)0.01, (real)0.1, (real)1e-3,  2};
        kern->adamw(1, &w, &m, &v, &g, &a);
        assert_about(w, 0.999 - 0.1), assert_about(m, 0.2), assert_about(v, 0.004);
        a.correction1 = (real)0.19, a.correction2 = (real)0.001999, a.gradient_scale = -1;
        kern->adamw(1, &w, &m, &v, &g, &a);
        assert_about(m, 0.08), assert_about(v, 0.004996);
        assert_about(w, 0.899 * 0.999 - 0.1 * (0.08 / 0.19) / sqrt(0.004996 / 0.001999));
        w = 2, m = 1;
        kern->sgd(1, &w, &m, &g, (real)0.1, (real)0.5, (real)0.25, 3);
        assert_about(m, 0.5 + 3 + 0.5), assert_about(w, 1.6);
    }
}

/* Of a function of one number, f's slope by central differences. */
static double difference(void (*f)(int, real *, const real *), double x)
{
    const double h = REAL_IS_DOUBLE ? 1e-5 : 1e-2;
    real ends[2] = {(real)(x - h), (real)(x + h)}, y[2];
    f(2, y, ends);
    return ((double)y[1] - y[0]) / ((double)ends[1] - ends[0]);
}

static void test_slopes_are_slopes(void **state)
{
    (void)state;
    const double slack = REAL_IS_DOUBLE ? 1e-9 : 1e-4;
    EACH_TABLE(kern)
    for (double x = -6.05; x < 6; x += 0.1) {
        real y, at = (real)x;
        kern->tanh(1, &y, &at);
        assert_true(fabs(slope_at(kern->gelu_back, at) - difference(kern->gelu, at)) < slack);
        assert_true(fabs(slope_at(kern->silu_back, at) - difference(kern->silu, at)) < slack);
        assert_true(fabs(slope_at(kern->relu_back, at) - difference(kern->relu, at)) < slack);
        assert_true(fabs(slope_at(kern->tanh_back, y) - difference(kern->tanh, at)) < slack);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp_error),
        cmocka_unit_test(test_tanh_error),
        cmocka_unit_test(test_sigmoid_error),
        cmocka_unit_test(test_edges_of_activations),
        cmocka_unit_test(test_edges_of_slopes),
        cmocka_unit_test(test_edges_of_exp),
        cmocka_unit_test(test_nan_in_rows),
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_known_steps),
        cmocka_unit_test(test_slopes_are_slopes),
        cmocka_unit_test(test_max_of_minus_infinity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
