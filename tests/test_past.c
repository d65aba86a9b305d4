/* Looking inside: maps of which not all fit, weights of saved steps and the way back. */
#include "heed_test.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "race_fixture.h"
#include "scratch.h"
#include "store/run.h"
#include "train/look.h"
#include "train/session.h"

static const struct race *small_race(struct race **out)
{
    static const char *const extra[] = {"race=transformer-dpa", "model.layers=2", "model.heads=4",
                                        NULL};
    *out = make_race(1, extra);
    return *out;
}

/* A window of chosen maps: at least the chosen one is among them, at its place, with its values. */
static void some_of_many_maps(void **state)
{
    (void)state;
    struct race *race;
    struct model *m = small_race(&race)->contestants[0].model;
    enum { T = 16, ONE = T * T, MAPS = 8 };
    static const int fits[] = {1, 3, 4, 8, 9};
    int32_t tokens[T];
    static float weight[MAPS * ONE], score[MAPS * ONE], want[ONE], want_z[ONE];
    for (int t = 0; t < T; t++)
        tokens[t] = t % 20;
    model_forward(m, tokens, T, 1);
    for (size_t k = 0; k < sizeof fits / sizeof *fits; k++)
        for (int map = -1; map <= MAPS; map++) {
            struct probe_snapshot p = {.weight = weight, .score_z = score};
            struct look_choice choice = {map / 4, map < 0 ? -1 : map % 4};
            int fit = fits[k] < MAPS ? fits[k] : MAPS, chosen = map < 0 ? 0 : map < MAPS ? map : 4;
            memset(weight, 0, sizeof weight);
            look_maps(m, 0, (size_t)fits[k] * ONE + ONE / 2, choice, &p);
            assert_int_equal(p.layers, 2);
            assert_int_equal(p.heads, 4);
            assert_int_equal(p.map_count, fit);
            assert_int_equal(p.map_floats, fit * ONE);
            assert_true(p.map_first >= 0 && p.map_first + fit <= MAPS);
            assert_true(chosen >= p.map_first && chosen < p.map_first + fit);
            m->ops->attention(m, chosen / 4, chosen % 4, 0, want, want_z);
            size_t at = (size_t)(chosen - p.map_first) * ONE;
            assert_memory_equal(weight + at, want, sizeof want);
            assert_memory_equal(score + at, want_z, sizeof want_z);
        }
    struct probe_snapshot none = {0};
    look_maps(m, 0, ONE - 1, (struct look_choice){0, 0}, &none);
    assert_int_equal(none.map_count, 0);
    assert_int_equal(none.layers, 2);
    race_free(race);
}

static void steps_of_a_timeline(void **state)
{
    (void)state;
    static const char *const names[] = {"100.safetensors", "0.safetensors",  "20.safetensors",
                                        "20.safetensors~", "x.safetensors",  ".safetensors",
                                        "5000.safetensors", "7.safetensor"};
    struct failure why;
    char path[FSIO_PATH];
    int64_t steps[4];
    int count = -1;
    must(run_timeline_steps(scratch, "lstm", steps, 4, &count, &why), &why);
    assert_int_equal(count, 0); /* no folder yet */
    must(fsio_make_folder(in_scratch("lstm/timeline"), &why), &why);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        must(fsio_join(path, in_scratch("lstm/timeline"), names[i], &why), &why);
        put_file(path, "x", 1);
    }
    must(run_timeline_steps(scratch, "lstm", steps, 4, &count, &why), &why);
    assert_int_equal(count, 4);
    static const int64_t want[] = {0, 20, 100, 5000};
    assert_memory_equal(steps, want, sizeof want);
    must(run_timeline_steps(scratch, "lstm", steps, 2, &count, &why), &why);
    assert_int_equal(count, 2); /* the newest */
    assert_int_equal(steps[0], 100);
    assert_int_equal(steps[1], 5000);
    assert_int_equal(run_timeline_steps(scratch, "../x", steps, 2, &count, &why), ERR_USAGE);
}

/* --- the prober -------------------------------------------------------------------------------- */

struct sitting {
    struct race_config race;
    struct feed feed;
    struct session *session;
    int64_t request;
};

static void sit_down(struct sitting *s, enum session_mode mode, const char *folder, int64_t until)
{
    struct failure why;
    must(feed_init(&s->feed, &s->race, &why), &why);
    struct session_options o = {.mode = mode, .race = &s->race, .kern = kern_best(),
                                .folder = folder, .no_files = !folder, .until = until};
    must(session_new(&s->session, &o, &s->feed, &why), &why);
    must(session_start(s->session, &why), &why);
}

static void stand_up(struct sitting *s)
{
    struct failure why;
    must(session_stop(s->session, &why), &why);
    session_free(s->session);
    feed_release(&s->feed);
}

/* The answer, whatever it shows; `ready`: once it does. */
static const struct probe_snapshot *ask(struct sitting *s, enum command_kind kind, int index,
                                        double value, bool ready)
{
    struct command c = {.kind = kind, .index = index, .value = value, .request = ++s->request};
    assert_true(feed_send(&s->feed, c));
    for (int i = 0; i < 5000; i++) {
        bool fresh;
        const struct probe_snapshot *p = exchange_front(&s->feed.probe, &fresh);
        bool two = p && p->second_kind == SECOND_VERSUS;
        if (p && p->request >= s->request &&
            (!ready || (p->ready && (!two || p->second->ready))))
            return p;
        clock_sleep(0.002);
    }
    fail_msg("request %lld was never answered", (long long)s->request);
    return NULL;
}

/* Probabilities and first map of the picture are those of the weights in the file. */
static void shows_the_file(const struct sitting *s, const struct probe_snapshot *p,
                           const char *folder, int64_t step)
{
    struct failure why;
    struct checkpoint c;
    struct race *race;
    char path[FSIO_PATH];
    static float want[16 * 16];
    int32_t tokens[16];
    must(race_new(&race, &s->race, kern_best(), false, &why), &why);
    struct model *m = race->contestants[p->contestant].model;
    must(run_timeline_path(folder, race->contestants[p->contestant].name, step, path, &why), &why);
    must(checkpoint_read(&c, path, &why), &why);
    assert_int_equal(c.step, step);
    must(checkpoint_apply(&c, m, NULL, &why), &why);
    for (int t = 0; t < 16; t++)
        tokens[t] = p->sequence[p->start + t];
    assert_int_equal(p->positions, 16);
    model_forward(m, tokens, 16, 1);
    m->ops->attention(m, 0, 0, 0, want, NULL);
    assert_memory_equal(p->weight, want, sizeof want);
    checkpoint_release(&c);
    race_free(race);
}

static void back_and_live_again(void **state)
{
    (void)state;
    static const char *const cast[] = {"race=transformer-dpa,transformer-ea", NULL};
    static struct sitting s;
    const char *folder = in_scratch("run");
    char gone[FSIO_PATH];
    struct failure why;
    s = (struct sitting){0};
    make_race_config(&s.race, 1, cast);
    sit_down(&s, SESSION_TRAIN, folder, 60);
    while (!session_done(s.session))
        clock_sleep(0.002);
    stand_up(&s);
    must(run_timeline_path(folder, "transformer-ea", 10, gone, &why), &why);
    assert_int_equal(remove(gone), 0);
    sit_down(&s, SESSION_STEP, folder, -1);
    const struct probe_snapshot *p = ask(&s, COMMAND_MAP, 0, 0, true);
    assert_int_equal(p->weights_step, 60);
    assert_true(p->past == -1);
    assert_int_equal(p->timeline_count, 4);
    static const int64_t want[] = {0, 10, 20, 50};
    assert_memory_equal(p->timeline, want, sizeof want);
    for (int i = 3; i >= 0; i--) {
        p = ask(&s, COMMAND_TIMELINE, 0, (double)want[i], true);
        assert_int_equal(p->weights_step, want[i]);
        assert_int_equal(p->past, want[i]);
        shows_the_file(&s, p, folder, want[i]);
    }
    /* Both contestants go back, also one that is chosen then; one that saved nothing says so. */
    p = ask(&s, COMMAND_VERSUS, 1, 0, true);
    assert_int_equal(p->second->weights_step, 0);
    p = ask(&s, COMMAND_TIMELINE, 0, 10, false);
    assert_int_equal(p->weights_step, 10);
    assert_false(p->second->ready);
    assert_string_equal(p->second->message, "transformer-ea saved no weights at step 10");
    p = ask(&s, COMMAND_FOCUS, 1, 0, false);
    assert_false(p->ready);
    assert_int_equal(p->timeline_count, 3);
    p = ask(&s, COMMAND_TIMELINE, 0, 20, true);
    assert_int_equal(p->contestant, 1);
    assert_int_equal(p->weights_step, 20);
    assert_int_equal(p->second->weights_step, 20);
    shows_the_file(&s, p, folder, 20);
    p = ask(&s, COMMAND_TIMELINE, -1, 0, true);
    assert_true(p->past == -1);
    assert_int_equal(p->weights_step, 60);
    assert_int_equal(p->second->weights_step, 60);
    stand_up(&s);
}

/* While it trains: the past stands still, live moves on. A race without files has no past. */
static void the_past_stands_still(void **state)
{
    (void)state;
    static const char *const cast[] = {"race=transformer-dpa", "train.steps=100000", NULL};
    static struct sitting s;
    const struct probe_snapshot *p;
    s = (struct sitting){0};
    make_race_config(&s.race, 1, cast);
    sit_down(&s, SESSION_TRAIN, in_scratch("live"), -1);
    do
        p = ask(&s, COMMAND_MAP, 0, 0, true);
    while (p->weights_step < 25);
    ask(&s, COMMAND_TIMELINE, 0, 10, true);
    for (int i = 0; i < 20; i++) {
        p = ask(&s, COMMAND_STEP_STREAM, 0, 0, true);
        assert_int_equal(p->weights_step, 10);
        clock_sleep(0.01);
    }
    p = ask(&s, COMMAND_TIMELINE, -1, 0, true);
    assert_true(p->weights_step >= 25);
    stand_up(&s);
    sit_down(&s, SESSION_TRAIN, NULL, -1);
    p = ask(&s, COMMAND_TIMELINE, 0, 10, false);
    assert_int_equal(p->timeline_count, 0);
    assert_false(p->ready);
    assert_non_null(strstr(p->message, "writes no files"));
    stand_up(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_of_many_maps),
        cmocka_unit_test(steps_of_a_timeline),
        cmocka_unit_test(back_and_live_again),
        cmocka_unit_test(the_past_stands_still),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
