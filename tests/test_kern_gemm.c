/* Every table's matrix product has the oracle's bits, for all shapes and strides, and touches
   nothing else. f64_kern_gemm.c runs the same in double precision. */
#include "heed_test.h"
#include <math.h>
#include "base/rng.h"
#include "guarded.h"
#include "kern/kern.h"

/* a as it stands, a transposed, and a with gaps between both rows and columns. */
enum form { PLAIN, TRANSPOSED, GAPPED, FORMS };

struct operands {
    struct guarded a, b, c;
    real *want;
    struct rng rng;
};

static int setup(void **state)
{
    static struct operands o;
    guarded_init(&o.a);
    guarded_init(&o.b);
    guarded_init(&o.c);
    o.want = malloc(GUARDED_BYTES);
    rng_seed(&o.rng, 1, RNG_TEST, 0);
    *state = &o;
    return o.want ? 0 : -1;
}

static int teardown(void **state)
{
    struct operands *o = *state;
    guarded_release(&o->a);
    guarded_release(&o->b);
    guarded_release(&o->c);
    free(o->want);
    return 0;
}

static void fill(struct operands *o, size_t n, real *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (real)(rng_uniform(&o->rng) - 0.5);
}

static bool same_bits(size_t n, const real *x, const real *y)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(x + i, y + i, sizeof *x) != 0 && !(isnan(x[i]) && isnan(y[i])))
            return false;
    return true;
}

/* Compare all tables with ref; `gap` widens the rows of b and c. `poison` in a[0] spreads a NaN. */
static void compare(struct operands *o, int m, int n, int k, enum form form, int accumulate,
                    int gap, real poison)
{
    ptrdiff_t a_row = form == PLAIN ? k : form == TRANSPOSED ? 1 : 2 * k + 3;
    ptrdiff_t a_col = form == PLAIN ? 1 : form == TRANSPOSED ? m : 2;
    size_t a_size = k ? (size_t)((m - 1) * a_row + (k - 1) * a_col + 1) : 0;
    size_t b_size = k ? (size_t)((k - 1) * (n + gap) + n) : 0;
    size_t c_size = (size_t)((m - 1) * (n + gap) + n);
    real *a = guarded_take(&o->a, a_size), *b = guarded_take(&o->b, b_size);
    real *c = guarded_take(&o->c, c_size);
    fill(o, a_size, a);
    fill(o, b_size, b);
    if (poison != 0)
        a[0] = poison;
    for (size_t i = 0; i < c_size; i++)
        o->want[i] = (real)(i % 13) - 5;
    kern_get(ISA_REF)->gemm(m, n, k, accumulate, o->want, n + gap, a, a_row, a_col, b, n + gap);
    for (int isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
        const struct kern *kern = kern_get((enum isa)isa);
        if (!kern)
            continue;
        for (size_t i = 0; i < c_size; i++)
            c[i] = (real)(i % 13) - 5;
        kern->gemm(m, n, k, accumulate, c, n + gap, a, a_row, a_col, b, n + gap);
        bool right = same_bits(c_size, c, o->want) && guarded_intact(&o->c);
        if (!right)
            print_error("%s: m %d n %d k %d form %d accumulate %d gap %d\n", kern->name, m, n, k,
                        (int)form, accumulate, gap);
        assert_true(right);
    }
}

/* The oracle's product with a row to start from, through panels. */
static void compare_panels(struct operands *o, int m, int n, int k, int accumulate, bool starts)
{
    size_t b_size = (size_t)k * n, c_size = (size_t)((m - 1) * (n + 3) + n);
    real *a = guarded_take(&o->a, (size_t)m * k), *start = a, *b = malloc(b_size * sizeof *b);
    fill(o, (size_t)m * k, a);
    fill(o, b_size, b);
    assert_true(m * k >= n);
    for (size_t i = 0; i < c_size; i++)
        o->want[i] = (real)(i % 13) - 5;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            o->want[i * (n + 3) + j] =
                (accumulate ? o->want[i * (n + 3) + j] : 0) + (starts ? start[j] : 0);
    kern_get(ISA_REF)->gemm(m, n, k, 1, o->want, n + 3, a, k, 1, b, n);
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const struct kern *kern = kern_get((enum isa)isa);
        if (!kern)
            continue;
        int panel = 2 * kern->lanes, columns = (n + panel - 1) / panel * panel;
        real *panels = guarded_take(&o->b, (size_t)k * columns);
        real *c = guarded_take(&o->c, c_size);
        for (int p = 0; p < k; p++)
            for (int j = 0; j < columns; j++)
                panels[(j / panel * k + p) * panel + j % panel] = j < n ? b[p * n + j] : (real)NAN;
        for (size_t i = 0; i < c_size; i++)
            c[i] = (real)(i % 13) - 5;
        kern->gemm_panels(m, n, k, accumulate, c, n + 3, a, k, 1, panels, starts ? start : NULL);
        bool right = same_bits(c_size, c, o->want) && guarded_intact(&o->c);
        if (!right)
            print_error("%s panels: m %d n %d k %d accumulate %d starts %d\n", kern->name, m, n, k,
                        accumulate, starts);
        assert_true(right);
    }
    free(b);
}

static void test_panels(void **state)
{
    for (int n = 1; n <= 67; n++)
        for (int way = 0; way < 4; way++)
            compare_panels(*state, 1 + n % 19, n, 67 + n, way % 2, way / 2);
    for (int k = 250; k <= 520; k += 3)
        compare_panels(*state, 100, 40, k, k % 2, k % 4 < 2);
}

static void test_every_width(void **state)
{
    static const int ks[] = {1, 2, 8, 17};
    for (int m = 1; m <= 33; m++)
        for (int n = 1; n <= 67; n++)
            for (size_t p = 0; p < sizeof ks / sizeof *ks; p++)
                for (int form = 0; form < FORMS; form++)
                    compare(*state, m, n, ks[p], (enum form)form, n % 2 ^ form % 2,
                            form == GAPPED ? 5 : 0, 0);
}

static void test_every_height_and_depth(void **state)
{
    static const int ns[] = {1, 4, 8, 15, 16, 20, 31, 32, 33};
    for (int m = 1; m <= 67; m++)
        for (size_t j = 0; j < sizeof ns / sizeof *ns; j++)
            for (int accumulate = 0; accumulate < 2; accumulate++) {
                compare(*state, m, ns[j], 3, (enum form)(m % FORMS), accumulate, m % 4, 0);
                compare(*state, (int)j + 1, ns[j], m, (enum form)(m % FORMS), accumulate, m % 4, 0);
            }
}

/* Around the sizes of a block, in place and packed (many rows, wide rows of b). */
static void test_blocks(void **state)
{
    static const int shape[][4] = {{3, 20, 127, 0},   {9, 33, 128, 0},    {9, 33, 129, 0},
                                   {31, 127, 5, 0},   {17, 128, 20, 0},   {17, 129, 20, 0},
                                   {95, 40, 130, 99}, {96, 40, 130, 99},  {97, 40, 130, 99},
                                   {100, 20, 257, 9}, {193, 8, 140, 40},  {109, 131, 129, 200},
                                   {100, 65, 64, 3},  {120, 16, 129, 90}, {47, 36, 130, 99},
                                   {48, 36, 130, 99}, {53, 36, 130, 99}};
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
        for (int form = 0; form < FORMS; form++)
            for (int accumulate = 0; accumulate < 2; accumulate++)
                compare(*state, shape[i][0], shape[i][1], shape[i][2], (enum form)form, accumulate,
                        shape[i][3], 0);
}

/* k = 0 leaves c or clears it. */
static void test_no_depth(void **state)
{
    for (int n = 1; n <= 67; n++)
        for (int accumulate = 0; accumulate < 2; accumulate++)
            compare(*state, n % 19 + 1, n, 0, PLAIN, accumulate, 2, 0);
}

static void test_nan_and_infinity_spread(void **state)
{
    for (int n = 1; n <= 67; n++)
        for (int accumulate = 0; accumulate < 2; accumulate++) {
            compare(*state, 9, n, 5, PLAIN, accumulate, 0, (real)NAN);
            compare(*state, 9, n, 5, PLAIN, accumulate, 0, (real)INFINITY);
        }
}

/* The chain is fused and ascends: 1 + 2^-30 - 1 survives a fused product and no other order. */
static void test_chain(void **state)
{
    (void)state;
    const real tiny = (real)ldexp(1, REAL_IS_DOUBLE ? -30 : -15);
    const real a[3] = {-1, 1 + tiny, 1}, b[3] = {1, 1 - tiny, 0};
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const struct kern *kern = kern_get((enum isa)isa);
        real c = 0;
        if (!kern)
            continue;
        kern->gemm(1, 1, 3, 0, &c, 1, a, 3, 1, b, 1);
        assert_true(c == -tiny * tiny);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_width), cmocka_unit_test(test_every_height_and_depth),
        cmocka_unit_test(test_blocks),      cmocka_unit_test(test_no_depth),
        cmocka_unit_test(test_chain),       cmocka_unit_test(test_nan_and_infinity_spread),
        cmocka_unit_test(test_panels),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
