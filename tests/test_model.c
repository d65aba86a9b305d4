/* What every model keeps to: bits for any team, prefixes, causality, maps, settings, tensors. */
#include "heed_test.h"
#include <math.h>
#include <stdlib.h>
#include "model/optim.h"
#include "attn_row.h"
#include "small_model.h"

enum { SEQUENCES = 5 };

static struct team *team;

/* One training step; returns the loss. */
static double step(struct model *m, struct optim *o, const struct batch *b)
{
    int scored;
    double norm;
    model_forward_batch(m, b);
    double loss = model_loss(m, b, &scored);
    model_zero_gradients(m);
    model_backward(m, b);
    assert_int_equal(optim_step(o, m, 1e-2, &norm), 0);
    return loss;
}

struct bits {
    size_t bytes, logit_bytes;
    real *weights, *gradients, *logits;
    double loss;
};

static void *copy_of(const void *data, size_t bytes)
{
    void *copy = malloc(bytes);
    assert_non_null(copy);
    return memcpy(copy, data, bytes);
}

static struct bits train_bits(const char *kind, const char *attention, const char *options,
                              int threads, const struct kern *kern)
{
    struct team *some;
    struct optim o;
    struct bits bits = {0};
    assert_int_equal(team_new(&some, threads, NULL), 0);
    struct model *m = small_model(kind, attention, options, SEQUENCES, true, kern, some);
    assert_int_equal(optim_init(&o, m), 0);
    for (uint64_t t = 0; t < 4; t++) {
        struct batch b = small_batch(m, SEQUENCES, 100 + t);
        bits.loss = step(m, &o, &b);
        batch_release(&b);
    }
    bits.bytes = m->params.total * sizeof(real);
    bits.logit_bytes = (size_t)m->logit_positions * SEQUENCES * m->symbols * sizeof(real);
    bits.weights = copy_of(m->weights, bits.bytes);
    bits.gradients = copy_of(m->gradients, bits.bytes);
    bits.logits = copy_of(m->logits, bits.logit_bytes);
    optim_release(&o);
    model_free(m);
    team_free(some);
    return bits;
}

static void bits_free(struct bits *b)
{
    free(b->weights);
    free(b->gradients);
    free(b->logits);
}

/* Widths that no vector divides, so that every kernel has a tail. */
static const char *const odd_options[] = {
    "model.dim=15 model.heads=3 model.ffn=21 model.hidden=19 task.context=11",
    "model.dim=15 model.heads=3 model.ffn=21 model.hidden=37 task.context=19 model.groups=4 "
    "model.norm=rms model.where=post model.activation=tanh",
    "model.dim=18 model.heads=3 model.ffn=21 model.hidden=19 task.context=11",
    "model.dim=18 model.heads=3 model.ffn=21 model.hidden=37 task.context=19 model.groups=4 "
    "model.norm=rms model.where=post model.activation=tanh",
};

/* A head that is halved has an even width; what needs no map in long windows is tried in one. Images
   of a model that reads them have 25 patches. */
static const char *odd_option(const struct model_ops *model, const struct attn_ops *ops, int i)
{
    if (model->reads_images)
        return i ? "model.dim=18 model.heads=3 model.ffn=21 model.layers=6 task.side=15 "
                   "model.patch=3 model.norm=rms model.activation=tanh"
                 : "model.dim=18 model.heads=3 model.ffn=21 model.layers=3 task.side=10";
    if (ops->sum_eps > 0 && i == 1)
        return "model.dim=15 model.heads=3 model.ffn=21 model.layers=1 task.context=111 "
               "model.hidden=19 model.groups=2";
    return odd_options[i + (ops->two_scores ? 2 : 0)];
}

static void same_bits_for_any_team(void **state)
{
    (void)state;
    static const int sizes[] = {2, 3, 8};
    for (int i = 0; model_registry()[i]; i++)
        for (int j = 0; attn_registry()[j]; j++)
            for (int o = 0; o < 2; o++) {
                const char *kind = model_registry()[i]->name, *attention = attn_registry()[j]->name;
                if (j && !model_registry()[i]->has_attention)
                    continue;
                const char *options = odd_option(model_registry()[i], attn_registry()[j], o);
                struct bits one = train_bits(kind, attention, options, 1, kern_best());
                for (int s = 0; s < 3; s++) {
                    struct bits many = train_bits(kind, attention, options, sizes[s], kern_best());
                    assert_true(one.loss == many.loss);
                    assert_memory_equal(one.logits, many.logits, one.logit_bytes);
                    assert_memory_equal(one.gradients, many.gradients, one.bytes);
                    assert_memory_equal(one.weights, many.weights, one.bytes);
                    bits_free(&many);
                }
                bits_free(&one);
            }
}

/* Largest difference relative to the largest value. */
static double distance(size_t bytes, const real *a, const real *b)
{
    double worst = 0, largest = 0;
    for (size_t i = 0; i < bytes / sizeof *a; i++) {
        double d = fabs((double)a[i] - (double)b[i]);
        worst = d > worst || isnan(d) ? d : worst;
        largest = fmax(largest, fabs((double)b[i]));
    }
    return worst / largest;
}

static void instruction_sets_agree(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++)
        for (int j = 0; attn_registry()[j]; j++) {
            const char *kind = model_registry()[i]->name, *attention = attn_registry()[j]->name;
            if (j && !model_registry()[i]->has_attention)
                continue;
            const char *options = odd_option(model_registry()[i], attn_registry()[j], 0);
            struct bits ref = train_bits(kind, attention, options, 1, kern_get(ISA_REF));
            for (int isa = 0; isa < ISA_COUNT; isa++) {
                if (!kern_get((enum isa)isa))
                    continue;
                struct bits b = train_bits(kind, attention, options, 2, kern_get((enum isa)isa));
                assert_true(distance(ref.logit_bytes, b.logits, ref.logits) < 1e-3);
                assert_true(distance(ref.bytes, b.gradients, ref.gradients) < 1e-2);
                assert_true(fabs(b.loss - ref.loss) < 1e-4);
                bits_free(&b);
            }
            bits_free(&ref);
        }
}

/* Causal: the first positions of a window do not depend on the rest, nor on the other sequences. */
static bool takes_prefixes(const struct model_ops *ops)
{
    return !ops->last_only && !ops->reads_images;
}

static void shorter_windows(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++)
        for (int j = 0; attn_registry()[j] && takes_prefixes(model_registry()[i]); j++) {
            bool sums = attn_registry()[j]->sum_eps > 0;
            struct model *m = small_model(model_registry()[i]->name, attn_registry()[j]->name,
                                          sums ? "task.context=115 model.layers=1 model.groups=1"
                                               : "task.context=21 model.layers=3",
                                          SEQUENCES, false, kern_best(), team);
            int T = m->max_positions;
            struct batch b = small_batch(m, SEQUENCES, 4);
            model_forward(m, b.tokens, T, SEQUENCES);
            real *whole = copy_of(m->logits, T * SEQUENCES * SMALL_SYMBOLS * sizeof(real));
            for (int n = 1; n <= T; n += n < 21 ? 1 : 23) {
                model_forward(m, b.tokens, n, SEQUENCES);
                for (int k = 0; k < n * SEQUENCES * SMALL_SYMBOLS; k++)
                    assert_true(m->logits[k] == whole[k]);
                int32_t one[128];
                for (int t = 0; t < n; t++)
                    one[t] = b.tokens[t * SEQUENCES + 2];
                model_forward(m, one, n, 1);
                for (int t = 0; t < n; t++)
                    for (int v = 0; v < SMALL_SYMBOLS; v++)
                        assert_true(m->logits[t * SMALL_SYMBOLS + v] ==
                                    whole[(t * SEQUENCES + 2) * SMALL_SYMBOLS + v]);
            }
            free(whole);
            batch_release(&b);
            model_free(m);
        }
}

/* A training model keeps every layer's buffers, a forward-only one shares them: the same logits. */
static void training_and_showing_agree(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++) {
        const char *kind = model_registry()[i]->name;
        struct model *a =
            small_model(kind, "cog", "model.layers=3", SEQUENCES, true, kern_best(), team);
        struct model *b =
            small_model(kind, "cog", "model.layers=3", SEQUENCES, false, kern_best(), team);
        struct batch w = small_batch(a, SEQUENCES, 4);
        assert_null(b->gradients);
        assert_null(b->dlogits);
        model_forward_batch(a, &w);
        model_forward_batch(b, &w);
        assert_memory_equal(a->logits, b->logits,
                            sizeof(real) * (size_t)a->logit_positions * SEQUENCES * a->symbols);
        for (int l = 0; l < model_attention_layers(a); l++) {
            float shown[2][100] = {0}, score[2][100] = {0};
            a->ops->attention(a, l, 1, 3, shown[0], score[0]);
            b->ops->attention(b, l, 1, 3, shown[1], score[1]);
            assert_memory_equal(shown[0], shown[1], sizeof shown[0]);
            assert_memory_equal(score[0], score[1], sizeof score[0]);
        }
        batch_release(&w);
        model_free(a);
        model_free(b);
    }
}

/* What a row of weights adds up to, from the word in the registry; NAN where it is free. */
static double expected_sum(const struct attn_ops *ops, int keys, const real *z)
{
    double total = 0;
    if (!strcmp(ops->sum, "free"))
        return (double)NAN;
    if (!strcmp(ops->sum, "< 1")) {
        for (int j = 0; j < keys; j++)
            total += exp((double)z[j]);
        return total / (1 + total);
    }
    if (!strchr(ops->sum, '~'))
        return strtod(ops->sum + (strstr(ops->sum, "abs") ? strlen("abs sum") : 0), NULL);
    for (int j = 0; j < keys; j++) {
        double score = (double)z[j], square = score * score;
        if (!strcmp(ops->name, "linear"))
            total += score;
        else
            total += strcmp(ops->name, "square") ? square / (1 + square) : square;
    }
    return total / (1e-6 + total);
}

static void check_row(const struct attn_ops *ops, int n, int i, const float *weight,
                      const float *score)
{
    real z[64] = {0}, w[64];
    double sum = 0, size = 0;
    bool signs = strstr(ops->sum, "abs") != NULL;
    for (int j = 0; j < n; j++) {
        if (j > i) {
            assert_true(weight[j] == 0 && score[j] == 0);
            continue;
        }
        z[j] = (real)score[j];
        sum += (double)weight[j];
        size += fabs((double)weight[j]);
        assert_true(ops->is_signed || weight[j] >= 0);
        assert_true(!signs || weight[j] * score[j] >= 0);
    }
    double expected = expected_sum(ops, i + 1, z);
    assert_true(isnan(expected) || fabs((signs ? size : sum) - expected) < 1e-5);
    if (ops->two_scores) /* of which one is shown */
        return;
    attn_row(attn_for(ops, kern_best()->isa), i + 1, w, NULL, z);
    for (int j = 0; j <= i; j++)
        assert_true((float)w[j] == weight[j]);
}

static void attention_maps(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++)
        for (int j = 0; attn_registry()[j]; j++) {
            struct model *m = small_model(model_registry()[i]->name, attn_registry()[j]->name,
                                          "task.context=19 model.layers=3 attn.keep_ends=yes "
                                          "task.side=8",
                                          SEQUENCES, false, kern_best(), team);
            struct batch b = small_batch(m, SEQUENCES, 4);
            float weight[19 * 19], score[19 * 19];
            assert_int_equal(model_attention_layers(m), m->ops->has_attention ? 3 : 0);
            bool full = m->ops->reads_images;
            for (int n = full ? 17 : 19; n > 0 && m->ops->has_attention; n -= full ? n : 6) {
                b.positions = n;
                model_forward_batch(m, &b);
                for (int l = 0; l < 3; l++) {
                    const struct attn_ops *ops = model_layer_attention(m, l);
                    assert_string_equal(ops->name, l == 1 ? attn_registry()[j]->name : "dpa");
                    for (int head = 0; head < 2; head++) {
                        m->ops->attention(m, l, head, 3, weight, score);
                        for (int r = 0; r < n; r++)
                            check_row(ops, n, full ? n - 1 : r, weight + r * n, score + r * n);
                        m->ops->attention(m, l, head, 3, weight, NULL);
                    }
                }
            }
            batch_release(&b);
            model_free(m);
        }
}

/* A parallel, an orthogonal and an antiparallel key, worked out from the definitions. */
static void rows_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double w[3];
    } rows[] = {
        {"dpa", {0.8437947, 0.1141952, 0.0420101}},
        {"extensive", {0.6153842, 0, 0.3846152}},
        {"cog", {0.6652410, 0, -0.2447285}},
        {"signed-ea", {0.6153842, 0, -0.3846152}},
        {"square", {0.7999998, 0, 0.2000000}},
        {"softmax1", {0.7573133, 0.1024907, 0.0377042}},
        {"sigmoid", {0.7112346, 0.25, 0.1092318}},
        {"relu2", {1.3333333, 0, 0}},
        {"centered", {0.5104613, -0.2191381, -0.2913232}},
        {"diff", {0.7195048, -0.2236598, -0.2958450}},
    };
    static const real z[6] = {2, 0, -1, 0, 1, 1}; /* the second three for diff alone */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct attn_ops *ops;
        real w[3];
        assert_int_equal(attn_by_name(rows[i].name, &ops, NULL), 0);
        attn_row(attn_for(ops, kern_best()->isa), 3, w, NULL, z);
        for (int j = 0; j < 3; j++)
            if (!(fabs((double)w[j] - rows[i].w[j]) < 1e-6))
                stop_test("%s weight %d: %.8f\n", rows[i].name, j, (double)w[j]);
    }
}

/* The weight of each of three keys when every score is 0. */
static double without_scores(const char *name)
{
    static const struct {
        const char *name;
        double weight;
    } known[] = {{"dpa", 1.0 / 3}, {"softmax1", 0.25}, {"sigmoid", 0.25}, {"diff", 0.2 / 3}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].name, name))
            return known[i].weight;
    return 0;
}

/* Scores as large as training can make them stay finite; a NaN stays a NaN. */
static void extreme_rows(void **state)
{
    (void)state;
    for (int i = 0; attn_registry()[i]; i++) {
        real z[8] = {1e4f, -1e4f, 3, 0, -1e4f, 1e4f, 0, 2}, w[4], dz[8], dw[4] = {1, 2, -1, 1};
        const struct attn_ops *ops = attn_for(attn_registry()[i], kern_best()->isa);
        if (ops->feature) /* products of positive features */
            z[1] = 1e4f;
        attn_row(ops, 4, w, NULL, z);
        attn_row(ops, 4, dz, dw, z);
        for (int j = 0; j < 4 * attn_scores(ops); j++)
            assert_true(isfinite(w[j % 4]) && isfinite(dz[j]));
        real zeros[6] = {0};
        attn_row(ops, 3, w, NULL, zeros);
        attn_row(ops, 3, dz, dw, zeros);
        for (int j = 0; j < 3; j++)
            assert_true(isfinite(dz[j]) && fabs((double)w[j] - without_scores(ops->name)) < 1e-6);
        z[2] = NAN;
        attn_row(ops, 4, w, NULL, z);
        assert_true(isnan(w[2]));
    }
}

/* backward adds: twice gives twice, in every tensor. */
static void gradients_accumulate(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++) {
        struct model *m =
            small_model(model_registry()[i]->name, "ea", "", SEQUENCES, true, kern_best(), team);
        struct batch b = small_batch(m, SEQUENCES, 4);
        int scored;
        model_forward_batch(m, &b);
        model_loss(m, &b, &scored);
        model_zero_gradients(m);
        model_backward(m, &b);
        real *once = copy_of(m->gradients, m->params.total * sizeof(real));
        model_backward(m, &b);
        for (int p = 0; p < m->params.count; p++) {
            const struct param *q = &m->params.list[p];
            for (size_t j = 0; j < q->size; j++)
                once[q->offset + j] *= 2;
            assert_true(distance(q->size * sizeof(real), m->gradients + q->offset,
                                 once + q->offset) < 1e-4);
        }
        free(once);
        batch_release(&b);
        model_free(m);
    }
}

static void a_nan_stays_visible(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++) {
        struct model *m =
            small_model(model_registry()[i]->name, "dpa", "", SEQUENCES, true, kern_best(), team);
        struct batch b = small_batch(m, SEQUENCES, 4);
        int scored;
        m->weights[param_find(&m->params, "head.weight")->offset] = NAN;
        model_forward_batch(m, &b);
        assert_true(isnan(model_loss(m, &b, &scored)));
        batch_release(&b);
        model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_for_any_team), cmocka_unit_test(instruction_sets_agree),
        cmocka_unit_test(shorter_windows),        cmocka_unit_test(training_and_showing_agree),
        cmocka_unit_test(attention_maps),         cmocka_unit_test(rows_by_hand),
        cmocka_unit_test(extreme_rows),           cmocka_unit_test(gradients_accumulate),
        cmocka_unit_test(a_nan_stays_visible),
    };
    if (team_new(&team, 2, NULL))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    team_free(team);
    return failed;
}
