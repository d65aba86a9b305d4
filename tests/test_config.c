#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include "settings.h"

static void assert_refused(const char *key, const char *value, const char *message)
{
    struct config config, before;
    struct failure why;
    config_defaults(&config);
    before = config;
    assert_int_equal(config_set(&config, key, value, "here", &why), ERR_USAGE);
    assert_int_equal(why.code, ERR_USAGE);
    assert_string_equal(why.text, message);
    assert_same_config(&config, &before);
}

static void test_table(void **state)
{
    (void)state;
    for (int i = 0; i < settings(); i++) {
        const struct setting *s = setting_at(i);
        assert_ptr_equal(config_find(s->key), s);
        assert_true(strchr(s->key, '.') && s->help[0]);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(s->key, setting_at(k)->key);
            assert_int_not_equal(s->offset, setting_at(k)->offset);
        }
    }
    assert_null(config_find("model"));
    assert_null(config_find("model.dimension"));
}

static void test_defaults(void **state)
{
    (void)state;
    struct config c;
    config_defaults(&c);
    assert_string_equal(c.model.kind, "transformer");
    assert_string_equal(c.attn.kind, "dpa");
    assert_string_equal(c.task.kind, "iarc");
    assert_string_equal(c.task.subtasks, "IARC");
    assert_int_equal(c.model.dim, 32);
    assert_int_equal(c.model.heads, 4);
    assert_int_equal(c.model.hidden, 256);
    assert_int_equal(c.model.layers, SETTING_AUTO);
    assert_int_equal(c.model.ffn, SETTING_AUTO);
    assert_int_equal(c.model.groups, SETTING_AUTO);
    assert_true(c.attn.scale == SETTING_AUTO);
    assert_int_equal(c.task.base, 16);
    assert_int_equal(c.task.context, 32);
    assert_int_equal(c.task.segment_max, 9);
    assert_true(c.task.segment_mean == 6);
    assert_int_equal(c.train.batch, 64);
    assert_int_equal(c.train.warmup, 100);
    assert_int_equal(c.train.steps, 20000);
    assert_int_equal(c.train.seed, 1);
    assert_int_equal(c.train.threads, SETTING_AUTO);
    assert_true(c.train.learning_rate == SETTING_AUTO);
    assert_true(c.train.floor == 0.05 && c.train.clip == 1 && c.train.decay == 0.01);
    assert_true(c.train.beta1 == 0.9 && c.train.beta2 == 0.999 && c.train.eps == 1e-8);
    assert_true(c.train.momentum == 0.9 && c.train.checkpoint_seconds == 30);
    assert_int_equal(c.train.eval_every, 100);
    assert_int_equal(c.train.eval_windows, 1024);
    assert_int_equal(c.train.log_every, 10);
}

static void test_choices_follow_the_enums(void **state)
{
    (void)state;
    struct config c;
    config_defaults(&c);
    assert_int_equal(config_set(&c, "model.norm", "none", "", NULL), 0);
    assert_int_equal(c.model.norm, NORM_NONE);
    assert_int_equal(config_set(&c, "model.norm", "rms", "", NULL), 0);
    assert_int_equal(c.model.norm, NORM_RMS);
    assert_int_equal(config_set(&c, "model.where", "post", "", NULL), 0);
    assert_int_equal(c.model.where, NORM_POST);
    assert_int_equal(config_set(&c, "model.activation", "relu", "", NULL), 0);
    assert_int_equal(c.model.activation, ACT_RELU);
    assert_int_equal(config_set(&c, "model.activation", "tanh", "", NULL), 0);
    assert_int_equal(c.model.activation, ACT_TANH);
    assert_int_equal(config_set(&c, "model.activation", "silu-gated", "", NULL), 0);
    assert_int_equal(c.model.activation, ACT_SILU_GATED);
    assert_int_equal(config_set(&c, "model.position", "sinusoidal", "", NULL), 0);
    assert_int_equal(c.model.position, POSITION_SINUSOIDAL);
    assert_int_equal(config_set(&c, "model.position", "none", "", NULL), 0);
    assert_int_equal(c.model.position, POSITION_NONE);
    assert_int_equal(config_set(&c, "model.embedding", "onehot", "", NULL), 0);
    assert_int_equal(c.model.embedding, EMBEDDING_ONEHOT);
    assert_int_equal(config_set(&c, "model.groups_in", "attn", "", NULL), 0);
    assert_int_equal(c.model.groups_in, GROUPS_IN_ATTN);
    assert_int_equal(config_set(&c, "model.groups_in", "ffn", "", NULL), 0);
    assert_int_equal(c.model.groups_in, GROUPS_IN_FFN);
    assert_int_equal(config_set(&c, "attn.keep_ends", "yes", "", NULL), 0);
    assert_int_equal(c.attn.keep_ends, KEEP_ENDS_YES);
    assert_int_equal(config_set(&c, "attn.keep_ends", "no", "", NULL), 0);
    assert_int_equal(c.attn.keep_ends, KEEP_ENDS_NO);
    assert_int_equal(config_set(&c, "task.context_rule", "parity", "", NULL), 0);
    assert_int_equal(c.task.context_rule, CONTEXT_PARITY);
    assert_int_equal(config_set(&c, "task.context_rule", "repeat", "", NULL), 0);
    assert_int_equal(c.task.context_rule, CONTEXT_REPEAT);
    assert_int_equal(config_set(&c, "train.optimizer", "sgd", "", NULL), 0);
    assert_int_equal(c.train.optimizer, OPTIMIZER_SGD);
    assert_int_equal(config_set(&c, "train.schedule", "constant", "", NULL), 0);
    assert_int_equal(c.train.schedule, SCHEDULE_CONSTANT);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused("model.dmi", "3", "here: unknown key model.dmi: did you mean model.dim?");
    assert_refused("train.dim", "3", "here: unknown key train.dim: did you mean model.dim?");
    assert_refused("dim", "3", "here: unknown key dim: did you mean model.dim?");
    assert_refused("learning_rte", "3",
                   "here: unknown key learning_rte: did you mean train.learning_rate?");
    assert_refused("xyzzy", "3", "here: unknown key xyzzy: see `heed list settings`");
    assert_refused("", "3", "here: unknown key : see `heed list settings`");
    assert_refused("model.dim", "0",
                   "here: model.dim must be 1..1024, not 0: choose a number in that range");
    assert_refused("model.dim", "1025",
                   "here: model.dim must be 1..1024, not 1025: choose a number in that range");
    assert_refused("model.dim", "",
                   "here: model.dim must be 1..1024, not empty: choose a number in "
                   "that range");
    assert_refused("model.dim", "3.5",
                   "here: model.dim must be 1..1024, not 3.5: choose a whole number in that range");
    assert_refused("model.dim", "auto",
                   "here: model.dim must be 1..1024, not auto: choose a number in that range");
    assert_refused("model.layers", "-1",
                   "here: model.layers must be 1..16 or auto, not -1: choose a "
                   "number in that range");
    assert_refused("attn.scale", "-1",
                   "here: attn.scale must be 1e-06..1000000 or auto, not -1: "
                   "choose a number in that range");
    assert_refused("train.decay", "nan",
                   "here: train.decay must be 0..10, not nan: choose a number in that range");
    assert_refused("train.steps", "1000000001",
                   "here: train.steps must be 1..1000000000, not "
                   "1000000001: choose a number in that range");
    assert_refused("train.seed", "9007199254740992",
                   "here: train.seed must be 0..9007199254740991, not 9007199254740992: choose a "
                   "number in that range");
    assert_refused("task.base", "65",
                   "here: task.base must be 2..64, not 65: choose a number in that range");
    assert_refused("task.context", "7",
                   "here: task.context must be 8..2048, not 7: choose a number in that range");
    assert_refused("model.norm", "lay",
                   "here: model.norm must be layer|rms|none, not lay: choose one of these");
    assert_refused("model.norm", "layer|rms",
                   "here: model.norm must be layer|rms|none, not layer|rms: choose one of these");
    assert_refused("attn.kind", "d p",
                   "here: attn.kind must be 1..23 letters, digits, - or _, not d p: choose such a "
                   "name");
    assert_refused("attn.kind", "aaaaaaaaaaaaaaaaaaaaaaaa",
                   "here: attn.kind must be 1..23 letters, digits, - or _, not "
                   "aaaaaaaaaaaaaaaaaaaaaaaa: choose such a name");
}

static void test_values_come_back(void **state)
{
    (void)state;
    struct rng rng;
    struct config a, b;
    char value[SETTING_TEXT], again[SETTING_TEXT];
    rng_seed(&rng, 1, RNG_TEST, 0);
    config_defaults(&a);
    for (int round = 0; round < 500; round++) {
        config_defaults(&b);
        for (int i = 0; i < settings(); i++) {
            const struct setting *s = setting_at(i);
            random_value(s, &rng, value, sizeof value);
            assert_int_equal(config_set(&a, s->key, value, "test", NULL), 0);
            config_value(&a, s, again, sizeof again);
            if (s->type != SETTING_REAL)
                assert_string_equal(again, value);
            assert_int_equal(config_set(&b, s->key, again, "test", NULL), 0);
        }
        assert_same_config(&a, &b);
    }
    assert_int_equal(config_set(&a, "train.decay", "0.1", "test", NULL), 0);
    config_value(&a, config_find("train.decay"), value, sizeof value);
    assert_string_equal(value, "0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_choices_follow_the_enums),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_values_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
