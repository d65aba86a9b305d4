/* Autos and checks of settings, the registries, and the tensors that a model has. */
#include "heed_test.h"
#include <math.h>
#include <stdlib.h>
#include "model/model.h"
#include "small_model.h"

static struct team *team;

static struct config defaults(const char *options)
{
    struct config c;
    config_defaults(&c);
    set_options(&c, options);
    return c;
}

static struct config resolved(const char *options)
{
    struct config c = defaults(options);
    struct failure why;
    if (model_resolve(&c, &why))
        stop_test("%s: %s\n", options, why.text);
    return c;
}

static void autos(void **state)
{
    (void)state;
    struct config c = resolved("");
    assert_int_equal(c.model.layers, 1);
    assert_int_equal(c.model.ffn, 128);
    assert_int_equal(c.model.groups, 1);
    assert_int_equal(c.attn.keep_ends, KEEP_ENDS_NO);
    assert_true(fabs(c.attn.scale - 1 / sqrt(8)) < 1e-15);
    assert_true(c.train.learning_rate == 1e-2);
    c = resolved("model.kind=cisformer attn.kind=extensive task.context=24 model.dim=64");
    assert_string_equal(c.attn.kind, "ea");
    assert_int_equal(c.model.groups, 24);
    assert_int_equal(c.model.ffn, 256);
    assert_true(c.attn.scale == 1);
    assert_true(c.train.learning_rate == 2e-2);
    c = resolved("attn.kind=signed-ea");
    assert_true(c.train.learning_rate == 2e-2);
    c = resolved("attn.kind=cog model.layers=3");
    assert_int_equal(c.attn.keep_ends, KEEP_ENDS_YES);
    assert_true(c.train.learning_rate == 1e-2);
    assert_int_equal(resolved("attn.kind=cog model.layers=2").attn.keep_ends, KEEP_ENDS_NO);
    assert_int_equal(resolved("attn.kind=ea model.layers=5").attn.keep_ends, KEEP_ENDS_NO);
    assert_int_equal(resolved("model.kind=mlp").model.layers, 2);
    c = resolved("model.kind=lstm attn.kind=ea model.dim=33");
    assert_int_equal(c.model.layers, 1);
    assert_true(c.train.learning_rate == 1e-2);
}

static void what_is_set_stays(void **state)
{
    (void)state;
    struct config c = resolved("model.kind=cisformer model.groups=4 model.layers=2 model.ffn=50 "
                               "attn.kind=ea attn.scale=0.3 attn.keep_ends=yes "
                               "train.learning_rate=0.004");
    assert_int_equal(c.model.groups, 4);
    assert_int_equal(c.model.layers, 2);
    assert_int_equal(c.model.ffn, 50);
    assert_int_equal(c.attn.keep_ends, KEEP_ENDS_YES);
    assert_true(c.attn.scale == 0.3 && c.train.learning_rate == 0.004);
    struct config again = c;
    struct failure why;
    assert_int_equal(model_resolve(&again, &why), 0);
    assert_memory_equal(&again, &c, sizeof c);
}

static void refusals(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"model.kind=transfomer", "model.kind: no model \"transfomer\": did you mean transformer?"},
        {"model.kind=gnu", "model.kind: no model \"gnu\": `heed list models` names them"},
        {"attn.kind=signed-e", "attn.kind: no attention \"signed-e\": did you mean signed-ea?"},
        {"attn.kind=xxxxxxxx",
         "attn.kind: no attention \"xxxxxxxx\": `heed list attention` names them"},
        {"model.heads=5", "model.heads: 5 does not divide model.dim 32: choose a divisor"},
        {"model.groups=33",
         "model.groups: 33 is more than the 32 positions of task.context: choose 1 to 32"},
        {"model.kind=mlp model.activation=silu-gated",
         "model.activation: silu-gated needs a gate, which the mlp has not: choose gelu, relu or "
         "tanh"},
        {"attn.kind=diff model.dim=15 model.heads=3",
         "attn.kind: diff halves a head, whose width model.dim / model.heads is 5: choose an even "
         "one"},
        {"model.position=rope model.dim=15 model.heads=3",
         "model.position: rope turns pairs of numbers, and the queries of 3 heads are 5 wide: "
         "choose model.dim and model.heads so that this is even"},
        {"model.position=rope attn.kind=linear",
         "model.position: rope turns queries and keys, which attention linear bends: choose "
         "learned, sinusoidal or none"},
        {"model.kind=cisformer model.position=alibi attn.kind=ea",
         "model.position: alibi lowers the scores of far keys, and a lower score does not always "
         "weigh less in attention ea: choose another position"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct config c = defaults(bad[i][0]);
        struct failure why;
        assert_int_equal(model_resolve(&c, &why), ERR_USAGE);
        assert_string_equal(why.text, bad[i][1]);
    }
    struct config c = resolved("model.kind=lstm model.heads=5"); /* no heads, nothing to divide */
    assert_int_equal(c.model.heads, 5);
    static const char *const lean[] = {"dpa", "softmax1", "sigmoid", "relu2", "centered", "diff"};
    int refused = 0;
    for (int i = 0; attn_registry()[i]; i++) {
        struct failure why;
        c = defaults("model.position=alibi");
        snprintf(c.attn.kind, sizeof c.attn.kind, "%s", attn_registry()[i]->name);
        bool known = false;
        for (size_t j = 0; j < sizeof lean / sizeof *lean; j++)
            known = known || !strcmp(lean[j], c.attn.kind);
        assert_int_equal(model_resolve(&c, &why), known ? 0 : ERR_USAGE);
        refused += !known;
    }
    assert_int_equal(refused, 5);
}

static void one_hot_needs_room(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++) {
        char options[128];
        if (model_registry()[i]->reads_images)
            continue;
        snprintf(options, sizeof options, "model.kind=%s model.embedding=onehot model.dim=16",
                 model_registry()[i]->name);
        struct config c = resolved(options);
        struct failure why;
        struct model *m;
        assert_int_equal(model_new(&m, &c, 20, 2, false, kern_best(), team, &why), ERR_USAGE);
        assert_null(m);
        assert_string_equal(why.text, "model.dim: 16 is less than the 20 symbols that "
                                      "model.embedding = onehot feeds in as they are: choose 20 or "
                                      "more");
        assert_int_equal(model_new(&m, &c, 16, 2, false, kern_best(), team, &why), 0);
        assert_null(param_find(&m->params, "embed.weight"));
        model_free(m);
    }
}

static void registries(void **state)
{
    (void)state;
    int models = 0, attentions = 0;
    for (; model_registry()[models]; models++) {
        const struct model_ops *ops = model_registry()[models], *found;
        assert_int_equal(model_by_name(ops->name, &found, NULL), 0);
        assert_ptr_equal(found, ops);
        assert_true(strlen(ops->help) > 10);
        assert_int_equal(ops->has_attention, ops->attention != NULL);
    }
    for (; attn_registry()[attentions]; attentions++) {
        const struct attn_ops *ops = attn_registry()[attentions], *found;
        assert_int_equal(attn_by_name(ops->name, &found, NULL), 0);
        assert_ptr_equal(found, ops);
        assert_true(strlen(ops->help) > 10 && strlen(ops->formula) > 3);
        assert_int_equal(ops->is_signed, strcmp(ops->sign, "both") == 0);
        assert_int_equal(ops->reconstructed, strstr(ops->source, "(reconstructed)") != NULL);
        assert_true(attn_default_scale(ops, 16 * attn_scores(ops)) ==
                    (ops->scale_by_root ? 0.25 : 1));
        assert_int_equal(ops->feature != NULL, ops->feature_back != NULL);
    }
    assert_true(models >= 4 && attentions >= 11);
}

struct shape {
    const char *name;
    int shape[3];
    double std;
    bool decay;
};

static void check_tensors(const char *options, int count, const struct shape *expected)
{
    struct config c = resolved(options);
    struct failure why;
    struct model *m;
    size_t learned = 0;
    assert_int_equal(model_new(&m, &c, 20, 2, false, kern_best(), team, &why), 0);
    assert_int_equal(m->params.count, count);
    for (int i = 0; i < count; i++) {
        const struct param *p = &m->params.list[i];
        assert_string_equal(p->name, expected[i].name);
        assert_memory_equal(p->shape, expected[i].shape, sizeof p->shape);
        assert_int_equal(p->rank, 1 + (p->shape[1] > 0) + (p->shape[2] > 0));
        assert_true(fabs(p->std - expected[i].std) < 1e-12);
        assert_int_equal(p->decay, expected[i].decay);
        assert_int_equal(p->offset % 16, 0);
        assert_true(p->offset + p->size <= (i + 1 < count ? p[1].offset : m->params.total));
        assert_true(p->mean == (strstr(p->name, "norm.weight") ? 1 : 0));
        learned += p->size;
    }
    assert_int_equal(model_parameters(m), learned);
    model_free(m);
}

static void tensors_of_transformers(void **state)
{
    (void)state;
    const double c = 1 / sqrt(32), f = 1 / sqrt(48);
    const struct shape transformer[] = {
        {"embed.weight", {20, 32}, 1, true},
        {"pos.weight", {8, 32}, 0.1, true},
        {"layers.0.attn.q.weight", {32, 32}, c, true},
        {"layers.0.attn.k.weight", {32, 32}, c, true},
        {"layers.0.attn.v.weight", {32, 32}, c, true},
        {"layers.0.attn.o.weight", {32, 32}, c, true},
        {"layers.0.attn_norm.weight", {32}, 0, false},
        {"layers.0.attn_norm.bias", {32}, 0, false},
        {"layers.0.ffn.up.weight", {48, 32}, c, true},
        {"layers.0.ffn.up.bias", {48}, 0, false},
        {"layers.0.ffn.down.weight", {32, 48}, f, true},
        {"layers.0.ffn.down.bias", {32}, 0, false},
        {"layers.0.ffn_norm.weight", {32}, 0, false},
        {"layers.0.ffn_norm.bias", {32}, 0, false},
        {"norm.weight", {32}, 0, false},
        {"norm.bias", {32}, 0, false},
        {"head.weight", {20, 32}, c, true},
        {"head.bias", {20}, 0, false},
    };
    check_tensors("model.ffn=48 task.context=8", 18, transformer);
    const struct shape cisformer[] = {
        {"embed.weight", {20, 32}, 1, true},
        {"layers.0.attn.q.weight", {8, 32, 32}, c, true},
        {"layers.0.attn.k.weight", {8, 32, 32}, c, true},
        {"layers.0.attn.v.weight", {8, 32, 32}, c, true},
        {"layers.0.attn.o.weight", {8, 32, 32}, c, true},
        {"layers.0.attn_norm.weight", {32}, 0, false},
        {"layers.0.ffn.gate.weight", {8, 48, 32}, c, true},
        {"layers.0.ffn.gate.bias", {8, 48}, 0, false},
        {"layers.0.ffn.up.weight", {8, 48, 32}, c, true},
        {"layers.0.ffn.up.bias", {8, 48}, 0, false},
        {"layers.0.ffn.down.weight", {8, 32, 48}, f, true},
        {"layers.0.ffn.down.bias", {8, 32}, 0, false},
        {"layers.0.ffn_norm.weight", {32}, 0, false},
        {"norm.weight", {32}, 0, false},
        {"head.weight", {20, 32}, c, true},
        {"head.bias", {20}, 0, false},
    };
    check_tensors("model.kind=cisformer model.ffn=48 task.context=8 model.norm=rms "
                  "model.position=none model.activation=silu-gated",
                  16, cisformer);
}

static void tensors_of_lstm_and_mlp(void **state)
{
    (void)state;
    const double c = 1 / sqrt(32), wide = 1 / sqrt(8 * 32), h = 0.1;
    const struct shape lstm[] = {
        {"embed.weight", {20, 32}, 1, true},  {"lstm.weight_ih_l0", {128, 32}, c, true},
        {"lstm.bias_ih_l0", {128}, 0, false}, {"lstm.weight_hh_l0", {128, 32}, c, true},
        {"lstm.bias_hh_l0", {128}, 0, false}, {"head.weight", {20, 32}, c, true},
        {"head.bias", {20}, 0, false},
    };
    check_tensors("model.kind=lstm", 7, lstm);
    const struct shape mlp[] = {
        {"embed.weight", {20, 32}, 1, true}, {"mlp.0.weight", {100, 256}, wide, true},
        {"mlp.0.bias", {100}, 0, false},     {"mlp.1.weight", {100, 100}, h, true},
        {"mlp.1.bias", {100}, 0, false},     {"head.weight", {20, 100}, h, true},
        {"head.bias", {20}, 0, false},
    };
    check_tensors("model.kind=mlp task.context=8 model.hidden=100", 7, mlp);
}

static void initial_weights(void **state)
{
    (void)state;
    struct model *a = small_model("cisformer", "dpa", "model.dim=64", 2, false, kern_best(), team);
    struct model *b =
        small_model("cisformer", "dpa", "model.dim=64", 2, true, kern_get(ISA_REF), team);
    assert_memory_equal(a->weights, b->weights, a->params.total * sizeof(real));
    for (int i = 0; i < a->params.count; i++) {
        const struct param *p = &a->params.list[i];
        double mean = 0, square = 0, n = (double)p->size;
        for (size_t j = 0; j < p->size; j++) {
            double d = (double)a->weights[p->offset + j] - p->mean;
            mean += d / n;
            square += d * d / n;
        }
        assert_true(fabs(mean) <= 4 * p->std / sqrt(n));
        assert_true(fabs(sqrt(square) - p->std) <= 4 * p->std / sqrt(2 * n));
    }
    b->config.train.seed++;
    model_init(b);
    assert_memory_not_equal(a->weights, b->weights, a->params.total * sizeof(real));
    model_free(a);
    model_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(autos),
        cmocka_unit_test(what_is_set_stays),
        cmocka_unit_test(refusals),
        cmocka_unit_test(one_hot_needs_room),
        cmocka_unit_test(registries),
        cmocka_unit_test(tensors_of_transformers),
        cmocka_unit_test(tensors_of_lstm_and_mlp),
        cmocka_unit_test(initial_weights),
    };
    if (team_new(&team, 1, NULL))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    team_free(team);
    return failed;
}
