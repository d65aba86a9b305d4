/* Commands as a script meets them: what stands on standard output, as JSON with exactly its fields,
   and what a small run answers. */
#include "heed_test.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/alphabet.h"
#include "scratch.h"

enum { WORDS = 40, CONTEXT = 12, SYMBOLS = 12 };

/* Settings of a race that trains in a blink: N = 8, so V = 12. */
#define TINY                                                                                       \
    "-s", "task.base=8", "-s", "task.context=12", "-s", "model.dim=8", "-s", "model.heads=2",      \
        "-s", "model.hidden=16", "-s", "train.batch=8", "-s", "train.eval_windows=96", "--threads", "1"

/* Run the program in this process; its standard output is returned (free it), its exit code in *code.
   Standard error goes to scratch/err. */
static char *heed(int *code, ...)
{
    char *argv[WORDS + 2] = {"heed"};
    int argc = 1, saved[2];
    va_list words;

    va_start(words, code);
    while (argc <= WORDS && (argv[argc] = va_arg(words, char *)))
        argc++;
    va_end(words);
    assert_true(argc <= WORDS);
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

/* As heed, for a command that must succeed and print one JSON value. */
#define heed_json(...) parse_json(heed(&(int){0}, __VA_ARGS__, NULL))
static json_t *parse_json(char *text)
{
    json_error_t error;
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (!value) {
        char *err = get_file(in_scratch("err"), NULL);
        print_error("%s in: %s\n%s\n", error.text, text, err);
        free(err);
    }
    assert_non_null(value);
    free(text);
    return value;
}

/* An object's keys are exactly these words, divided by spaces. */
static void assert_keys(const json_t *object, const char *words)
{
    char copy[256];
    size_t count = 0;

    assert_true(json_is_object(object));
    strcpy(copy, words);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "), count++) {
        if (!json_object_get(object, word))
            print_error("lacks %s\n", word);
        assert_non_null(json_object_get(object, word));
    }
    assert_int_equal(json_object_size(object), count);
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static const char *string(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    assert_non_null(value);
    return value;
}

/* Train the run that the other tests ask; its final evaluation is what `train --json` printed. */
static json_t *trained;

static int train(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    trained = heed_json("train", "-o", in_scratch("run"), "--steps", "24", "--json", "-s",
                        "race=transformer-cog,cisformer-ea,lstm,mlp", TINY);
    return 0;
}

static int clean(void **state)
{
    json_decref(trained);
    return scratch_remove(state);
}

static void check_contestant(const json_t *c)
{
    const json_t *tasks = json_object_get(c, "tasks"), *since = json_object_get(c, "switch");

    assert_keys(c, "name model attention parameters step windows loss loss_n bits acc acc_low acc_high acc_all "
                   "acc_all_ceiling tasks switch");
    assert_keys(tasks, "I A R C");
    assert_int_equal(number(c, "step"), 24);
    assert_int_equal(number(c, "windows"), 96);
    assert_true(number(c, "parameters") > 100);
    assert_true(number(c, "loss") > 0 && number(c, "loss") < 10);
    assert_true(number(c, "acc_low") <= number(c, "acc"));
    assert_true(number(c, "acc") <= number(c, "acc_high"));
    assert_true(number(c, "acc_low") >= 0 && number(c, "acc_high") <= 1);
    assert_true(number(c, "acc_all_ceiling") > 0.8 && number(c, "acc_all_ceiling") < 1);
    /* Segments hold at most 9 numbers. */
    assert_in_range(json_array_size(since), 1, 9);
}

static void evaluation_has_its_fields(void **state)
{
    static const char *const names[] = {"transformer-cog", "cisformer-ea", "lstm", "mlp"};
    static const char *const models[] = {"transformer", "cisformer", "lstm", "mlp"};
    json_t *eval = heed_json("eval", in_scratch("run"), "--json");
    const json_t *list = json_object_get(eval, "contestants");

    (void)state;
    assert_keys(eval, "run contestants");
    assert_string_equal(string(eval, "run"), in_scratch("run"));
    assert_int_equal(json_array_size(list), 4);
    for (size_t i = 0; i < 4; i++) {
        const json_t *c = json_array_get(list, i);
        check_contestant(c);
        assert_string_equal(string(c, "name"), names[i]);
        assert_string_equal(string(c, "model"), models[i]);
        if (i < 2)
            assert_string_equal(string(c, "attention"), i ? "ea" : "cog");
        else
            assert_true(json_is_null(json_object_get(c, "attention")));
    }
    /* Training says the same as an evaluation of its checkpoints. */
    assert_true(json_equal(eval, trained));
    json_decref(eval);
}

static void evaluation_of_one_with_more_windows(void **state)
{
    json_t *eval = heed_json("eval", in_scratch("run"), "--json", "-n", "500", "--contestant", "lstm");
    const json_t *list = json_object_get(eval, "contestants"), *c = json_array_get(list, 0);

    (void)state;
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(string(c, "name"), "lstm");
    assert_int_equal(number(c, "windows"), 500);
    json_decref(eval);
}

/* A head of `heed eval --heads` as a line of the page Probe's table. */
static void as_line(char *out, size_t size, const json_t *part, const json_t *head)
{
    static const char *const changes[] = {"removed", "positive", "uniform"};
    size_t used = (size_t)snprintf(out, size, ",%.9g,%.9g\n", number(part, "acc") * number(part, "n"),
                                   number(part, "n"));
    for (int i = 2; i >= 0; i--) {
        const json_t *change = json_object_get(head, changes[i]);
        char counts[64] = ",,";
        if (!json_is_null(change))
            snprintf(counts, sizeof counts, ",%.0f,%.0f", number(change, "lost"),
                     number(change, "won"));
        size_t n = strlen(counts);
        assert_true(used + n < size);
        memmove(out + n, out, used + 1);
        memcpy(out, counts, n);
        used += n;
    }
}

/* With --heads: the same figures as the page Probe's, and as without for all else. */
static void heads_are_those_of_the_page(void **state)
{
    int code;
    json_t *eval = heed_json("eval", in_scratch("run"), "--json", "--heads");
    json_t *list = json_object_get(eval, "contestants");
    char *page = heed(&code, "render", "probe", in_scratch("run"), "--format", "csv", NULL);

    (void)state;
    assert_int_equal(code, 0);
    const json_t *parts = json_object_get(json_array_get(list, 0), "heads");
    assert_int_equal(json_array_size(parts), 5); /* all, I, A, R, C */
    int64_t together = 0;
    for (size_t i = 0; i < 5; i++) {
        const json_t *part = json_array_get(parts, i);
        const json_t *heads = json_object_get(part, "heads");
        assert_keys(part, "windows n acc acc_low acc_high control_n source_n stream heads");
        assert_int_equal(json_array_size(json_object_get(part, "stream")), 3);
        assert_int_equal(json_array_size(heads), 2);
        together += i ? (int64_t)number(part, "n") : 0;
        for (size_t k = 0; k < 2; k++) {
            char line[256];
            const json_t *head = json_array_get(heads, k), *removed = json_object_get(head, "removed");
            as_line(line, sizeof line, part, head);
            assert_non_null(strstr(page, line));
            double change = number(removed, "won") - number(removed, "lost");
            assert_true(fabs(number(removed, "change") - change / number(part, "n")) < 1e-12);
            assert_false(json_is_null(json_object_get(head, "positive"))); /* cog */
        }
    }
    const json_t *all = json_array_get(parts, 0);
    assert_true(number(all, "n") >= 512 && number(all, "n") == (double)together);
    /* The last of the stream is the model's answer. */
    assert_true(number(json_array_get(json_object_get(all, "stream"), 2), "acc") == number(all, "acc"));
    const json_t *ea = json_array_get(json_object_get(json_array_get(list, 1), "heads"), 0);
    const json_t *head = json_array_get(json_object_get(ea, "heads"), 0);
    assert_true(json_is_null(json_object_get(head, "positive")));
    assert_true(json_is_null(json_object_get(json_array_get(list, 2), "heads"))); /* lstm */
    for (size_t i = 0; i < json_array_size(list); i++)
        json_object_del(json_array_get(list, i), "heads");
    assert_true(json_equal(eval, trained));
    free(page);
    json_decref(eval);
}

/* A (rows, columns) array of finite numbers. */
static void check_matrix(const json_t *rows, size_t n, size_t columns)
{
    assert_int_equal(json_array_size(rows), n);
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(rows, i);
        assert_int_equal(json_array_size(row), columns);
        for (size_t j = 0; j < columns; j++)
            assert_true(isfinite(json_number_value(json_array_get(row, j))));
    }
}

static double at(const json_t *matrix, size_t i, size_t j)
{
    return json_number_value(json_array_get(json_array_get(matrix, i), j));
}

static void prediction_has_its_fields(void **state)
{
    static const char *const tokens[] = {"I", "3", "4", "5", "R"};
    static const int ids[] = {8, 3, 4, 5, 10};
    json_t *p = heed_json("predict", in_scratch("run"), "--tokens", "I 3 4 5 R", "--json",
                          "--attention");
    const json_t *layers = json_object_get(p, "attention");

    (void)state;
    assert_keys(p, "contestant tokens ids logits attention");
    assert_string_equal(string(p, "contestant"), "transformer-cog");
    for (size_t i = 0; i < 5; i++) {
        const json_t *token = json_array_get(json_object_get(p, "tokens"), i);
        const json_t *id = json_array_get(json_object_get(p, "ids"), i);
        assert_string_equal(json_string_value(token), tokens[i]);
        assert_int_equal(json_integer_value(id), ids[i]);
    }
    check_matrix(json_object_get(p, "logits"), 5, SYMBOLS);
    assert_int_equal(json_array_size(layers), 1);
    assert_int_equal(json_array_size(json_array_get(layers, 0)), 2);
    for (size_t h = 0; h < 2; h++) {
        const json_t *map = json_array_get(json_array_get(layers, 0), h);
        check_matrix(map, 5, 5);
        for (size_t i = 0; i < 5; i++) {
            double sum = 0;
            for (size_t j = 0; j < 5; j++) {
                sum += fabs(at(map, i, j));
                assert_true(j <= i || at(map, i, j) == 0);
            }
            /* The absolute weights of cog sum to one. */
            assert_float_equal(sum, 1, 1e-5);
        }
    }
    json_decref(p);
}

/* A head that is uniform weighs its keys alike; the last row of the stream is the answer, changed or not. */
static void prediction_with_changed_heads(void **state)
{
    (void)state;
    json_t *whole = heed_json("predict", in_scratch("run"), "--tokens", "I 3 4 5", "--json", "--stream");
    json_t *p = heed_json("predict", in_scratch("run"), "--tokens", "I 3 4 5", "--json", "--stream",
                          "--attention", "--change", "L1H2 uniform, L1H1 removed");
    const json_t *heads = json_array_get(json_object_get(p, "attention"), 0);
    const json_t *logits = json_object_get(p, "logits"), *stream = json_object_get(p, "stream");

    assert_keys(p, "contestant tokens ids logits attention changed stream");
    assert_string_equal(json_string_value(json_object_get(p, "changed")), "L1H2 uniform, L1H1 removed");
    assert_null(json_object_get(whole, "changed"));
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) {
            assert_true(at(json_array_get(heads, 0), i, j) == 0);
            double uniform = j <= i ? 1.0 / (double)(i + 1) : 0;
            assert_true(fabs(at(json_array_get(heads, 1), i, j) - uniform) < 1e-7);
        }
    check_matrix(stream, 3, SYMBOLS);
    assert_true(json_equal(json_array_get(stream, 2), json_array_get(logits, 3)));
    const json_t *read = json_object_get(whole, "stream");
    assert_true(json_equal(json_array_get(read, 2), json_array_get(json_object_get(whole, "logits"), 3)));
    assert_true(json_equal(json_array_get(read, 0), json_array_get(stream, 0))); /* before all heads */
    assert_false(json_equal(json_array_get(read, 1), json_array_get(stream, 1)));
    json_decref(whole);
    json_decref(p);
}

/* What comes later cannot change what was predicted before: rows of a longer sequence repeat. */
static void prediction_is_causal(void **state)
{
    json_t *a = heed_json("predict", in_scratch("run"), "--tokens", "I 3 4", "--json");
    json_t *b = heed_json("predict", in_scratch("run"), "--tokens", "I 3 4 A 7", "--json");
    const json_t *short_rows = json_object_get(a, "logits"), *long_rows = json_object_get(b, "logits");

    (void)state;
    assert_null(json_object_get(a, "attention"));
    for (size_t i = 0; i < 3; i++)
        for (size_t v = 0; v < SYMBOLS; v++)
            assert_float_equal(at(short_rows, i, v), at(long_rows, i, v), 1e-5);
    json_decref(a);
    json_decref(b);
}

static void mlp_knows_its_last_row_only(void **state)
{
    json_t *p = heed_json("predict", in_scratch("run"), "--contestant", "mlp", "--tokens",
                          "I 1 2 3 A 5 0 R 0 5 3 C", "--json");
    const json_t *rows = json_object_get(p, "logits");

    (void)state;
    assert_int_equal(json_array_size(rows), CONTEXT);
    for (size_t i = 0; i + 1 < CONTEXT; i++)
        assert_true(json_is_null(json_array_get(rows, i)));
    assert_int_equal(json_array_size(json_array_get(rows, CONTEXT - 1)), SYMBOLS);
    json_decref(p);
}

static void top_is_sorted_and_cut(void **state)
{
    int code, lines = 0;
    double last = 1;
    char *out = heed(&code, "predict", in_scratch("run"), "--tokens", "I 3", "--top", "3", NULL);
    char *line = strtok(out, "\n");

    (void)state;
    assert_int_equal(code, 0);
    assert_string_equal(line, "transformer-cog, step 24, after I 3");
    while ((line = strtok(NULL, "\n"))) {
        char symbol[SYMBOL_TEXT];
        double p;
        assert_int_equal(sscanf(line, "%11s %lf", symbol, &p), 2);
        assert_true(p <= last && p > 0);
        last = p;
        lines++;
    }
    assert_int_equal(lines, 3);
    free(out);
}

/* Stopping and going on gives the weights of one go, and metrics that are read the same. */
static void resumed_run_is_the_same_run(void **state)
{
    int code;
    json_t *a, *b;

    (void)state;
    free(heed(&code, "train", "-o", in_scratch("halves"), "--steps", "24", "--until", "11", "-s",
              "race=transformer-cog,cisformer-ea,lstm,mlp", TINY, NULL));
    assert_int_equal(code, 0);
    a = heed_json("eval", in_scratch("halves"), "--json");
    assert_int_equal(number(json_array_get(json_object_get(a, "contestants"), 0), "step"), 11);
    json_decref(a);
    b = heed_json("train", in_scratch("halves"), "--resume", "--json");
    assert_true(
        json_equal(json_object_get(b, "contestants"), json_object_get(trained, "contestants")));
    json_decref(b);
}

static void lists_are_arrays_of_objects(void **state)
{
    static const char *const table[][3] = {
        {"attention", "name weights sign sum alias source", "signed-ea"},
        {"models", "name attention predicts help", "cisformer"},
        {"tasks", "name help definition", "iarc"},
        {"themes", "name from help", "dark"},
        {"presets", "name help", "iarc"},
        {"keys", "keys name pages help", NULL},
        {"settings", "key default values flags help", "model.groups"},
        {"views", "name", NULL},
        {"isa", "name lanes used", "scalar"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        json_t *list = heed_json("list", table[i][0], "--json");
        bool found = !table[i][2];
        assert_true(json_array_size(list) >= 2 || strcmp(table[i][0], "tasks") == 0);
        for (size_t k = 0; k < json_array_size(list); k++) {
            const json_t *row = json_array_get(list, k);
            assert_keys(row, table[i][1]);
            found = found || strcmp(json_string_value(json_object_iter_value(
                                        json_object_iter((json_t *)row))),
                                    table[i][2]) == 0;
        }
        assert_true(found);
        json_decref(list);
    }
}

/* Weights of the output layer that make every logit overflow. */
static void spoil_checkpoint(const char *path)
{
    size_t size;
    char *bytes = get_file(path, &size);
    uint64_t header;
    memcpy(&header, bytes, sizeof header);
    json_t *h = json_loadb(bytes + sizeof header, header, 0, NULL);
    const json_t *ends = json_object_get(json_object_get(h, "model.head.weight"), "data_offsets");
    size_t at = (size_t)json_integer_value(json_array_get(ends, 0));
    size_t end = (size_t)json_integer_value(json_array_get(ends, 1));

    assert_true(end > at && sizeof header + header + end <= size);
    for (; at < end; at += sizeof(float)) {
        const float most = 3e38f;
        memcpy(bytes + sizeof header + header + at, &most, sizeof most);
    }
    put_file(path, bytes, size);
    json_decref(h);
    free(bytes);
}

static void overflow_is_no_probability(void **state)
{
    int code;

    (void)state;
    free(heed(&code, "train", "-o", in_scratch("far"), "--steps", "4", "-s",
              "race=transformer-dpa", "-s", "model.norm=rms", TINY, NULL));
    assert_int_equal(code, 0);
    spoil_checkpoint(in_scratch("far/transformer-dpa/checkpoint.safetensors"));
    char *out = heed(&code, "predict", in_scratch("far"), "--tokens", "I 3", NULL);
    char *err = get_file(in_scratch("err"), NULL);
    assert_int_equal(code, 1);
    assert_string_equal(out, "");
    assert_non_null(strstr(err, "transformer-dpa: "));
    assert_non_null(strstr(err, "of 12 logits at step 4 are no finite numbers"));
    free(out);
    free(err);
    json_t *p = heed_json("predict", in_scratch("far"), "--tokens", "I 3", "--json");
    int lost = 0;
    for (size_t v = 0; v < SYMBOLS; v++)
        lost += json_is_null(
            json_array_get(json_array_get(json_object_get(p, "logits"), 1), v));
    assert_true(lost > 0);
    json_decref(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evaluation_has_its_fields),
        cmocka_unit_test(evaluation_of_one_with_more_windows),
        cmocka_unit_test(heads_are_those_of_the_page),
        cmocka_unit_test(prediction_has_its_fields),
        cmocka_unit_test(prediction_with_changed_heads),
        cmocka_unit_test(prediction_is_causal),
        cmocka_unit_test(mlp_knows_its_last_row_only),
        cmocka_unit_test(top_is_sorted_and_cut),
        cmocka_unit_test(resumed_run_is_the_same_run),
        cmocka_unit_test(lists_are_arrays_of_objects),
        cmocka_unit_test(overflow_is_no_probability),
    };
    return cmocka_run_group_tests(tests, train, clean);
}
