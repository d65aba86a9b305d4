/* Training as a whole: same bits for any number of threads and over a stop, failures, a scripted
   session. */
#include "heed_test.h"
#include "race_fixture.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "scratch.h"
#include "base/clock.h"
#include "train/race.h"
#include "train/session.h"

static void train(struct race *race, int64_t until)
{
    struct failure why;
    while (race_step(race) < until) {
        for (int i = 0; i < race->count; i++)
            must(race_train_one(race, i, &why), &why);
    }
}

static void assert_same_weights(const struct race *a, const struct race *b)
{
    for (int i = 0; i < a->count; i++) {
        const struct model *x = a->contestants[i].model, *y = b->contestants[i].model;
        assert_int_equal(x->params.total, y->params.total);
        assert_memory_equal(x->weights, y->weights, x->params.total * sizeof *x->weights);
        assert_memory_equal(a->contestants[i].optim.m, b->contestants[i].optim.m,
                            x->params.total * sizeof *x->weights);
    }
}

static void same_bits_for_any_number_of_threads(void **state)
{
    (void)state;
    struct race *one = make_race(1, NULL);
    train(one, 30);
    static const int threads[] = {2, 3, 8};
    for (int k = 0; k < 3; k++) {
        struct race *many = make_race(threads[k], NULL);
        train(many, 30);
        assert_same_weights(one, many);
        struct evaluation a, b;
        struct failure why;
        must(race_evaluate(one, 0, 50, &a, &why), &why);
        must(race_evaluate(many, 0, 50, &b, &why), &why);
        assert_memory_equal(&a.loss, &b.loss, sizeof a.loss);
        assert_int_equal(a.acc.right, b.acc.right);
        race_free(many);
    }
    race_free(one);
}

static void a_workspace_in_common_changes_no_bit(void **state)
{
    (void)state;
    static const char *const cast[] = {
        "race=transformer-dpa,cisformer-ea,lstm,mlp,transformer-cog,transformer-diff",
        "transformer-cog.model.position=sinusoidal", "transformer-diff.model.position=rope", NULL};
    struct race *race = make_race(2, cast);
    struct failure why;
    for (int step = 0; step < 12; step++) {
        struct evaluation e;
        train(race, step + 1);
        must(race_evaluate(race, step % race->count, 20, &e, &why), &why);
    }
    for (int i = 0; i < race->count; i++) {
        struct race_config one;
        struct race *alone;
        make_race_config(&one, 1, NULL);
        one.count = 1;
        one.contestants[0] = race->config.contestants[i];
        must(race_new(&alone, &one, kern_best(), true, &why), &why);
        train(alone, 12);
        const struct model *x = race->contestants[i].model, *y = alone->contestants[0].model;
        assert_memory_equal(x->weights, y->weights, x->params.total * sizeof *x->weights);
        race_free(alone);
    }
    race_free(race);
}

static void another_seed_gives_other_bits(void **state)
{
    (void)state;
    static const char *const other[] = {"train.seed=2", NULL};
    struct race *a = make_race(1, NULL), *b = make_race(1, other);
    train(a, 2);
    train(b, 2);
    const struct model *x = a->contestants[0].model, *y = b->contestants[0].model;
    assert_memory_not_equal(x->weights, y->weights, x->params.total * sizeof *x->weights);
    race_free(a);
    race_free(b);
}

static void evaluation_disturbs_nothing(void **state)
{
    (void)state;
    struct race *a = make_race(2, NULL), *b = make_race(2, NULL);
    struct failure why;
    for (int step = 1; step <= 20; step++) {
        struct evaluation e, again;
        train(a, step);
        train(b, step);
        must(race_evaluate(b, step % b->count, 37, &e, &why), &why);
        must(race_evaluate(b, step % b->count, 37, &again, &why), &why);
        assert_int_equal(e.windows, 37);
        assert_int_equal(e.all.count, 37);
        assert_true(e.acc.count <= 37 && e.acc.count > 20);
        assert_memory_equal(&e, &again, sizeof e);
    }
    assert_same_weights(a, b);
    race_free(a);
    race_free(b);
}

static void a_nan_stops_one_contestant_only(void **state)
{
    (void)state;
    struct race *race = make_race(1, NULL);
    train(race, 3);
    struct model *m = race->contestants[2].model;
    size_t size = m->params.total * sizeof *m->weights;
    real *before = malloc(size);
    m->weights[0] = NAN;
    for (size_t i = 0; i < m->params.total; i++)
        m->weights[i] = NAN;
    memcpy(before, m->weights, size);
    struct failure why;
    assert_int_equal(race_train_one(race, 2, &why), ERR_NUMBER);
    assert_true(race->contestants[2].failed);
    assert_non_null(strstr(why.text, "step 3"));
    assert_int_equal(race->contestants[2].step, 3);
    assert_memory_equal(before, m->weights, size);
    must(race_train_one(race, 0, &why), &why);
    assert_int_equal(race->contestants[0].step, 4);
    free(before);
    race_free(race);
}

static void learning_happens(void **state)
{
    (void)state;
    static const char *const extra[] = {"race=lstm", "task.base=4", "train.batch=32", NULL};
    struct race *race = make_race(2, extra);
    struct evaluation before, after;
    struct failure why;
    must(race_evaluate(race, 0, 256, &before, &why), &why);
    train(race, 300);
    must(race_evaluate(race, 0, 256, &after, &why), &why);
    assert_true(score_value(before.acc) < 0.45);
    assert_true(score_value(after.acc) > 0.8);
    assert_true(after.loss < before.loss);
    int64_t number_right = 0;
    for (int k = 0; k < 4; k++)
        number_right += after.subtask[k].right;
    assert_int_equal(number_right, after.acc.right);
    race_free(race);
}

static void evaluations_are_dense_first(void **state)
{
    (void)state;
    struct config config;
    config_defaults(&config);
    config.train.eval_every = 100;
    int64_t step = 0, gap = 0, count = 0;
    while (step < 5000) {
        int64_t next = race_next_evaluation(&config, step);
        assert_true(next > step && next - step >= gap && next - step <= 100);
        assert_int_equal(race_next_evaluation(&config, next - 1), next);
        gap = next - step;
        step = next;
        count++;
    }
    assert_int_equal(race_next_evaluation(&config, 0), 10);
    assert_int_equal(gap, 100);
    assert_true(count > 50 && count < 70);
}

/* --- sessions ---------------------------------------------------------------------------------- */

static void run_session(const struct race_config *race, const char *folder, bool resume,
                        int64_t until)
{
    struct feed feed = {0};
    struct session *s;
    struct failure why;
    must(feed_init(&feed, race, &why), &why);
    struct session_options o = {.mode = SESSION_TRAIN, .race = race, .kern = kern_best(),
                                .folder = folder, .resume = resume, .until = until};
    must(session_new(&s, &o, &feed, &why), &why);
    must(session_start(s, &why), &why);
    while (!session_done(s))
        clock_sleep(0.002);
    must(session_stop(s, &why), &why);
    session_free(s);
    feed_release(&feed);
}

static void stop_and_resume_change_no_bit(void **state)
{
    (void)state;
    struct race_config race;
    make_race_config(&race, 2, NULL);
    char a[FSIO_PATH], b[FSIO_PATH];
    const char *whole = in_scratch("whole"), *parts = in_scratch("parts");
    run_session(&race, whole, false, -1);
    run_session(&race, parts, false, 150);
    run_session(&race, parts, true, -1);
    for (int i = 0; i < race.count; i++) {
        struct failure why;
        struct loaded x, y;
        must(loaded_open(&x, whole, race.names[i], kern_best(), 1, 1, &why), &why);
        must(loaded_open(&y, parts, race.names[i], kern_best(), 1, 1, &why), &why);
        assert_int_equal(x.checkpoint.step, 300);
        assert_int_equal(y.checkpoint.step, 300);
        assert_int_equal(x.checkpoint.tensor_count, y.checkpoint.tensor_count);
        assert_memory_equal(x.model->weights, y.model->weights,
                            x.model->params.total * sizeof(real));
        loaded_release(&x);
        loaded_release(&y);
        must(run_checkpoint_path(whole, race.names[i], a, &why), &why);
        must(run_checkpoint_path(parts, race.names[i], b, &why), &why);
        char *da, *db;
        size_t na, nb;
        must(fsio_read(a, 1 << 26, &da, &na, &why), &why);
        must(fsio_read(b, 1 << 26, &db, &nb, &why), &why);
        /* The tensors, optimiser included, are the files' equal tails; headers hold seconds. */
        uint64_t ha, hb;
        memcpy(&ha, da, 8);
        memcpy(&hb, db, 8);
        assert_int_equal(na - ha, nb - hb);
        assert_memory_equal(da + 8 + ha, db + 8 + hb, na - 8 - ha);
        free(da);
        free(db);
    }
}

/* Wait until the picture says so. */
static const struct race_snapshot *wait_state(struct feed *feed, enum race_state state,
                                              int64_t least_step)
{
    for (int i = 0; i < 5000; i++) {
        bool fresh;
        const struct race_snapshot *r = exchange_front(&feed->race, &fresh);
        if (r && r->state == state && r->step >= least_step)
            return r;
        clock_sleep(0.002);
    }
    fail_msg("state %d at step %lld never came", state, (long long)least_step);
    return NULL;
}

/* Until this request is answered with weights of this step or later. */
static const struct probe_snapshot *wait_request(struct feed *feed, int64_t request, int64_t step)
{
    for (int i = 0; i < 5000; i++) {
        bool fresh;
        const struct probe_snapshot *p = exchange_front(&feed->probe, &fresh);
        if (p && p->request >= request && p->ready && p->weights_step >= step)
            return p;
        clock_sleep(0.002);
    }
    fail_msg("request %lld was never answered", (long long)request);
    return NULL;
}

static void scripted_session(void **state)
{
    (void)state;
    static const char *const extra[] = {"train.steps=100000", NULL};
    struct race_config race;
    make_race_config(&race, 2, extra);
    struct feed feed = {0};
    struct session *s;
    struct failure why;
    must(feed_init(&feed, &race, &why), &why);
    struct session_options o = {.mode = SESSION_TRAIN, .race = &race, .kern = kern_best(),
                                .no_files = true, .until = -1};
    must(session_new(&s, &o, &feed, &why), &why);
    must(session_start(s, &why), &why);
    wait_state(&feed, RACE_RUNNING, 5);
    assert_true(feed_send(&feed, (struct command){.kind = COMMAND_PAUSE}));
    const struct race_snapshot *r = wait_state(&feed, RACE_PAUSED, 5);
    int64_t step = r->step;
    double rate = r->contestants[1].learning_rate;
    assert_true(r->contestants[0].eval.valid);
    assert_int_equal(r->contestants[0].metric[METRIC_LOSS].samples, step);
    feed_send(&feed, (struct command){.kind = COMMAND_SINGLE_STEP});
    r = wait_state(&feed, RACE_PAUSED, step + 1);
    assert_int_equal(r->step, step + 1);
    feed_send(&feed, (struct command){.kind = COMMAND_LEARNING_RATE, .index = 1, .value = 0.5});
    feed_send(&feed, (struct command){.kind = COMMAND_SINGLE_STEP});
    r = wait_state(&feed, RACE_PAUSED, step + 2);
    assert_true(r->contestants[1].learning_rate < 0.7 * rate || step < 5);
    for (int i = 0; i < race.count; i++) {
        feed_send(&feed, (struct command){.kind = COMMAND_FOCUS, .index = i, .request = 2 * i + 1});
        feed_send(&feed, (struct command){.kind = COMMAND_STEP_SYMBOL, .index = 16 + i,
                                          .request = 2 * i + 2});
        const struct probe_snapshot *p = wait_request(&feed, 2 * i + 2, step + 2);
        assert_int_equal(p->contestant, i);
        assert_int_equal(p->sequence[p->cursor - 1], 16 + i);
        assert_int_equal(p->weights_step, step + 2);
        assert_int_equal(p->layers, i < 2 ? 1 : 0);
        double sum = 0;
        for (int v = 0; v < 20; v++)
            sum += (double)p->probability[v];
        assert_true(fabs(sum - 1) < 1e-5);
    }
    feed_send(&feed, (struct command){.kind = COMMAND_RESUME});
    wait_state(&feed, RACE_RUNNING, step + 20);
    feed_send(&feed, (struct command){.kind = COMMAND_STEP_MODEL, .request = 100});
    wait_request(&feed, 100, step + 20);
    must(session_stop(s, &why), &why);
    session_free(s);
    feed_release(&feed);
}

static void a_run_is_watched_and_stepped(void **state)
{
    (void)state;
    struct race_config race;
    make_race_config(&race, 1, NULL);
    const char *folder = in_scratch("watched");
    run_session(&race, folder, false, 60);
    for (int mode = SESSION_STEP; mode <= SESSION_WATCH; mode++) {
        struct feed feed = {0};
        struct session *s;
        struct failure why;
        must(feed_init(&feed, &race, &why), &why);
        struct session_options o = {.mode = (enum session_mode)mode, .race = &race,
                                    .kern = kern_best(), .folder = folder, .until = -1};
        must(session_new(&s, &o, &feed, &why), &why);
        must(session_start(s, &why), &why);
        enum race_state shown = mode == SESSION_STEP ? RACE_STOPPED : RACE_WATCHING;
        const struct race_snapshot *r = wait_state(&feed, shown, 60);
        assert_int_equal(r->step, 60);
        assert_int_equal(r->contestants[0].eval.step, 60);
        assert_int_equal(r->contestants[3].metric[METRIC_LOSS].samples, 60);
        const struct probe_snapshot *p = wait_request(&feed, 0, 60);
        assert_int_equal(p->weights_step, 60);
        must(session_stop(s, &why), &why);
        session_free(s);
        feed_release(&feed);
    }
}

static void a_torn_checkpoint_keeps_nobody_else_away(void **state)
{
    (void)state;
    struct race_config race;
    make_race_config(&race, 1, NULL);
    char path[FSIO_PATH];
    const char *folder = in_scratch("torn");
    struct failure why;
    run_session(&race, folder, false, 20);
    must(run_checkpoint_path(folder, race.names[1], path, &why), &why);
    assert_int_equal(truncate(path, 100), 0);
    struct feed feed = {0};
    struct session *s;
    must(feed_init(&feed, &race, &why), &why);
    struct session_options o = {.mode = SESSION_STEP, .race = &race, .kern = kern_best(),
                                .folder = folder, .until = -1};
    must(session_new(&s, &o, &feed, &why), &why);
    must(session_start(s, &why), &why);
    const struct race_snapshot *r = wait_state(&feed, RACE_STOPPED, 0);
    assert_true(r->contestants[1].failed);
    assert_non_null(strstr(r->contestants[1].failure, "checkpoint.safetensors"));
    assert_false(r->contestants[0].failed);
    wait_request(&feed, 0, 20);
    must(session_stop(s, &why), &why);
    session_free(s);
    feed_release(&feed);
    for (int i = 0; i < race.count; i++) {
        must(run_checkpoint_path(folder, race.names[i], path, &why), &why);
        assert_int_equal(truncate(path, 100), 0);
    }
    must(feed_init(&feed, &race, &why), &why);
    assert_int_equal(session_new(&s, &o, &feed, &why), ERR_INPUT);
    feed_release(&feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_for_any_number_of_threads),
        cmocka_unit_test(a_workspace_in_common_changes_no_bit),
        cmocka_unit_test(another_seed_gives_other_bits),
        cmocka_unit_test(evaluation_disturbs_nothing),
        cmocka_unit_test(a_nan_stops_one_contestant_only),
        cmocka_unit_test(learning_happens),
        cmocka_unit_test(evaluations_are_dense_first),
        cmocka_unit_test(stop_and_resume_change_no_bit),
        cmocka_unit_test(scripted_session),
        cmocka_unit_test(a_run_is_watched_and_stepped),
        cmocka_unit_test(a_torn_checkpoint_keeps_nobody_else_away),
    };
    return cmocka_run_group_tests_name("train", tests, scratch_make, scratch_remove);
}
