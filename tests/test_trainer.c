/* The thread that trains: keys reach it during an evaluation, and what a resume makes good. */
#include "heed_test.h"
#include "scratch.h"
#include "stand.h"

static struct stand t; /* the threads of a test that fails go on with it */

static const char *const small[] = {"race=lstm,mlp", "train.steps=12", NULL};
/* Minutes of evaluation. */
static const char *const endless[] = {"race=lstm,mlp", "train.steps=12",
                                      "train.eval_windows=1000000", NULL};

/* Lines of a kind in the run's file. */
static int lines(const char *folder, const char *kind)
{
    char path[256], wanted[32];
    int count = 0;
    snprintf(path, sizeof path, "%s/metrics.jsonl", folder);
    snprintf(wanted, sizeof wanted, "\"kind\":\"%s\"", kind);
    char *text = get_file(path, NULL);
    for (const char *at = text; (at = strstr(at, wanted)) != NULL; at++)
        count++;
    free(text);
    return count;
}

static void send(enum command_kind kind)
{
    assert_true(feed_send(&t.feed, (struct command){.kind = kind, .index = -1}));
}

static const struct race_snapshot *wait_state(enum race_state state, int64_t step)
{
    for (int i = 0; i < 5000; i++) {
        const struct race_snapshot *r = newest(&t);
        if (r && r->state == state && r->step == step)
            return r;
        clock_sleep(0.002);
    }
    fail_msg("state %d never comes at step %d", state, (int)step);
    return NULL;
}

static void the_first_evaluation_can_be_left(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("first");
    struct session_options o = {.mode = SESSION_TRAIN, .folder = folder, .until = -1};
    make_race(&race, endless);
    stand_open(&t, &race, &o);
    wait_state(RACE_STARTING, 0);
    struct failure why;
    must(session_stop(t.session, &why), &why);
    const struct race_snapshot *r = newest(&t);
    assert_int_equal(r->state, RACE_STOPPED);
    assert_false(r->contestants[0].eval.valid);
    assert_int_equal(r->step, 0);
    stand_close(&t);
    assert_int_equal(saved_step(folder, "mlp"), 0);
    assert_int_equal(lines(folder, "eval"), 0);
    /* What was left out is made good. */
    make_race(&race, small);
    o.resume = true;
    o.paused = true;
    stand_open(&t, &race, &o);
    r = wait_state(RACE_PAUSED, 0);
    assert_true(r->contestants[0].eval.valid && r->contestants[1].eval.valid);
    stand_close(&t);
}

static void a_pause_does_not_wait_for_an_evaluation(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("pause");
    struct session_options o = {
        .mode = SESSION_TRAIN, .folder = folder, .resume = true, .until = -1};
    struct failure why;
    make_race(&race, small);
    train(&race, folder, false, 9);
    make_race(&race, endless);
    stand_open(&t, &race, &o);
    wait_state(RACE_RUNNING, 10); /* evaluates now */
    send(COMMAND_PAUSE);
    wait_state(RACE_PAUSED, 10);
    assert_int_equal(session_keep(t.session, &why), 0);
    assert_int_equal(saved_step(folder, "lstm"), 10);
    send(COMMAND_RESUME);
    const struct race_snapshot *r = wait_state(RACE_RUNNING, 10);
    assert_int_equal(r->contestants[0].eval.step, 9);
    stand_close(&t);
    assert_int_equal(saved_step(folder, "mlp"), 10);
    /* The evaluation that was due at step 10 comes before the next step. */
    make_race(&race, small);
    o.paused = true;
    stand_open(&t, &race, &o);
    r = wait_state(RACE_PAUSED, 10);
    assert_int_equal(r->contestants[0].eval.step, 10);
    assert_int_equal(r->contestants[1].eval.step, 10);
    stand_close(&t);
}

/* Paused within an evaluation, a single step comes after the rest of it. */
static void a_single_step_follows_the_evaluation(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("single");
    static const char *const longer[] = {"race=lstm", "train.steps=12", "train.eval_windows=300000",
                                         NULL};
    static const char *const one[] = {"race=lstm", "train.steps=12", NULL};
    struct session_options o = {
        .mode = SESSION_TRAIN, .folder = folder, .resume = true, .until = -1};
    make_race(&race, one);
    train(&race, folder, false, 9);
    make_race(&race, longer);
    stand_open(&t, &race, &o);
    wait_state(RACE_RUNNING, 10);
    send(COMMAND_PAUSE);
    const struct race_snapshot *r = wait_state(RACE_PAUSED, 10);
    assert_int_equal(r->contestants[0].eval.step, 9);
    send(COMMAND_SINGLE_STEP);
    r = wait_state(RACE_PAUSED, 11);
    assert_int_equal(r->contestants[0].eval.step, 10);
    stand_close(&t);
}

static void who_failed_is_not_trained_again(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("failed");
    make_race(&race, overflowing);
    train(&race, folder, false, 30);
    int64_t stopped = saved_step(folder, "lstm");
    assert_true(stopped < 30);
    assert_int_equal(lines(folder, "failure"), 1);
    struct session_options o = {
        .mode = SESSION_TRAIN, .folder = folder, .resume = true, .until = -1};
    stand_open(&t, &race, &o);
    const struct race_snapshot *r = wait_done(&t);
    assert_int_equal(r->state, RACE_FINISHED);
    assert_int_equal(r->step, 40);
    assert_true(r->contestants[0].failed);
    assert_contains(r->contestants[0].failure, "lstm stopped at step");
    assert_false(r->contestants[1].failed);
    stand_close(&t);
    assert_int_equal(saved_step(folder, "lstm"), stopped);
    assert_int_equal(lines(folder, "failure"), 1);
    assert_int_equal(lines(folder, "resume"), 1); /* of the mlp alone */
    assert_int_equal(saved_step(folder, "mlp"), 40);
}

/* The rate of the settings is known after a resume too, whatever was made of it before. */
static void the_settings_own_rate_comes_back(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("rate");
    struct session_options o = {
        .mode = SESSION_TRAIN, .folder = folder, .paused = true, .until = -1};
    static const char *const extra[] = {"race=mlp", "train.learning_rate=0.5", NULL};
    make_race(&race, extra);
    stand_open(&t, &race, &o);
    wait_state(RACE_PAUSED, 0);
    assert_true(feed_send(&t.feed, (struct command){COMMAND_PEAK_RATE, 0, 0.125, 0}));
    stand_close(&t);
    o.resume = true;
    stand_open(&t, &race, &o);
    const struct race_snapshot *r = wait_state(RACE_PAUSED, 0);
    assert_true(r->contestants[0].config.train.learning_rate == 0.125);
    assert_true(r->contestants[0].own_rate == 0.5);
    assert_true(feed_send(&t.feed, (struct command){COMMAND_PEAK_RATE, -1, 0, 0}));
    for (int i = 0; i < 5000 && r->contestants[0].config.train.learning_rate != 0.5; i++) {
        clock_sleep(0.002);
        r = newest(&t);
    }
    assert_true(r->contestants[0].config.train.learning_rate == 0.5);
    stand_close(&t);
}

/* Seconds between checkpoints count at once, are told, and a wrong number changes nothing. */
static void checkpoints_come_as_often_as_wanted(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("seconds");
    static const char *const rare[] = {"race=mlp", "train.steps=1000000",
                                       "train.checkpoint_seconds=100000", NULL};
    struct session_options o = {.mode = SESSION_TRAIN, .folder = folder, .until = -1};
    make_race(&race, rare);
    stand_open(&t, &race, &o);
    const struct race_snapshot *r = newest(&t);
    for (int i = 0; i < 5000 && !(r && r->step > 0); i++, r = newest(&t))
        clock_sleep(0.002);
    assert_true(feed_send(&t.feed, (struct command){COMMAND_CHECKPOINT_SECONDS, -1, -3, 0}));
    assert_true(feed_send(&t.feed, (struct command){COMMAND_CHECKPOINT_SECONDS, -1, 0, 0}));
    int64_t saved = 0;
    for (int i = 0; i < 5000 && saved == 0; i++) {
        clock_sleep(0.002);
        saved = saved_step(folder, "mlp");
    }
    assert_true(saved > 0);
    r = newest(&t);
    assert_true(r->config.train.checkpoint_seconds == 0);
    assert_true(r->contestants[0].config.train.checkpoint_seconds == 0);
    assert_true(r->contestants[0].checkpoint.bytes > 0);
    assert_true(r->settings.bytes > 0 && r->metrics.bytes > 0);
    assert_int_equal(r->threads, 1);
    assert_true(r->resident > 1000000);
    assert_string_equal(r->kernels, kern_best()->name);
    stand_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_evaluation_can_be_left),
        cmocka_unit_test(a_pause_does_not_wait_for_an_evaluation),
        cmocka_unit_test(a_single_step_follows_the_evaluation),
        cmocka_unit_test(who_failed_is_not_trained_again),
        cmocka_unit_test(the_settings_own_rate_comes_back),
        cmocka_unit_test(checkpoints_come_as_often_as_wanted),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
