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
    static const char *const lengths[] = {"", "task.segment_max=1 task.segment_mean=1",
                                          "task.segment_max=20 task.segment_mean=3",
                                          "task.segment_max=7 task.segment_mean=7",
                                          "task.segment_max=128 task.segment_mean=90"};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_iarc_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
