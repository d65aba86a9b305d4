/* A followed run that falls silent and speaks again, with a clock that the test sets. */
#include "heed_test.h"
#include <stdatomic.h>
#include "scratch.h"
#include "stand.h"

static atomic_int seconds; /* what the follower's clock shows */

static double set_clock(void)
{
    return atomic_load(&seconds);
}

static const struct race_snapshot *wait_state(struct stand *t, enum race_state state)
{
    for (int i = 0; i < 5000; i++) {
        const struct race_snapshot *r = newest(t);
        if (r && r->state == state)
            return r;
        clock_sleep(0.002);
    }
    fail_msg("the state %d was never seen", (int)state);
    return NULL;
}

static int told(const struct race_snapshot *r, const char *words)
{
    int count = 0;
    for (int64_t k = 0; k < r->log_total && k < LOG_LINES; k++)
        count += strstr(r->log[k], words) != NULL;
    return count;
}

/* Pictures until the follower has looked `times` more. */
static const struct race_snapshot *let_it_look(struct stand *t, int times)
{
    const struct race_snapshot *r = newest(t);
    int64_t serial = r->serial;
    for (int i = 0; i < 5000 && r->serial < serial + times; i++) {
        clock_sleep(0.002);
        r = newest(t);
    }
    assert_true(r->serial >= serial + times);
    return r;
}

static void ten_seconds_without_news_are_said(void **state)
{
    (void)state;
    static const char *const extra[] = {"race=mlp", NULL};
    struct race_config race;
    static struct stand t; /* the threads of a test that fails go on with it */
    const char *folder = in_scratch("quiet");
    make_race(&race, extra);
    train(&race, folder, false, 20);
    struct session_options o = {
        .mode = SESSION_WATCH, .folder = folder, .until = -1, .clock = set_clock};
    stand_open(&t, &race, &o);
    const struct race_snapshot *r = wait_state(&t, RACE_WATCHING);
    atomic_store(&seconds, 10); /* not yet more than ten */
    r = let_it_look(&t, 3);
    assert_int_equal(r->state, RACE_WATCHING);
    assert_int_equal(told(r, "no news"), 0);
    assert_int_equal(r->quiet_runs, 0);
    assert_true(r->contestants[0].steps_per_second > 0);
    atomic_store(&seconds, 11);
    r = wait_state(&t, RACE_QUIET);
    assert_int_equal(told(r, "quiet: no news for 10 s: paused, stopped or killed"), 1);
    assert_int_equal(told(r, "/quiet: no news"), 0); /* the only one, by its own name */
    atomic_store(&seconds, 95);
    r = let_it_look(&t, 3);
    assert_int_equal(told(r, "no news"), 1); /* once */
    assert_int_equal(r->quiet_runs, 1);
    assert_true(r->quiet_seconds == 95);
    assert_true(r->contestants[0].steps_per_second == 0); /* not known any more */
    atomic_store(&seconds, 11);
    train(&race, folder, true, 30);
    r = wait_state(&t, RACE_WATCHING);
    assert_int_equal(told(r, "goes on"), 1);
    atomic_store(&seconds, 21);
    r = let_it_look(&t, 3);
    assert_int_equal(r->state, RACE_WATCHING); /* ten since it spoke */
    atomic_store(&seconds, 22);
    r = wait_state(&t, RACE_QUIET);
    assert_int_equal(told(r, "no news"), 2);
    train(&race, folder, true, -1); /* to its end: finished is not quiet */
    wait_state(&t, RACE_FINISHED);
    stand_close(&t);
}

/* Of two runs one goes on: together they are not quiet, though the silent one is named. */
static void one_of_two_may_be_silent(void **state)
{
    (void)state;
    static const char *const one[] = {"race=mlp", NULL};
    static const char *const two[] = {"race=lstm", NULL};
    const char *const folders[] = {in_scratch("silent"), in_scratch("speaking")};
    struct race_config own[2], race;
    struct gathering g;
    struct failure why;
    static struct stand t;
    make_race(&own[0], one);
    make_race(&own[1], two);
    train(&own[0], folders[0], false, 10);
    train(&own[1], folders[1], false, 10);
    must(gathering_read(&g, folders, 2, &race, &why), &why);
    struct session_options o = {
        .mode = SESSION_WATCH, .gathering = &g, .until = -1, .clock = set_clock};
    atomic_store(&seconds, 0);
    stand_open(&t, &race, &o);
    wait_state(&t, RACE_WATCHING);
    atomic_store(&seconds, 8);
    train(&own[1], folders[1], true, 20);
    let_it_look(&t, 3);
    atomic_store(&seconds, 12);
    const struct race_snapshot *r = let_it_look(&t, 3);
    assert_int_equal(r->state, RACE_WATCHING);
    assert_int_equal(told(r, "/silent: no news for 10 s"), 1);
    assert_int_equal(told(r, "speaking: no news"), 0);
    assert_int_equal(r->quiet_runs, 1);
    assert_true(r->quiet_seconds == 12);
    assert_true(r->contestants[0].steps_per_second == 0);
    assert_true(r->contestants[1].steps_per_second > 0);
    atomic_store(&seconds, 19);
    wait_state(&t, RACE_QUIET);
    stand_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_seconds_without_news_are_said),
        cmocka_unit_test(one_of_two_may_be_silent),
    };
    return cmocka_run_group_tests_name("quiet", tests, scratch_make, scratch_remove);
}
