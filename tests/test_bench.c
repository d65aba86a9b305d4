/* The bench: what it counts, what it measures, what it prints. */
#include "heed_test.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "scratch.h"
#include "tasks.h"
#include "train/bench.h"
#include "train/race.h"

/* The race of one contestant that `settings` ask for, resolved. */
static void build(struct race_config *race, const char *const *settings)
{
    struct plan plan = {0};
    struct failure why = {.text = ""};

    for (int i = 0; settings[i]; i++)
        assert_int_equal(plan_add_flag(&plan, settings[i], &why), 0);
    assert_int_equal(plan_add_flag(&plan, "train.threads=1", &why), 0);
    assert_int_equal(plan_build(&plan, race, &why), 0);
    assert_int_equal(race_resolve(race, &why), 0);
    plan_release(&plan);
}

static double gflop(const char *const *settings)
{
    struct race_config config;
    struct race *race;
    struct failure why;

    build(&config, settings);
    assert_int_equal(race_new(&race, &config, kern_best(), true, &why), 0);
    double g =
        bench_gflop(race->contestants[0].model, race->batch.positions, race->batch.sequences);
    race_free(race);
    return g;
}
#define GFLOP(...) gflop((const char *const[]){__VA_ARGS__, NULL})

static void assert_near(double got, double want)
{
    if (fabs(got - want) > 1e-9 * fabs(want))
        print_error("%.12g, not %.12g\n", got, want);
    assert_true(fabs(got - want) <= 1e-9 * fabs(want));
}

/* Symbols of heed's manual, which changes with it. */
static int text_symbols(void)
{
    struct task *task = make_task("task.kind=text");
    int count = task->alphabet.count;
    task_free(task);
    assert_true(count >= 90 && count <= 120);
    return count;
}

/* Counted by hand: V = 20, T = 32, B = 64, so 2048 tokens. */
static void test_products_of_the_cases(void **state)
{
    const struct {
        const char *name;
        double products; /* of forward: multiplications of matrices with tokens, and of attention */
    } want[] = {
        {"tiny-transformer", 2048.0 * (4 * 32 * 32 + 2 * 32 * 128 + 32 * 20) + 64 * 528 * 2 * 32},
        {"tiny-cisformer", 2048.0 * (4 * 32 * 32 + 2 * 32 * 128 + 32 * 20) + 64 * 528 * 2 * 32},
        {"tiny-lstm", 2048.0 * (2 * 128 * 32 + 32 * 20)},
        {"tiny-mlp", 64.0 * (1024 * 256 + 256 * 256 + 256 * 20)},
        {"small-transformer", 2048.0 * (4 * 12 * 128 * 128 + 128 * 20) + 16.0 * 8256 * 2 * 128 * 4},
        {"medium-transformer",
         1024.0 * (6 * 12 * 256 * 256 + 256 * 20) + 4.0 * 32896 * 2 * 256 * 6},
        {"text", 2048.0 * (4 * (4 * 128 * 128 + 3 * 128 * 352) + 128 * text_symbols()) +
                     16.0 * 8256 * 2 * 128 * 4},
        /* 64 patches and the time, two long skips, all pairs in attention */
        {"images", 1040.0 * (5 * 12 + 2 * 2) * 128 * 128 + 1024.0 * 2 * 4 * 128 +
                       16.0 * 128 * 128 + 16.0 * 65 * 65 * 2 * 128 * 5},
    };
    int count;
    const struct bench_case *cases = bench_cases(&count);

    (void)state;
    assert_int_equal(count, sizeof want / sizeof *want);
    for (int i = 0; i < count; i++) {
        assert_string_equal(cases[i].name, want[i].name);
        /* Twice that backward, and two operations for one multiplication with its addition. */
        assert_near(gflop(cases[i].settings), 6 * want[i].products * 1e-9);
    }
}

#define SMALL "model.kind=transformer", "task.context=8", "train.batch=2", "model.dim=8"

static void test_products_follow_the_settings(void **state)
{
    (void)state;
    double plain = GFLOP(SMALL, "model.heads=2");
    /* 16 tokens; a pair costs 2 D in each head, whatever the number of heads. */
    assert_near(plain, 6e-9 * (16 * (12 * 64 + 8 * 20) + 2 * 36 * 2 * 8));
    assert_near(GFLOP(SMALL, "model.heads=1"), plain);
    /* Groups share the tokens among them; their biases are no matrices. */
    assert_near(GFLOP(SMALL, "model.heads=2", "model.groups=3"), plain);
    assert_near(GFLOP(SMALL, "model.heads=2", "model.position=none"), plain);
    /* A gate is one matrix more. */
    assert_near(GFLOP(SMALL, "model.heads=2", "model.activation=silu-gated"),
                plain + 6e-9 * 16 * 8 * 32);
    /* One-hot symbols are looked up like others, and width 24 fits them. */
    assert_near(GFLOP("model.kind=transformer", "task.context=8", "train.batch=2", "model.dim=24",
                      "model.embedding=onehot"),
                6e-9 * (16 * (12 * 576 + 24 * 20) + 2 * 36 * 2 * 24));
}

/* Linear attention goes by sums from T = 96 + 2 D on: with D = 8 a position costs 2 * 8 * 9 forward
   and 3 * 8 * 9 + 64 backward, a pair within 16 positions 17 and 33. 120 positions have 7 * 136 +
   36 such pairs. */
static void test_products_of_the_form_that_runs(void **state)
{
    (void)state;
#define LINEAR(context)                                                                            \
    GFLOP("model.kind=transformer", "train.batch=2", "model.dim=8", "model.heads=1",               \
          "attn.kind=linear", "task.context=" context)
    const double matrices = 3 * 2 * (12 * 64 + 8 * 20);
    assert_near(LINEAR("111"), 2e-9 * (111 * matrices + 2 * 6 * 8 * 111 * 112 / 2));
    assert_near(LINEAR("120"), 2e-9 * (120 * matrices + 2 * (120 * 424 + 988 * 50)));
}

static void test_steps_are_measured(void **state)
{
    struct race_config config;
    struct bench_result r;
    struct failure why;
    static const char *const settings[] = {SMALL, "model.heads=2", NULL};

    (void)state;
    build(&config, settings);
    assert_int_equal(bench_train(&r, &config, kern_best(), 0, &why), 0);
    assert_int_equal(r.steps, BENCH_STEPS);
    assert_true(r.ms_per_step > 0 && r.ms_per_step < 1000);
    assert_near(r.tokens_per_step, 16);
    assert_near(r.gflop_per_step, 6e-9 * (16 * (12 * 64 + 8 * 20) + 2 * 36 * 2 * 8));
    /* V C + T C, a block of 4 C^2 + 2 (4 C^2) + 5 C and two norms, the last norm, the head. */
    assert_int_equal(r.parameters, 160 + 64 + 12 * 64 + 40 + 32 + 16 + 180);
    assert_true(r.resident_mb > 1 || !isfinite(r.resident_mb));
    /* More time, more steps. */
    assert_int_equal(bench_train(&r, &config, kern_best(), 0.2, &why), 0);
    assert_true(r.steps > BENCH_STEPS);
}

/* A rate beyond all bounds: the failure of training is the bench's. */
static void test_a_model_that_bursts_is_named(void **state)
{
    struct race_config config;
    struct bench_result r;
    struct failure why;
    static const char *const settings[] = {SMALL, "model.heads=2", NULL};

    (void)state;
    build(&config, settings);
    config.contestants[0].train.learning_rate = 1e38;
    config.contestants[0].train.warmup = 0;
    assert_int_equal(bench_train(&r, &config, kern_best(), 0, &why), ERR_NUMBER);
    assert_contains(why.text, "not finite");
}

static void test_ceilings_are_the_best_seen(void **state)
{
    struct bench_ceilings best = {0}, plain = {0};
    struct failure why;

    (void)state;
    assert_int_equal(bench_ceilings(&best, kern_best(), 1, 0.05, &why), 0);
    assert_true(best.peak_gflops > 0.01 && best.copy_gbs > 0.01);
    assert_int_equal(bench_ceilings(&plain, kern_get(ISA_REF), 1, 0.05, &why), 0);
    if (kern_best()->lanes > 1)
        assert_true(best.peak_gflops > 2 * plain.peak_gflops);
    best.peak_gflops = best.copy_gbs = 1e9;
    assert_int_equal(bench_ceilings(&best, kern_best(), 1, 0.05, &why), 0);
    assert_true(best.peak_gflops == 1e9 && best.copy_gbs == 1e9);
}

/* --- the command ----------------------------------------------------------------------------- */

enum { WORDS = 20 };

/* Run `heed bench words...` in this process in an empty folder; standard output is returned. */
static char *bench(int *code, ...)
{
    char *argv[WORDS + 3] = {"heed", "bench"};
    int argc = 2, saved[2];
    va_list words;

    va_start(words, code);
    while (argc <= WORDS && (argv[argc] = va_arg(words, char *)))
        argc++;
    va_end(words);
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        int fd = open(in_scratch(i ? "err" : "out"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        assert_true(fd >= 0);
        saved[i] = dup(i + 1);
        dup2(fd, i + 1);
        close(fd);
    }
    *code = cli_main(argc, argv);
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        dup2(saved[i], i + 1);
        close(saved[i]);
    }
    return get_file(in_scratch("out"), NULL);
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value))
        print_error("%s is no number\n", key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void check_case(const json_t *c, double peak)
{
    /* two windows of 8 symbols, or images of 64 patches and their time */
    int tokens = strcmp(json_string_value(json_object_get(c, "name")), "images") ? 16 : 130;
    assert_int_equal(json_object_size(c), 9);
    double steps = number(c, "steps_per_second");
    assert_true(fabs(number(c, "ms_per_step") * steps - 1000) < 1e-3);
    assert_true(fabs(number(c, "tokens_per_second") / steps - tokens) < 1e-6);
    assert_true(fabs(number(c, "gflop_per_step") * steps / number(c, "gflops") - 1) < 1e-6);
    assert_true(fabs(number(c, "share_of_peak") * peak / number(c, "gflops") - 1) < 1e-6);
    assert_true(number(c, "parameters") > 0);
    const json_t *resident = json_object_get(c, "resident_mb");
    assert_true(json_is_null(resident) || json_number_value(resident) > 1);
}

#define MINUTE                                                                                     \
    "--seconds", "0", "--threads", "1", "-s", "task.context=8", "-s", "train.batch=2", "-s",       \
        "model.dim=8"

static void test_json_has_its_fields(void **state)
{
    int code, count;
    const struct bench_case *cases = bench_cases(&count);

    (void)state;
    char *text = bench(&code, "--json", "--isa", "scalar", MINUTE, "-s", "model.groups=auto", NULL);
    assert_int_equal(code, 0);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_int_equal(json_object_size(root), 5);
    assert_string_equal(json_string_value(json_object_get(root, "isa")), "scalar");
    assert_int_equal(number(root, "threads"), 1);
    assert_true(number(root, "copy_gbs") > 0);
    const json_t *list = json_object_get(root, "cases");
    assert_int_equal(json_array_size(list), count);
    for (int i = 0; i < count; i++) {
        const json_t *c = json_array_get(list, (size_t)i);
        assert_string_equal(json_string_value(json_object_get(c, "name")), cases[i].name);
        check_case(c, number(root, "peak_gflops"));
    }
    json_decref(root);
    free(text);
}

static int entries(const char *path)
{
    int n = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n - 2;
}

static void test_one_case_as_a_table(void **state)
{
    int code;

    (void)state;
    mkdir(in_scratch("empty"), 0700);
    assert_int_equal(setenv("XDG_STATE_HOME", in_scratch("empty"), 1), 0);
    char *text = bench(&code, "--case", "tiny-lstm", MINUTE, NULL);
    assert_int_equal(code, 0);
    assert_contains(text, kern_best()->name);
    assert_contains(text, ", 1 thread: peak ");
    assert_contains(text, "\ntiny-lstm ");
    assert_null(strstr(text, "tiny-mlp"));
    /* The header, two ceilings, one case: all columns end where their names do. */
    const char *header = strstr(text, "case "), *row = strstr(text, "\ntiny-lstm");
    assert_non_null(header);
    assert_int_equal(strcspn(header, "\n"), strcspn(row + 1, "\n"));
    assert_int_equal(entries(in_scratch("empty")), 0);
    free(text);
}

static void test_help_names_the_cases(void **state)
{
    int code, count;
    const struct bench_case *cases = bench_cases(&count);

    (void)state;
    char *text = bench(&code, "--help", NULL);
    assert_int_equal(code, 0);
    for (int i = 0; i < count; i++)
        assert_contains(text, cases[i].name);
    free(text);
}

static void test_wrong_words(void **state)
{
    static const struct {
        const char *words[3], *says;
    } table[] = {
        {{"--case", "tiny-lst"}, "did you mean tiny-lstm?"},
        {{"--case", "huge"}, "medium-transformer"},
        {{"--isa", "sse9"}, "sse9"},
        {{"--seconds", "-1"}, "--seconds -1"},
        {{"-s", "race=lstm,mlp"}, "a case is one model"},
        {{"-s", "model.heads=7"}, "model.heads"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int code;
        char *out = bench(&code, table[i].words[0], table[i].words[1], NULL);
        char *err = get_file(in_scratch("err"), NULL);
        assert_int_equal(code, 2);
        assert_string_equal(out, "");
        assert_contains(err, table[i].says);
        free(out);
        free(err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products_of_the_cases),
        cmocka_unit_test(test_products_follow_the_settings),
        cmocka_unit_test(test_products_of_the_form_that_runs),
        cmocka_unit_test(test_steps_are_measured),
        cmocka_unit_test(test_a_model_that_bursts_is_named),
        cmocka_unit_test(test_ceilings_are_the_best_seen),
        cmocka_unit_test(test_json_has_its_fields),
        cmocka_unit_test(test_one_case_as_a_table),
        cmocka_unit_test(test_help_names_the_cases),
        cmocka_unit_test(test_wrong_words),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
