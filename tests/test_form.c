/* The settings as a form: what an edit comes to is what the same words come to on the command line. */
#include "heed_test.h"
#include <stdio.h>
#include <stdlib.h>
#include "cli/setup.h"
#include "settings.h"
#include "train/race.h"
#include "view/form.h"

static struct form *form;

/* A form that begins with these assignments. */
static void begin(const char *const *flags)
{
    struct plan plan = {0};
    struct ui_setup setup;
    struct failure why;
    for (; *flags; flags++)
        assert_int_equal(plan_add_flag(&plan, *flags, &why), 0);
    text_copy(plan.preset, sizeof plan.preset, "test");
    setup_fill(&setup, &plan, true);
    assert_int_equal(form_new(&form, &setup, &why), 0);
    plan_release(&plan);
}

#define BEGIN(...) begin((const char *const[]){__VA_ARGS__, NULL})

static void end(void)
{
    form_free(form);
    form = NULL;
}

/* What `heed train` would write as config.ini for these words. */
static void said(const char *const *flags, struct text *out)
{
    struct plan plan = {0};
    struct failure why;
    struct race_config *race = calloc(1, sizeof *race);
    assert_non_null(race);
    for (; *flags; flags++)
        assert_int_equal(plan_add_flag(&plan, *flags, &why), 0);
    text_copy(plan.preset, sizeof plan.preset, "test");
    assert_int_equal(plan_build(&plan, race, &why), 0);
    assert_int_equal(race_resolve(race, &why), 0);
    text_reset(out);
    race_config_write(race, out);
    plan_release(&plan);
    free(race);
}

static void assert_said(const char *const *flags)
{
    struct text wanted = {0}, got = {0};
    said(flags, &wanted);
    race_config_write(&form->resolved, &got);
    assert_string_equal(text_string(&got), text_string(&wanted));
    text_release(&wanted);
    text_release(&got);
}

#define ASSERT_SAID(...) assert_said((const char *const[]){__VA_ARGS__, NULL})

static void set(const char *key, const char *value)
{
    struct failure why;
    if (form_set(form, config_find(key), value, &why) < 0)
        fail_msg("%s = %s: %s", key, value, why.text);
}

static void edits_are_what_the_command_line_says(void **state)
{
    (void)state;
    BEGIN("train.threads=2");
    set("model.dim", "48");
    set("task.context", "24");
    set("model.norm", "rms");
    set("model.dim", "64"); /* the last word counts */
    form->own = true;
    form->chosen = 2;
    set("model.dim", "40");
    form->own = false;
    set("train.seed", "7");
    ASSERT_SAID("train.threads=2", "task.context=24", "model.norm=rms", "model.dim=64",
                "lstm.model.dim=40", "train.seed=7");
    end();
}

static void several_at_once(void **state)
{
    (void)state;
    struct failure why;
    BEGIN("race=transformer-dpa", "model.dim=32", "model.heads=4");
    /* One after the other neither is possible. */
    assert_int_equal(form_set(form, config_find("model.dim"), "33", &why), ERR_USAGE);
    assert_int_equal(form_set(form, config_find("model.heads"), "3", &why), ERR_USAGE);
    assert_int_equal(form_assign(form, " model.dim=33  model.heads=3 ", &why), 0);
    ASSERT_SAID("race=transformer-dpa", "model.dim=33", "model.heads=3");
    /* All or none. */
    assert_int_equal(form_assign(form, "train.seed=4 train.steps=0", &why), ERR_USAGE);
    assert_int_equal(form->resolved.contestants[0].train.seed, 1);
    assert_int_equal(form_assign(form, "   ", &why), ERR_USAGE);
    end();
}

static void refused(const char *key, const char *value, const char *line)
{
    struct text before = {0}, after = {0};
    struct failure why;
    race_config_write(&form->race, &before);
    assert_int_equal(form_set(form, config_find(key), value, &why), ERR_USAGE);
    assert_string_equal(why.text, line);
    race_config_write(&form->race, &after);
    assert_string_equal(text_string(&after), text_string(&before));
    text_release(&before);
    text_release(&after);
}

static void refusals_are_those_of_the_command_line(void **state)
{
    (void)state;
    BEGIN("race=transformer-dpa,lstm");
    refused("model.dim", "0",
            "-s model.dim=0: model.dim must be 1..1024, not 0: choose a number in that range");
    refused("model.norm", "batch",
            "-s model.norm=batch: model.norm must be layer|rms|none, not batch: choose one of these");
    refused("model.heads", "5",
            "transformer-dpa: model.heads: 5 does not divide model.dim 32: choose a divisor");
    refused("task.kind", "iacr", "task.kind: unknown task iacr: did you mean iarc?");
    form->own = true;
    refused("train.seed", "3",
            "-s transformer-dpa.train.seed=3: train.seed is the same for all contestants: leave "
            "transformer-dpa. out");
    end();
}

static void kinds_change_the_cast(void **state)
{
    (void)state;
    struct failure why;
    BEGIN("race=transformer-dpa,lstm,mlp", "transformer-dpa.model.dim=48");
    set("attn.kind", "cog");
    ASSERT_SAID("race=transformer-cog,lstm,mlp", "transformer-cog.model.dim=48");
    form->chosen = 1;
    set("model.kind", "mlp");
    ASSERT_SAID("race=transformer-cog,mlp,mlp", "transformer-cog.model.dim=48");
    set("model.kind", "cisformer"); /* dpa, since an mlp had none */
    assert_string_equal(form->race.names[1], "cisformer-dpa");
    form->chosen = 2;
    assert_int_equal(form_set(form, config_find("attn.kind"), "ea", &why), ERR_USAGE);
    assert_string_equal(why.text, "attn.kind: mlp has no attention");
    end();
    /* As the settings of a run say it that was named by an alias. */
    BEGIN("race=transformer-extensive,lstm", "transformer-extensive.attn.kind=ea");
    set("attn.kind", "cog");
    ASSERT_SAID("race=transformer-cog,lstm");
    end();
}

static void the_cast_grows_and_shrinks(void **state)
{
    (void)state;
    struct failure why;
    BEGIN("race=lstm,lstm,mlp", "lstm.model.dim=8", "lstm-2.model.dim=16", "mlp.model.hidden=5");
    assert_int_equal(form_add(form, "lstm", &why), 0);
    assert_string_equal(form->race.names[3], "lstm-3");
    assert_int_equal(form->chosen, 3);
    form->chosen = 0;
    /* The copies change their numbers and keep their settings. */
    assert_int_equal(form_drop(form, &why), 0);
    ASSERT_SAID("race=lstm,mlp,lstm", "lstm.model.dim=16", "mlp.model.hidden=5");
    assert_int_equal(form_add(form, "transformr", &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "transformer"));
    assert_int_equal(form->race.count, 3);
    assert_int_equal(form_drop(form, &why), 0);
    assert_int_equal(form_drop(form, &why), 0);
    assert_int_equal(form_drop(form, &why), ERR_USAGE);
    assert_string_equal(why.text, "race: lstm is the last contestant: add another first");
    end();
}

static void defaults_presets_and_undo(void **state)
{
    (void)state;
    struct failure why;
    BEGIN("race=lstm,mlp", "model.dim=8", "mlp.model.dim=16", "train.seed=9");
    form->own = true;
    form->chosen = 1;
    assert_int_equal(form_default(form, config_find("model.dim"), &why), 0);
    ASSERT_SAID("race=lstm,mlp", "model.dim=8", "train.seed=9");
    form_undo(form);
    form->own = false;
    assert_int_equal(form_default(form, config_find("model.dim"), &why), 0);
    ASSERT_SAID("race=lstm,mlp", "train.seed=9");
    assert_int_equal(form_preset(form, "count-ones", &why), 0);
    assert_string_equal(form->race.names[1], "transformer-cog");
    assert_string_equal(form->race.preset, "count-ones");
    assert_int_equal(form->race.contestants[0].train.seed, 1);
    assert_int_equal(form_preset(form, "no-such", &why), ERR_USAGE);
    form_undo(form);
    ASSERT_SAID("race=lstm,mlp", "model.dim=8", "mlp.model.dim=16", "train.seed=9");
    end();
}

/* --- any sequence of edits ------------------------------------------------------------------- */

static void some_value(struct rng *rng, const struct setting *s, char *out, size_t size)
{
    static const char *const odd[] = {"",  "auto", "0",     "-1", "1e3", "7", "32", "none",
                                      "a", "=",    "\x7f!", "64", "16",  "3", "ea", "lstm"};
    if (s->choices && rng_below(rng, 2)) {
        const char *word = s->choices;
        for (uint32_t k = rng_below(rng, 4); k > 0 && strchr(word, '|'); k--)
            word = strchr(word, '|') + 1;
        snprintf(out, size, "%.*s", (int)strcspn(word, "|"), word);
    } else {
        snprintf(out, size, "%s", odd[rng_below(rng, sizeof odd / sizeof *odd)]);
    }
}

/* One edit of any kind; its code. */
static int some_edit(struct rng *rng, struct failure *why)
{
    static const char *const words[] = {"lstm", "mlp",  "transformer-dpa", "cisformer-cog",
                                        "x",    "a b,", "transformer-ea",  "lstm-2"};
    static const char *const presets[] = {"iarc", "attention", "nt-16-5", "nothing"};
    char value[64], line[160];
    const struct setting *s = setting_at((int)rng_below(rng, (uint32_t)settings()));
    some_value(rng, s, value, sizeof value);
    form->own = rng_below(rng, 3) == 0;
    form->chosen = (int)rng_below(rng, (uint32_t)form->race.count);
    switch (rng_below(rng, 12)) {
    case 0:
        return form_add(form, words[rng_below(rng, 8)], why);
    case 1:
        return form_drop(form, why);
    case 2:
        return form_default(form, s, why);
    case 3:
        return rng_below(rng, 8) ? 0 : form_preset(form, presets[rng_below(rng, 4)], why);
    case 4:
        snprintf(line, sizeof line, "%s=%s train.seed=%u", s->key, value, rng_below(rng, 9));
        return form_assign(form, line, why);
    case 5:
        if (rng_below(rng, 6) == 0)
            form_undo(form);
        return 0;
    default:
        return form_set(form, s, value, why);
    }
}

static void any_edits_leave_a_race_or_a_line(void **state)
{
    (void)state;
    struct text before = {0}, after = {0};
    struct race_config *again = calloc(1, sizeof *again);
    struct failure why;
    struct rng rng;
    int refusals = 0;

    assert_non_null(again);
    rng_seed(&rng, 20261122, RNG_TEST, 0);
    BEGIN("train.threads=1");
    for (int i = 0; i < 4000; i++) {
        text_reset(&before);
        race_config_write(&form->race, &before);
        why.text[0] = '\0';
        int code = some_edit(&rng, &why);
        text_reset(&after);
        race_config_write(&form->race, &after);
        if (code < 0) {
            refusals++;
            assert_true(why.text[0] && !strchr(why.text, '\n'));
            assert_string_equal(text_string(&after), text_string(&before));
        }
        /* What stands there could begin at once, and comes from the plan. */
        assert_int_equal(plan_build(&form->plan, again, &why), 0);
        text_reset(&before);
        race_config_write(again, &before);
        assert_string_equal(text_string(&after), text_string(&before));
        if (race_resolve(again, &why) < 0)
            fail_msg("%s", why.text);
        assert_true(form->chosen >= 0 && form->chosen < form->race.count);
    }
    print_message("%d of 4000 edits were refused\n", refusals);
    assert_true(refusals > 400 && refusals < 3600);
    end();
    free(again);
    text_release(&before);
    text_release(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_are_what_the_command_line_says),
        cmocka_unit_test(several_at_once),
        cmocka_unit_test(refusals_are_those_of_the_command_line),
        cmocka_unit_test(kinds_change_the_cast),
        cmocka_unit_test(the_cast_grows_and_shrinks),
        cmocka_unit_test(defaults_presets_and_undo),
        cmocka_unit_test(any_edits_leave_a_race_or_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
