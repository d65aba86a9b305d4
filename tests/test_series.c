#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include "base/rng.h"
#include "core/series.h"
#include <cmocka.h>

static struct series s;

static void assert_close(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.9g is not %.9g", a, b);
}

static void test_short_runs_keep_every_sample(void **state)
{
    (void)state;
    series_reset(&s);
    assert_int_equal(s.count, 0);
    for (int i = 0; i < SERIES_BUCKETS; i++)
        series_add(&s, i, i * 0.5, i * 3.0);
    assert_int_equal(s.span, 1);
    assert_int_equal(s.count, SERIES_BUCKETS);
    for (int i = 0; i < SERIES_BUCKETS; i++) {
        assert_int_equal(s.buckets[i].samples, 1);
        assert_true(s.buckets[i].low == 3.0f * i && s.buckets[i].high == 3.0f * i);
        assert_true(s.buckets[i].mean == 3.0f * i && s.buckets[i].seconds == 0.5f * i);
    }
    series_add(&s, SERIES_BUCKETS, 0, 5);
    assert_int_equal(s.span, 2);
    assert_int_equal(s.count, SERIES_BUCKETS / 2 + 1);
    assert_true(s.buckets[10].low == 60 && s.buckets[10].high == 63 && s.buckets[10].mean == 61.5f);
    assert_true(s.buckets[10].seconds == 10.5f);
    assert_int_equal(s.buckets[SERIES_BUCKETS / 2].samples, 1);
    assert_int_equal(s.buckets[SERIES_BUCKETS / 2 + 1].samples, 0);
    assert_int_equal(s.last_step, SERIES_BUCKETS);
    assert_true(s.last == 5);
}

/* Against all samples kept: random gaps, spikes, NaN. */
static void test_buckets_summarise_their_steps(void **state)
{
    (void)state;
    enum { SAMPLES = 20000 };
    static int64_t steps[SAMPLES];
    static double values[SAMPLES];
    struct rng rng;
    for (int round = 0; round < 8; round++) {
        int64_t step = 0;
        rng_seed(&rng, 3, RNG_TEST, (uint64_t)round);
        series_reset(&s);
        for (int i = 0; i < SAMPLES; i++) {
            steps[i] = step;
            values[i] = rng_normal(&rng) + (rng_below(&rng, 500) == 0 ? 1000 : 0);
            if (rng_below(&rng, 100) == 0)
                values[i] = rng_below(&rng, 2) ? NAN : INFINITY;
            series_add(&s, step, (double)i, values[i]);
            step += rng_below(&rng, 3) + (rng_below(&rng, 2000) == 0 ? 3000 : 0);
        }
        assert_int_equal(s.samples, SAMPLES);
        assert_int_equal(s.count, steps[SAMPLES - 1] / s.span + 1);
        assert_true(s.count > SERIES_BUCKETS / 4);
        int next = 0;
        for (int b = 0; b < SERIES_BUCKETS; b++) {
            double low = INFINITY, high = -INFINITY, sum = 0;
            unsigned finite = 0, lost = 0;
            for (; next < SAMPLES && steps[next] / s.span == b; next++) {
                if (isfinite(values[next])) {
                    low = fmin(low, values[next]);
                    high = fmax(high, values[next]);
                    sum += values[next];
                    finite++;
                } else {
                    lost++;
                }
            }
            assert_int_equal(s.buckets[b].samples, finite);
            assert_int_equal(s.buckets[b].lost, lost);
            if (finite) {
                assert_true(s.buckets[b].low == (float)low && s.buckets[b].high == (float)high);
                assert_close(s.buckets[b].mean, sum / finite, 1e-3);
            }
            if (finite + lost)
                assert_true(s.buckets[b].seconds == (float)(next - 1));
        }
        assert_int_equal(next, SAMPLES);
    }
}

static void test_far_steps(void **state)
{
    (void)state;
    series_reset(&s);
    series_add(&s, 0, 0, 1);
    series_add(&s, 1000000000, 1, 2);
    assert_true(s.span * SERIES_BUCKETS > 1000000000);
    assert_true(s.span / 2 * SERIES_BUCKETS <= 1000000000);
    assert_int_equal(s.buckets[0].samples, 1);
    assert_int_equal(s.buckets[s.count - 1].samples, 1);
    series_add(&s, 1000000000, 1, 4); /* the same step again is allowed */
    assert_true(s.buckets[s.count - 1].mean == 3);
    series_add(&s, 1000000001, 1, 1e300); /* finite, but not as a float */
    assert_int_equal(s.buckets[s.count - 1].lost, 1);
}

/* Tens of samples through a spread give what the samples one by one give. */
static void test_spreads(void **state)
{
    (void)state;
    static struct series one_by_one;
    struct rng rng;
    struct spread many = {0};
    rng_seed(&rng, 4, RNG_TEST, 0);
    series_reset(&s);
    series_reset(&one_by_one);
    series_merge(&s, 0, 0, &many);
    assert_int_equal(s.samples + s.count, 0);
    for (int i = 0; i < 30000; i++) {
        double value = rng_below(&rng, 50) ? rng_normal(&rng) : NAN;
        int step = i / 10 * 10 + 9;
        series_add(&one_by_one, step, step, value);
        spread_add(&many, value);
        if (i == step) {
            series_merge(&s, step, step, &many);
            assert_close(s.last, many.mean, 0);
            many = (struct spread){0};
        }
    }
    assert_int_equal(s.count, one_by_one.count);
    assert_int_equal(s.samples, 30000);
    assert_int_equal(s.last_step, 29999);
    for (int i = 0; i < s.count; i++) {
        const struct bucket *a = &s.buckets[i], *b = &one_by_one.buckets[i];
        assert_int_equal(a->samples, b->samples);
        assert_int_equal(a->lost, b->lost);
        assert_true(a->low == b->low && a->high == b->high && a->seconds == b->seconds);
        assert_close(a->mean, b->mean, 1e-5);
    }
    many = (struct spread){.lost = 3};
    series_merge(&s, 30000, 0, &many);
    assert_true(isnan(s.last));
}

static void test_rewind(void **state)
{
    (void)state;
    series_reset(&s);
    for (int i = 0; i < 100; i++)
        series_add(&s, i, i, i);
    series_rewind(&s, 200);
    assert_int_equal(s.count, 100);
    series_rewind(&s, 40);
    assert_int_equal(s.count, 41);
    assert_int_equal(s.samples, 41);
    assert_int_equal(s.last_step, 40);
    assert_true(s.last == 40);
    assert_int_equal(s.buckets[41].samples, 0);
    series_add(&s, 41, 0, -7);
    assert_true(s.buckets[41].mean == -7 && s.buckets[41].samples == 1);

    /* Wide buckets, and a gap before the place gone back to. */
    series_reset(&s);
    for (int i = 0; i < 1000; i++)
        if (i < 300 || i >= 600)
            series_add(&s, i, i, i);
    assert_int_equal(s.span, 2);
    series_rewind(&s, 500);
    assert_int_equal(s.count, 150);
    assert_int_equal(s.samples, 300);
    assert_int_equal(s.last_step, 500);
    assert_true(s.last == 298.5);
    series_rewind(&s, -1);
    assert_int_equal(s.count, 0);
    assert_int_equal(s.samples, 0);
    series_add(&s, 0, 0, 1);
    assert_int_equal(s.count, 1);
}

static void test_scores(void **state)
{
    (void)state;
    double low, high;
    assert_true(isnan(score_value((struct score){0, 0})));
    assert_true(score_value((struct score){3, 4}) == 0.75);
    score_wilson((struct score){0, 0}, &low, &high);
    assert_true(low == 0 && high == 1);
    score_wilson((struct score){8, 10}, &low, &high);
    assert_close(low, 0.4901625, 1e-6);
    assert_close(high, 0.9433178, 1e-6);
    /* The ends are the p whose score test just rejects: |right / n - p| = z sqrt(p (1 - p) / n). */
    for (int64_t n = 1; n < 3000; n = n * 3 / 2 + 1)
        for (int64_t right = 1; right < n; right += 1 + n / 7) {
            double share = (double)right / (double)n;
            score_wilson((struct score){right, n}, &low, &high);
            assert_true(low < share && share < high);
            assert_close(share - low, 1.959964 * sqrt(low * (1 - low) / (double)n), 1e-6);
            assert_close(high - share, 1.959964 * sqrt(high * (1 - high) / (double)n), 1e-6);
        }
    score_wilson((struct score){0, 20}, &low, &high);
    assert_true(low == 0);
    assert_close(high, 0.1611252, 1e-6);
    score_wilson((struct score){20, 20}, &low, &high);
    assert_close(low, 1 - 0.1611252, 1e-6);
    assert_true(high == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_runs_keep_every_sample),
        cmocka_unit_test(test_buckets_summarise_their_steps),
        cmocka_unit_test(test_far_steps),
        cmocka_unit_test(test_spreads),
        cmocka_unit_test(test_rewind),
        cmocka_unit_test(test_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
