/* What the table of config_reads says nobody reads makes no difference indeed: other values, the same
   steps; and what a shipped rule file names is read by its task. */
#include <math.h>
#include "heed_test.h"
#include "race_fixture.h"
#include "settings.h"
#include "base/embed.h"

enum { STEPS = 3 };

/* Loss after a few steps: hangs on the batches, the weights and the optimiser. */
static double trained(const struct race_config *config)
{
    struct race *race;
    struct failure why;
    must(race_new(&race, config, kern_best(), true, &why), &why);
    for (int i = 0; i < STEPS; i++)
        must(race_train_one(race, 0, &why), &why);
    double loss = race->contestants[0].loss;
    assert_true(isfinite(loss) && loss > 0);
    race_free(race);
    return loss;
}

/* Another legal value; false where there is none to be had. */
static bool another_value(struct config *config, const struct setting *s, struct rng *rng)
{
    char before[SETTING_TEXT], value[SETTING_TEXT];
    config_value(config, s, before, sizeof before);
    /* The context of images was found from their side. */
    if (s->flags & SETTING_PATH || strstr(s->key, "digest") || strstr(s->key, ".kind") ||
        strcmp(s->key, "task.context") == 0)
        return false;
    for (int i = 0; i < 100; i++) {
        random_value(s, rng, value, sizeof value);
        if (strcmp(value, before) != 0 && strcmp(value, "auto") != 0)
            return config_set(config, s->key, value, "test", NULL) == 0;
    }
    return false;
}

static void what_is_not_read_changes_nothing(void **state)
{
    (void)state;
    static const char *const races[][4] = {
        {"race=transformer-ea", NULL},
        {"race=lstm", "task.kind=nt", NULL},
        {"race=mlp", "train.optimizer=sgd", NULL},
        {"race=transformer-cog", "task.kind=count-ones", NULL},
        {"race=cisformer-dpa", "task.kind=find-zero", "train.schedule=constant", NULL},
        {"race=transformer-dpa", "task.kind=delay-copy", "task.context=64", NULL},
        {"race=lstm", "task.kind=text", NULL},
        {"race=uvit-dpa", "task.kind=images", NULL},
    };
    struct rng rng;
    rng_seed(&rng, 5, RNG_TEST, 0);
    int tried = 0;
    for (size_t r = 0; r < sizeof races / sizeof *races; r++) {
        static struct race_config base, other;
        make_race_config(&base, 1, races[r]);
        double loss = trained(&base);
        /* All of them together: whoever differs is then looked for by itself. */
        other = base;
        for (int i = 0; i < settings(); i++)
            if (!config_reads(&base.contestants[0], setting_at(i)))
                tried += another_value(&other.contestants[0], setting_at(i), &rng);
        if (trained(&other) == loss)
            continue;
        for (int i = 0; i < settings(); i++) {
            other = base;
            if (!config_reads(&base.contestants[0], setting_at(i)) &&
                another_value(&other.contestants[0], setting_at(i), &rng) && trained(&other) != loss)
                fail_msg("%s: %s makes a difference", races[r][0], setting_at(i)->key);
        }
        fail_msg("%s: settings that are not read make a difference", races[r][0]);
    }
    assert_true(tried > 80);
}

static void rules_read_what_they_name(void **state)
{
    (void)state;
    struct config config;
    char name[64];
    for (const struct embedded *e = embedded_rules; e->name; e++) {
        config_defaults(&config);
        assert_int_equal(config_set(&config, "task.kind", e->name, "test", NULL), 0);
        for (int i = 0; i < settings(); i++) {
            const struct setting *s = setting_at(i);
            if (strncmp(s->key, "task.", 5) != 0)
                continue;
            snprintf(name, sizeof name, "%s", s->key);
            const char *at = strstr(e->text, name);
            size_t n = strlen(name);
            bool named = false;
            for (; at && !named; at = strstr(at + 1, name))
                named = !(at[n] == '_' || (at[n] >= 'a' && at[n] <= 'z'));
            if (named && !config_reads(&config, s))
                fail_msg("%s names %s, which is said not to be read", e->name, s->key);
        }
    }
    /* A file of one's own may name any of them. */
    config_defaults(&config);
    assert_false(config_reads(&config, config_find("task.tau")));
    assert_int_equal(config_set(&config, "task.rules", "my.rules", "test", NULL), 0);
    assert_true(config_reads(&config, config_find("task.tau")));
    assert_false(config_reads(&config, config_find("task.unit")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_read_changes_nothing),
        cmocka_unit_test(rules_read_what_they_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
