/* Rotations, gates and norms without a bias: every table against the oracle. f64_kern_gates.c runs the
   same in double precision. */
#include "heed_test.h"
#include <float.h>
#include <math.h>
#include <string.h>
#include "base/rng.h"
#include "kern/kern.h"

enum { WIDEST = 67, ROWS = 3, GAP = 2 };

static const real epsilon = REAL_IS_DOUBLE ? (real)DBL_EPSILON : (real)FLT_EPSILON;

static void fill(struct rng *rng, real *x, int n, double size)
{
    for (int i = 0; i < n; i++)
        x[i] = (real)(size * rng_normal(rng));
}

static void assert_rows(const char *what, const struct kern *kern, const real *got, const real *want,
                        int n, double slack)
{
    for (int i = 0; i < n; i++)
        if (!(fabs((double)got[i] - (double)want[i]) <= slack * (1 + fabs((double)want[i]))))
            fail_msg("%s %s, %d of %d: %.9g, not %.9g", kern->name, what, i, n, (double)got[i],
                     (double)want[i]);
}

/* Numbers between rows and after the last are left alone. */
static void test_rotations(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 1, RNG_TEST, 7);
    for (int n = 2; n <= WIDEST; n += 2)
        for (int back = 0; back < 2; back++)
            for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
                const struct kern *kern = kern_get(isa);
                real x[ROWS * (WIDEST + GAP)], want[ROWS * (WIDEST + GAP)], turns[ROWS * WIDEST];
                int row = n + GAP;
                if (!kern)
                    continue;
                fill(&rng, x, ROWS * row, 3);
                memcpy(want, x, sizeof x);
                for (int i = 0; i < ROWS * n; i += 2) {
                    double angle = 6 * rng_uniform(&rng);
                    turns[i] = (real)cos(angle);
                    turns[i + 1] = (real)sin(angle);
                }
                kern_get(ISA_REF)->rotate(ROWS, n, want, row, turns, n, back);
                kern->rotate(ROWS, n, x, row, turns, n, back);
                assert_rows("rotate", kern, x, want, ROWS * row, 8 * (double)epsilon);
                for (int r = 0; r < ROWS; r++)
                    assert_memory_equal(x + r * row + n, want + r * row + n, GAP * sizeof *x);
                kern->rotate(ROWS, n, x, row, turns, n, !back);
                kern_get(ISA_REF)->rotate(ROWS, n, want, row, turns, n, !back);
                assert_rows("rotated back", kern, x, want, ROWS * row, 16 * (double)epsilon);
            }
}

static void test_a_quarter_turn(void **state)
{
    (void)state;
    for (enum isa isa = ISA_REF; isa < ISA_COUNT; isa++) {
        const struct kern *kern = kern_get(isa);
        real x[4] = {1, 2, 3, 4}, turns[4] = {0, 1, 1, 0};
        if (!kern)
            continue;
        kern->rotate(1, 4, x, 4, turns, 4, 0);
        assert_true(x[0] == -2 && x[1] == 1 && x[2] == 3 && x[3] == 4);
        kern->rotate(1, 4, x, 4, turns, 4, 1);
        assert_true(x[0] == 1 && x[1] == 2);
    }
}

/* silu(1) = 0.7310585786; with value 2 the slope by the gate is 2 * 0.9276705118. */
static void test_gates(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 1, RNG_TEST, 8);
    for (enum isa isa = ISA_REF; isa < ISA_COUNT; isa++) {
        const struct kern *kern = kern_get(isa);
        real one = 1, two = 2, y, a, b;
        if (!kern)
            continue;
        kern->silu_gate_both(1, &y, &a, &b, &one, &two);
        assert_true(fabs((double)y - 2 * 0.7310585786) < 1e-6);
        assert_true(fabs((double)a - 2 * 0.9276705118) < 1e-6);
        assert_true(fabs((double)b - 0.7310585786) < 1e-6);
        for (int n = 1; n <= WIDEST; n++) {
            real gate[WIDEST], value[WIDEST], want[3][WIDEST], got[3][WIDEST];
            fill(&rng, gate, n, 20);
            fill(&rng, value, n, 3);
            const struct kern *ref = kern_get(ISA_REF);
            ref->silu_gate_both(n, want[0], want[1], want[2], gate, value);
            kern->silu_gate(n, got[0], gate, value);
            assert_rows("silu_gate", kern, got[0], want[0], n, 20 * (double)epsilon);
            kern->silu_gate_both(n, got[0], gate, value, gate, value); /* in place */
            assert_rows("gate", kern, got[0], want[0], n, 20 * (double)epsilon);
            assert_rows("by gate", kern, gate, want[1], n, 20 * (double)epsilon);
            assert_rows("by value", kern, value, want[2], n, 20 * (double)epsilon);
        }
    }
}

static void test_gates_at_the_edges(void **state)
{
    (void)state;
    for (enum isa isa = ISA_REF; isa < ISA_COUNT; isa++) {
        const struct kern *kern = kern_get(isa);
        const real gate[4] = {1000, -1000, (real)NAN, 0}, value[4] = {2, 2, 2, 2};
        real y[4], by_gate[4], by_value[4];
        if (!kern)
            continue;
        kern->silu_gate_both(4, y, by_gate, by_value, gate, value);
        assert_true(y[0] == 2000 && by_gate[0] == 2 && by_value[0] == 1000);
        assert_true(fabs((double)y[1]) < 1e-30 && fabs((double)by_gate[1]) < 1e-30);
        assert_true(isnan(y[2]) && isnan(by_gate[2]) && isnan(by_value[2]));
        assert_true(y[3] == 0 && by_gate[3] == 1 && by_value[3] == 0);
    }
}

/* No bias is a bias of zeros, bit for bit. */
static void test_norm_without_bias(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 1, RNG_TEST, 9);
    const real zero[WIDEST] = {0};
    for (enum isa isa = ISA_REF; isa < ISA_COUNT; isa++)
        for (int n = 2; n <= WIDEST && kern_get(isa); n++) {
            real x[WIDEST], gain[WIDEST], y[2][WIDEST], hat[WIDEST], inverse;
            fill(&rng, x, n, 3);
            fill(&rng, gain, n, 1);
            for (int i = 0; i < 2; i++)
                kern_get(isa)->layer_norm(n, y[i], hat, &inverse, x, gain, i ? zero : NULL,
                                          (real)1e-5);
            assert_memory_equal(y[0], y[1], (size_t)n * sizeof(real));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rotations),          cmocka_unit_test(test_a_quarter_turn),
        cmocka_unit_test(test_gates),              cmocka_unit_test(test_gates_at_the_edges),
        cmocka_unit_test(test_norm_without_bias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
