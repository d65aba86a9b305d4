/* Every function of every table against the oracle, the oracle against numbers known from
   elsewhere, and the behaviour at the edges. f64_kern.c runs the same in double precision. */
#include "heed_test.h"
#include <float.h>
#include <math.h>
#include "base/rng.h"
#include "guarded.h"
#include "kern/kern.h"

enum { SLOTS = 6, WIDEST = 67 };

static const real epsilon = REAL_IS_DOUBLE ? (real)DBL_EPSILON : (real)FLT_EPSILON;

struct bench {
    struct guarded slot[SLOTS];
    struct rng rng;
};

static int setup(void **state)
{
    static struct bench bench;
    for (int i = 0; i < SLOTS; i++)
        guarded_init(&bench.slot[i]);
    rng_seed(&bench.rng, 1, RNG_TEST, 1);
    *state = &bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < SLOTS; i++)
        guarded_release(&bench->slot[i]);
    return 0;
}

/* n normal numbers of deviation 3 in a slot. */
static real *random_row(struct bench *bench, int slot, int n)
{
    real *x = guarded_take(&bench->slot[slot], (size_t)n);
    for (int i = 0; i < n; i++)
        x[i] = (real)(3 * rng_normal(&bench->rng));
    return x;
}

static void assert_intact(const struct bench *bench)
{
    for (int i = 0; i < SLOTS; i++)
        assert_true(!bench->slot[i].used || guarded_intact(&bench->slot[i]));
}

static void assert_near(const char *what, const struct kern *kern, int n, double got, double want,
                        double tolerance)
{
    bool near = fabs(got - want) <= tolerance || (isnan(got) && isnan(want));
    if (!near)
        print_error("%s %s, n %d: %.9g, not %.9g\n", kern->name, what, n, got, want);
    assert_true(near);
}

static void assert_rows_near(const char *what, const struct kern *kern, int n, const real *got,
                             const real *want, double relative, double absolute)
{
    for (int i = 0; i < n; i++)
        assert_near(what, kern, n, got[i], want[i], relative * fabs(want[i]) + absolute);
}

#define EACH_TABLE(kern)                                                                           \
    for (int isa_ = ISA_SCALAR; isa_ < ISA_COUNT; isa_++)                                          \
        for (const struct kern *kern = kern_get((enum isa)isa_); kern; kern = NULL)

static void test_choice(void **state)
{
    (void)state;
    const struct kern *kern, *best = kern_best();
    struct failure why;
    int tables = 0;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const struct kern *table = kern_get((enum isa)isa);
        if (!table)
            continue;
        tables++;
        assert_int_equal(table->isa, isa);
        assert_true(table->lanes <= best->lanes);
        assert_int_equal(kern_by_name(table->name, &kern, &why), 0);
        assert_ptr_equal(kern, table);
    }
    assert_true(REAL_IS_DOUBLE ? tables == 2 : tables >= 2);
    assert_int_equal(kern_by_name("auto", &kern, &why), 0);
    assert_ptr_equal(kern, best);
    assert_string_equal(kern_get(ISA_REF)->name, "ref");
    assert_int_equal(kern_by_name("sse9", &kern, &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "\"sse9\""));
    assert_non_null(strstr(why.text, "auto, ref, scalar"));
    assert_non_null(strstr(why.text, best->name));
}

static void test_sums(void **state)
{
    struct bench *bench = *state;
    const struct kern *ref = kern_get(ISA_REF);
    for (int n = 0; n <= 1100; n += n < WIDEST ? 1 : 129) {
        const real *x = random_row(bench, 0, n), *y = random_row(bench, 1, n);
        double slack = 0;
        for (int i = 0; i < n; i++)
            slack += epsilon * (1 + sqrt(n) / 4) * fabs((double)x[i]);
        EACH_TABLE(kern)
        {
            assert_near("sum", kern, n, kern->sum(n, x), ref->sum(n, x), slack);
            assert_near("dot", kern, n, kern->dot(n, x, y), ref->dot(n, x, y), 9 * slack);
            double squares = ref->sum_squares(n, x);
            assert_near("sum_squares", kern, n, kern->sum_squares(n, x), squares,
                        8 * epsilon * squares);
            assert_true(n == 0 || kern->max(n, x) == ref->max(n, x));
        }
    }
}

/* Sums depend on n and the numbers, not on where they lie. */
static void test_sums_anywhere(void **state)
{
    struct bench *bench = *state;
    for (int n = 1; n <= WIDEST; n++) {
        const real *x = random_row(bench, 0, n);
        EACH_TABLE(kern)
        for (int shift = 0; shift < 17; shift++) {
            real *y = (real *)(void *)(bench->slot[1].base) + shift;
            memcpy(y, x, (size_t)n * sizeof *x);
            assert_true(kern->sum(n, y) == kern->sum(n, x));
            assert_true(kern->dot(n, y, x) == kern->dot(n, x, y));
            assert_true(kern->sum_squares(n, y) == kern->sum_squares(n, x));
        }
    }
}

typedef void unary(int, real *, const real *);
typedef void binary(int, real *, const real *, const real *);

struct field {
    const char *name;
    size_t at;
};
static const struct field unaries[] = {{"gelu", offsetof(struct kern, gelu)},
                                       {"relu", offsetof(struct kern, relu)},
                                       {"tanh", offsetof(struct kern, tanh)},
                                       {"sigmoid", offsetof(struct kern, sigmoid)},
                                       {"silu", offsetof(struct kern, silu)}};
static const struct field binaries[] = {{"multiply", offsetof(struct kern, multiply)},
                                        {"gelu_back", offsetof(struct kern, gelu_back)},
                                        {"relu_back", offsetof(struct kern, relu_back)},
                                        {"tanh_back", offsetof(struct kern, tanh_back)},
                                        {"silu_back", offsetof(struct kern, silu_back)}};
enum { UNARIES = sizeof unaries / sizeof *unaries, BINARIES = sizeof binaries / sizeof *binaries };

static unary *unary_of(const struct kern *kern, const struct field *field)
{
    unary *f;
    memcpy(&f, (const char *)kern + field->at, sizeof f);
    return f;
}

static binary *binary_of(const struct kern *kern, const struct field *field)
{
    binary *f;
    memcpy(&f, (const char *)kern + field->at, sizeof f);
    return f;
}

/* Near the oracle at every size; each element has the same bits when it is computed alone. */
static void test_unaries(void **state)
{
    struct bench *bench = *state;
    for (int n = 1; n <= WIDEST; n++)
        for (int f = 0; f < UNARIES; f++) {
            const real *x = random_row(bench, 0, n);
            real *want = random_row(bench, 1, n), *y = random_row(bench, 2, n), alone;
            unary_of(kern_get(ISA_REF), &unaries[f])(n, want, x);
            EACH_TABLE(kern)
            {
                unary *of = unary_of(kern, &unaries[f]);
                of(n, y, x);
                assert_rows_near(unaries[f].name, kern, n, y, want, 10 * epsilon, 2 * epsilon);
                for (int i = 0; i < n; i++) {
                    of(1, &alone, x + i);
                    assert_true(alone == y[i]);
                }
                memcpy(y, x, (size_t)n * sizeof *y);
                of(n, y, y);
                assert_rows_near(unaries[f].name, kern, n, y, want, 10 * epsilon, 2 * epsilon);
            }
            assert_intact(bench);
        }
}

static void test_binaries(void **state)
{
    struct bench *bench = *state;
    for (int n = 1; n <= WIDEST; n++)
        for (int f = 0; f < BINARIES; f++) {
            const real *dy = random_row(bench, 0, n), *x = random_row(bench, 1, n);
            real *want = random_row(bench, 2, n), *dx = random_row(bench, 3, n), alone;
            binary_of(kern_get(ISA_REF), &binaries[f])(n, want, dy, x);
            EACH_TABLE(kern)
            {
                binary *of = binary_of(kern, &binaries[f]);
                of(n, dx, dy, x);
                /* tanh_back's y is no tanh here: 1 - y^2 reaches 100. */
                assert_rows_near(binaries[f].name, kern, n, dx, want, 10 * epsilon, 20 * epsilon);
                for (int i = 0; i < n; i++) {
                    of(1, &alone, dy + i, x + i);
                    assert_true(alone == dx[i]);
                }
                memcpy(dx, dy, (size_t)n * sizeof *dx);
                of(n, dx, dx, x);
                assert_rows_near(binaries[f].name, kern, n, dx, want, 10 * epsilon, 20 * epsilon);
            }
            assert_intact(bench);
        }
}

static void test_updates(void **state)
{
    struct bench *bench = *state;
    const struct kern *ref = kern_get(ISA_REF);
    for (int n = 1; n <= WIDEST; n++) {
        const size_t bytes = (size_t)n * sizeof(real);
        const real *x = random_row(bench, 0, n), *start = random_row(bench, 1, n);
        real *want = random_row(bench, 2, n), *y = random_row(bench, 3, n);
        EACH_TABLE(kern)
        {
            memcpy(y, start, bytes);
            memcpy(want, start, bytes);
            ref->add(n, want, x), kern->add(n, y, x);
            assert_memory_equal(y, want, bytes);
            ref->scale(n, want, (real)0.3), kern->scale(n, y, (real)0.3);
            assert_memory_equal(y, want, bytes);
            ref->axpy(n, want, (real)0.7, x), kern->axpy(n, y, (real)0.7, x);
            assert_memory_equal(y, want, bytes);
            real sum = kern->exp_sum(n, y, x, 2), right = ref->exp_sum(n, want, x, 2);
            assert_rows_near("exp_sum", kern, n, y, want, 2 * epsilon, 0);
            assert_near("exp_sum", kern, n, sum, right, 8 * epsilon * right);
        }
        assert_intact(bench);
    }
}

static void test_transpose(void **state)
{
    struct bench *bench = *state;
    for (int rows = 1; rows <= WIDEST; rows++)
        for (int cols = 1; cols <= WIDEST; cols += cols < 20 ? 1 : 5) {
            const real *in = random_row(bench, 0, (rows - 1) * (cols + 3) + cols);
            EACH_TABLE(kern)
            {
                int size = (cols - 1) * (rows + 2) + rows;
                real *out = random_row(bench, 1, size);
                for (int i = 0; i < size; i++)
                    out[i] = -1000;
                kern->transpose(rows, cols, out, rows + 2, in, cols + 3);
                for (int i = 0; i < size; i++) {
                    int j = i / (rows + 2), r = i % (rows + 2);
                    assert_true(out[i] == (r < rows ? in[r * (cols + 3) + j] : -1000));
                }
                assert_intact(bench);
            }
        }
}

static void test_norms(void **state)
{
    struct bench *bench = *state;
    const struct kern *ref = kern_get(ISA_REF);
    const real eps = (real)1e-5;
    const double slack = 60 * epsilon;
    for (int n = 1; n <= WIDEST; n++)
        EACH_TABLE(kern)
    for (int centred = 0; centred < 2; centred++) {
        const real *x = random_row(bench, 0, n), *gain = random_row(bench, 1, n);
        const real *bias = random_row(bench, 2, n);
        real *y = random_row(bench, 3, n), *hat = random_row(bench, 4, n);
        real want[WIDEST], want_hat[WIDEST], inverse, want_inverse, dx[WIDEST];
        /* With one element the centred row is 0 / 0 but for eps: rounding decides. */
        if (centred && n == 1)
            continue;
        if (centred) {
            ref->layer_norm(n, want, want_hat, &want_inverse, x, gain, bias, eps);
            kern->layer_norm(n, y, hat, &inverse, x, gain, bias, eps);
        } else {
            ref->rms_norm(n, want, want_hat, &want_inverse, x, gain, eps);
            kern->rms_norm(n, y, hat, &inverse, x, gain, eps);
        }
        double size = 1 + fabs((double)want_inverse) * 10;
        assert_near("inverse", kern, n, inverse, want_inverse, slack * want_inverse * size);
        assert_rows_near("norm xhat", kern, n, hat, want_hat, slack * size, slack * size);
        assert_rows_near("norm y", kern, n, y, want, slack * size, 9 * slack * size);
        const real *dy = random_row(bench, 5, n);
        for (int i = 0; i < n; i++)
            dx[i] = y[i] = (real)i;
        (centred ? ref->layer_norm_back : ref->rms_norm_back)(n, dx, dy, want_hat, want_inverse,
                                                              gain);
        (centred ? kern->layer_norm_back : kern->rms_norm_back)(n, y, dy, want_hat, want_inverse,
                                                                gain);
        assert_rows_near("norm dx", kern, n, y, dx, slack, 9 * slack * size);
        assert_intact(bench);
    }
}

static void test_cross_entropy(void **state)
{
    struct bench *bench = *state;
    const struct kern *ref = kern_get(ISA_REF);
    for (int n = 1; n <= WIDEST; n++)
        EACH_TABLE(kern)
        {
            const real *logits = random_row(bench, 0, n);
            real *d = random_row(bench, 1, n), want[WIDEST];
            int target = n * 7 % 5 % n;
            real right = ref->cross_entropy(n, want, logits, target, (real)0.25);
            real loss = kern->cross_entropy(n, d, logits, target, (real)0.25);
            assert_near("cross_entropy", kern, n, loss, right, 20 * epsilon);
            assert_rows_near("dlogits", kern, n, d, want, 10 * epsilon, epsilon);
            assert_true(kern->cross_entropy(n, NULL, logits, target, 1) == loss);
            assert_intact(bench);
        }
}

static void test_optimisers(void **state)
{
    struct bench *bench = *state;
    const struct kern *ref = kern_get(ISA_REF);
    const struct adamw a = {(real)0.01, (real)0.9,  (real)0.999, (real)1e-8,
                            (real)0.1,  (real)0.19, (real)2e-3,  (real)0.5};
    for (int n = 1; n <= WIDEST; n++)
        EACH_TABLE(kern)
        {
            real *row[4], want[3][WIDEST];
            for (int i = 0; i < 4; i++)
                row[i] = random_row(bench, i, n);
            for (int i = 0; i < n; i++)
                row[2][i] *= row[2][i];
            for (int i = 0; i < 3; i++)
                memcpy(want[i], row[i], (size_t)n * sizeof(real));
            ref->adamw((size_t)n, want[0], want[1], want[2], row[3], &a);
            kern->adamw((size_t)n, row[0], row[1], row[2], row[3], &a);
            for (int i = 0; i < 3; i++)
                assert_rows_near("adamw", kern, n, row[i], want[i], 8 * epsilon, 8 * epsilon);
            ref->sgd((size_t)n, want[0], want[1], row[3], (real)0.1, (real)0.9, (real)0.01, 2);
            kern->sgd((size_t)n, row[0], row[1], row[3], (real)0.1, (real)0.9, (real)0.01, 2);
            for (int i = 0; i < 2; i++)
                assert_rows_near("sgd", kern, n, row[i], want[i], 20 * epsilon, 40 * epsilon);
            assert_intact(bench);
        }
}

/* x -> x / 2 + 1 three times is x / 8 + 7 / 4; the chains' beginnings 0..11 add up to 66. Exact. */
static void test_peak(void **state)
{
    (void)state;
    assert_int_equal(KERN_PEAK_CHAINS, 12);
    assert_true(kern_get(ISA_REF)->peak(3, (real)0.5, 1) == (real)29.25);
    EACH_TABLE(kern)
    assert_true(kern->peak(3, (real)0.5, 1) == (real)29.25 * (real)kern->lanes);
}

static void test_copy_scaled(void **state)
{
    struct bench *bench = *state;
    for (int rows = 0; rows <= 5; rows++)
        for (int cols = 1; cols <= WIDEST; cols++)
            EACH_TABLE(kern)
            {
                const real *in = random_row(bench, 0, rows * (cols + 3));
                real *out = random_row(bench, 1, rows * (cols + 2)), before[5 * (WIDEST + 2)];
                memcpy(before, out, (size_t)(rows * (cols + 2)) * sizeof *out);
                kern->copy_scaled(rows, cols, out, cols + 2, in, cols + 3, (real)0.3);
                for (int i = 0; i < rows * (cols + 2); i++) {
                    int row = i / (cols + 2), col = i % (cols + 2);
                    real want = col < cols ? in[row * (cols + 3) + col] * (real)0.3 : before[i];
                    assert_true(out[i] == want);
                }
                assert_intact(bench);
            }
}

static void test_columns(void **state)
{
    struct bench *bench = *state;
    const struct kern *ref = kern_get(ISA_REF);
    for (int rows = 0; rows <= 9; rows += 3)
        for (int n = 0; n <= 2 * WIDEST; n++) {
            const real *x = random_row(bench, 0, rows * (n + 3));
            const real *y = random_row(bench, 1, rows * (n + 3)), *from = random_row(bench, 2, n);
            EACH_TABLE(kern)
            {
                real *sum = guarded_take(&bench->slot[3], (size_t)n);
                real *want = guarded_take(&bench->slot[4], (size_t)n);
                for (int way = 0; way < 2; way++) {
                    memcpy(sum, from, (size_t)n * sizeof *sum);
                    memcpy(want, from, (size_t)n * sizeof *want);
                    if (way) {
                        kern->column_dots(rows, n, sum, x, y, n + 3);
                        ref->column_dots(rows, n, want, x, y, n + 3);
                    } else {
                        kern->column_sums(rows, n, sum, x, n + 3);
                        ref->column_sums(rows, n, want, x, n + 3);
                    }
                    assert_memory_equal(sum, want, (size_t)n * sizeof *sum);
                }
                assert_intact(bench);
            }
        }
}

/* The value of gelu, and its slope as gelu_back multiplies with it. */
static void test_gelu_both(void **state)
{
    (void)state;
    for (double at = -40; at < 40; at += 0.0625)
        EACH_TABLE(kern)
        {
            real x[3] = {(real)at, (real)NAN, (real)at}, one[3] = {1, 1, 1}, y[3], want[3],
                 slope[3];
            kern->gelu(3, want, x);
            kern->gelu_back(3, slope, one, x);
            kern->gelu_both(3, y, x, x); /* in place */
            assert_near("gelu_both", kern, 3, y[0], want[0], at < -10 ? 1e-30 : 0);
            assert_true(y[2] == y[0] && isnan(y[1]) && isnan(x[1]));
            assert_true(x[0] == slope[0] && x[2] == slope[2]);
        }
}

/* Slots: gates, cell, tanh(cell), hidden, the gates' inputs, the cell before; then their gradients.
 */
static void test_lstm_cell(void **state)
{
    static const int widths[SLOTS] = {4, 1, 1, 1, 4, 1};
    static const char *const names[SLOTS] = {"lstm gates", "cell",   "tanh",
                                             "hidden",     "dgates", "dcell"};
    struct bench *bench = *state;
    const struct kern *ref = kern_get(ISA_REF);
    for (int n = 1; n <= WIDEST; n++)
        EACH_TABLE(kern)
        {
            real *x[SLOTS], want[SLOTS][4 * WIDEST];
            for (int i = 0; i < SLOTS; i++)
                x[i] = random_row(bench, i, widths[i] * n);
            ref->lstm_cell(n, want[0], want[1], want[2], want[3], x[4], x[5]);
            kern->lstm_cell(n, x[0], x[1], x[2], x[3], x[4], x[5]);
            for (int i = 0; i < 4; i++)
                assert_rows_near(names[i], kern, widths[i] * n, x[i], want[i], 20 * epsilon,
                                 20 * epsilon);
            /* Backward into slot 4 and, for dcell, slot 1; the gradient of hidden in slot 3. */
            memcpy(want[5], x[1], (size_t)n * sizeof(real));
            ref->lstm_cell_back(n, want[4], want[5], x[3], x[0], x[2], x[5]);
            kern->lstm_cell_back(n, x[4], x[1], x[3], x[0], x[2], x[5]);
            assert_rows_near(names[4], kern, 4 * n, x[4], want[4], 20 * epsilon, 20 * epsilon);
            assert_rows_near(names[5], kern, n, x[1], want[5], 20 * epsilon, 20 * epsilon);
            assert_intact(bench);
        }
}

/* Near the plain sum, the same bits for every table, and no overflow of squares. */
static void test_wide_squares(void **state)
{
    struct bench *bench = *state;
    for (int n = 0; n <= 1100; n += n < WIDEST ? 1 : 129) {
        real *x = random_row(bench, 0, n);
        double want = kern_get(ISA_REF)->wide_squares((size_t)n, x);
        double scalar = kern_get(ISA_SCALAR)->wide_squares((size_t)n, x);
        assert_true(fabs(scalar - want) <= 1e-14 * want);
        EACH_TABLE(kern)
        assert_true(kern->wide_squares((size_t)n, x) == scalar);
        if (n == 0)
            continue;
        x[n - 1] = (real)3e30;
        EACH_TABLE(kern)
        assert_true(fabs(kern->wide_squares((size_t)n, x) / 9e60 - 1) < 1e-6);
        x[n / 2] = (real)NAN;
        EACH_TABLE(kern)
        assert_true(isnan(kern->wide_squares((size_t)n, x)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choice),        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_unaries),       cmocka_unit_test(test_sums_anywhere),
        cmocka_unit_test(test_binaries),      cmocka_unit_test(test_updates),
        cmocka_unit_test(test_transpose),     cmocka_unit_test(test_copy_scaled),
        cmocka_unit_test(test_columns),       cmocka_unit_test(test_gelu_both),
        cmocka_unit_test(test_norms),         cmocka_unit_test(test_optimisers),
        cmocka_unit_test(test_cross_entropy), cmocka_unit_test(test_peak),
        cmocka_unit_test(test_lstm_cell),     cmocka_unit_test(test_wide_squares),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
