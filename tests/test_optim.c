/* AdamW, SGD, schedule, clipping. */
#include "heed_test.h"
#include <math.h>
#include <stdlib.h>
#include "model/optim.h"
#include "small_model.h"

static struct team *team;

static struct model *tiny(const char *options)
{
    return small_model("mlp", "dpa", options, 4, true, kern_get(ISA_REF), team);
}

static void near(double a, double b)
{
    if (!(fabs(a - b) <= 2e-6 * fmax(fabs(b), 1e-3)))
        stop_test("%.9g instead of %.9g\n", a, b);
}

/* Gradients that depend on the place. */
static void fill_gradients(struct model *m, double size)
{
    for (int i = 0; i < m->params.count; i++)
        for (size_t j = 0; j < m->params.list[i].size; j++)
            m->gradients[m->params.list[i].offset + j] = (real)(size * sin(1.0 + (double)(j + i)));
}

static double norm_of(const struct model *m)
{
    double sum = 0;
    for (size_t i = 0; i < m->params.total; i++)
        sum += (double)m->gradients[i] * (double)m->gradients[i];
    return sqrt(sum);
}

static void adamw_by_hand(void **state)
{
    (void)state;
    struct model *m = tiny("train.clip=0 train.decay=0.1");
    struct optim o;
    assert_int_equal(optim_init(&o, m), 0);
    const char *names[] = {"mlp.0.weight", "mlp.0.bias"};
    double w[2], first[2] = {0}, second[2] = {0}, norm;
    for (int p = 0; p < 2; p++)
        w[p] = (double)m->weights[param_find(&m->params, names[p])->offset + 3];
    for (int t = 1; t <= 3; t++) {
        fill_gradients(m, 0.3 * t);
        assert_int_equal(optim_step(&o, m, 0.01, &norm), 0);
        near(norm, norm_of(m));
        for (int p = 0; p < 2; p++) {
            size_t at = param_find(&m->params, names[p])->offset + 3;
            double g = (double)m->gradients[at];
            first[p] = 0.9 * first[p] + 0.1 * g;
            second[p] = 0.999 * second[p] + 0.001 * g * g;
            w[p] -= 0.01 * (p == 0 ? 0.1 : 0) * w[p]; /* biases do not decay */
            w[p] -= 0.01 * (first[p] / (1 - pow(0.9, t))) /
                    (sqrt(second[p] / (1 - pow(0.999, t))) + 1e-8);
            near((double)m->weights[at], w[p]);
        }
    }
    assert_int_equal(o.step, 3);
    optim_release(&o);
    model_free(m);
}

static void sgd_by_hand(void **state)
{
    (void)state;
    struct model *m = tiny("train.optimizer=sgd train.clip=0 train.decay=0.1 train.momentum=0.8");
    struct optim o;
    assert_int_equal(optim_init(&o, m), 0);
    assert_null(o.v);
    size_t at = param_find(&m->params, "mlp.1.weight")->offset + 5;
    double w = (double)m->weights[at], moment = 0, norm;
    for (int t = 1; t <= 3; t++) {
        fill_gradients(m, 0.3 * t);
        assert_int_equal(optim_step(&o, m, 0.05, &norm), 0);
        moment = 0.8 * moment + (double)m->gradients[at] + 0.1 * w;
        w -= 0.05 * moment;
        near((double)m->weights[at], w);
    }
    optim_release(&o);
    model_free(m);
}

/* SGD without momentum moves by exactly rate * clipped gradient. */
static void clipping(void **state)
{
    (void)state;
    static const double sizes[] = {1e-3, 5, 1e25};
    for (int i = 0; i < 3; i++) {
        struct model *m = tiny("train.optimizer=sgd train.clip=0.5 train.decay=0 train.momentum=0");
        struct optim o;
        double norm, moved = 0;
        assert_int_equal(optim_init(&o, m), 0);
        memset(m->weights, 0, m->params.total * sizeof(real));
        fill_gradients(m, sizes[i]);
        assert_int_equal(optim_step(&o, m, 1, &norm), 0);
        assert_true(fabs(norm / norm_of(m) - 1) < 1e-12);
        for (size_t j = 0; j < m->params.total; j++)
            moved += (double)m->weights[j] * (double)m->weights[j];
        near(sqrt(moved), fmin(norm, 0.5));
        optim_release(&o);
        model_free(m);
    }
}

static void a_norm_that_is_no_number(void **state)
{
    (void)state;
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    struct model *m = tiny("");
    struct optim o;
    double norm;
    assert_int_equal(optim_init(&o, m), 0);
    fill_gradients(m, 1);
    assert_int_equal(optim_step(&o, m, 0.01, &norm), 0);
    size_t bytes = m->params.total * sizeof(real);
    real *w = malloc(bytes), *first = malloc(bytes), *second = malloc(bytes);
    memcpy(w, m->weights, bytes);
    memcpy(first, o.m, bytes);
    memcpy(second, o.v, bytes);
    for (int i = 0; i < 3; i++) {
        const struct param *last = &m->params.list[m->params.count - 1];
        fill_gradients(m, 1);
        m->gradients[last->offset + last->size - 1] = (real)bad[i];
        assert_int_equal(optim_step(&o, m, 0.01, &norm), ERR_NUMBER);
        assert_memory_equal(w, m->weights, bytes);
        assert_memory_equal(first, o.m, bytes);
        assert_memory_equal(second, o.v, bytes);
        assert_int_equal(o.step, 1);
    }
    free(w);
    free(first);
    free(second);
    optim_release(&o);
    model_free(m);
}

static void schedule(void **state)
{
    (void)state;
    struct config c = small_config("mlp", "dpa",
                                   "train.learning_rate=0.2 train.warmup=10 train.steps=110 "
                                   "train.floor=0.1");
    near(optim_rate(&c, 0, 1), 0.02);
    near(optim_rate(&c, 4, 1), 0.1);
    near(optim_rate(&c, 9, 1), 0.2);
    near(optim_rate(&c, 10, 1), 0.2);
    near(optim_rate(&c, 60, 1), 0.11);
    near(optim_rate(&c, 60, 0.5), 0.055);
    near(optim_rate(&c, 110, 1), 0.02);
    near(optim_rate(&c, 5000, 1), 0.02);
    set_options(&c, "train.schedule=constant");
    near(optim_rate(&c, 3, 1), 0.08);
    near(optim_rate(&c, 109, 2), 0.4);
    set_options(&c, "train.schedule=cosine train.warmup=0");
    near(optim_rate(&c, 0, 1), 0.2);
    set_options(&c, "train.warmup=200");
    near(optim_rate(&c, 109, 1), 0.11);
    near(optim_rate(&c, 200, 1), 0.02);
}

static void same_bits_for_any_team(void **state)
{
    (void)state;
    static const int sizes[] = {1, 2, 3, 8};
    for (int sgd = 0; sgd < 2; sgd++) {
        real *expected = NULL;
        size_t bytes = 0;
        for (int i = 0; i < 4; i++) {
            struct team *some;
            struct optim o;
            double norm;
            assert_int_equal(team_new(&some, sizes[i], NULL), 0);
            struct model *m = small_model("cisformer", "dpa", sgd ? "train.optimizer=sgd" : "", 4,
                                          true, kern_best(), some);
            assert_int_equal(optim_init(&o, m), 0);
            for (int t = 0; t < 3; t++) {
                fill_gradients(m, 0.7);
                assert_int_equal(optim_step(&o, m, 0.01, &norm), 0);
            }
            if (!expected) {
                bytes = m->params.total * sizeof(real);
                expected = malloc(bytes);
                memcpy(expected, m->weights, bytes);
            }
            assert_memory_equal(expected, m->weights, bytes);
            optim_release(&o);
            model_free(m);
            team_free(some);
        }
        free(expected);
    }
}

/* 150 steps on one batch of windows: every model learns them by heart. */
static void loss_falls(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++)
        for (int j = 0; attn_registry()[j]; j++) {
            const struct model_ops *ops = model_registry()[i];
            if (j && !ops->has_attention)
                break;
            struct model *m = small_model(ops->name, attn_registry()[j]->name, "model.dim=16", 4,
                                          true, kern_best(), team);
            struct batch b = small_batch(m, 4, 8);
            struct optim o;
            double first = 0, loss = 0, norm;
            int scored;
            assert_int_equal(optim_init(&o, m), 0);
            for (int t = 0; t < 150; t++) {
                model_forward_batch(m, &b);
                loss = model_loss(m, &b, &scored);
                first = t ? first : loss;
                model_zero_gradients(m);
                model_backward(m, &b);
                assert_int_equal(optim_step(&o, m, 1e-2, &norm), 0);
            }
            if (!(loss < 0.3 * first))
                stop_test("%s %s: loss %g, was %g\n", ops->name, attn_registry()[j]->name, loss,
                          first);
            optim_release(&o);
            batch_release(&b);
            model_free(m);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adamw_by_hand), cmocka_unit_test(sgd_by_hand),
        cmocka_unit_test(clipping),      cmocka_unit_test(a_norm_that_is_no_number),
        cmocka_unit_test(schedule),      cmocka_unit_test(same_bits_for_any_team),
        cmocka_unit_test(loss_falls),
    };
    if (team_new(&team, 2, NULL))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    team_free(team);
    return failed;
}
