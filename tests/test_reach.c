/* Copies by distance and rows that grow long, each against a computation of its own. */
#include "heed_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "race_fixture.h"
#include "scratch.h"
#include "tasks.h"

/* --- distances ------------------------------------------------------------------------------- */

static void test_distances_span_the_test(void **state)
{
    (void)state;
    int at[MAX_REACH];
    struct task *task = make_task("task.kind=delay-copy task.context=128");
    assert_int_equal(reach_distances(task, at), 16);
    for (int i = 0; i < 16; i++)
        assert_int_equal(at[i], 5 + 5 * i);
    task_free(task);
    task = make_task("task.kind=delay-copy task.context=128 task.test_min=7 task.test_max=9");
    assert_int_equal(reach_distances(task, at), 3);
    assert_int_equal(at[2], 9);
    task_free(task);
    task = make_task("task.kind=iarc");
    assert_int_equal(reach_distances(task, at), 0);
    task_free(task);
}

/* The windows once more: what the rule says of every place, from the symbols alone. */
static struct score count_by_hand(struct race *race, int distance, int windows)
{
    struct score score = {0};
    struct task_reader reader;
    struct batch *batch = &race->eval_batch, one = *batch;
    struct model *m = race->contestants[0].model;
    one.sequences = 1;
    assert_int_equal(
        task_reader_init_distance(&reader, race->task, RNG_EVAL, distance, distance), 0);
    for (int w = 0; w < windows; w++) {
        int16_t symbols[128];
        task_read(&reader, &one);
        model_forward(m, one.tokens, one.positions, 1);
        for (int t = 0; t < one.positions; t++)
            symbols[t] = (int16_t)one.tokens[t];
        for (int t = 0; t < one.positions; t++) {
            struct task_mark mark;
            task_answer(race->task, symbols, t + 1, &mark);
            if (!mark.number || t + 1 < race->task->mask || one.targets[t] != mark.answer)
                continue;
            assert_int_equal(mark.distance, distance);
            const real *row = m->logits + (size_t)t * (size_t)m->symbols;
            bool best = true;
            for (int v = 0; v < m->symbols; v++)
                best = best && (row[v] < row[mark.answer] || v == mark.answer);
            score.count++;
            score.right += best;
        }
    }
    task_reader_release(&reader);
    return score;
}

static void test_every_copied_number_counts(void **state)
{
    (void)state;
    const char *const extra[] = {"race=transformer-dpa", "task.kind=delay-copy", "task.context=64",
                                 "task.base=4", NULL};
    struct race *race = make_race(1, extra);
    struct failure why;
    static const int distances[] = {1, 7, 20, 38};
    for (int i = 0; i < 4; i++) {
        struct score score;
        assert_int_equal(reach_measure(race->contestants[0].model, race->task, distances[i], 13,
                                       &race->eval_batch, &score, &why), 0);
        struct score again = count_by_hand(race, distances[i], 13);
        assert_int_equal(score.count, again.count);
        assert_int_equal(score.right, again.right);
        assert_true(score.count > 0 && score.right > 0 && score.right < score.count);
    }
    /* 18 symbols lead in, the pair's tokens and 60 between them leave no room in 64. */
    struct score none;
    reach_measure(race->contestants[0].model, race->task, 60, 3, &race->eval_batch, &none, &why);
    assert_int_equal(none.count, 0);
    race_free(race);
}

static void test_inside_and_outside(void **state)
{
    (void)state;
    struct reach r = {.count = 4, .low = 10, .high = 20, .at = {9, 10, 20, 21},
                      .acc = {{1, 10}, {20, 100}, {300, 1000}, {4, 10000}}};
    assert_int_equal(reach_inside(&r).right, 320);
    assert_int_equal(reach_inside(&r).count, 1100);
    assert_int_equal(reach_outside(&r).right, 5);
    assert_int_equal(reach_outside(&r).count, 10010);
}

/* --- rows ------------------------------------------------------------------------------------ */

static struct collapse_room *room_of(struct race *race)
{
    return race->contestants[0].rows;
}

/* A model with a window that just fits, one row at a time. */
static void features(struct race *race, int n, bool changed, double out[16])
{
    struct config config = race->config.contestants[0];
    struct failure why;
    struct model *m;
    const struct task *task = race->task;
    int32_t *tokens = calloc((size_t)n + 2, sizeof *tokens);
    config.task.context = n + 2;
    assert_int_equal(model_new(&m, &config, task->alphabet.count, 1, false, race->kern, race->team,
                               &why), 0);
    memcpy(m->weights, race->contestants[0].model->weights, m->params.total * sizeof(real));
    tokens[0] = alphabet_find(&task->alphabet, "B");
    for (int i = 1; i <= n; i++)
        tokens[i] = 1;
    tokens[1] = changed ? 0 : 1;
    tokens[n + 1] = alphabet_find(&task->alphabet, "Q");
    model_forward(m, tokens, n + 2, 1);
    for (int c = 0; c < 16; c++)
        out[c] = (double)m->ops->features(m)[(n + 1) * 16 + c];
    free(tokens);
    model_free(m);
}

static void test_the_representation_difference(void **state)
{
    (void)state;
    const char *const extra[] = {"race=transformer-cog", "task.kind=count-ones", "model.layers=2",
                                 "model.heads=2", "model.position=none", NULL};
    struct race *race = make_race(1, extra);
    struct collapse c;
    double x[16], y[16], mean = 0;
    assert_non_null(room_of(race));
    collapse_evaluate(room_of(race), race->contestants[0].model->weights, NULL, &c);
    assert_int_equal(c.count, 10);
    assert_int_equal(c.at[0], 200);
    assert_int_equal(c.at[9], 2000);
    features(race, 200, false, x);
    features(race, 200, true, y);
    for (int head = 0; head < 2; head++) {
        double most = 0;
        for (int i = 8 * head; i < 8 * head + 8; i++)
            most = fmax(most, fabs(x[i] - y[i]));
        mean += most / 2;
    }
    assert_true(mean > 1e-5);
    assert_float_equal(c.difference[0], mean, 1e-6);
    race_free(race);
}

static int lengths_of(const struct race *race, int at[MAX_REACH])
{
    return collapse_lengths(race->task, &race->contestants[0].model->config, at);
}

static void test_windows_that_weights_allow(void **state)
{
    (void)state;
    struct race *race;
    int at[MAX_REACH];
    const char *const learned[] = {"race=transformer-dpa", "task.kind=find-zero", "task.context=32",
                                   NULL};
    race = make_race(1, learned);
    assert_int_equal(lengths_of(race, at), 10);
    assert_int_equal(at[0], 3);
    assert_int_equal(at[9], 30);
    race_free(race);
    const char *const grouped[] = {"race=cisformer-dpa", "task.kind=find-zero", "task.context=32",
                                   "model.position=none", NULL};
    race = make_race(1, grouped);
    assert_int_equal(lengths_of(race, at), 10);
    assert_int_equal(at[9], 30);
    race_free(race);
    const char *const lstm[] = {"race=lstm", "task.kind=find-zero", NULL};
    race = make_race(1, lstm);
    assert_null(room_of(race));
    assert_int_equal(lengths_of(race, at), 0);
    race_free(race);
    const char *const other[] = {"race=transformer-dpa", "task.kind=iarc", NULL};
    race = make_race(1, other);
    assert_null(room_of(race));
    assert_int_equal(lengths_of(race, at), 0);
    race_free(race);
}

/* --- in a race ------------------------------------------------------------------------------- */

static void test_evaluations_carry_them(void **state)
{
    (void)state;
    struct evaluation e;
    struct failure why;
    const char *const copies[] = {"race=transformer-dpa", "task.kind=delay-copy", "task.context=64",
                                  "task.test_max=30", NULL};
    struct race *race = make_race(1, copies);
    must(race_evaluate(race, 0, 16, &e, &why), &why);
    assert_int_equal(e.reach.count, 16);
    assert_int_equal(e.reach.low, 10);
    assert_int_equal(e.reach.high, 40);
    assert_true(e.reach.acc[3].count > 0);
    assert_int_equal(e.collapse.count, 0);
    race_free(race);
    const char *const rows[] = {"race=transformer-dpa", "task.kind=find-zero", "task.context=24",
                                NULL};
    race = make_race(1, rows);
    must(race_evaluate(race, 0, 16, &e, &why), &why);
    assert_int_equal(e.reach.count, 0);
    assert_int_equal(e.collapse.count, 10);
    assert_true(e.collapse.difference[0] > 0);
    race_free(race);
}

/* --- in metrics.jsonl ------------------------------------------------------------------------ */

static struct record record_of(void)
{
    struct record r = {.kind = RECORD_EVAL, .contestant = "a", .step = 5};
    r.eval = (struct evaluation){
        .valid = true,
        .step = 5,
        .reach = {.count = 2, .low = 3, .high = 9, .at = {3, 80}, .acc = {{1, 2}, {30, 40}}},
        .collapse = {.count = 2, .at = {200, 2000}, .difference = {1.0 / 3, NAN}}};
    return r;
}

/* What comes back after `from` in the line became `to`. */
static int edited(const char *from, const char *to, struct record *got, struct failure *why)
{
    struct alphabet none = {.count = 2, .numbers = 2};
    struct record r = record_of();
    struct run run = {.lock_fd = -1};
    struct record_reader reader = {0};
    size_t size;
    strcpy(run.folder, scratch);
    run.metrics = fopen(in_scratch("metrics.jsonl"), "w");
    assert_int_equal(run_append(&run, &r, &none, why), 0);
    run_close(&run);
    char *line = get_file(in_scratch("metrics.jsonl"), &size), *at = strstr(line, from);
    assert_non_null(at);
    FILE *f = fopen(in_scratch("metrics.jsonl"), "w");
    fprintf(f, "%.*s%s%s", (int)(at - line), line, to, at + strlen(from));
    fclose(f);
    free(line);
    strcpy(reader.path, in_scratch("metrics.jsonl"));
    int code = record_read(&reader, &none, got, why);
    record_reader_release(&reader);
    return code;
}

static void test_records_keep_them(void **state)
{
    (void)state;
    struct record got, r = record_of();
    struct failure why;
    assert_int_equal(edited("80", "80", &got, &why), 1);
    assert_int_equal(got.eval.reach.count, 2);
    assert_int_equal(got.eval.reach.low, 3);
    assert_int_equal(got.eval.reach.high, 9);
    assert_memory_equal(got.eval.reach.at, r.eval.reach.at, sizeof r.eval.reach.at);
    assert_memory_equal(got.eval.reach.acc, r.eval.reach.acc, sizeof r.eval.reach.acc);
    assert_int_equal(got.eval.collapse.count, 2);
    assert_int_equal(got.eval.collapse.at[1], 2000);
    assert_true(got.eval.collapse.difference[0] == 1.0 / 3);
    assert_true(isnan(got.eval.collapse.difference[1]));
}

static void test_wrong_records_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *key;
    } wrong[] = {
        {"\"right\":[1,30]", "\"right\":[3,30]", "\"reach\""},
        {"\"right\":[1,30]", "\"right\":[1]", "\"reach\""},
        {"\"right\":[1,30]", "\"right\":[-1,30]", "\"right\""},
        {"\"distance\":[3,80]", "\"distance\":[3,8000]", "\"reach\""},
        {"\"distance\":[3,80]", "\"distance\":[\"3\",80]", "\"distance\""},
        {"\"trained\":[3,9]", "\"trained\":[3]", "\"reach\""},
        {"\"length\":[200,2000]", "\"length\":[200]", "\"representation\""},
        {"\"length\":[200,2000]",
         "\"length\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "\"length\""},
        {",null]", ",true]", "\"representation\""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct record got;
        struct failure why;
        assert_int_equal(edited(wrong[i].from, wrong[i].to, &got, &why), ERR_INPUT);
        assert_contains(why.text, wrong[i].key);
    }
}

/* A window of 2,048 is trained and looked at in sane memory: no T x T numbers for all heads at once. */
static void test_a_window_of_2048(void **state)
{
    (void)state;
    const char *const extra[] = {"race=transformer-dpa", "task.kind=find-zero", "task.context=2048",
                                 "task.length=1500", "train.batch=1", "model.heads=4", NULL};
    struct race *race = make_race(1, extra);
    struct failure why;
    must(race_train_one(race, 0, &why), &why);
    assert_true(race->contestants[0].loss > 0);
    assert_true(race->work.need < (size_t)64 << 20);
    race_free(race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distances_span_the_test),
        cmocka_unit_test(test_every_copied_number_counts),
        cmocka_unit_test(test_inside_and_outside),
        cmocka_unit_test(test_the_representation_difference),
        cmocka_unit_test(test_windows_that_weights_allow),
        cmocka_unit_test(test_evaluations_carry_them),
        cmocka_unit_test(test_records_keep_them),
        cmocka_unit_test(test_wrong_records_are_named),
        cmocka_unit_test(test_a_window_of_2048),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
