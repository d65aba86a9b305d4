/* Each kind of layer alone: input gradients against finite differences, in double precision. */
#include "heed_test.h"
#include "gradient.h"
#include <stdlib.h>
#include "base/team.h"
#include "nn/attention.h"
#include "nn/embed.h"
#include "nn/ffn.h"
#include "nn/linear.h"
#include "nn/loss.h"
#include "nn/lstm.h"
#include "nn/norm.h"

enum { T = 6, B = 3, ROWS = T * B, C = 8, WIDE = 3 * C };

/* A layer y = f(x; weights) and the direction dy in which its output is measured. */
struct layer {
    const struct kern *k;
    struct param_table table;
    struct work work;
    struct grid grid;
    real weights[4096], gradients[4096];
    real x[ROWS * WIDE], dx[ROWS * WIDE], y[ROWS * WIDE], dy[ROWS * WIDE];
    void (*forward)(struct layer *l);
    int outputs;
    struct linear linear;
    struct norm norm;
    enum activation activation;
    real pre[ROWS * WIDE];
    struct lstm lstm;
    struct attention attention;
    struct attention_maps maps;
    const struct attn_ops *ops;
    real hat[ROWS * C], inverse[ROWS];
};

static double measured(void *ctx)
{
    struct layer *l = ctx;
    double sum = 0;
    l->forward(l);
    for (int i = 0; i < l->outputs; i++)
        sum += (double)(l->y[i] * l->dy[i]);
    return sum;
}

static struct layer *layer_new(void (*forward)(struct layer *), int outputs)
{
    struct layer *l = calloc(1, sizeof *l);
    assert_non_null(l);
    l->k = kern_get(ISA_SCALAR);
    l->grid = (struct grid){T, B, T};
    l->forward = forward;
    l->outputs = outputs;
    return l;
}

/* After the parameters were added: workspace, and random numbers everywhere. */
static void layer_ready(struct layer *l)
{
    struct rng rng;
    rng_seed(&rng, 9, RNG_TEST, 0);
    assert_true(l->table.total <= 4096);
    assert_int_equal(work_take(&l->work, NULL), 0);
    random_fill(&rng, l->table.total, l->weights, 0.5);
    random_fill(&rng, ROWS * WIDE, l->x, 1);
    random_fill(&rng, ROWS * WIDE, l->dy, 1);
}

static void layer_free(struct layer *l)
{
    param_table_release(&l->table);
    work_release(&l->work);
    free(l);
}

/* Compare dx (inputs numbers of x) and, for every parameter, the gradients. */
static void layer_check(struct layer *l, const char *name, int inputs)
{
    if (!(gradient_error(name, (size_t)inputs, l->x, l->dx, 1000, measured, l) < 1e-6))
        stop_test("%s: the input's gradient is off\n", name);
    for (int i = 0; i < l->table.count; i++) {
        const struct param *p = &l->table.list[i];
        if (!(gradient_error(p->name, p->size, l->weights + p->offset, l->gradients + p->offset,
                             1000, measured, l) < 1e-6))
            stop_test("%s: the gradient of %s is off\n", name, p->name);
    }
    layer_free(l);
}

static void linear_apply(struct layer *l)
{
    linear_pack(&l->linear, l->k, l->weights, 0, 1);
    linear_forward(&l->linear, l->k, l->weights, &l->grid, 0, ROWS, false, l->y, l->x);
}

static void linear_maps(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "c"};
    for (int groups = 1; groups <= T; groups++)
        for (int pieces = 1; pieces <= 3; pieces++) {
            struct layer *l = layer_new(linear_apply, ROWS * pieces * 5);
            assert_int_equal(linear_add(&l->linear, &l->table, &l->work, names, pieces, groups, C,
                                        5, pieces != 2),
                             0);
            layer_ready(l);
            measured(l);
            /* In unequal parts, as threads would. */
            linear_backward(&l->linear, l->k, l->weights, &l->grid, 0, 7, false, l->dx, l->dy);
            linear_backward(&l->linear, l->k, l->weights, &l->grid, 7, ROWS, false, l->dx, l->dy);
            for (int part = 0; part < 3; part++)
                linear_gradient(&l->linear, l->k, l->gradients, &l->grid, l->x, l->dy, part, 3);
            layer_check(l, "linear", ROWS * C);
        }
}

static void norm_apply(struct layer *l)
{
    norm_forward(&l->norm, l->k, l->weights, 0, ROWS, l->y, l->hat, l->inverse, l->x);
}

static void norms(void **state)
{
    (void)state;
    static const enum norm_kind kinds[] = {NORM_LAYER, NORM_RMS, NORM_NONE};
    for (int i = 0; i < 3; i++) {
        struct layer *l = layer_new(norm_apply, ROWS * C);
        assert_int_equal(norm_add(&l->norm, &l->table, "norm", kinds[i], C), 0);
        assert_int_equal(l->table.count, 2 - i);
        layer_ready(l);
        measured(l);
        norm_backward(&l->norm, l->k, l->weights, 0, ROWS, l->dx, l->dy, l->hat, l->inverse);
        for (int part = 0; part < 2; part++)
            norm_gradient(&l->norm, l->k, l->gradients, ROWS, l->dy, l->hat, part, 2);
        layer_check(l, "norm", ROWS * C);
    }
}

static void activation_apply(struct layer *l)
{
    memcpy(l->pre, l->x, sizeof l->pre);
    activation_forward(l->activation, l->k, 0, ROWS, C, true, l->y, l->pre);
}

static void activations(void **state)
{
    (void)state;
    for (int a = ACT_GELU; a <= ACT_SILU_GATED; a++) {
        struct layer *l = layer_new(activation_apply, ROWS * C);
        real dact[ROWS * C];
        l->activation = (enum activation)a;
        layer_ready(l);
        measured(l);
        memcpy(dact, l->dy, sizeof dact);
        activation_backward(l->activation, l->k, 0, ROWS, C, l->dx, dact, l->pre, l->y);
        layer_check(l, "activation", ROWS * C * activation_pieces(l->activation));
    }
}

static void lstm_apply(struct layer *l)
{
    linear_pack(&l->lstm.ih, l->k, l->weights, 0, 1);
    linear_pack(&l->lstm.hh, l->k, l->weights, 0, 1);
    lstm_forward(&l->lstm, l->k, l->weights, &l->grid, 0, B, l->x);
    memcpy(l->y, lstm_hidden(&l->lstm, &l->grid), sizeof(real) * ROWS * C);
}

static void lstm_layer(void **state)
{
    (void)state;
    struct layer *l = layer_new(lstm_apply, ROWS * C);
    assert_int_equal(lstm_add(&l->lstm, &l->table, &l->work, 0, C, T, B + 1, true), 0);
    layer_ready(l);
    measured(l);
    memcpy(lstm_dhidden(&l->lstm, &l->grid), l->dy, sizeof(real) * ROWS * C);
    lstm_backward(&l->lstm, l->k, l->weights, &l->grid, 0, 1, l->dx);
    lstm_backward(&l->lstm, l->k, l->weights, &l->grid, 1, B, l->dx);
    lstm_gradient(&l->lstm, l->k, l->gradients, &l->grid, l->x, 0, 1);
    layer_check(l, "lstm", ROWS * C);
}

static void attention_apply(struct layer *l)
{
    attention_forward(&l->attention, l->ops, l->k, &l->grid, &l->maps, l->y, l->x, 0, 1);
}

/* With the maps kept and with the maps computed again; both give the same bits. */
static void attention_layers(void **state)
{
    (void)state;
    for (int i = 0; attn_registry()[i]; i++) {
        real kept[ROWS * WIDE];
        for (int again = 0; again < 2; again++) {
            struct layer *l = layer_new(attention_apply, ROWS * C);
            l->ops = attn_registry()[i];
            attention_plan(&l->attention, &l->work, 2, C / 2, T, 1, 0.7);
            attention_want_maps(&l->attention, l->ops, &l->maps, &l->work, B, again ? 0 : 1 << 20);
            layer_ready(l);
            assert_int_equal(l->maps.z == NULL, again);
            measured(l);
            attention_backward(&l->attention, l->ops, l->k, &l->grid, &l->maps, l->dx, l->dy, l->x,
                               0, 1);
            if (again)
                assert_memory_equal(kept, l->dx, sizeof kept);
            memcpy(kept, l->dx, sizeof kept);
            layer_check(l, l->ops->name, ROWS * WIDE);
        }
    }
}

/* One head of `positions`; a model of 200 needs no maps. */
static struct layer *linear_layer(int positions, int span)
{
    struct layer *l = layer_new(attention_apply, positions * 3);
    l->grid = (struct grid){positions, 1, span};
    assert_int_equal(attn_by_name("linear", &l->ops, NULL), 0);
    attention_plan(&l->attention, &l->work, 1, 3, span, 1, 0.7);
    attention_want_maps(&l->attention, l->ops, &l->maps, &l->work, 1, 1 << 20);
    layer_ready(l);
    assert_int_equal(l->maps.z == NULL, span == 200);
    measured(l);
    attention_backward(&l->attention, l->ops, l->k, &l->grid, &l->maps, l->dx, l->dy, l->x, 0, 1);
    return l;
}

/* Sums over the keys instead of maps: the same values, and their gradients. */
static void linear_by_sums(void **state)
{
    (void)state;
    static const int positions[] = {1, 15, 16, 17, 45};
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
        int n = positions[i];
        struct layer *sums = linear_layer(n, 200), *maps = linear_layer(n, 50);
        for (int at = 0; at < n * 3; at++)
            assert_true(fabs((double)(sums->y[at] - maps->y[at])) < 1e-13);
        for (int at = 0; at < n * 9; at++)
            assert_true(fabs((double)(sums->dx[at] - maps->dx[at])) < 1e-12);
        layer_free(maps);
        layer_check(sums, "linear by sums", n * 9);
    }
}

struct entropy {
    struct team *team;
    real logits[ROWS * C], dlogits[ROWS * C], row_loss[ROWS];
    int32_t targets[ROWS];
    uint8_t scored[ROWS];
    int count;
};

static double entropy_value(void *ctx)
{
    struct entropy *e = ctx;
    return loss_cross_entropy(kern_get(ISA_SCALAR), e->team, ROWS, C, e->row_loss, e->dlogits,
                              e->logits, e->targets, e->scored, &e->count);
}

static void cross_entropy(void **state)
{
    (void)state;
    struct entropy e;
    struct rng rng;
    real dlogits[ROWS * C];
    rng_seed(&rng, 6, RNG_TEST, 0);
    random_fill(&rng, ROWS * C, e.logits, 2);
    for (int r = 0; r < ROWS; r++) {
        e.targets[r] = (int32_t)rng_below(&rng, C);
        e.scored[r] = r % 3 != 0;
    }
    assert_int_equal(team_new(&e.team, 2, NULL), 0);
    double sum = 0, loss = entropy_value(&e);
    for (int r = 0; r < ROWS; r++) {
        double total = 0;
        for (int v = 0; v < C; v++)
            total += exp((double)e.logits[r * C + v]);
        double row = log(total) - (double)e.logits[r * C + e.targets[r]];
        assert_true(fabs(row - (double)e.row_loss[r]) < 1e-12);
        sum += e.scored[r] ? row : 0;
    }
    assert_int_equal(e.count, 12);
    assert_true(fabs(loss - sum / 12) < 1e-12);
    memcpy(dlogits, e.dlogits, sizeof dlogits);
    assert_true(gradient_error("logits", ROWS * C, e.logits, dlogits, 1000, entropy_value, &e) <
                1e-6);
    memset(e.scored, 0, sizeof e.scored);
    assert_true(entropy_value(&e) == 0 && e.count == 0);
    for (int i = 0; i < ROWS * C; i++)
        assert_true(e.dlogits[i] == 0);
    team_free(e.team);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_maps),      cmocka_unit_test(norms),
        cmocka_unit_test(activations),      cmocka_unit_test(lstm_layer),
        cmocka_unit_test(attention_layers), cmocka_unit_test(linear_by_sums),
        cmocka_unit_test(cross_entropy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
