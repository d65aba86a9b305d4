/* Sampling by DDIM against what it must do by its formula, and the distance of samples. */
#include "heed_test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "task/images.h"
#include "train/judge.h"
#include "train/sampler.h"

enum { F = JUDGE_FEATURES, PIXELS = 16, IMAGES = 5, AT_ONCE = 2 };

/* What a model that knows the image answers: all noise in x that is not the image's. */
static float wanted(int p)
{
    return (float)(p % 5) * 0.4F - 0.8F;
}

static int asked;

static void know(struct model *m, const struct batch *b)
{
    asked += b->sequences;
    assert_true(b->sequences <= AT_ONCE);
    for (int i = 0; i < b->sequences * PIXELS; i++) {
        double signal = noise_signal(b->time[i / PIXELS]);
        m->logits[i] = (real)(((double)b->image[i] - sqrt(signal) * (double)wanted(i % PIXELS)) /
                              sqrt(1 - signal));
    }
}

static void ddim_finds_a_known_image(void **state)
{
    (void)state;
    const struct model_ops ops = {.reads_images = true, .forward = know};
    real logits[AT_ONCE * PIXELS];
    struct model m = {.ops = &ops,
                      .symbols = PIXELS,
                      .max_positions = 5,
                      .max_sequences = AT_ONCE,
                      .logits = logits};
    static const int steps[] = {1, 3, 50, 1000};
    struct sampler s;
    assert_int_equal(sampler_init(&s, PIXELS, IMAGES), 0);
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        sampler_begin(&s, 7, 0, steps[k]);
        assert_int_equal(sampler_time(&s, 0), steps[k] == 1 ? 500 : steps[k] == 3 ? 833
                                               : steps[k] == 50 ? 990 : IMAGE_TIMES);
        assert_int_equal(sampler_time(&s, steps[k]), 0);
        float first = s.batch.image[3];
        asked = 0;
        sampler_step(&s, &m);
        /* one step of the formula, from what the model said */
        double from = noise_signal(sampler_time(&s, 0)), to = noise_signal(sampler_time(&s, 1));
        double eps = ((double)first - sqrt(from) * (double)wanted(3)) / sqrt(1 - from);
        double x = sqrt(to) * (double)wanted(3) + sqrt(1 - to) * eps;
        assert_true(fabs((double)s.batch.image[3] - x) < 1e-2);
        while (s.done < s.steps)
            sampler_step(&s, &m);
        assert_int_equal(asked, IMAGES * steps[k]);
        for (int i = 0; i < IMAGES * PIXELS; i++)
            assert_true(fabs((double)(s.batch.image[i] - wanted(i % PIXELS))) < 1e-3);
    }
    sampler_release(&s);
}

/* Image i of noise n is image i - 1 of noise n + 1, and normal. */
static void the_first_noise(void **state)
{
    (void)state;
    struct sampler a, b;
    double sum = 0, squares = 0;
    assert_int_equal(sampler_init(&a, 400, 8), 0);
    assert_int_equal(sampler_init(&b, 400, 8), 0);
    sampler_begin(&a, 1, 4, 10);
    sampler_begin(&b, 1, 5, 10);
    assert_memory_equal(a.batch.image + 400, b.batch.image, 7 * 400 * sizeof(float));
    sampler_begin(&b, 2, 4, 10);
    assert_true(memcmp(a.batch.image, b.batch.image, 400 * sizeof(float)) != 0);
    for (int i = 0; i < 3200; i++) {
        sum += (double)a.batch.image[i];
        squares += (double)a.batch.image[i] * (double)a.batch.image[i];
    }
    assert_true(fabs(sum / 3200) < 0.06 && fabs(squares / 3200 - 1) < 0.08);
    sampler_release(&a);
    sampler_release(&b);
}

/* --- the distance of two normal distributions ---------------------------------------------------- */

static void set_moments(struct moments *m, const double mean[F], double (*covariance)[F])
{
    m->count = 1001;
    for (int i = 0; i < F; i++) {
        m->sum[i] = 1001 * mean[i];
        for (int j = 0; j < F; j++)
            m->products[i][j] = 1000 * covariance[i][j] + 1001 * mean[i] * mean[j];
    }
}

/* c = q diag(d) q', with the reflection q = 1 - 2 u u' / |u|^2. */
static void reflect(double c[F][F], const double d[F], const double u[F])
{
    double size = 0;
    for (int i = 0; i < F; i++)
        size += u[i] * u[i];
    for (int i = 0; i < F; i++)
        for (int j = 0; j < F; j++) {
            c[i][j] = 0;
            for (int k = 0; k < F; k++)
                c[i][j] += ((i == k) - 2 * u[i] * u[k] / size) * d[k] *
                           ((j == k) - 2 * u[j] * u[k] / size);
        }
}

/* Diagonal covariances: |a - b|^2 + sum (sqrt x - sqrt y)^2; the same when both are turned alike. */
static void frechet_of_diagonals(void **state)
{
    (void)state;
    static double x[F][F], y[F][F];
    double a[F], b[F], dx[F], dy[F], u[F], straight[F] = {1}, expected = 0;
    struct moments m, n;
    struct rng rng;
    rng_seed(&rng, 3, RNG_TEST, 0);
    for (int i = 0; i < F; i++) {
        a[i] = rng_normal(&rng);
        b[i] = rng_normal(&rng);
        dx[i] = i == 5 ? 0 : rng_uniform(&rng);
        dy[i] = 4 * rng_uniform(&rng);
        u[i] = rng_normal(&rng);
        expected += (a[i] - b[i]) * (a[i] - b[i]) + pow(sqrt(dx[i]) - sqrt(dy[i]), 2);
    }
    reflect(x, dx, straight);
    reflect(y, dy, straight);
    set_moments(&m, a, x);
    set_moments(&n, b, y);
    assert_float_equal(frechet_distance(&m, &n), expected, 1e-8);
    assert_float_equal(frechet_distance(&m, &m), 0, 1e-8);
    reflect(x, dx, u);
    reflect(y, dy, u);
    set_moments(&m, a, x);
    set_moments(&n, b, y);
    assert_float_equal(frechet_distance(&m, &n), expected, 1e-8);
}

/* Two by two that do not commute: tr (A B)^(1/2) = sqrt(tr A B + 2 sqrt(det A B)). */
static void frechet_of_two_by_two(void **state)
{
    (void)state;
    static double x[F][F], y[F][F], none[F];
    struct moments m, n;
    x[0][0] = 2, x[1][1] = 1, x[0][1] = x[1][0] = 0.7;
    y[0][0] = 0.5, y[1][1] = 3, y[0][1] = y[1][0] = -0.9;
    double trace = 2 * 0.5 + 1 * 3 + 2 * 0.7 * -0.9;
    double determinant = (2 * 1 - 0.49) * (0.5 * 3 - 0.81);
    double expected = 2 + 1 + 0.5 + 3 - 2 * sqrt(trace + 2 * sqrt(determinant));
    set_moments(&m, none, x);
    set_moments(&n, none, y);
    assert_float_equal(frechet_distance(&m, &n), expected, 1e-9);
}

/* The classifier reads shapes it never saw; real images are near, noise is far. */
static void the_judge_tells_images_from_noise(void **state)
{
    (void)state;
    struct config c;
    struct task *task;
    struct judge j, again;
    struct moments real_ones = {0}, held_out = {0}, noise = {0};
    config_defaults(&c);
    strcpy(c.task.kind, "images");
    c.task.side = 12;
    assert_int_equal(task_new(&task, &c, NULL), 0);
    assert_int_equal(judge_init(&j, task, kern_best(), NULL), 0);
    assert_int_equal(judge_init(&again, task, kern_best(), NULL), 0);
    assert_memory_equal(j.weights, again.weights, 144 * 128 * sizeof(float));
    assert_true(j.accuracy > 0.9 && j.judged == 1000);
    assert_int_equal(judge_real(&j, task, false, 0, 600, &real_ones), 0);
    assert_int_equal(judge_real(&j, task, true, 0, 600, &held_out), 0);
    assert_int_equal(judge_noise(&j, 600, &noise), 0);
    assert_int_equal(real_ones.count, 600);
    double floor = frechet_distance(&real_ones, &held_out);
    double ceiling = frechet_distance(&real_ones, &noise);
    assert_true(floor > 0 && floor < 1 && ceiling > 5 * floor);
    judge_release(&j);
    judge_release(&again);
    task_free(task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ddim_finds_a_known_image),
        cmocka_unit_test(the_first_noise),
        cmocka_unit_test(frechet_of_diagonals),
        cmocka_unit_test(frechet_of_two_by_two),
        cmocka_unit_test(the_judge_tells_images_from_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
