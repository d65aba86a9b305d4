/* Rule files: iarc.rules against the same task written out in C, and speed. */
#include "heed_test.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "tasks.h"
#include "iarc_plain.h"

static void assert_same_mark(const struct task_mark *a, const struct task_mark *b)
{
    assert_int_equal(a->answer, b->answer);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->scored, b->scored);
    assert_int_equal(a->subtask, b->subtask);
    assert_int_equal(a->since, b->since);
    assert_int_equal(a->copied_from, b->copied_from);
}

static void assert_same_generator(const struct rng *a, const struct rng *b)
{
    assert_memory_equal(a, b, sizeof *a);
}

enum { LENGTH = 600 };

/* The same seed gives the same symbols and marks, and leaves the generator in the same state. */
static void same_streams(const struct task *ruled, const struct task *plain, uint64_t seed,
                         int16_t *symbols)
{
    struct rng a, b;
    void *one = malloc(ruled->stream_size), *two = malloc(plain->stream_size);
    assert_true(one && two);
    rng_seed(&a, seed, RNG_TEST, 0);
    b = a;
    ruled->ops->begin(ruled, one, &a);
    plain->ops->begin(plain, two, &b);
    for (int i = 0; i < LENGTH; i++) {
        struct task_mark x, y;
        symbols[i] = (int16_t)ruled->ops->next(ruled, one, &a, &x);
        assert_int_equal(symbols[i], plain->ops->next(plain, two, &b, &y));
        assert_same_mark(&x, &y);
    }
    assert_same_generator(&a, &b);
    free(one);
    free(two);
}

/* Any history, also one that no stream would make. */
static void same_answers(const struct task *ruled, const struct task *plain, uint64_t seed,
                         int16_t *symbols)
{
    struct rng a, b;
    rng_seed(&a, seed, RNG_TEST, 1);
    for (int i = 0; i < LENGTH; i++)
        if (rng_below(&a, 8) == 0)
            symbols[i] = (int16_t)((int)rng_below(&a, (uint32_t)ruled->alphabet.count + 2) - 1);
    b = a;
    for (int k = 0; k < 40; k++) {
        int from = (int)rng_below(&a, LENGTH / 2), n = (int)rng_below(&a, k < 20 ? 20 : 200);
        b = a;
        struct task_mark x, y;
        ruled->ops->answer(ruled, symbols + from, n, &x);
        plain->ops->answer(plain, symbols + from, n, &y);
        assert_same_mark(&x, &y);
        assert_int_equal(ruled->ops->go_on(ruled, symbols + from, n, &a),
                         plain->ops->go_on(plain, symbols + from, n, &b));
        assert_same_generator(&a, &b);
    }
}

static void same_tasks(const char *words, uint64_t seed)
{
    static int16_t symbols[LENGTH];
    struct failure why;
    struct task *ruled = make_task(words);
    struct task *plain = calloc(1, sizeof *plain);
    assert_non_null(plain);
    plain->ops = &plain_iarc;
    plain->config = ruled->config;
    assert_int_equal(plain->ops->init(plain, &plain->config, &why), 0);
    assert_memory_equal(&ruled->alphabet, &plain->alphabet, sizeof plain->alphabet);
    assert_true(ruled->chance == plain->chance);
    assert_true(fabs(ruled->all_ceiling - plain->all_ceiling) < 1e-12);
    same_streams(ruled, plain, seed, symbols);
    same_answers(ruled, plain, seed, symbols);
    task_free(ruled);
    task_free(plain);
}

static void test_iarc_is_the_same(void **state)
{
    (void)state;
    static const char *const rules[] = {"step", "parity", "repeat"};
    static const int bases[] = {2, 3, 16, 64};
    static const char *const lengths[] = {
        "", "task.segment_max=1 task.segment_mean=1", "task.segment_max=20 task.segment_mean=3",
        "task.segment_max=7 task.segment_mean=7", "task.segment_max=128 task.segment_mean=90"};
    uint64_t seed = 0;
    for (int rule = 0; rule < 3; rule++)
        for (int set = 1; set < 16; set++)
            for (int b = 0; b < 4; b++)
                for (int l = 0; l < 5; l++) {
                    char words[160], letters_in_use[5] = "", *end = letters_in_use;
                    for (int i = 0; i < 4; i++)
                        if (set >> i & 1)
                            *end++ = "IARC"[i];
                    snprintf(words, sizeof words,
                             "task.context_rule=%s task.subtasks=%s task.base=%d %s", rules[rule],
                             letters_in_use, bases[b], lengths[l]);
                    same_tasks(words, seed++);
                }
}

/* --- the language ------------------------------------------------------------------------------
 */

static int compile(struct task **out, const char *text, struct failure *why)
{
    struct config config;
    config_defaults(&config);
    return task_from_rules(out, text, "my.rules", &config, why);
}

#define A "numbers 10\ntoken A\n"

/* After the history 3 4 A 5 6 the rule `expression` gives `expected`; -1: it is not determined. */
static void gives(const char *expression, int expected)
{
    static const int16_t history[] = {3, 4, 10, 5, 6};
    char text[512];
    struct failure why;
    struct task_mark mark;
    struct task *own = NULL;
    snprintf(text, sizeof text, A "next %s\n", expression);
    if (compile(&own, text, &why) != 0)
        fail_msg("%s: %s", expression, why.text);
    task_answer(own, history, 5, &mark);
    if (mark.answer != expected)
        fail_msg("%s: %d, not %d", expression, mark.answer, expected);
    task_free(own);
}

static void test_expressions(void **state)
{
    (void)state;
    gives("back(1)", 6);
    gives("back(4)", 3);
    gives("back(5)", -1);
    gives("back(position - position)", -1);
    gives("back(-position)", -1);
    gives("before(1)", 4);
    gives("before(position)", 3);
    gives("before(position + 1)", -1);
    gives("opening(2)", 3);
    gives("position", 2);
    gives("previous", 2);
    gives("back(1) + 2 * 3", 2);
    gives("(back(1) + 2) * 3", 4);
    gives("back(1) - 8", 8); /* what is left over N, never negative */
    gives("-back(1)", 4);
    gives("7 / 2 + back(1) / 4", 4);
    gives("(0 - back(1)) / 4 + 5", 3); /* rounded down */
    gives("(0 - back(1)) mod 4", 2);
    gives("back(1) / (back(2) - 5)", 0); /* by zero */
    gives("back(1) mod (back(2) - 5)", 0);
    gives("back(1) > back(2)", 1);
    gives("back(1) <= back(2)", 0);
    gives("back(1) < 7 and back(2) != 5", 0);
    gives("back(1) < 7 or back(2) != 5", 1);
    gives("not back(1) == 6", 0);
    gives("not (back(1) == 6)", 0);
    gives("back(1) == 6 ? 8 : back(99)", 8); /* the other side is not looked at */
    gives("back(1) == 5 ? back(99) : back(2) == 5 ? 7 : 9", 7);
    gives("count(x in back(4..1): x > 3)", 3);
    gives("sum(x in back(1..4): x * x)", 6);
    gives("pick(2, x in back(4..1): x > 3)", 5);
    gives("pick(2, x in back(1..4): x > 3)", 5);
    gives("pick(1, x in back(1..4): x > 3)", 6);
    gives("pick(9, x in back(1..4): x > 3)", -1);
    gives("count(x in back(5..1): x > 3)", -1);
    gives("count(x in back(0..1): x > 3) + 2", 2); /* empty */
    gives("sum(x in back(1..0): x) + 2", 2);
    gives("count(x in back(100000..1): x > 3)", -1);
    gives("2147483647 * 2147483647 + back(1) - 2147483640", 7); /* clamped, not wrapped */
    gives("position == 2 ? random(5) : 1", -1);
    gives("N - 1 + tokens", 0);
    gives("task.base", 6);
    gives("(back(1) # a comment\n + 1)", 7);
}

static void test_wrong_files(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "my.rules:1:1: expected a token, not the end of the file"},
        {"numbers 10\n", "my.rules:2:1: expected a token, not the end of the file"},
        {"token A\nnext 1\n", "my.rules:1:7: expected `numbers` before the first token"},
        {"numbers 1\n", "my.rules:1:9: expected a constant from 2 to 256"},
        {"numbers 10\nnumbers 10\n", "my.rules:2:1: numbers stands twice"},
        {"numbers 10 11\n", "my.rules:1:12: expected the end of the line, not 11"},
        {"numbers 10\nrow B 1 1 Q\n", "my.rules:2:9: expected another number than the row's own"},
        {"numbers 10\nrow B 1 10 Q\n", "my.rules:2:9: expected a constant from 0 to 9"},
        {"numbers 10\nrow B 1 0 Q\ntoken B \"b\"\n    next 1\n",
         "my.rules:5:1: `row` needs two control tokens of those names, not hidden"},
        {"number 10\n",
         "my.rules:1:1: expected numbers, window, mask, controls, chance, hidden, only, lead, row, "
         "length, when or token, not number"},
        {A, "my.rules:3:1: expected `next` with the rule of the segment above, not the end of the "
            "file"},
        {A "next back(1\n", "my.rules:4:1: expected ), not the end of the file"},
        {A "next back 1\n", "my.rules:3:11: expected (, not 1"},
        {A "next back(1) +\n",
         "my.rules:3:15: expected a whole number, back, before, opening, position, length, previous, "
         "count, sum, pick, random, repeat, N, tokens or a setting such as task.base, not the end "
         "of the line"},
        {A "next 5 mod 0\n", "my.rules:3:13: this divides by zero"},
        {A "next x\n",
         "my.rules:3:6: expected a whole number, back, before, opening, position, length, previous, "
         "count, sum, pick, random, repeat, N, tokens or a setting such as task.base, not x"},
        {A "next 1 & 2\n",
         "my.rules:3:8: expected `and`, not &"},
        {A "next back(1) = 2\n", "my.rules:3:14: expected `==`, not ="},
        {A "next 1 $ 2\n",
         "my.rules:3:8: expected a word, a number or a sign of an expression, not $"},
        {A "next back(1) / (2 - 2)\n", "my.rules:3:23: this divides by zero"},
        {A "next back(N - N)\n", "my.rules:3:17: back, before and opening count from 1 on"},
        {A "next 99999999999\n", "my.rules:3:6: expected a number up to 2147483647"},
        {A "next repeat(9)\n", "my.rules:3:15: expected a constant from 1 to 8 in repeat()"},
        {A "next 1 + repeat(2)\n",
         "my.rules:3:19: repeat() is the whole rule of a token or nothing"},
        {A "next 1\nnext 2\n", "my.rules:4:1: this segment has a rule already"},
        {A "next 1\ntoken A\nnext 1\n",
         "my.rules:4:7: this control token has rules of its own already"},
        {A "next 1\nlength binomial(9, 10)\n",
         "my.rules:4:20: expected a mean above 0 and at most the longest"},
        {A "next 1\nlength uniform(9, 5)\n",
         "my.rules:4:19: expected a longest that is not under the shortest"},
        {A "next 1\nlength 0\n", "my.rules:4:8: expected a length from 1 to 4096"},
        {A "next 1\nlength forever\n",
         "my.rules:5:1: segments with `length forever` need `window fresh`"},
        {A "next count(x in back(2..1): count(x in back(2..1): 1))\n",
         "my.rules:3:29: count, sum and pick do not stand inside one another"},
        {"numbers 10\ntoken \"A\"\n", "my.rules:2:7: expected the name of a control token, not A"},
        {"numbers 10\ntoken A \"open\n", "my.rules:2:9: expected a closing \" on this line"},
        {"when task.bse is 3: hidden\n",
         "my.rules:1:6: expected a setting such as task.announce, not task.bse"},
        {"numbers train.steps\n",
         "my.rules:1:9: expected a whole number, back, before, opening, position, length, previous, "
         "count, sum, pick, random, repeat, N, tokens or a setting such as task.base, not "
         "train.steps"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct failure why = {0};
        struct task *none = NULL;
        int code = compile(&none, cases[i].text, &why);
        if (strcmp(why.text, cases[i].message) != 0)
            fail_msg("%s\n  not\n%s", why.text, cases[i].message);
        assert_int_equal(code, ERR_INPUT);
        assert_null(none);
    }
}

static void test_limits(void **state)
{
    (void)state;
    struct failure why;
    struct task *none = NULL;
    static char text[200000];
    strcpy(text, A "next ");
    for (int i = 0; i < 40; i++)
        strcat(text, "(");
    assert_int_equal(compile(&none, text, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "nested too deep: at most 32 levels"));
    strcpy(text, A "next ");
    for (int i = 0; i < 400; i++)
        strcat(text, "back(1) + ");
    assert_int_equal(compile(&none, text, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "this expression is too long"));
    strcpy(text, A "next ");
    for (int i = 0; i < 400; i++)
        strcat(text, "not ");
    assert_int_equal(compile(&none, text, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "nested too deep: at most 32 levels"));
    strcpy(text, "numbers 10\n");
    for (int i = 0; i < 9; i++)
        sprintf(text + strlen(text), "token A%d\nnext 1\n", i);
    assert_int_equal(compile(&none, text, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "more than 8 control tokens"));
    strcpy(text, A "next 0");
    for (int i = 0; i < 17; i++)
        strcat(text, " + count(x in back(2..1): x)");
    assert_int_equal(compile(&none, text, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "more than 16 of count, sum and pick"));
}

/* The first symbols of every window do not count, whatever their marks. */
static void test_mask(void **state)
{
    (void)state;
    struct failure why;
    struct task *own = NULL;
    struct batch batch;
    struct task_reader reader;
    assert_int_equal(
        compile(&own, "numbers 10\nmask 6\nwindow stream\ntoken A\nnext back(1)", &why), 0);
    assert_int_equal(batch_init(&batch, 32, 3), 0);
    task_sample(own, 0, &batch);
    assert_int_equal(task_reader_init(&reader, own, RNG_EVAL), 0);
    for (int pass = 0; pass < 2; pass++) {
        for (int b = 0; b < 3; b++)
            for (int t = 0; t < 32; t++) {
                bool counts = t + 1 >= 6, number = batch.targets[t * 3 + b] < 10;
                assert_int_equal(batch.scored[t * 3 + b], counts);
                assert_int_equal(batch.number[t * 3 + b], counts && number);
            }
        task_read(&reader, &batch);
    }
    task_reader_release(&reader);
    batch_release(&batch);
    task_free(own);
}

/* A token of one letter is the key that injects it; the file's own help and words reach the
 * alphabet. */
static void test_alphabet(void **state)
{
    (void)state;
    struct failure why;
    struct task *own = NULL;
    assert_int_equal(compile(&own,
                             "numbers 10\ncontrols unscored\ntoken A \"one\\ttwo \x1b[2J\" "
                             "reconstructed\nnext 1\nthen B \"b\"\nlength 2\nnext 2\n",
                             &why),
                     0);
    const struct alphabet *a = &own->alphabet;
    assert_int_equal(a->count, 12);
    assert_int_equal(a->numbers, 10);
    assert_string_equal(a->name[10], "A");
    assert_string_equal(a->name[11], "B");
    assert_string_equal(a->subtask_help[0], "one\\ttwo \\x1b[2J");
    assert_string_equal(a->subtask_help[1], "b");
    assert_true(a->subtask_reconstructed[0]);
    assert_false(a->subtask_reconstructed[1]);
    task_free(own);
}

/* --- the manual --------------------------------------------------------------------------------
 */

/* Every complete example of heed-rules(5) is a rule file. */
static void test_examples_of_the_manual(void **state)
{
    (void)state;
    FILE *f = fopen("man/heed-rules.5", "r");
    char line[512];
    struct text example = {0};
    bool inside = false;
    int count = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (strcmp(line, ".EX\n") == 0) {
            inside = true;
            text_reset(&example);
        } else if (strcmp(line, ".EE\n") == 0) {
            struct task *own = NULL;
            struct failure why;
            inside = false;
            if (strncmp(text_string(&example), "numbers", 7) != 0)
                continue;
            if (compile(&own, text_string(&example), &why) != 0)
                fail_msg("example %d: %s", count + 1, why.text);
            task_free(own);
            count++;
        } else if (inside) {
            char plain[512];
            size_t n = 0;
            for (const char *c = line; *c; c++) /* \- is a minus */
                if (*c != '\\')
                    plain[n++] = *c;
            text_add_bytes(&example, plain, n);
        }
    }
    fclose(f);
    text_release(&example);
    assert_true(count >= 4);
}

/* After a lead that everybody knows, and a token that shows, there is nothing to guess. */
static void test_lead_of_hidden_rules(void **state)
{
    (void)state;
    struct task *own;
    struct failure why;
    assert_int_equal(compile(&own,
                             "numbers 5\nwindow fresh\nhidden\nlead A 3\n"
                             "token A\nlength forever\nnext position < 2 ? random(N) : back(1)\n"
                             "token B\nlength forever\n"
                             "next position < 2 ? random(N) : (back(1) + 1) mod N\n",
                             &why),
                     0);
    assert_true(own->all_ceiling == 1);
    task_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_iarc_is_the_same),
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_wrong_files),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_mask),
        cmocka_unit_test(test_alphabet),
        cmocka_unit_test(test_examples_of_the_manual),
        cmocka_unit_test(test_lead_of_hidden_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
