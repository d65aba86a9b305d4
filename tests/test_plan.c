#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include "model/model.h"
#include "settings.h"

static void test_cast_split(void **state)
{
    (void)state;
    char model[KIND_TEXT], attention[KIND_TEXT];
    struct failure why;
    assert_int_equal(cast_split("transformer-signed-ea", model, attention, &why), 0);
    assert_string_equal(model, "transformer");
    assert_string_equal(attention, "signed-ea");
    assert_int_equal(cast_split("lstm", model, attention, &why), 0);
    assert_string_equal(model, "lstm");
    assert_string_equal(attention, "");
    const char *bad[] = {"",       "-dpa",
                         "lstm-",  "a b",
                         "lstm-2", "transformer-dpa-3",
                         "x.y",    "abcdefghijklmnopqrstuvwxyz-dpa"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(cast_split(bad[i], model, attention, &why), ERR_USAGE);
}

/* core lies below the models and keeps a list of its own. */
static void test_attention_is_what_the_models_say(void **state)
{
    (void)state;
    int models = 0;
    for (const struct model_ops *const *m = model_registry(); *m; m++, models++)
        if (cast_has_attention((*m)->name) != (*m)->has_attention)
            fail_msg("%s", (*m)->name);
    assert_true(models >= 4);
}

static struct race_config race; /* large: not on the stack */

static void build(const char *const *flags, struct race_config *out)
{
    struct plan plan = {0};
    struct failure why;
    for (; *flags; flags++)
        if (plan_add_flag(&plan, *flags, &why) != 0)
            fail_msg("%s", why.text);
    if (plan_build(&plan, out, &why) != 0)
        fail_msg("%s", why.text);
    plan_release(&plan);
}

#define BUILD(...) build((const char *const[]){__VA_ARGS__, NULL}, &race)

static void test_casts(void **state)
{
    (void)state;
    build((const char *const[]){NULL}, &race);
    assert_int_equal(race.count, 4);
    assert_string_equal(race.names[0], "transformer-dpa");
    assert_string_equal(race.names[1], "cisformer-ea");
    assert_string_equal(race.names[2], "lstm");
    assert_string_equal(race.names[3], "mlp");
    assert_string_equal(race.contestants[1].model.kind, "cisformer");
    assert_string_equal(race.contestants[1].attn.kind, "ea");
    assert_string_equal(race.contestants[3].model.kind, "mlp");

    BUILD("model.kind=lstm");
    assert_int_equal(race.count, 1);
    assert_string_equal(race.names[0], "lstm");
    BUILD("attn.kind=signed-ea");
    assert_string_equal(race.names[0], "transformer-signed-ea");
    BUILD("attn.kind=cog", "model.kind=cisformer");
    assert_string_equal(race.names[0], "cisformer-cog");
    assert_string_equal(race.contestants[0].attn.kind, "cog");

    /* The last word decides. */
    BUILD("race=lstm,mlp", "model.kind=cisformer");
    assert_int_equal(race.count, 1);
    assert_string_equal(race.names[0], "cisformer-dpa");
    BUILD("model.kind=cisformer", "race.cast= lstm , transformer ");
    assert_int_equal(race.count, 2);
    assert_string_equal(race.names[0], "lstm");
    assert_string_equal(race.names[1], "transformer-dpa");
    assert_string_equal(race.contestants[1].attn.kind, "dpa");

    BUILD("race=lstm,transformer-dpa,lstm,transformer,lstm", "lstm-3.model.dim=7");
    assert_string_equal(race.names[2], "lstm-2");
    assert_string_equal(race.names[3], "transformer-dpa-2");
    assert_string_equal(race.names[4], "lstm-3");
    assert_int_equal(race.contestants[2].model.dim, 32);
    assert_int_equal(race.contestants[4].model.dim, 7);
}

static void test_own_settings(void **state)
{
    (void)state;
    BUILD("cisformer-ea.train.learning_rate=0.03", "train.learning_rate=0.5", "model.dim=8",
          "model.dim=16", "mlp.model.dim=64", "mlp.model.dim=65");
    assert_true(race.contestants[0].train.learning_rate == 0.5);
    assert_true(race.contestants[1].train.learning_rate == 0.03);
    assert_int_equal(race.contestants[2].model.dim, 16);
    assert_int_equal(race.contestants[3].model.dim, 65);
    /* Of somebody who was replaced. */
    BUILD("cisformer-ea.train.learning_rate=0.03", "model.kind=lstm");
    assert_int_equal(race.count, 1);
}

static void assert_plan_refused(const char *const *flags, const char *message)
{
    struct plan plan = {0};
    struct failure why = {0};
    int code = 0;
    for (; *flags && code == 0; flags++)
        code = plan_add_flag(&plan, *flags, &why);
    if (code == 0)
        code = plan_build(&plan, &race, &why);
    assert_int_equal(code, ERR_USAGE);
    assert_string_equal(why.text, message);
    plan_release(&plan);
}

#define REFUSED(message, ...) assert_plan_refused((const char *const[]){__VA_ARGS__, NULL}, message)

static void test_plan_refusals(void **state)
{
    (void)state;
    REFUSED("-s model.dim: no key=value: write -s model.dim=64", "model.dim");
    REFUSED("-s =3: no key=value: write -s model.dim=64", "=3");
    REFUSED("-s model.dim=0: model.dim must be 1..1024, not 0: choose a number in that range",
            "model.dim=0");
    REFUSED("-s model.dmi=3: unknown key model.dmi: did you mean model.dim?", "model.dmi=3");
    REFUSED("-s rce=lstm: unknown key rce: did you mean race?", "rce=lstm");
    REFUSED(
        "-s mlp.model.dmi=3: unknown key model.dmi: did you mean model.dim? (for contestant mlp)",
        "mlp.model.dmi=3");
    REFUSED("-s .model.dim=3: unknown key .model.dim: did you mean model.dim?", ".model.dim=3");
    REFUSED(
        "-s cisformer-e.model.dim=3: cisformer-e is not in the race: did you mean cisformer-ea?",
        "cisformer-e.model.dim=3");
    REFUSED("-s zebra.model.dim=3: zebra is not in the race: its first contestant is lstm",
            "race=lstm", "zebra.model.dim=3");
    REFUSED("-s mlp.train.batch=3: train.batch is the same for all contestants: leave mlp. out",
            "mlp.train.batch=3");
    REFUSED("-s mlp.task.base=3: task.base is the same for all contestants: leave mlp. out",
            "mlp.task.base=3");
    REFUSED("-s race=lstm,: race: nothing is no contestant: write model-attention or model",
            "race=lstm,");
    REFUSED("-s race=lstm-dpa: race: lstm-dpa: lstm has no attention: write lstm", "race=lstm-dpa");
    REFUSED("-s race=a,b,c,d,e,f,g,h,i: race: more than 8 contestants: name fewer",
            "race=a,b,c,d,e,f,g,h,i");
    REFUSED("-s race=lstm-2: race: lstm-2: copies are numbered by themselves: name a contestant "
            "twice",
            "race=lstm-2");
    REFUSED("model.kind: unknown model a-b: see `heed list models`", "model.kind=a-b");
}

static int add_ini(struct race_config *out, const char *text, struct failure *why)
{
    struct plan plan = {0};
    int code = plan_add_ini(&plan, text, "my.ini", why);
    if (code == 0)
        code = plan_build(&plan, out, why);
    plan_release(&plan);
    return code;
}

static void test_ini(void **state)
{
    (void)state;
    struct failure why;
    const char *text = "\xEF\xBB\xBF; a comment\r\n# another\n\ntrain.seed = 5\n"
                       "[race] ; the four\ncast=transformer-dpa,mlp\npreset = mine\n"
                       "[model]\ndim = 48 ; wide\n   heads: 6\n\t; indented comment\n"
                       "[mlp.train]\nlearning_rate = 0.03";
    assert_int_equal(add_ini(&race, text, &why), 0);
    assert_int_equal(race.count, 2);
    assert_string_equal(race.preset, "mine");
    assert_int_equal(race.contestants[0].train.seed, 5);
    assert_int_equal(race.contestants[1].model.dim, 48);
    assert_int_equal(race.contestants[0].model.heads, 6);
    assert_true(race.contestants[1].train.learning_rate == 0.03);
    assert_int_equal(add_ini(&race, "", &why), 0);
    assert_int_equal(race.count, 4);
}

static void assert_ini_refused(const char *text, int code, const char *message)
{
    struct failure why = {0};
    assert_int_equal(add_ini(&race, text, &why), code);
    assert_string_equal(why.text, message);
}

static void test_ini_refusals(void **state)
{
    (void)state;
    assert_ini_refused("[model]\ndim = 8\nheads = 2\ndim = 9\n", ERR_INPUT,
                       "my.ini:4: model.dim stands in my.ini:2 already: keep one");
    assert_ini_refused("race = lstm\n[race]\ncast = mlp\n", ERR_INPUT,
                       "my.ini:3: race.cast stands in my.ini:1 already: keep one");
    assert_ini_refused("[race]\npreset=a\npreset=b\n", ERR_INPUT,
                       "my.ini:3: race.preset stands in my.ini:2 already: keep one");
    assert_ini_refused("[race]\npage=a\npreset=b\npage=a\n", ERR_INPUT,
                       "my.ini:4: race.page stands in my.ini:2 already: keep one");
    assert_ini_refused("[model]\n\nwhat is this\ndim = 0\n", ERR_INPUT,
                       "my.ini:3: neither [section] nor key = value: mend the line");
    assert_ini_refused("[model]\ndim = 0\nwhat is this\n", ERR_USAGE,
                       "my.ini:2: model.dim must be 1..1024, not 0: choose a number in that range");
    assert_ini_refused(
        "[model]\ndim = 8 # no comment\n", ERR_USAGE,
        "my.ini:2: model.dim must be 1..1024, not 8 # no comment: choose a number in "
        "that range");
    assert_ini_refused("[model]\ndim = 3\n  + 4\n", ERR_INPUT,
                       "my.ini:3: neither [section] nor key = value: mend the line");
    assert_ini_refused("[model] dim = 8\n", ERR_INPUT,
                       "my.ini:1: more after [section]: begin a new line");
    assert_ini_refused("[model\ndim = 8\n", ERR_INPUT,
                       "my.ini:1: a section without ]: write [section]");
    assert_ini_refused("[model]\ndim = 8\f\n", ERR_INPUT,
                       "my.ini:2: a control character: this must be a text file");
    assert_ini_refused("[modle]\ndim = 8\n", ERR_USAGE,
                       "my.ini:2: unknown key modle.dim: did you mean model.dim?");
    assert_ini_refused("[race]\ncast = \n", ERR_USAGE,
                       "my.ini:2: race: nothing is no contestant: write model-attention or model");
    assert_ini_refused("[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n", ERR_INPUT,
                       "my.ini:1: a section's name of more than 48 bytes: shorten it");
}

static void test_ini_line_length(void **state)
{
    (void)state;
    struct failure why;
    char text[256];
    for (int length = 180; length <= 200; length++) {
        /* A long but harmless line: the comment is part of it. */
        int head = snprintf(text, sizeof text, "model.dim = 7 ;");
        memset(text + head, 'x', (size_t)(length - head));
        snprintf(text + length, sizeof text - (size_t)length, "\nmodel.heads = 3\n");
        int code = add_ini(&race, text, &why);
        assert_int_equal(code, length <= 190 ? 0 : ERR_INPUT);
        if (code == 0) {
            assert_int_equal(race.contestants[0].model.dim, 7);
            assert_int_equal(race.contestants[0].model.heads, 3);
        } else {
            assert_string_equal(why.text, "my.ini:1: a line of more than 190 bytes: shorten it");
        }
    }
}

static struct race_config again;

static void assert_comes_back(const struct race_config *a)
{
    struct text text = {0};
    struct failure why;
    race_config_write(a, &text);
    if (add_ini(&again, text_string(&text), &why) != 0)
        fail_msg("%s", why.text);
    assert_string_equal(again.preset, a->preset);
    assert_int_equal(again.count, a->count);
    for (int i = 0; i < a->count; i++) {
        assert_string_equal(again.names[i], a->names[i]);
        assert_same_config(&again.contestants[i], &a->contestants[i]);
    }
    text_release(&text);
}

static void test_written_races_come_back(void **state)
{
    (void)state;
    static const char *const casts[] = {
        "transformer-dpa,cisformer-ea,lstm,mlp",
        "lstm,lstm,mlp,lstm,transformer,transformer-dpa,transformer-signed-ea,mlp",
        "mlp",
        /* The longest: eight of these fill a line. */
        ("transformer-signed-ea,transformer-signed-ea,transformer-signed-ea,"
         "transformer-signed-ea,transformer-signed-ea,transformer-signed-ea,"
         "transformer-signed-ea,transformer-signed-ea"),
    };
    static const char *const presets[] = {"", "iarc", "my file", "\xC3\xB6\xC3\x9F", ";x"};
    struct rng rng;
    rng_seed(&rng, 2, RNG_TEST, 0);
    for (int round = 0; round < 400; round++) {
        struct plan plan = {0};
        struct failure why;
        char key[128], value[SETTING_TEXT];
        text_copy(plan.preset, sizeof plan.preset, presets[rng_below(&rng, 5)]);
        assert_int_equal(plan_add(&plan, "race", casts[rng_below(&rng, 4)], "test", &why), 0);
        assert_int_equal(plan_build(&plan, &race, &why), 0);
        for (int n = (int)rng_below(&rng, 60); n > 0; n--) {
            const struct setting *s = setting_at((int)rng_below(&rng, (uint32_t)settings()));
            const char *own = race.names[rng_below(&rng, (uint32_t)race.count)];
            bool alone = !(s->flags & SETTING_SHARED) && rng_below(&rng, 2);
            if (!alone && s->type == SETTING_NAME && !(s->flags & SETTING_SHARED))
                continue; /* a common kind would end the cast */
            snprintf(key, sizeof key, "%s%s%s", alone ? own : "", alone ? "." : "", s->key);
            random_value(s, &rng, value, sizeof value);
            if (plan_add(&plan, key, value, "test", &why) != 0)
                fail_msg("%s", why.text);
        }
        if (plan_build(&plan, &race, &why) != 0)
            fail_msg("%s", why.text);
        assert_comes_back(&race);
        plan_release(&plan);
    }
    BUILD("model.kind=lstm", "attn.kind=ea", "model.dim=64");
    assert_comes_back(&race);
    BUILD("attn.kind=extensive");
    strcpy(race.contestants[0].attn.kind, "ea"); /* as a registry would resolve the alias */
    memset(race.contestants[0].attn.kind + 2, 0, KIND_TEXT - 2);
    assert_comes_back(&race);
}

static void test_config_write(void **state)
{
    (void)state;
    struct config a, b;
    struct text text = {0};
    struct plan plan = {0};
    struct failure why;
    config_defaults(&a);
    assert_int_equal(config_set(&a, "model.kind", "cisformer", "test", NULL), 0);
    assert_int_equal(config_set(&a, "attn.kind", "cog", "test", NULL), 0);
    assert_int_equal(config_set(&a, "train.learning_rate", "0.0123", "test", NULL), 0);
    config_write(&a, &text);
    assert_non_null(strstr(text_string(&text), "[attn]\nkind = cog\nscale = auto\n"));
    assert_int_equal(plan_add_ini(&plan, text_string(&text), "test", &why), 0);
    assert_int_equal(plan_build(&plan, &race, &why), 0);
    b = race.contestants[0];
    assert_int_equal(race.count, 1);
    assert_same_config(&a, &b);
    plan_release(&plan);
    text_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cast_split),
        cmocka_unit_test(test_attention_is_what_the_models_say),
        cmocka_unit_test(test_casts),
        cmocka_unit_test(test_own_settings),
        cmocka_unit_test(test_plan_refusals),
        cmocka_unit_test(test_ini),
        cmocka_unit_test(test_ini_refusals),
        cmocka_unit_test(test_ini_line_length),
        cmocka_unit_test(test_written_races_come_back),
        cmocka_unit_test(test_config_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
