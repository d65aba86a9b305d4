/* Attention maps compiled for every instruction set against the same maps in plain C. */
#include "heed_test.h"
#include <math.h>
#include "base/rng.h"
#include "nn/attn.h"
#include "stop_test.h"

enum { KEYS = 48, COUNT = KEYS * ATTN_BLOCK };

struct map {
    real z[2 * COUNT], w[COUNT], dw[COUNT], dz[2 * COUNT];
};

static void fill(const struct attn_ops *ops, struct map *m, double size)
{
    struct rng rng;
    rng_seed(&rng, 8, RNG_TEST, 0);
    for (int i = 0; i < 2 * COUNT; i++) {
        m->z[i] = (real)(i % 50 == 7 ? 0 : size * rng_normal(&rng));
        if (ops->feature) /* products of positive features */
            m->z[i] = (real)fabs((double)m->z[i]);
        m->dw[i % COUNT] = (real)rng_normal(&rng);
    }
}

static void run(const struct attn_ops *ops, struct map *m, int keys, int first)
{
    ops->forward(keys, first, m->w, m->z);
    ops->backward(keys, first, m->dz, m->dw, m->z, m->w);
}

static void compare(const char *name, const char *isa, int count, const real *got, const real *want)
{
    for (int i = 0; i < count; i++)
        if (!(fabs((double)got[i] - (double)want[i]) <= 2e-6 + 2e-6 * fabs((double)want[i])))
            stop_test("%s on %s: [%d] is %g, not %g\n", name, isa, i, (double)got[i],
                      (double)want[i]);
}

static void every_instruction_set(void **state)
{
    (void)state;
    static struct map plain, fast;
    for (int i = 0; attn_registry()[i]; i++)
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            const struct kern *kern = kern_get((enum isa)isa);
            if (!kern)
                continue;
            const struct attn_ops *ops = attn_for(attn_registry()[i], kern->isa);
            assert_string_equal(ops->name, attn_registry()[i]->name);
            for (int keys = 1; keys <= KEYS; keys++)
                for (double size = 0.2; size < 30; size *= 4) {
                    int first = (keys - 1) / ATTN_BLOCK * ATTN_BLOCK;
                    fill(ops, &plain, size);
                    fill(ops, &fast, size);
                    run(attn_registry()[i], &plain, keys, first);
                    run(ops, &fast, keys, first);
                    compare(ops->name, kern->name, keys * ATTN_BLOCK, fast.w, plain.w);
                    compare(ops->name, kern->name, keys * ATTN_BLOCK * attn_scores(ops), fast.dz,
                            plain.dz);
                }
        }
}

static void one_bad_score(const struct attn_ops *ops, struct map *m, int row, int lane)
{
    fill(ops, m, 1);
    m->z[row * ATTN_BLOCK + lane] = (real)NAN;
    ops->forward(ATTN_BLOCK, 0, m->w, m->z);
    for (int other = 0; other < ATTN_BLOCK; other++) {
        double sum = 0;
        for (int j = 0; j <= other; j++)
            sum += (double)m->w[j * ATTN_BLOCK + other];
        assert_int_equal(isnan(sum) != 0, other == lane && row % ATTN_BLOCK <= lane);
    }
}

/* A score that is no number shows in its query's weights and in no other's; after its query it is
   masked. */
static void not_a_number(void **state)
{
    (void)state;
    static struct map m;
    for (int i = 0; attn_registry()[i]; i++)
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (!kern_get((enum isa)isa))
                continue;
            const struct attn_ops *ops = attn_for(attn_registry()[i], (enum isa)isa);
            for (int row = 0; row < ATTN_BLOCK * attn_scores(ops); row++)
                for (int lane = 0; lane < ATTN_BLOCK; lane++)
                    one_bad_score(ops, &m, row, lane);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instruction_set),
        cmocka_unit_test(not_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
