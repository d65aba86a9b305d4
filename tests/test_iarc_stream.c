#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "tasks.h"

/* --- the stream and the rules of any history agree ------------------------------------------- */

enum { LONGEST_STREAM = 1000 };

struct agreement {
    int64_t numbers, determined, late, late_unknown;
};

static void compare_stream(const struct task *task, int length, struct rng *rng,
                           struct agreement *sum)
{
    int16_t symbols[LONGEST_STREAM];
    void *stream = malloc(task->stream_size);
    int settled = 4 * (task->config.task.segment_max + 1); /* every rule finds its numbers */
    assert_non_null(stream);
    task->ops->begin(task, stream, rng);
    for (int i = 0; i < length; i++) {
        struct task_mark told, found;
        int symbol = task->ops->next(task, stream, rng, &told);
        task_answer(task, symbols, i, &found);
        symbols[i] = (int16_t)symbol;
        assert_int_equal(told.scored, 1);
        assert_int_equal(told.number, symbol < task->alphabet.numbers);
        if (told.number)
            assert_int_equal(symbol, told.answer);
        sum->numbers += told.number;
        if (found.subtask != 255) {
            assert_int_equal(found.subtask, told.subtask);
            assert_int_equal(found.since, told.since);
        }
        if (found.answer >= 0) {
            assert_int_equal(found.answer, told.answer);
            assert_in_range(found.copied_from, 0, i - 1);
        }
        sum->determined += told.number && found.answer >= 0;
        sum->late += i >= settled;
        sum->late_unknown += i >= settled && found.answer < 0;
    }
    free(stream);
}

static void test_answer_agrees_with_the_stream(void **state)
{
    (void)state;
    static const char *const rules[] = {"step", "parity", "repeat"};
    static const int bases[] = {2, 3, 16, 64};
    static const char *const lengths[] = {"", "task.segment_max=1 task.segment_mean=1",
                                          "task.segment_max=20 task.segment_mean=3",
                                          "task.segment_max=7 task.segment_mean=7"};
    struct rng rng;
    rng_seed(&rng, 5, RNG_TEST, 0);
    for (int rule = 0; rule < 3; rule++)
        for (int set = 1; set < 16; set++)
            for (int b = 0; b < 4; b++)
                for (int l = 0; l < 4; l++) {
                    char words[128], letters[5] = "", *end = letters;
                    for (int i = 3; i >= 0; i--)
                        if (set >> i & 1)
                            *end++ = "IARC"[i];
                    snprintf(words, sizeof words,
                             "task.context_rule=%s task.subtasks=%s task.base=%d %s", rules[rule],
                             letters, bases[b], lengths[l]);
                    struct task *task = make_task(words);
                    struct agreement sum = {0};
                    for (int round = 0; round < 4; round++)
                        compare_stream(task, 240, &rng, &sum);
                    /* Only a chain of C that repeat one another reaches back without end. */
                    if (rule != CONTEXT_REPEAT || set == 8)
                        assert_int_equal(sum.late_unknown, 0);
                    else
                        assert_true(sum.late_unknown * 10 < sum.late * 4);
                    assert_true(sum.determined * 2 > sum.numbers);
                    task_free(task);
                }
}

static void test_longest_segments(void **state)
{
    (void)state;
    struct rng rng;
    struct task *task = make_task("task.segment_max=128 task.segment_mean=128 task.subtasks=RC");
    struct agreement sum = {0};
    rng_seed(&rng, 6, RNG_TEST, 0);
    for (int round = 0; round < 200; round++)
        compare_stream(task, LONGEST_STREAM, &rng, &sum);
    assert_int_equal(sum.late_unknown, 0);
    task_free(task);
}

/* --- statistics ------------------------------------------------------------------------------ */

/* n = max(1, Binomial(9, 6/9)): P(n = k) by the formula, not by the task's own way. */
static double length_chance(int longest, double mean, int k)
{
    double p = mean / longest, sum = 0;
    for (int j = k == 1 ? 0 : k; j <= k; j++)
        sum += exp(lgamma(longest + 1) - lgamma(j + 1) - lgamma(longest - j + 1)) * pow(p, j) *
               pow(1 - p, longest - j);
    return sum;
}

/* A count of trials is within five standard deviations of its chance, and three for rare ones. */
static void assert_chance(int64_t hits, int64_t trials, double chance)
{
    double expected = chance * (double)trials;
    double sigma = sqrt(expected * (1 - chance));
    if (fabs((double)hits - expected) > 5 * sigma + 3)
        fail_msg("%lld of %lld, not %.1f", (long long)hits, (long long)trials, expected);
}

struct lengths {
    int64_t segments, of[256], followed[4][4], subtasks[4];
};

static void count_symbol(struct lengths *c, const struct task *task, int symbol, int *now,
                         int *since)
{
    int subtask = task->alphabet.control[symbol];
    if (subtask < 0) {
        ++*since;
        return;
    }
    if (*now >= 0) {
        c->segments++;
        c->of[*since]++;
        c->followed[*now][subtask]++;
        c->subtasks[*now]++;
    }
    *now = subtask;
    *since = 0;
}

static void assert_lengths(const struct lengths *c, const struct task *task)
{
    int longest = task->config.task.segment_max, n = task->alphabet.subtasks;
    assert_int_equal(c->of[0], 0);
    for (int k = 1; k <= longest; k++)
        assert_chance(c->of[k], c->segments,
                      length_chance(longest, task->config.task.segment_mean, k));
    for (int k = longest + 1; k < 256; k++)
        assert_int_equal(c->of[k], 0);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            assert_chance(c->followed[i][j], c->subtasks[i], 1.0 / n);
}

static void test_segments(void **state)
{
    (void)state;
    static const char *const settings[] = {"", "task.segment_max=12 task.segment_mean=2",
                                           "task.segment_max=4 task.segment_mean=4",
                                           "task.subtasks=ICR"};
    for (int i = 0; i < 4; i++) {
        struct task *task = make_task(settings[i]);
        static struct lengths counts;
        struct rng rng;
        struct task_mark mark;
        int now = -1, since = 0;
        counts = (struct lengths){0};
        void *stream = malloc(task->stream_size);
        rng_seed(&rng, 7, RNG_TEST, (uint64_t)i);
        task->ops->begin(task, stream, &rng);
        for (int k = 0; k < 300000; k++)
            count_symbol(&counts, task, task->ops->next(task, stream, &rng, &mark), &now, &since);
        assert_lengths(&counts, task);
        free(stream);
        task_free(task);
    }
}

static void test_go_on_makes_such_streams(void **state)
{
    (void)state;
    enum { LENGTH = 60000 };
    static int16_t symbols[LENGTH];
    static struct lengths counts;
    struct task *task = make_task("");
    struct rng rng;
    int now = -1, since = 0;
    rng_seed(&rng, 8, RNG_TEST, 0);
    counts = (struct lengths){0};
    for (int i = 0; i < LENGTH; i++) {
        /* Longer than any rule reaches, but not quadratic. */
        int from = i > 100 ? i - 100 : 0;
        struct task_mark mark;
        task_answer(task, symbols + from, i - from, &mark);
        int symbol = task_go_on(task, symbols + from, i - from, &rng);
        if (mark.answer >= 0 && symbol < 16)
            assert_int_equal(symbol, mark.answer);
        count_symbol(&counts, task, symbol, &now, &since);
        symbols[i] = (int16_t)symbol;
    }
    assert_true(symbols[0] >= 16); /* nothing rules yet: a control comes */
    assert_true(symbols[1] < 16);
    assert_lengths(&counts, task);
    task_free(task);
}

/* Relative frequency of each number over the first symbols of many streams, or over one long one.
 */
static void count_numbers(const struct task *task, int streams, int symbols, double share[16])
{
    int64_t count[16] = {0}, all = 0;
    void *stream = malloc(task->stream_size);
    for (int k = 0; k < streams; k++) {
        struct rng rng;
        struct task_mark mark;
        rng_seed(&rng, 11, RNG_TEST, (uint64_t)k);
        task->ops->begin(task, stream, &rng);
        for (int i = 0; i < symbols; i++) {
            int symbol = task->ops->next(task, stream, &rng, &mark);
            all += symbol < 16;
            if (symbol < 16)
                count[symbol]++;
        }
    }
    for (int i = 0; i < 16; i++)
        share[i] = (double)count[i] / (double)all;
    free(stream);
}

static void test_first_numbers_are_like_later_ones(void **state)
{
    (void)state;
    struct task *task = make_task("");
    double early[16], late[16], sum = 0;
    count_numbers(task, 60000, 2, early);
    count_numbers(task, 1, 1500000, late);
    for (int i = 0; i < 16; i++) {
        sum += late[i];
        if (fabs(early[i] - late[i]) > 0.008)
            fail_msg("%d: %.4f at first, %.4f later", i, early[i], late[i]);
    }
    assert_true(fabs(sum - 1) < 1e-9);
    assert_true(late[0] > 0.12); /* the sink that makes the warm-up needed */
    task_free(task);
}

/* Where a stream begins is where a long one might stand at any moment. */
static void test_streams_begin_in_the_middle(void **state)
{
    (void)state;
    static const char *const settings[] = {"", "task.segment_max=3 task.segment_mean=3",
                                           "task.segment_max=20 task.segment_mean=2"};
    enum { BEGUN = 40000 };
    for (int i = 0; i < 3; i++) {
        struct task *task = make_task(settings[i]);
        int longest = task->config.task.segment_max;
        double mean = 0, reached[64] = {0};
        for (int k = longest; k >= 1; k--) {
            double chance = length_chance(longest, task->config.task.segment_mean, k);
            mean += k * chance;
            for (int j = 0; j <= k; j++)
                reached[j] += chance;
        }
        int64_t since[64] = {0}, controls = 0, subtask[4] = {0};
        void *stream = malloc(task->stream_size);
        for (int k = 0; k < BEGUN; k++) {
            struct rng rng;
            struct task_mark mark;
            rng_seed(&rng, 9, RNG_TEST, (uint64_t)k);
            task->ops->begin(task, stream, &rng);
            int symbol = task->ops->next(task, stream, &rng, &mark);
            controls += symbol >= 16;
            since[mark.since]++;
            subtask[mark.subtask]++;
        }
        assert_chance(controls, BEGUN, 1 / (1 + mean));
        for (int k = 0; k <= longest; k++)
            assert_chance(since[k], BEGUN, reached[k] / (1 + mean));
        for (int k = 0; k < 4; k++)
            assert_chance(subtask[k], BEGUN, 0.25);
        free(stream);
        task_free(task);
    }
}

/* The best guess in each state is learned from one half of a long stream and tried on the other. */
static void test_ceiling(void **state)
{
    (void)state;
    static const char *const settings[] = {"",
                                           "task.subtasks=I",
                                           "task.subtasks=RC",
                                           "task.segment_max=3 task.segment_mean=3",
                                           "task.segment_max=2 task.segment_mean=1",
                                           "task.segment_max=30 task.segment_mean=2"};
    enum { LENGTH = 400000 };
    for (int i = 0; i < 6; i++) {
        struct task *task = make_task(settings[i]);
        static int64_t went_on[256], ended[256];
        int64_t right = 0;
        struct rng rng;
        struct task_mark mark;
        memset(went_on, 0, sizeof went_on);
        memset(ended, 0, sizeof ended);
        void *stream = malloc(task->stream_size);
        rng_seed(&rng, 10, RNG_TEST, (uint64_t)i);
        task->ops->begin(task, stream, &rng);
        for (int k = 0; k < 2 * LENGTH; k++) {
            int symbol = task->ops->next(task, stream, &rng, &mark);
            if (k < LENGTH) {
                went_on[mark.since] += mark.number;
                ended[mark.since] += !mark.number;
                continue;
            }
            bool stay = went_on[mark.since] * task->alphabet.subtasks >= ended[mark.since];
            right += symbol == (stay ? mark.answer : task->alphabet.control_id[0]);
        }
        assert_true(task->all_ceiling > 0.5 && task->all_ceiling <= 1);
        /* Symbols of a segment hang together: allow for it. */
        double error = 6 * sqrt(0.25 / LENGTH);
        if (fabs((double)right / LENGTH - task->all_ceiling) > error)
            fail_msg("%s: %.5f, not %.5f", settings[i], (double)right / LENGTH, task->all_ceiling);
        free(stream);
        task_free(task);
    }
}

static void test_ceiling_by_hand(void **state)
{
    (void)state;
    /* Segments of exactly 3 numbers: 3 sure ones, then one of 4 controls. */
    struct task *task = make_task("task.segment_max=3 task.segment_mean=3");
    assert_true(fabs(task->all_ceiling - 3.25 / 4) < 1e-12);
    task_free(task);
    /* One or two numbers: max(1, Binomial(2, 1/2)) is 2 with 1/4. After one, h = 3/4. */
    task = make_task("task.segment_max=2 task.segment_mean=1 task.subtasks=IA");
    assert_true(fabs(task->all_ceiling - (1 + 0.375 + 0.25 * 0.5) / 2.25) < 1e-12);
    task_free(task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_agrees_with_the_stream),
        cmocka_unit_test(test_longest_segments),
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_go_on_makes_such_streams),
        cmocka_unit_test(test_first_numbers_are_like_later_ones),
        cmocka_unit_test(test_streams_begin_in_the_middle),
        cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_ceiling_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
