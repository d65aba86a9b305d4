/* Sweeps: the file, the runs it stands for, the groups, the tables and results. */
#include "heed_test.h"

#include <math.h>
#include "base/embed.h"
#include "scratch.h"
#include "train/board.h"

static const char text[] = "; a ladder\n"
                           "[race]\n"
                           "cast = transformer-dpa,transformer-ea\n"
                           "[task]\n"
                           "kind = nt\n"
                           "[sweep]\n"
                           "task.tau = 2 | 5 | 2,5,9 ; three levels\n"
                           "train.learning_rate = 0.01 | 0.003\n"
                           "train.steps = 40\n"
                           "train.seed = 1..3\n"
                           "[train]\n"
                           "batch = 8\n";

static struct sweep sweep;

static void parse(const char *s)
{
    struct failure why;
    int code = sweep_parse(&sweep, s, "x.sweep", &why);
    if (code)
        print_error("%s\n", why.text);
    assert_int_equal(code, 0);
}

static void refuse(const char *s, const char *part)
{
    struct failure why = {0};
    assert_true(sweep_parse(&sweep, s, "x.sweep", &why) < 0);
    assert_contains(why.text, part);
}

static void test_every_combination_is_a_run(void **state)
{
    (void)state;
    struct race_config race;
    struct failure why;
    char name[SWEEP_NAME];
    parse(text);
    assert_int_equal(sweep.runs, 18);
    assert_int_equal(sweep.axis_count, 3);
    assert_int_equal(sweep.axis[1].role, SWEEP_RATE);
    assert_int_equal(sweep.axis[2].role, SWEEP_SEED);
    sweep_run_name(&sweep, 17, name);
    assert_string_equal(name, "tau=2,5,9,learning_rate=0.003,seed=3");
    assert_int_equal(sweep_race(&sweep, 8, &race, &why), 0);
    assert_int_equal(race.count, 2);
    assert_string_equal(race.contestants[0].task.tau, "5");
    assert_true(race.contestants[1].train.learning_rate == 0.01);
    assert_int_equal(race.contestants[0].train.seed, 3);
    /* One value is no axis, and beats the sections; what stands after [sweep] counts too. */
    assert_int_equal(race.contestants[0].train.steps, 40);
    assert_int_equal(race.contestants[0].train.batch, 8);
    sweep_release(&sweep);
}

static void test_names_tell_keys_apart(void **state)
{
    (void)state;
    char name[SWEEP_NAME];
    parse("[race]\ncast = transformer-dpa,lstm\n[sweep]\nlstm.train.learning_rate = 0.1 | 0.2\n"
          "train.learning_rate = 0.3 | 0.4\ntask.rules = a/b | none\n");
    sweep_run_name(&sweep, 0, name);
    assert_string_equal(name,
                        "lstm.train.learning_rate=0.1,train.learning_rate=0.3,rules=a_b");
    sweep_release(&sweep);
}

static void test_a_preset_is_a_base(void **state)
{
    (void)state;
    struct race_config race;
    struct failure why;
    parse("[sweep]\npreset = delay-copy\nmodel.position = rope | alibi\n[model]\nlayers = 2\n");
    assert_int_equal(sweep_race(&sweep, 1, &race, &why), 0);
    assert_string_equal(race.contestants[0].task.kind, "delay-copy");
    assert_int_equal(race.contestants[0].model.layers, 2);
    assert_int_equal(race.contestants[0].model.position, POSITION_ALIBI);
    assert_string_equal(race.preset, "delay-copy");
    sweep_release(&sweep);
}

static void test_wrong_files_name_the_line(void **state)
{
    (void)state;
    refuse("[sweep]\n", "no axis");
    refuse("[sweep]\ntask.tua = 2 | 3\n", "x.sweep:2: unknown key task.tua: did you mean task.tau?");
    refuse("[task]\nkind = nt\n[sweep]\ntask.base = 4 | 1000\n", "x.sweep:4: task.base must be");
    refuse("[sweep]\ntask.base = 4 | | 8\n", "x.sweep:2: an empty value");
    refuse("[sweep]\ntask.base = 4 | 8 | 4\n", "x.sweep:2: task.base has the value 4 twice");
    refuse("[sweep]\ntask.base = 4 | 8\n\ntask.base = 4 | 9\n",
           "x.sweep:4: task.base stands in x.sweep:2 already");
    refuse("[sweep]\ntask.base\n", "x.sweep:2: no key = values");
    refuse("[sweep]\ntrain.seed = 5..1\n", "ends before it begins");
    refuse("[sweep]\npreset = delay-coyp\ntask.base = 2 | 3\n", "did you mean delay-copy?");
    refuse("[sweep]\ntask.base = 4\x01 | 8\n", "x.sweep:2: a control character");
    refuse("[sweep]\ntrain.seed = 1..65\n", "more than 64 values");
    refuse("[sweep]\ntrain.seed = 1..64\ntask.base = 2..65\n", "must be");
    refuse("[sweep]\ntrain.seed = 1..64\ntask.base = 2..60\ntask.length = 2..60\n", "more than 4096");
    refuse("[sweep]\ntask.base = 4 | 8\n[race\n", "x.sweep:3:");
    refuse("[sweep]\ntask.rules = a/b | a+b | a~b | a@b\n", "share the folder");
}

/* --- groups ---------------------------------------------------------------------------------- */

static struct sweep_result result(int run, const char *who, double rate, int64_t seed,
                                  int64_t right)
{
    struct sweep_result r = {.run = run, .state = SWEEP_DONE, .seed = seed, .learning_rate = rate,
                             .acc = {right, 100}, .seconds = 2, .loss = 0.5};
    strcpy(r.contestant, who);
    strcpy(r.model, "transformer");
    return r;
}

static void test_the_best_rate_by_its_mean(void **state)
{
    (void)state;
    struct sweep_result results[36];
    struct sweep_group groups[36];
    int count = 0;
    parse(text);
    for (int run = 0; run < 6; run++) {
        double rate = run < 3 ? 0.01 : 0.003;
        /* ea: one lucky seed at 0.01, all good at 0.003. */
        static const int64_t ea[] = {99, 10, 10, 60, 70, 80};
        results[count++] = result(run, "transformer-dpa", rate, run % 3 + 1, run < 3 ? 90 : 50);
        results[count++] = result(run, "transformer-ea", rate, run % 3 + 1, ea[run]);
    }
    assert_int_equal(sweep_groups(&sweep, results, count, groups), 2);
    assert_string_equal(groups[0].contestant, "transformer-dpa");
    assert_int_equal(groups[0].place[0], 0);
    assert_int_equal(groups[0].place[1], -1);
    assert_true(groups[0].rate == 0.01);
    assert_true(groups[1].rate == 0.003);
    assert_int_equal(groups[1].rates, 2);
    assert_int_equal(groups[1].seeds, 3);
    assert_float_equal(groups[1].mean, 0.7, 1e-12);
    assert_float_equal(groups[1].best, 0.8, 1e-12);
    assert_int_equal(groups[1].best_seed, 3);
    assert_float_equal(groups[1].low, 0.6, 1e-12);
    assert_float_equal(groups[1].high, 0.8, 1e-12);
    assert_float_equal(groups[0].low, 0.9, 1e-12);
    assert_false(groups[0].provisional);
    results[0].state = SWEEP_WAITING;
    results[0].acc = (struct score){0};
    results[2].state = SWEEP_FAILED;
    sweep_groups(&sweep, results, count, groups);
    assert_true(groups[0].provisional);
    assert_int_equal(groups[0].failed, 1);
    /* 0.01 has a failed run, which counts as 0, and one of 0.9: a mean of 0.45. */
    assert_true(groups[0].rate == 0.003);
    sweep_release(&sweep);
}

static void test_one_seed_has_wilsons_interval(void **state)
{
    (void)state;
    struct sweep_result r;
    struct sweep_group g;
    double low, high;
    parse(text);
    r = result(0, "transformer-dpa", 0.01, 1, 90);
    assert_int_equal(sweep_groups(&sweep, &r, 1, &g), 1);
    score_wilson(r.acc, &low, &high);
    assert_true(g.low == low && g.high == high && low > 0.8 && high < 0.95);
    sweep_release(&sweep);
}

/* A contestant that an axis does not concern has the same result in several runs: counted once. */
static void test_the_same_result_counts_once(void **state)
{
    (void)state;
    struct sweep_result r[3];
    struct sweep_group g[3];
    parse("[race]\ncast = transformer-dpa,transformer-ea\n[sweep]\n"
          "transformer-ea.train.learning_rate = 0.1 | 0.2 | 0.3\n");
    for (int run = 0; run < 3; run++)
        r[run] = result(run, "transformer-dpa", 0.01, 1, 90);
    assert_int_equal(sweep_groups(&sweep, r, 3, g), 1);
    assert_int_equal(g[0].seeds, 1);
    assert_int_equal(g[0].rates, 1);
    sweep_release(&sweep);
}

static void test_bootstrap(void **state)
{
    (void)state;
    double low, high, values[20];
    for (int i = 0; i < 20; i++)
        values[i] = i % 2;
    sweep_bootstrap(values, 20, &low, &high);
    /* The mean of 20 coins has a standard error of 0.112. */
    assert_float_equal(low, 0.5 - 1.96 * 0.112, 0.05);
    assert_float_equal(high, 0.5 + 1.96 * 0.112, 0.05);
}

/* --- files ----------------------------------------------------------------------------------- */

static void test_results_come_back(void **state)
{
    (void)state;
    struct failure why;
    struct sweep_result out[2] = {result(4, "transformer-dpa", 0.1, 7, 33),
                                  result(4, "lstm", 1.0 / 3, 7, 0)};
    struct sweep_result in[2] = {{.run = 4, .seed = 7}, {.run = 4, .seed = 7}};
    const char *folder = in_scratch("run");
    out[0].subtasks = 2;
    strcpy(out[0].subtask[0], "T2");
    strcpy(out[0].subtask[1], "T5");
    out[0].subtask_acc[1] = (struct score){3, 9};
    out[1].state = SWEEP_FAILED;
    out[1].loss = NAN;
    strcpy(in[0].contestant, "transformer-dpa");
    strcpy(in[1].contestant, "lstm");
    assert_int_equal(fsio_make_folder(folder, &why), 0);
    assert_int_equal(sweep_read_result(folder, in, 2, &why), 0);
    assert_int_equal(sweep_write_result(folder, out, 2, &why), 0);
    assert_int_equal(sweep_read_result(folder, in, 2, &why), 1);
    assert_int_equal(in[0].state, SWEEP_DONE);
    assert_int_equal(in[0].acc.right, 33);
    assert_string_equal(in[0].subtask[1], "T5");
    assert_int_equal(in[0].subtask_acc[1].right, 3);
    assert_true(in[1].learning_rate == 1.0 / 3);
    assert_int_equal(in[1].state, SWEEP_FAILED);
    assert_true(isnan(in[1].loss));
    /* Of another race, or torn. */
    strcpy(in[1].contestant, "mlp");
    assert_int_equal(sweep_read_result(folder, in, 2, &why), ERR_INPUT);
    assert_contains(why.text, "result.json: is damaged or of another race");
    put_file(in_scratch("run/result.json"), "[{\"name\": 1}", 12);
    assert_int_equal(sweep_read_result(folder, in, 2, &why), ERR_INPUT);
}

static void test_a_run_that_goes_on(void **state)
{
    (void)state;
    struct failure why;
    struct sweep_result r[2] = {{.seed = 1}, {.seed = 1}};
    const char *folder = in_scratch("going");
    static const char lines[] =
        "{\"kind\":\"eval\",\"contestant\":\"a\",\"step\":10,\"acc_right\":3,\"acc_n\":9,"
        "\"loss\":1.5,\"seconds\":2}\n"
        "no json\n"
        "{\"kind\":\"eval\",\"contestant\":\"b\",\"step\":10,\"acc_right\":10,\"acc_n\":9}\n"
        "{\"kind\":\"step\",\"contestant\":\"a\",\"step\":20}\n"
        "{\"kind\":\"step\",\"contestant\":\"b\",\"step\":3"; /* torn */
    strcpy(r[0].contestant, "a");
    strcpy(r[1].contestant, "b");
    assert_int_equal(fsio_make_folder(folder, &why), 0);
    assert_int_equal(sweep_peek(folder, r, 2, &why), 0);
    assert_int_equal(r[0].state, SWEEP_WAITING);
    put_file(in_scratch("going/config.ini"), "x", 1);
    put_file(in_scratch("going/metrics.jsonl"), lines, sizeof lines - 1);
    assert_int_equal(sweep_peek(folder, r, 2, &why), 0);
    assert_int_equal(r[0].state, SWEEP_RUNNING);
    assert_int_equal(r[0].step, 20);
    assert_int_equal(r[0].acc.right, 3);
    assert_int_equal(r[1].step, 10);
    assert_int_equal(r[1].acc.count, 0); /* more right than there were */
}

/* One damaged result.json says so of its run alone, until it is whole. */
static void test_a_damaged_result(void **state)
{
    (void)state;
    struct failure why = {0};
    struct board board;
    struct sweep_group groups[40];
    char folder[FSIO_PATH], path[FSIO_PATH];
    parse(text);
    assert_int_equal(board_open(&board, &sweep, in_scratch("hurt"), &why), 0);
    for (int run = 1; run < 4; run++) {
        assert_int_equal(board_run_folder(&board, run, folder, &why), 0);
        assert_int_equal(fsio_make_folder(folder, &why), 0);
        struct sweep_result *r = &board.results[board.first[run]];
        struct sweep_result own[2] = {r[0], r[1]};
        own[0].state = own[1].state = SWEEP_DONE;
        own[0].acc = own[1].acc = (struct score){50 + run, 100};
        assert_int_equal(sweep_write_result(folder, own, 2, &why), 0);
    }
    assert_int_equal(board_run_folder(&board, 2, folder, &why), 0);
    assert_int_equal(fsio_join(path, folder, "result.json", &why), 0);
    size_t size;
    char *whole = get_file(path, &size);
    put_file(path, "[{\"na", 6);
    assert_int_equal(board_refresh(&board, &why), ERR_INPUT);
    assert_contains(why.text, "result.json: is damaged");
    assert_int_equal(board_ended(&board), 2);
    assert_int_equal(board_damaged(&board), 1);
    assert_int_equal(board.results[board.first[3]].acc.right, 53);
    assert_int_equal(board.results[board.first[2]].state, SWEEP_DAMAGED);
    assert_int_equal(board.results[board.first[2]].acc.count, 0);
    assert_true(sweep_groups(&board.sweep, board.results, board.count, groups) > 0);
    assert_int_equal(groups[0].damaged, 1);
    assert_int_equal(groups[0].done, 2);
    put_file(path, whole, size);
    assert_int_equal(board_refresh(&board, &why), 0);
    assert_int_equal(board_ended(&board), 3);
    assert_int_equal(board_damaged(&board), 0);
    assert_int_equal(board.results[board.first[2]].acc.right, 52);
    free(whole);
    board_release(&board);
}

static void test_tables(void **state)
{
    (void)state;
    struct failure why;
    struct board board;
    const char *folder = in_scratch("sweep");
    size_t size;
    parse(text);
    assert_int_equal(board_open(&board, &sweep, folder, &why), 0);
    assert_int_equal(board.count, 36);
    assert_string_equal(board.results[5].contestant, "transformer-ea");
    assert_int_equal(board.results[5].seed, 3);
    assert_int_equal(board.results[5].steps, 40);
    board.results[0].state = SWEEP_DONE;
    board.results[0].acc = (struct score){90, 100};
    assert_int_equal(fsio_make_folder(folder, &why), 0);
    int lock = sweep_lock(folder, &why);
    assert_true(lock >= 0);
    assert_int_equal(sweep_write_table(folder, &board.sweep, board.results, board.count, &why), 0);
    sweep_unlock(lock);
    char *csv = get_file(in_scratch("sweep/table.csv"), &size);
    assert_contains(csv, "run,contestant,task.tau,train.learning_rate,train.seed,state,");
    assert_contains(csv, "\n\"tau=2,learning_rate=0.01,seed=1\",transformer-dpa,2,0.01,1,done,1,0,40,"
                         "0.01,0.9,0.825634,0.944771,100,,yes,1,");
    assert_contains(csv, "\n\"tau=2,5,9,learning_rate=0.003,seed=3\",transformer-ea,\"2,5,9\",");
    char *json = get_file(in_scratch("sweep/table.json"), &size);
    assert_contains(json, "\"best_of_rates\": 1");
    assert_contains(json, "\"interval\": \"Wilson\"");
    free(csv);
    free(json);
    board_release(&board);
}

static void test_shipped_sweeps_can_be_climbed(void **state)
{
    (void)state;
    int found = 0;
    for (const struct embedded *e = embedded_sweeps; e->name; e++, found++) {
        struct board board;
        struct failure why;
        assert_int_equal(sweep_parse(&sweep, e->text, e->name, &why), 0);
        assert_int_equal(board_open(&board, &sweep, "nowhere", &why), 0);
        assert_int_equal(e->text[0], ';'); /* what `heed list sweeps` says */
        board_release(&board);
    }
    assert_true(found > 0);
}

static void test_a_run_that_cannot_be_is_named(void **state)
{
    (void)state;
    struct board board;
    struct failure why;
    parse("[sweep]\nmodel.dim = 32 | 30\ntrain.seed = 1 | 2\n");
    assert_int_equal(board_open(&board, &sweep, "nowhere", &why), ERR_USAGE);
    assert_contains(why.text, "dim=30,seed=1: ");
    parse("[task]\nkind = nt\n[sweep]\ntask.tau = 5 | 400\n");
    assert_int_equal(board_open(&board, &sweep, "nowhere", &why), ERR_USAGE);
    assert_contains(why.text, "tau=400: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_combination_is_a_run),
        cmocka_unit_test(test_names_tell_keys_apart),
        cmocka_unit_test(test_a_preset_is_a_base),
        cmocka_unit_test(test_wrong_files_name_the_line),
        cmocka_unit_test(test_the_best_rate_by_its_mean),
        cmocka_unit_test(test_one_seed_has_wilsons_interval),
        cmocka_unit_test(test_the_same_result_counts_once),
        cmocka_unit_test(test_bootstrap),
        cmocka_unit_test(test_results_come_back),
        cmocka_unit_test(test_a_run_that_goes_on),
        cmocka_unit_test(test_a_damaged_result),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_shipped_sweeps_can_be_climbed),
        cmocka_unit_test(test_a_run_that_cannot_be_is_named),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
