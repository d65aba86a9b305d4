/* What the lessons weigh with: the same weights as the attention of a model, and as the formulas
 * say. */
#include "heed_test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "cli/matching.h"
#include "nn/attention.h"

enum { WIDTH = 2, MOST = 20 };

static void near_to(const char *name, int at, double got, double want)
{
    if (!(fabs(got - want) <= 2e-6 + 2e-6 * fabs(want)))
        fail_msg("%s, key %d: %.9g, not %.9g", name, at, got, want);
}

/* Query 0 of a layer in which all see all, with these keys. */
static void by_layer(const struct attn_ops *ops, int n, const double *query, const double *keys,
                     float *weight, float *score)
{
    struct attention a;
    struct work work = {0};
    const struct grid grid = {n, 1, n};
    real qkv[MOST * 3 * WIDTH];

    attention_plan(&a, &work, 1, WIDTH, n, 1, attn_default_scale(ops, WIDTH));
    a.full = true;
    assert_int_equal(work_take(&work, NULL), 0);
    for (int j = 0; j < n; j++)
        for (int i = 0; i < WIDTH; i++) {
            qkv[j * 3 * WIDTH + i] = (real)query[i];
            qkv[j * 3 * WIDTH + WIDTH + i] = (real)keys[j * WIDTH + i];
            qkv[j * 3 * WIDTH + 2 * WIDTH + i] = 1;
        }
    attention_show(&a, ops, kern_get(ISA_SCALAR), &grid, qkv, 0, 0, weight, score);
    work_release(&work);
}

static void as_a_layer_does(void **state)
{
    (void)state;
    struct ui_variant v;
    struct rng rng;
    rng_seed(&rng, 3, RNG_TEST, 0);

    for (int k = 0; cli_matching.variant(k, &v); k++) {
        assert_string_equal(v.name, attn_registry()[k]->name);
        for (int n = 1; n <= MOST; n += 3) {
            double query[WIDTH], keys[MOST * WIDTH], weight[MOST], score[MOST];
            float w[MOST * MOST], z[MOST * MOST];
            for (int i = 0; i < WIDTH; i++)
                query[i] = 2 * rng_normal(&rng);
            for (int i = 0; i < n * WIDTH; i++)
                keys[i] = 2 * rng_normal(&rng);
            by_layer(attn_registry()[k], n, query, keys, w, z);
            cli_matching.weigh(k, n, query, keys, weight, score);
            for (int j = 0; j < n; j++) {
                near_to(v.name, j, weight[j], (double)w[j]);
                near_to(v.name, j, score[j], (double)z[j]);
            }
        }
    }
    assert_false(cli_matching.variant(99, &v));
}

static const double root = 1.41421356237309504880;

/* w of the four variants that the lesson names, from z = q.k by the words of the manual. */
static double formula(const char *name, const double *dot, int n, int j)
{
    double sum = 0, mine = 0;
    bool square = strstr(name, "ea") != NULL,
         keeps = !strcmp(name, "cog") || !strcmp(name, "signed-ea");

    for (int k = 0; k < n; k++) {
        double z = square ? dot[k] : dot[k] / root, u;
        if (square)
            u = z * z / (1 + z * z);
        else
            u = exp(keeps ? fabs(z) : z);
        sum += u;
        if (k == j)
            mine = keeps && z <= 0 ? (z < 0 ? -u : 0) : u; /* sgn 0 = 0 */
    }
    return mine / (sum + (square ? 1e-6 : 0));
}

static void as_the_formulas_say(void **state)
{
    (void)state;
    /* Along the query, across it, against it, and slanting. */
    static const double query[] = {1.5, 0.5}, keys[] = {3, 1, -0.25, 0.75, -1.5, -0.5, 1, -1};
    struct ui_variant v;
    int found = 0;

    for (int k = 0; cli_matching.variant(k, &v); k++) {
        double weight[4], score[4], dot[4];
        if (strcmp(v.name, "dpa") && strcmp(v.name, "ea") && strcmp(v.name, "cog") &&
            strcmp(v.name, "signed-ea"))
            continue;
        found++;
        cli_matching.weigh(k, 4, query, keys, weight, score);
        for (int j = 0; j < 4; j++)
            dot[j] = query[0] * keys[2 * j] + query[1] * keys[2 * j + 1];
        for (int j = 0; j < 4; j++) {
            near_to(v.name, j, weight[j], formula(v.name, dot, 4, j));
            near_to(v.name, j, score[j], dot[j] * v.scale);
        }
    }
    assert_int_equal(found, 4);
}

/* At a right angle to the crowd ea keeps all of its weight; dpa's share falls as 1 / n. */
static void crowds(void **state)
{
    (void)state;
    static double keys[2 * UI_MATCH_KEYS], weight[UI_MATCH_KEYS], score[UI_MATCH_KEYS];
    static const double query[] = {1, 0};
    struct ui_variant v;

    keys[0] = 1;
    for (int j = 1; j < UI_MATCH_KEYS; j++)
        keys[2 * j + 1] = 1;
    for (int k = 0; cli_matching.variant(k, &v); k++) {
        cli_matching.weigh(k, UI_MATCH_KEYS, query, keys, weight, score);
        if (strcmp(v.name, "ea") == 0)
            assert_true(weight[0] > 0.99999);
        if (strcmp(v.name, "dpa") == 0)
            near_to("dpa", 0, weight[0], exp(1 / root) / (exp(1 / root) + UI_MATCH_KEYS - 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_a_layer_does),
        cmocka_unit_test(as_the_formulas_say),
        cmocka_unit_test(crowds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
