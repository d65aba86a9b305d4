/* metrics.jsonl: what is written is read back, whatever happens to the file between. */
#include "heed_test.h"
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include "base/clock.h"
#include "base/text.h"
#include "scratch.h"
#include "store/run.h"

/* Symbols 0..3, I, A. */
static struct alphabet letters(void)
{
    struct alphabet a = {.count = 6, .numbers = 4, .subtasks = 2, .control_id = {4, 5}};
    static const char *const names[] = {"0", "1", "2", "3", "I", "A"};
    for (int i = 0; i < 6; i++) {
        strcpy(a.name[i], names[i]);
        a.control[i] = (signed char)(i < 4 ? -1 : i - 4);
    }
    return a;
}

static struct record evaluation_record(void)
{
    struct record r = {.kind = RECORD_EVAL, .step = 250, .seconds = 1.1, .race_seconds = 1.0 / 3};
    strcpy(r.contestant, "transformer-dpa");
    r.eval = (struct evaluation){.valid = true,
                                 .step = 250,
                                 .windows = 4096,
                                 .loss = 0.1 + 0.2,
                                 .acc = {900, 1000},
                                 .all = {1000, 1200},
                                 .loss_count = 4000,
                                 .all_ceiling = 0.875,
                                 .subtask = {{500, 520}, {400, 480}},
                                 .since = {{1, 2}, {0, 0}, {30, 40}}};
    return r;
}

static struct record step_record(int64_t step)
{
    struct record r = {.kind = RECORD_STEP,
                       .step = step,
                       .seconds = 2.5,
                       .race_seconds = 4,
                       .loss = {1.25, 1, 1.5, 9, 1},
                       .grad_norm = {0.1, 0.05, 0.7, 10, 0},
                       .learning_rate = 0.01,
                       .tokens_per_second = 123456.789};
    strcpy(r.contestant, "lstm");
    return r;
}

static void same_scores(const struct score *a, const struct score *b, int count)
{
    for (int i = 0; i < count; i++) {
        assert_int_equal(a[i].right, b[i].right);
        assert_int_equal(a[i].count, b[i].count);
    }
}

/* Equal to the last bit; NaN equals NaN. */
static void same_number(double a, double b)
{
    assert_true(a == b || (isnan(a) && isnan(b)));
}

static void same_record(const struct record *a, const struct record *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_string_equal(a->contestant, b->contestant);
    assert_string_equal(a->message, b->message);
    assert_int_equal(a->step, b->step);
    same_number(a->seconds, b->seconds);
    same_number(a->race_seconds, b->race_seconds);
    same_number(a->loss.mean, b->loss.mean);
    same_number(a->loss.low, b->loss.low);
    same_number(a->loss.high, b->loss.high);
    assert_int_equal(a->loss.samples, b->loss.samples);
    assert_int_equal(a->loss.lost, b->loss.lost);
    same_number(a->grad_norm.mean, b->grad_norm.mean);
    same_number(a->grad_norm.low, b->grad_norm.low);
    same_number(a->grad_norm.high, b->grad_norm.high);
    assert_int_equal(a->grad_norm.samples, b->grad_norm.samples);
    assert_int_equal(a->grad_norm.lost, b->grad_norm.lost);
    same_number(a->learning_rate, b->learning_rate);
    same_number(a->tokens_per_second, b->tokens_per_second);
    assert_int_equal(a->eval.valid, b->eval.valid);
    assert_int_equal(a->eval.step, b->eval.step);
    assert_int_equal(a->eval.windows, b->eval.windows);
    same_number(a->eval.loss, b->eval.loss);
    assert_int_equal(a->eval.loss_count, b->eval.loss_count);
    same_number(a->eval.all_ceiling, b->eval.all_ceiling);
    same_scores(&a->eval.acc, &b->eval.acc, 1);
    same_scores(&a->eval.all, &b->eval.all, 1);
    same_scores(a->eval.subtask, b->eval.subtask, MAX_SUBTASKS);
    same_scores(a->eval.since, b->eval.since, MAX_SINCE);
}

/* An empty run in <scratch>/<name>, made by hand; run_open asks for a config.ini only. */
static void begin(struct run *run, struct record_reader *reader, const char *name)
{
    struct failure why = {0};
    char config[64], metrics[64];
    snprintf(config, sizeof config, "%s/config.ini", name);
    snprintf(metrics, sizeof metrics, "%s/metrics.jsonl", name);
    assert_int_equal(fsio_make_folder(in_scratch(name), &why), 0);
    put_file(in_scratch(config), "; empty\n", 8);
    put_file(in_scratch(metrics), "", 0);
    assert_int_equal(run_open(run, in_scratch(name), &why), 0);
    assert_int_equal(record_reader_init(reader, in_scratch(name), &why), 0);
}

static void end(struct run *run, struct record_reader *reader)
{
    run_close(run);
    record_reader_release(reader);
}

static void raw(struct run *run, const char *text)
{
    assert_int_equal(fwrite(text, 1, strlen(text), run->metrics), strlen(text));
}

static void every_kind_comes_back(void **state)
{
    (void)state;
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct record got, written[4] = {evaluation_record(), step_record(10)};
    written[2] = (struct record){.kind = RECORD_RESUME, .contestant = "mlp", .step = 0};
    written[3] = (struct record){.kind = RECORD_FAILURE,
                                 .contestant = "mlp",
                                 .step = 7,
                                 .message = "the loss is NaN: \"quoted\", \xc3\xa9"};
    begin(&run, &reader, "kinds");
    assert_int_equal(record_read(&reader, &a, &got, NULL), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(run_append(&run, &written[i], &a, NULL), 0);
    assert_int_equal(run_flush(&run, NULL), 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(record_read(&reader, &a, &got, NULL), 1);
        same_record(&got, &written[i]);
        assert_int_equal(reader.line, i + 1);
    }
    assert_int_equal(record_read(&reader, &a, &got, NULL), 0);
    end(&run, &reader);
}

static void fields_are_named_as_documented(void **state)
{
    (void)state;
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct record eval = evaluation_record();
    eval.eval.acc = (struct score){0, 0};
    begin(&run, &reader, "fields");
    assert_int_equal(run_append(&run, &eval, &a, NULL), 0);
    end(&run, &reader);
    char *line = get_file(in_scratch("fields/metrics.jsonl"), NULL);
    assert_string_equal(
        line, "{\"kind\":\"eval\",\"contestant\":\"transformer-dpa\",\"step\":250,"
              "\"seconds\":1.1000000000000001,\"race_seconds\":0.33333333333333331,"
              "\"windows\":4096,\"loss\":0.30000000000000004,\"loss_n\":4000,"
              "\"bits\":0.43280851226668909,"
              "\"acc\":null,\"acc_right\":0,\"acc_n\":0,\"acc_low\":0.0,\"acc_high\":1.0,"
              "\"acc_all\":0.83333333333333337,\"acc_all_right\":1000,\"acc_all_n\":1200,"
              "\"acc_all_ceiling\":0.875,"
              "\"tasks\":{\"I\":0.96153846153846156,\"A\":0.83333333333333337},"
              "\"tasks_right\":{\"I\":500,\"A\":400},\"tasks_n\":{\"I\":520,\"A\":480},"
              "\"switch\":[0.5,null,0.75],\"switch_right\":[1,0,30],\"switch_n\":[2,0,40]}\n");
    free(line);
}

static void what_is_not_finite_is_null(void **state)
{
    (void)state;
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct record got, r = step_record(3);
    r.loss.mean = NAN;
    r.loss.low = INFINITY;
    r.grad_norm.high = -INFINITY;
    begin(&run, &reader, "nan");
    assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    char *line = get_file(in_scratch("nan/metrics.jsonl"), NULL);
    assert_contains(line, "\"loss\":null,\"loss_low\":null,\"loss_high\":1.5");
    free(line);
    assert_int_equal(record_read(&reader, &a, &got, NULL), 1);
    r.loss.low = r.grad_norm.high = NAN;
    same_record(&got, &r);
    end(&run, &reader);
}

static void torn_line_waits_for_its_rest(void **state)
{
    (void)state;
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct record got, r = step_record(1);
    begin(&run, &reader, "torn");
    assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    raw(&run, "{\"kind\":\"resume\",\"contestant\":\"ls");
    assert_int_equal(record_read(&reader, &a, &got, NULL), 1);
    assert_int_equal(record_read(&reader, &a, &got, NULL), 0);
    assert_int_equal(record_read(&reader, &a, &got, NULL), 0);
    raw(&run, "tm\",\"step\":5,\"seconds\":0,\"race_seconds\":1}");
    assert_int_equal(record_read(&reader, &a, &got, NULL), 0);
    raw(&run, "\n");
    assert_int_equal(record_read(&reader, &a, &got, NULL), 1);
    assert_int_equal(got.kind, RECORD_RESUME);
    assert_int_equal(got.step, 5);
    assert_string_equal(got.contestant, "lstm");
    end(&run, &reader);
}

static void reopening_closes_a_torn_line(void **state)
{
    (void)state;
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct failure why = {0};
    struct record got, r = step_record(1);
    begin(&run, &reader, "reopen");
    assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    raw(&run, "{\"kind\":\"st");
    run_close(&run);
    assert_int_equal(run_open(&run, in_scratch("reopen"), &why), 0);
    assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    run_close(&run);
    assert_int_equal(run_open(&run, in_scratch("reopen"), &why),
                     0); /* nothing torn: adds nothing */
    assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    assert_int_equal(record_read(&reader, &a, &got, &why), 1);
    assert_int_equal(record_read(&reader, &a, &got, &why), ERR_INPUT);
    assert_contains(why.text, "reopen/metrics.jsonl:2: no JSON");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(record_read(&reader, &a, &got, &why), 1);
        same_record(&got, &r);
    }
    assert_int_equal(record_read(&reader, &a, &got, &why), 0);
    assert_int_equal(reader.line, 4);
    end(&run, &reader);
}

static void full_disk_costs_one_line(void **state)
{
    (void)state;
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct failure why = {0};
    struct record got, r = step_record(1);
    begin(&run, &reader, "full");
    disk_ends_at(100); /* in the middle of a line; after that nothing fits at all */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(run_append(&run, &r, &a, &why), ERR_IO);
        assert_contains(why.text, "full/metrics.jsonl: cannot be written: File too large: make");
    }
    disk_ends_at(RLIM_INFINITY);
    assert_int_equal(run_append(&run, &r, &a, &why), 0);
    assert_int_equal(run_append(&run, &r, &a, &why), 0);
    assert_int_equal(record_read(&reader, &a, &got, &why), ERR_INPUT);
    assert_contains(why.text, "full/metrics.jsonl:1: no JSON");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(record_read(&reader, &a, &got, &why), 1);
        same_record(&got, &r);
    }
    assert_int_equal(record_read(&reader, &a, &got, &why), 0);
    end(&run, &reader);
}

static void disk_full_between_lines_costs_none(void **state)
{
    (void)state;
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct failure why = {0};
    struct record got, r = step_record(1);
    begin(&run, &reader, "brim");
    assert_int_equal(run_append(&run, &r, &a, &why), 0);
    disk_ends_at((rlim_t)ftell(run.metrics));
    assert_int_equal(run_append(&run, &r, &a, &why), ERR_IO);
    disk_ends_at(RLIM_INFINITY);
    assert_int_equal(run_append(&run, &r, &a, &why), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(record_read(&reader, &a, &got, &why), 1);
    assert_int_equal(record_read(&reader, &a, &got, &why), 0);
    end(&run, &reader);
}

static void wrong_lines_are_named_and_passed(void **state)
{
    (void)state;
#define HEAD "\"contestant\":\"lstm\",\"step\":1,\"seconds\":0,\"race_seconds\":0"
#define EVAL                                                                                       \
    "{\"kind\":\"eval\"," HEAD ",\"windows\":1,\"loss\":1,\"acc_right\":0,\"acc_n\":1,"            \
    "\"acc_all_right\":0,\"acc_all_n\":1,\"acc_all_ceiling\":1,"
    static const struct {
        const char *line, *message;
    } wrong[] = {
        {"", "no JSON"},
        {"[]", "\"kind\" is missing or wrong"},
        {"{\"kind\":\"dance\"," HEAD "}", "\"kind\""},
        {"{\"kind\":\"resume\"," HEAD ",\"step\":2}", "no JSON (duplicate object key"},
        {"{\"kind\":\"resume\"," HEAD "} x", "no JSON"},
        {"{\"kind\":\"resume\",\"contestant\":3,\"step\":1,\"seconds\":0,\"race_seconds\":0}",
         "\"contestant\""},
        {"{\"kind\":\"resume\",\"contestant\":\"a\\u001b[1m\",\"step\":1,\"seconds\":0,"
         "\"race_seconds\":0}",
         "\"contestant\""},
        {"{\"kind\":\"resume\",\"contestant\":\"lstm\",\"step\":-1,\"seconds\":0,"
         "\"race_seconds\":0}",
         "\"step\""},
        {"{\"kind\":\"resume\",\"contestant\":\"lstm\",\"step\":1.0,\"seconds\":0,"
         "\"race_seconds\":0}",
         "\"step\""},
        {"{\"kind\":\"resume\",\"contestant\":\"lstm\",\"step\":9e99,\"seconds\":0,"
         "\"race_seconds\":0}",
         "\"step\""},
        {"{\"kind\":\"step\"," HEAD "}", "\"loss\""},
        {"{\"kind\":\"step\",\"contestant\":\"lstm\",\"step\":0,\"seconds\":0,\"race_seconds\":0}",
         "\"step\""},
        {"{\"kind\":\"failure\"," HEAD "}", "\"message\""},
        {"{\"kind\":\"eval\"," HEAD ",\"windows\":1,\"loss\":1,\"acc_right\":2,\"acc_n\":1,"
         "\"acc_all_right\":0,\"acc_all_n\":1,\"acc_all_ceiling\":1}",
         "\"acc_right\""},
        {EVAL "\"tasks_right\":{\"I\":1,\"A\":0},\"tasks_n\":{\"I\":0,\"A\":0},"
              "\"switch_right\":[],\"switch_n\":[]}",
         "\"tasks_right\""},
        {EVAL "\"tasks_right\":{\"I\":0},\"tasks_n\":{\"I\":0},\"switch_right\":[],"
              "\"switch_n\":[]}",
         "\"tasks_n\""},
        {EVAL "\"tasks_right\":{\"I\":0,\"A\":0},\"tasks_n\":{\"I\":0,\"A\":0},"
              "\"switch_right\":[],\"switch_n\":[1]}",
         "\"switch_n\""},
        {EVAL "\"tasks_right\":{\"I\":0,\"A\":0},\"tasks_n\":{\"I\":0,\"A\":0},"
              "\"switch_right\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"
              "\"switch_n\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}",
         "\"switch_n\""},
        {EVAL "\"tasks_right\":{\"I\":0,\"A\":0},\"tasks_n\":{\"I\":0,\"A\":0},"
              "\"switch_right\":[2],\"switch_n\":[1]}",
         "\"switch_right\""},
    };
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct record got, r = step_record(1);
    begin(&run, &reader, "wrong");
    enum { WRONG = sizeof wrong / sizeof wrong[0] };
    for (int i = 0; i < WRONG; i++) {
        raw(&run, wrong[i].line);
        raw(&run, "\n");
        assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    }
    for (int i = 0; i < WRONG; i++) {
        struct failure why = {0};
        char place[64];
        snprintf(place, sizeof place, "wrong/metrics.jsonl:%d: ", 2 * i + 1);
        assert_int_equal(record_read(&reader, &a, &got, &why), ERR_INPUT);
        assert_contains(why.text, place);
        assert_contains(why.text, wrong[i].message);
        assert_int_equal(record_read(&reader, &a, &got, &why), 1);
        same_record(&got, &r);
    }
    end(&run, &reader);
}

static void endless_line_is_passed(void **state)
{
    (void)state;
    enum { SIZE = 3 << 20 };
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct failure why = {0};
    struct record got, r = step_record(1);
    char *x = malloc(SIZE);
    memset(x, 'x', SIZE);
    begin(&run, &reader, "endless");
    assert_int_equal(fwrite(x, 1, SIZE, run.metrics), SIZE);
    assert_int_equal(record_read(&reader, &a, &got, &why), 0);
    assert_true(reader.capacity < SIZE / 2);
    raw(&run, "\n");
    assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    assert_int_equal(record_read(&reader, &a, &got, &why), ERR_INPUT);
    assert_contains(why.text, "endless/metrics.jsonl:1: longer than any record");
    assert_int_equal(record_read(&reader, &a, &got, &why), 1);
    same_record(&got, &r);
    end(&run, &reader);
    free(x);
}

static void shortened_file_is_read_anew(void **state)
{
    (void)state;
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    struct failure why = {0};
    struct record got, r = step_record(1);
    begin(&run, &reader, "short");
    for (int i = 0; i < 2; i++)
        assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(record_read(&reader, &a, &got, &why), 1);
    assert_int_equal(truncate(in_scratch("short/metrics.jsonl"), 0), 0);
    r.step = 99;
    assert_int_equal(run_append(&run, &r, &a, NULL), 0);
    assert_int_equal(record_read(&reader, &a, &got, &why), ERR_INPUT);
    assert_contains(why.text, "became shorter");
    assert_int_equal(record_read(&reader, &a, &got, &why), 1);
    assert_int_equal(got.step, 99);
    assert_int_equal(reader.line, 1);
    end(&run, &reader);
}

/* The reader follows another process and gets every line once, in order, and never a piece. */
static void follows_another_process(void **state)
{
    (void)state;
    enum { LINES = 3000 };
    struct alphabet a = letters();
    struct run run;
    struct record_reader reader;
    begin(&run, &reader, "follow");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct record r = step_record(0);
        for (int i = 1; i <= LINES; i++) {
            r.step = i;
            if (run_append(&run, &r, &a, NULL) < 0)
                _exit(1);
        }
        _exit(0);
    }
    struct record got;
    struct failure why = {0};
    double start = clock_now();
    int64_t lines = 0;
    while (lines < LINES && clock_now() - start < 8) {
        int result = record_read(&reader, &a, &got, &why);
        assert_in_range(result, 0, 1);
        if (result == 1)
            assert_int_equal(got.step, ++lines);
        else
            clock_sleep(0.001);
    }
    assert_int_equal(lines, LINES);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    end(&run, &reader);
}

static void no_records_no_reader(void **state)
{
    (void)state;
    struct record_reader reader;
    struct failure why = {0};
    assert_int_equal(record_reader_init(&reader, in_scratch("nowhere"), &why), ERR_IO);
    assert_contains(why.text, "nowhere: no such folder: name the folder of a run");
    assert_int_equal(record_reader_init(&reader, scratch, &why), ERR_IO);
    assert_contains(why.text, "holds no run, for it has no config.ini: name a folder");
    assert_int_equal(mkdir(in_scratch("bare"), 0700), 0);
    put_file(in_scratch("bare/config.ini"), "", 0);
    assert_int_equal(record_reader_init(&reader, in_scratch("bare"), &why), ERR_IO);
    assert_contains(why.text, "bare/metrics.jsonl: is missing: the run kept no records");
    record_reader_release(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back),
        cmocka_unit_test(fields_are_named_as_documented),
        cmocka_unit_test(what_is_not_finite_is_null),
        cmocka_unit_test(torn_line_waits_for_its_rest),
        cmocka_unit_test(reopening_closes_a_torn_line),
        cmocka_unit_test(full_disk_costs_one_line),
        cmocka_unit_test(disk_full_between_lines_costs_none),
        cmocka_unit_test(wrong_lines_are_named_and_passed),
        cmocka_unit_test(endless_line_is_passed),
        cmocka_unit_test(shortened_file_is_read_anew),
        cmocka_unit_test(follows_another_process),
        cmocka_unit_test(no_records_no_reader),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
