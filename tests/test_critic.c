/* How good samples are, measured in portions: the same as at once, with the ends it is compared with. */
#include "heed_test.h"
#include <math.h>
#include <string.h>
#include "race_fixture.h"
#include "train/critic.h"
#include "train/quality.h"

static const char *const small[] = {"race=uvit-dpa,uvit-cog", "task.kind=images", "task.side=8",
                                    "model.patch=2", "model.dim=8", "model.heads=2", "model.layers=1",
                                    NULL};

enum { SOME = 40 };

/* The measure of some samples by what it is made of, all at once. */
static double at_once(const struct race *race, struct model *model, double *floor, double *ceiling)
{
    static struct moments reference, drawn, held_out, noise;
    struct judge judge;
    struct sampler sampler;
    reference = drawn = held_out = noise = (struct moments){0};
    assert_int_equal(judge_init(&judge, race->task, race->kern, NULL), 0);
    assert_int_equal(judge_real(&judge, race->task, false, 0, QUALITY_REFERENCE, &reference), 0);
    assert_int_equal(judge_real(&judge, race->task, true, 0, SOME, &held_out), 0);
    assert_int_equal(judge_noise(&judge, SOME, &noise), 0);
    *floor = frechet_distance(&held_out, &reference);
    *ceiling = frechet_distance(&noise, &reference);
    assert_int_equal(sampler_init(&sampler, race->task->pixels, SOME), 0);
    sampler_begin(&sampler, 1, 0, SAMPLER_STEPS);
    while (sampler.done < sampler.steps)
        sampler_step(&sampler, model);
    judge_look(&judge, sampler.batch.image, SOME, &drawn);
    sampler_release(&sampler);
    judge_release(&judge);
    return frechet_distance(&drawn, &reference);
}

static void portions_are_the_whole(void **state)
{
    (void)state;
    struct race *race = make_race(1, small);
    struct model *model = race->contestants[0].model;
    struct quality q;
    double floor, ceiling, distance = at_once(race, model, &floor, &ceiling);
    int portions = 0, rc;
    assert_int_equal(quality_init(&q, race->task, race->kern, SOME, NULL), 0);
    for (; (rc = quality_prepare(&q)) == 1; portions++)
        assert_false(q.ready);
    assert_int_equal(rc, 0);
    assert_true(portions > 50 && q.ready);
    assert_float_equal(q.floor, floor, 1e-9);
    assert_float_equal(q.ceiling, ceiling, 1e-9);
    quality_begin(&q, 1);
    for (portions = 1; quality_draw(&q, model); portions++)
        ;
    assert_int_equal(portions, 2 * SAMPLER_STEPS); /* 32 and 8 */
    assert_int_equal(q.drawn.count, SOME);
    assert_float_equal(quality_distance(&q), distance, 1e-4);
    assert_true(floor < distance && floor < ceiling);
    quality_release(&q);
    race_free(race);
}

/* Until its report is done or refused; returns how often a report changed. */
static int wait_for(struct critic *c)
{
    int news = 0;
    for (int i = 0; i < 100000 && critic_is_busy(c); i++)
        news += critic_go_on(c);
    assert_false(critic_is_busy(c));
    return news;
}

static void one_after_the_other(void **state)
{
    (void)state;
    struct race *race = make_race(1, small);
    struct critic *c;
    const struct quality_report *r, *other;
    assert_int_equal(critic_new(&c, race, race->team, NULL), 0);
    r = critic_report(c, 0);
    other = critic_report(c, 1);
    assert_false(r->asked || critic_is_busy(c) || critic_go_on(c));
    for (int i = 0; i < 2; i++)
        critic_ask(c, i, race->contestants[i].model->weights, 70 + i);
    assert_true(r->asked && !r->done && isnan(r->floor) && critic_is_busy(c));
    assert_true(wait_for(c) >= 2 * QUALITY_SAMPLES / QUALITY_AT_ONCE);
    assert_true(r->done && other->done && r->step == 70 && other->step == 71);
    assert_true(r->samples == QUALITY_SAMPLES && r->of == QUALITY_SAMPLES);
    assert_true(r->floor > 0 && r->floor < r->distance && r->floor < r->ceiling);
    assert_true(r->floor == other->floor && r->distance != other->distance);
    assert_true(r->accuracy > 0.8 && r->judged == 1000);
    /* Asked again and stopped: the new one is gone, the other's stands. */
    critic_ask(c, 0, race->contestants[0].model->weights, 80);
    critic_go_on(c);
    critic_stop(c);
    assert_false(r->asked || critic_is_busy(c));
    assert_true(other->done);
    critic_free(c);
    race_free(race);
}

static void what_cannot_be_measured(void **state)
{
    (void)state;
    struct race *race = make_race(1, small);
    struct critic *c;
    assert_int_equal(critic_new(&c, race, race->team, NULL), 0);
    int labels = race->task->labels;
    race->task->labels = 1;
    critic_ask(c, 0, race->contestants[0].model->weights, 0);
    wait_for(c);
    assert_false(critic_report(c, 0)->done);
    assert_non_null(strstr(critic_report(c, 0)->message, "task.labels"));
    race->task->labels = labels;
    real *weights = race->contestants[1].model->weights;
    for (size_t i = 0; i < race->contestants[1].model->params.total; i++)
        weights[i] = NAN;
    critic_ask(c, 1, weights, 0);
    wait_for(c);
    assert_false(critic_report(c, 1)->done);
    assert_non_null(strstr(critic_report(c, 1)->message, "not finite"));
    critic_free(c);
    race_free(race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portions_are_the_whole),
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(what_cannot_be_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
