/* Sessions when something goes wrong or is changed on the way: what is saved, what is resumed, what
   another process is told. */
#include "heed_test.h"
#include "scratch.h"
#include "stand.h"

static void a_failed_contestant_keeps_no_other_from_being_saved(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("overflow");
    make_race(&race, overflowing);
    train(&race, folder, false, -1);
    assert_int_equal(saved_step(folder, "mlp"), 40);
    assert_true(saved_step(folder, "lstm") < 40);
}

/* What a watcher of the folder sees once it has ended by itself. */
static void watch_to_the_end(const struct race_config *race, const char *folder,
                             enum race_state state)
{
    static struct stand t; /* the threads of a test that fails go on with it */
    struct session_options o = {.mode = SESSION_WATCH, .folder = folder, .until = -1};
    stand_open(&t, race, &o);
    const struct race_snapshot *r = wait_done(&t);
    assert_int_equal(r->state, state);
    assert_int_equal(r->step, state == RACE_FAILED ? r->contestants[0].step : 40);
    stand_close(&t);
}

static void watching_ends_without_those_that_failed(void **state)
{
    (void)state;
    struct race_config race;
    const char *some = in_scratch("some"), *all = in_scratch("all");
    make_race(&race, overflowing);
    train(&race, some, false, -1);
    watch_to_the_end(&race, some, RACE_FINISHED);
    static const char *const alone[] = {
        "race=lstm",      "train.learning_rate=10",  "train.decay=10",     "train.clip=0",
        "train.warmup=0", "train.schedule=constant", "train.steps=100000", NULL};
    make_race(&race, alone);
    train(&race, all, false, -1);
    watch_to_the_end(&race, all, RACE_FAILED);
}

/* The runs in these folders, watched together. */
static void watch_several(struct stand *t, struct race_config *race, struct gathering *g,
                          const char *const *folders, int runs)
{
    struct failure why;
    must(gathering_read(g, folders, runs, race, &why), &why);
    struct session_options o = {.mode = SESSION_WATCH, .gathering = g, .until = -1};
    stand_open(t, race, &o);
}

static void runs_are_watched_side_by_side(void **state)
{
    (void)state;
    static const char *const one[] = {"race=lstm,mlp", NULL};
    static const char *const two[] = {"race=mlp", "train.seed=2", "train.steps=20", NULL};
    const char *const folders[] = {in_scratch("side-a"), in_scratch("side-b/")};
    struct race_config race, own;
    struct gathering g;
    static struct stand t; /* the threads of a test that fails go on with it */
    make_race(&own, one);
    train(&own, folders[0], false, -1);
    make_race(&own, two);
    train(&own, folders[1], false, -1);
    watch_several(&t, &race, &g, folders, 2);
    const struct race_snapshot *r = wait_done(&t);
    assert_int_equal(r->count, 3);
    assert_string_equal(r->contestants[0].name, "lstm");
    assert_string_equal(r->contestants[1].name, "side-a/mlp");
    assert_string_equal(r->contestants[2].name, "side-b/mlp");
    assert_int_equal(r->state, RACE_FINISHED);
    assert_int_equal(r->contestants[1].step, 40);
    assert_int_equal(r->contestants[2].step, 20);
    assert_int_equal(r->contestants[2].config.train.seed, 2);
    assert_int_equal(r->step, 40);
    assert_int_equal(r->steps, 40);
    /* Different seeds: different weights, and each contestant has its own. */
    double loss[2] = {r->contestants[1].eval.loss, r->contestants[2].eval.loss};
    assert_true(loss[0] > 0 && loss[1] > 0 && loss[0] != loss[1]);
    stand_close(&t);
}

static void runs_that_cannot_stand_side_by_side_are_refused(void **state)
{
    (void)state;
    static const char *const many[] = {"race=lstm,lstm,lstm,lstm,mlp", NULL};
    static const char *const other[] = {"race=mlp", "task.base=8", NULL};
    const char *const folders[] = {in_scratch("full-a"), in_scratch("full-b"),
                                   in_scratch("full-c"), in_scratch("full-a/")};
    const char *const ac[] = {folders[0], folders[2]}, *const aa[] = {folders[0], folders[3]};
    struct race_config race;
    struct gathering g;
    struct failure why;
    make_race(&race, many);
    train(&race, folders[0], false, 0);
    train(&race, folders[1], false, 0);
    make_race(&race, other);
    train(&race, folders[2], false, 0);
    assert_int_equal(gathering_read(&g, folders, 2, &race, &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "its 5 contestants and the 5 of the runs before are more than "
                                     "the 8"));
    assert_int_equal(gathering_read(&g, ac, 2, &race, &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "task.base is 8, but 16 in "));
    assert_int_equal(gathering_read(&g, aa, 2, &race, &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "is the same run as"));
}

/* Wait for what the newest picture says of contestant 0; the evaluation of a step is a line of its own
   and may come later. */
static const struct race_snapshot *wait_step(struct stand *t, int64_t step)
{
    for (int i = 0; i < 5000; i++) {
        const struct race_snapshot *r = newest(t);
        if (r && r->contestants[0].step == step)
            return r;
        clock_sleep(0.002);
    }
    fail_msg("step %lld was never seen", (long long)step);
    return NULL;
}

/* The writer stops and goes on; then the run is begun anew in the same folder, with fewer steps. */
static void a_watcher_outlives_the_writer(void **state)
{
    (void)state;
    static const char *const extra[] = {"race=mlp", NULL};
    const char *folder = in_scratch("again"), *metrics = in_scratch("again/metrics.jsonl"),
               *config = in_scratch("again/config.ini");
    struct race_config race;
    static struct stand t; /* the threads of a test that fails go on with it */
    make_race(&race, extra);
    train(&race, folder, false, 30);
    struct session_options o = {.mode = SESSION_WATCH, .folder = folder, .until = -1};
    stand_open(&t, &race, &o);
    wait_step(&t, 30);
    train(&race, folder, true, 35);
    wait_step(&t, 35);
    assert_int_equal(remove(metrics), 0);
    assert_int_equal(remove(config), 0);
    clock_sleep(0.5); /* seen without a file */
    train(&race, folder, false, 10);
    const struct race_snapshot *r = wait_step(&t, 10);
    for (int i = 0; r->contestants[0].eval.step != 10; i++) {
        assert_true(i < 5000);
        clock_sleep(0.002);
        r = newest(&t);
    }
    assert_int_equal(r->contestants[0].metric[METRIC_LOSS].last_step, 9);
    assert_int_equal(r->contestants[0].eval.step, 10);
    assert_int_equal(r->contestants[0].metric[METRIC_ACC].samples, 2); /* at 0 and 10 */
    int told = 0;
    for (int i = 0; i < r->log_total; i++)
        told += strstr(r->log[i], "read anew from its beginning") != NULL;
    assert_int_equal(told, 1);
    stand_close(&t);
}

/* Wait until contestant 0's learning rate is so. */
static void wait_rate(struct stand *t, double rate)
{
    for (int i = 0; i < 5000; i++) {
        const struct race_snapshot *r = newest(t);
        if (r && r->contestants[0].config.train.learning_rate == rate)
            return;
        clock_sleep(0.002);
    }
    fail_msg("the learning rate never became %g", rate);
}

static void change_rate(struct stand *t, double factor)
{
    assert_true(feed_send(
        &t->feed, (struct command){.kind = COMMAND_LEARNING_RATE, .index = -1, .value = factor}));
}

/* Changed while it pauses after a save, and as far as it goes. */
static void a_changed_rate_is_saved_and_can_be_read_again(void **state)
{
    (void)state;
    static const char *const extra[] = {"race=mlp", "train.learning_rate=4", NULL};
    struct race_config race;
    static struct stand t; /* the threads of a test that fails go on with it */
    const char *folder = in_scratch("rate");
    make_race(&race, extra);
    struct session_options o = {
        .mode = SESSION_TRAIN, .folder = folder, .paused = true, .until = -1};
    stand_open(&t, &race, &o);
    change_rate(&t, 2);
    wait_rate(&t, 8);
    change_rate(&t, 2); /* 16 is beyond the setting's 10 */
    change_rate(&t, 0.75);
    wait_rate(&t, 6);
    stand_close(&t);
    assert_int_equal(saved_step(folder, "mlp"), 0);
    o.resume = true;
    stand_open(&t, &race, &o);
    wait_rate(&t, 6);
    stand_close(&t);
    o.mode = SESSION_STEP;
    stand_open(&t, &race, &o);
    wait_rate(&t, 6);
    stand_close(&t);
}

/* Evaluations at 10 and 20, a resume at 15, and then one of 12: no run tells that, a file may. */
static void a_file_that_goes_back_is_read_without_it(void **state)
{
    (void)state;
    static const char *const extra[] = {"race=lstm", NULL};
    struct race_config race;
    static struct stand t; /* the threads of a test that fails go on with it */
    struct run run;
    struct failure why;
    const char *folder = in_scratch("back");
    make_race(&race, extra);
    train(&race, folder, false, 0);
    struct record told[] = {{.kind = RECORD_EVAL, .step = 10},
                            {.kind = RECORD_EVAL, .step = 20},
                            {.kind = RECORD_RESUME, .step = 15},
                            {.kind = RECORD_EVAL, .step = 12},
                            {.kind = RECORD_EVAL, .step = 16}};
    struct task *task;
    must(task_new(&task, &race.contestants[0], &why), &why);
    must(run_open(&run, folder, &why), &why);
    for (int i = 0; i < 5; i++) {
        strcpy(told[i].contestant, "lstm");
        told[i].eval.loss = told[i].step;
        told[i].eval.acc = (struct score){1, 2};
        must(run_append(&run, &told[i], &task->alphabet, &why), &why);
    }
    run_close(&run);
    task_free(task);
    struct session_options o = {.mode = SESSION_STEP, .folder = folder, .until = -1};
    stand_open(&t, &race, &o);
    const struct race_snapshot *r = wait_done(&t);
    const struct contestant_view *v = &r->contestants[0];
    assert_int_equal(v->eval.step, 16);
    assert_int_equal(v->metric[METRIC_ACC].samples, 3); /* at 0, 10 and 16 */
    stand_close(&t);
}

/* The folder of a run goes away while it is watched: that is said, once. */
static void a_vanished_file_is_named_once(void **state)
{
    (void)state;
    static const char *const extra[] = {"race=lstm", NULL};
    struct race_config race;
    static struct stand t; /* the threads of a test that fails go on with it */
    const char *folder = in_scratch("vanishing");
    make_race(&race, extra);
    train(&race, folder, false, 10);
    struct session_options o = {.mode = SESSION_WATCH, .folder = folder, .until = -1};
    stand_open(&t, &race, &o);
    assert_int_equal(remove(in_scratch("vanishing/metrics.jsonl")), 0);
    const struct race_snapshot *r = NULL;
    for (int i = 0; i < 5000 && !(r && strstr(r->message, "cannot be read")); i++) {
        clock_sleep(0.002);
        r = newest(&t);
    }
    assert_contains(r->message, "metrics.jsonl: cannot be read: No such file");
    int64_t lines = r->log_total, serial = r->serial;
    for (int i = 0; i < 5000 && r->serial < serial + 3; i++) {
        clock_sleep(0.002);
        r = newest(&t);
    }
    assert_true(r->serial >= serial + 3);
    assert_int_equal(r->log_total, lines);
    stand_close(&t);
}

/* --until before the step where the run stands has nothing left to do. */
static void nothing_is_left_before_the_step_of_a_run(void **state)
{
    (void)state;
    static const char *const extra[] = {"race=lstm", NULL};
    struct race_config race;
    static struct stand t; /* the threads of a test that fails go on with it */
    const char *folder = in_scratch("before");
    make_race(&race, extra);
    train(&race, folder, false, 20);
    struct session_options o = {
        .mode = SESSION_TRAIN, .folder = folder, .resume = true, .until = 10};
    stand_open(&t, &race, &o);
    const struct race_snapshot *r = wait_done(&t);
    assert_int_equal(r->step, 20);
    assert_int_equal(r->steps, 20);
    stand_close(&t);
}

/* The picture that answers this request. */
static const struct probe_snapshot *wait_answer(struct stand *t, int64_t request)
{
    for (int i = 0; i < 5000; i++) {
        bool fresh;
        const struct probe_snapshot *p = exchange_front(&t->feed.probe, &fresh);
        if (p && p->request >= request)
            return p;
        clock_sleep(0.002);
    }
    fail_msg("request %lld was never answered", (long long)request);
    return NULL;
}

/* Seed 1 has a first sequence that is dull: the session begins with a later one, which must not
   come again as a fresh one. */
static void a_fresh_sequence_is_another_one(void **state)
{
    (void)state;
    static const char *const extra[] = {"race=lstm", NULL};
    struct race_config race;
    static struct stand t; /* the threads of a test that fails go on with it */
    int16_t seen[4][32];
    make_race(&race, extra);
    struct session_options o = {
        .mode = SESSION_TRAIN, .no_files = true, .paused = true, .until = -1};
    stand_open(&t, &race, &o);
    for (int k = 0; k < 4; k++) {
        if (k > 0)
            feed_send(&t.feed,
                      (struct command){.kind = COMMAND_STEP_RESTART, .index = k, .request = k});
        const struct probe_snapshot *p = wait_answer(&t, k);
        assert_int_equal(p->length, 32);
        memcpy(seen[k], p->sequence, sizeof seen[k]);
        for (int i = 0; i < k; i++)
            assert_memory_not_equal(seen[k], seen[i], sizeof seen[k]);
    }
    stand_close(&t);
}

/* What was built and never begun leaves nothing; what was in its folder before stays. */
static void what_never_began_leaves_nothing(void **state)
{
    (void)state;
    static const char *const cast[] = {"race=lstm,mlp", NULL};
    static struct race_config race;
    static struct feed feed;
    char path[FSIO_PATH];
    struct failure why;
    make_race(&race, cast);
    must(feed_init(&feed, &race, &why), &why);
    for (int kept = 0; kept < 2; kept++) {
        const char *folder = in_scratch(kept ? "never-kept" : "never");
        struct session_options o = {.mode = SESSION_TRAIN, .race = &race, .kern = kern_best(),
                                    .folder = folder, .until = -1};
        struct session *session;
        must(fsio_join(path, folder, "notes.txt", &why), &why);
        if (kept) {
            must(fsio_make_folder(folder, &why), &why);
            must(fsio_replace(path, "mine", 4, &why), &why);
        }
        must(session_new(&session, &o, &feed, &why), &why);
        assert_true(fsio_is_folder(folder));
        session_discard(session);
        assert_int_equal(fsio_is_folder(folder), kept);
        assert_int_equal(fsio_is_file(path), kept);
        must(fsio_join(path, folder, "config.ini", &why), &why);
        assert_false(fsio_is_file(path));
        must(fsio_join(path, folder, "lstm", &why), &why);
        assert_false(fsio_is_folder(path));
    }
    /* One that was opened to go on stays as it is. */
    const char *folder = in_scratch("goes-on");
    train(&race, folder, false, 3);
    struct session_options o = {.mode = SESSION_TRAIN, .race = &race, .kern = kern_best(),
                                .folder = folder, .resume = true, .until = -1};
    struct session *session;
    must(session_new(&session, &o, &feed, &why), &why);
    session_discard(session);
    assert_int_equal(saved_step(folder, "lstm"), 3);
    feed_release(&feed);
}

/* A file of 30 images of side 8, or of their labels, in IDX format. */
static void write_idx(const char *path, bool images)
{
    char bytes[16 + 30 * 64] = {0, 0, 8, images ? 3 : 1, 0, 0, 0, 30, 0, 0, 0, 8, 0, 0, 0, 8};
    size_t head = images ? 16 : 8, size = head + 30 * (images ? 64 : 1);
    struct failure why;
    for (size_t i = head; i < size; i++)
        bytes[i] = (char)(i % 3);
    must(fsio_replace(path, bytes, size, &why), &why);
}

/* Nor does what was copied into its folder stay, nor that of a session that cannot be built. */
static void what_never_began_leaves_no_copies(void **state)
{
    (void)state;
    static struct race_config race;
    static struct feed feed;
    char file[FSIO_PATH + 16], labels[FSIO_PATH + 16], path[FSIO_PATH];
    const char *folder = in_scratch("never-copied");
    struct failure why;
    write_idx(in_scratch("seen.idx"), true);
    write_idx(in_scratch("named.idx"), false);
    snprintf(file, sizeof file, "task.file=%s", in_scratch("seen.idx"));
    snprintf(labels, sizeof labels, "task.labels=%s", in_scratch("named.idx"));
    const char *const cast[] = {"race=uvit-dpa", "task.kind=images", file, labels, NULL};
    make_race(&race, cast);
    must(feed_init(&feed, &race, &why), &why);
    struct session_options o = {.mode = SESSION_TRAIN, .race = &race, .kern = kern_best(),
                                .folder = folder, .until = -1};
    struct session *session;
    must(session_new(&session, &o, &feed, &why), &why);
    must(fsio_join(path, folder, "labels.idx", &why), &why);
    assert_true(fsio_is_file(path));
    session_discard(session);
    assert_false(fsio_is_folder(folder));
    /* A file that may have been there before stays. A folder stands where the labels are to be kept. */
    must(fsio_make_folder(folder, &why), &why);
    must(fsio_make_folder(path, &why), &why);
    must(fsio_join(path, folder, "images.idx", &why), &why);
    write_idx(path, true);
    assert_true(session_new(&session, &o, &feed, &why) < 0);
    assert_true(fsio_is_file(path));
    must(fsio_join(path, folder, "config.ini", &why), &why);
    assert_false(fsio_is_file(path));
    feed_release(&feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_contestant_keeps_no_other_from_being_saved),
        cmocka_unit_test(watching_ends_without_those_that_failed),
        cmocka_unit_test(runs_are_watched_side_by_side),
        cmocka_unit_test(runs_that_cannot_stand_side_by_side_are_refused),
        cmocka_unit_test(a_watcher_outlives_the_writer),
        cmocka_unit_test(a_changed_rate_is_saved_and_can_be_read_again),
        cmocka_unit_test(a_file_that_goes_back_is_read_without_it),
        cmocka_unit_test(a_vanished_file_is_named_once),
        cmocka_unit_test(nothing_is_left_before_the_step_of_a_run),
        cmocka_unit_test(a_fresh_sequence_is_another_one),
        cmocka_unit_test(what_never_began_leaves_nothing),
        cmocka_unit_test(what_never_began_leaves_no_copies),
    };
    return cmocka_run_group_tests_name("session", tests, scratch_make, scratch_remove);
}
