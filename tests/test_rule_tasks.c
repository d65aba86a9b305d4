/* The ladder, delay copy, count ones and find zero: what their streams hold, told from the symbols
   alone, and the same rules on any history. */
#include "heed_test.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "tasks.h"

enum { LENGTH = 400 };

struct sequence {
    struct task *task;
    int16_t symbols[LENGTH];
    struct task_mark marks[LENGTH];
};

static void draw(struct sequence *s, uint64_t which)
{
    struct rng rng;
    void *stream = malloc(s->task->stream_size);
    assert_non_null(stream);
    rng_seed(&rng, 3, RNG_TEST, which);
    s->task->ops->begin(s->task, stream, &rng);
    for (int i = 0; i < LENGTH; i++)
        s->symbols[i] = (int16_t)s->task->ops->next(s->task, stream, &rng, &s->marks[i]);
    free(stream);
}

static bool is(const struct sequence *s, int i, const char *name)
{
    return strcmp(s->task->alphabet.name[s->symbols[i]], name) == 0;
}

/* What the stream told of its symbols is what the rules say of the history before them. */
static void assert_history_agrees(const struct sequence *s, int from)
{
    for (int i = from; i < LENGTH; i++) {
        struct task_mark found;
        const struct task_mark *told = &s->marks[i];
        bool control = s->task->alphabet.control[s->symbols[i]] >= 0;
        task_answer(s->task, s->symbols, i, &found);
        if (i == 0 && control) /* nothing is known before the first token */
            continue;
        assert_int_equal(found.answer, told->answer);
        assert_int_equal(found.subtask, told->subtask);
        assert_int_equal(found.since, told->since);
        assert_int_equal(found.distance, told->distance);
        if (!control) {
            assert_int_equal(found.number, told->number);
            if (told->number)
                assert_int_equal(s->symbols[i], told->answer);
        }
        if (found.answer >= 0)
            assert_in_range(found.copied_from, 0, i - 1);
    }
}

static void assert_go_on_stays_a_stream(const struct sequence *s)
{
    struct rng rng;
    rng_seed(&rng, 4, RNG_TEST, 0);
    int16_t symbols[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
        struct task_mark mark;
        task_answer(s->task, symbols, i, &mark);
        int symbol = task_go_on(s->task, symbols, i, &rng);
        assert_in_range(symbol, 0, s->task->alphabet.count - 1);
        if (mark.answer >= 0 && s->task->alphabet.control[symbol] < 0)
            assert_int_equal(symbol, mark.answer);
        symbols[i] = (int16_t)symbol;
    }
}

/* --- the ladder --------------------------------------------------------------------------------
 */

static void assert_ladder(const struct sequence *s, int first, int tau, int base)
{
    for (int i = first; i < LENGTH; i++) {
        assert_in_range(s->symbols[i], 0, base - 1);
        assert_int_equal(s->marks[i].number, i - first >= tau);
        assert_int_equal(s->marks[i].scored, i - first >= tau);
        if (i - first >= tau)
            assert_int_equal(s->symbols[i], (s->symbols[i - 1] + s->symbols[i - tau]) % base);
        else
            assert_int_equal(s->marks[i].answer, -1);
    }
}

static void test_one_tau(void **state)
{
    (void)state;
    static const int taus[] = {1, 2, 5, 9, 31}, bases[] = {2, 7, 16, 64};
    static struct sequence s;
    for (int t = 0; t < 5; t++)
        for (int b = 0; b < 4; b++) {
            char words[96];
            snprintf(words, sizeof words, "task.kind=nt task.tau=%d task.base=%d", taus[t],
                     bases[b]);
            s.task = make_task(words);
            assert_int_equal(s.task->alphabet.count, bases[b] + 1);
            assert_true(s.task->fresh);
            for (uint64_t k = 0; k < 3; k++) {
                draw(&s, k);
                assert_ladder(&s, 0, taus[t], bases[b]);
                assert_history_agrees(&s, 0);
            }
            assert_go_on_stays_a_stream(&s);
            task_free(s.task);
        }
}

static void test_announced_set(void **state)
{
    (void)state;
    static const int taus[] = {2, 5, 9};
    static struct sequence s;
    int seen[3] = {0};
    s.task = make_task("task.kind=nt task.tau=2,5,9 task.announce=yes");
    assert_string_equal(s.task->alphabet.name[17], "T5");
    assert_string_equal(s.task->alphabet.subtask_help[1], "ladder: x(t) = x(t-1) + x(t-5) mod N");
    assert_true(s.task->alphabet.subtask_reconstructed[1]);
    for (uint64_t k = 0; k < 60; k++) {
        draw(&s, k);
        int which = s.task->alphabet.control[s.symbols[0]];
        assert_in_range(which, 0, 2);
        seen[which]++;
        assert_ladder(&s, 1, taus[which], 16);
        assert_history_agrees(&s, 0);
    }
    assert_true(seen[0] > 5 && seen[1] > 5 && seen[2] > 5);
    task_free(s.task);
}

/* Nobody says which tau it is, but the numbers do. */
static void test_hidden_set(void **state)
{
    (void)state;
    static const int taus[] = {2, 5, 9};
    static struct sequence s;
    s.task = make_task("task.kind=nt task.tau=2,5,9");
    for (uint64_t k = 0; k < 40; k++) {
        draw(&s, k);
        int which = s.marks[0].subtask;
        assert_ladder(&s, 0, taus[which], 16);
        assert_history_agrees(&s, 24);
    }
    struct task_mark mark;
    task_answer(s.task, s.symbols, 0, &mark);
    assert_int_equal(mark.answer, -1);
    assert_int_equal(mark.subtask, 255);
    task_free(s.task);
}

/* How likely n numbers of base 2 are under a tau. */
static double likelihood(const int *x, int n, int tau)
{
    double all = 1;
    for (int i = 0; i < n; i++)
        all *= i < tau ? 0.5 : x[i] == (x[i - 1] + x[i - tau]) % 2;
    return all;
}

/* In windows of 8 numbers, tau 5 or 6: the best guess of those behind the fifth that count, over all
   sequences. A number that counts at the fifth place is of tau 5. */
static double best_of_all_sequences(void)
{
    double best = 0, all = 0;
    for (int tau = 5; tau <= 6; tau++)
        for (int start = 0; start < 1 << tau; start++) {
            int x[9];
            for (int i = 0; i < 9; i++)
                x[i] = i < tau ? start >> i & 1 : (x[i - 1] + x[i - tau]) % 2;
            for (int t = tau; t < 9; t++) {
                double five = likelihood(x, t, 5), six = t < 6 ? 0 : likelihood(x, t, 6);
                bool agree = t < 6 || x[t - 5] == x[t - 6];
                best += (agree ? 1 : fmax(five, six) / (five + six)) / (1 << tau);
                all += 1.0 / (1 << tau);
            }
        }
    return best / all;
}

/* Short windows do not tell which tau it is: even who knows all about the task is wrong at times. */
static void test_hidden_ceiling(void **state)
{
    (void)state;
    struct task *task = make_task("task.kind=nt task.base=2 task.tau=5,6 task.context=8");
    double best = best_of_all_sequences();
    assert_true(fabs(best - 0.9375) < 1e-9); /* of which 1 would be far */
    if (fabs(task->all_ceiling - best) > 0.02)
        fail_msg("%.4f, not %.4f", task->all_ceiling, best);
    task_free(task);
    task = make_task("task.kind=nt task.base=2 task.tau=5,6 task.context=8 task.announce=yes");
    assert_true(task->all_ceiling == 1);
    task_free(task);
    /* What follows from 7 does not count before the seventh number: until then it is 2. */
    task = make_task("task.kind=nt task.base=16 task.tau=2,7 task.context=8");
    assert_true(task->all_ceiling > 0.999);
    task_free(task);
}

static void test_windows_are_fresh(void **state)
{
    (void)state;
    struct task *task = make_task("task.kind=nt task.tau=4 task.context=16");
    struct task_reader reader;
    struct batch batch;
    assert_int_equal(batch_init(&batch, 16, 6), 0);
    assert_int_equal(task_reader_init(&reader, task, RNG_EVAL), 0);
    task_read(&reader, &batch);
    for (int b = 0; b < 6; b++)
        for (int t = 0; t < 16; t++) {
            int at = t * 6 + b;
            assert_int_equal(batch.scored[at], t + 1 >= 4);
            if (t >= 3)
                assert_int_equal(batch.targets[at],
                                 (batch.tokens[at] + batch.tokens[at - 3 * 6]) % 16);
        }
    int differ = 0;
    for (int t = 0; t < 16; t++)
        differ += batch.tokens[t * 6] != batch.tokens[t * 6 + 1];
    assert_true(differ > 8);
    task_reader_release(&reader);
    batch_release(&batch);
    task_free(task);
}

/* --- delay copy --------------------------------------------------------------------------------
 */

/* The m numbers before place `end`, in order; false if there are fewer. */
static bool numbers_before(const struct sequence *s, int end, int m, int *out)
{
    while (m > 0 && --end >= 0)
        if (s->symbols[end] < s->task->alphabet.numbers)
            out[--m] = s->symbols[end];
    return m == 0;
}

/* From the second token of a pair at `at` on; returns how many numbers were checked. */
static int check_copy(const struct sequence *s, int first, int at, bool even, int m)
{
    int source[64], wanted[64], count = 0, distance = at - first - 1;
    assert_true(numbers_before(s, first, m, source));
    for (int i = 0; i < m; i++)
        if (!even || source[i] % 2 == 0)
            wanted[count++] = source[i];
    for (int i = 0; i < count && at + 1 + i < LENGTH; i++) {
        assert_int_equal(s->symbols[at + 1 + i], wanted[i]);
        assert_int_equal(s->marks[at + 1 + i].number, 1);
        assert_int_equal(s->marks[at + 1 + i].distance, distance);
    }
    if (at + 1 + count < LENGTH)
        assert_true(s->symbols[at + 1 + count] >= s->task->alphabet.numbers);
    return count;
}

static void check_delay_copy(const struct sequence *s, int low, int high, int m, int64_t *spread)
{
    int first = -1;
    assert_true(is(s, 0, "R"));
    assert_true(s->symbols[18] >= s->task->alphabet.numbers);
    for (int i = 0; i < LENGTH; i++) {
        if (s->symbols[i] < s->task->alphabet.numbers)
            continue;
        assert_int_equal(s->marks[i].scored, 0);
        if (is(s, i, "R")) {
            for (int k = i + 1; k < LENGTH && s->symbols[k] < s->task->alphabet.numbers; k++)
                assert_int_equal(s->marks[k].scored, 0);
        } else if (first < 0) {
            first = i;
        } else {
            assert_int_equal(s->symbols[first], s->symbols[i]);
            assert_in_range(i - first - 1, low, high);
            spread[i - first - 1]++;
            check_copy(s, first, i, is(s, i, "S"), m);
            first = -1;
        }
    }
}

static void test_delay_copy(void **state)
{
    (void)state;
    static struct sequence s;
    static int64_t spread[LENGTH];
    s.task = make_task("task.kind=delay-copy task.context=128 task.distance_min=3 "
                       "task.distance_max=12 task.copy=10");
    assert_int_equal(s.task->distance_low, 3);
    assert_int_equal(s.task->distance_high, 12);
    assert_int_equal(s.task->alphabet.count, 19);
    for (uint64_t k = 0; k < 60; k++) {
        draw(&s, k);
        check_delay_copy(&s, 3, 12, 10, spread);
        assert_history_agrees(&s, 0);
    }
    for (int d = 3; d <= 12; d++)
        assert_true(spread[d] > 20);
    assert_go_on_stays_a_stream(&s);
    task_free(s.task);
}

static void test_delay_copy_at_a_distance(void **state)
{
    (void)state;
    struct task *task = make_task("task.kind=delay-copy task.context=128");
    struct task_reader reader;
    struct batch batch;
    int numbers = 0, pairs = 0;
    assert_int_equal(batch_init(&batch, 128, 8), 0);
    assert_int_equal(task_reader_init_distance(&reader, task, RNG_EVAL, 60, 60), 0);
    task_read(&reader, &batch);
    for (int b = 0; b < 8; b++) {
        int since = 0, last = -1;
        for (int t = 0; t < 127; t++) {
            int at = t * 8 + b, symbol = batch.tokens[at];
            if (t + 1 < 18)
                assert_int_equal(batch.scored[at], 0);
            numbers += batch.number[at];
            if (symbol < 16) {
                since++;
                continue;
            }
            if (symbol == last && symbol != 16 && since == 60)
                pairs++;
            last = symbol;
            since = 0;
        }
    }
    assert_true(pairs >= 4);
    assert_true(numbers > 20);
    task_reader_release(&reader);
    batch_release(&batch);
    task_free(task);
}

/* --- counting and finding ----------------------------------------------------------------------
 */

static void check_questions(const struct sequence *s, bool zero, int longest, int64_t *yes)
{
    int count = 0, ones = 0, base = s->task->alphabet.numbers;
    for (int i = 0; i + 1 < LENGTH; i++) {
        if (is(s, i, "B")) {
            count = ones = 0;
        } else if (is(s, i, "Q")) {
            int wanted = zero ? ones < count : ones % base;
            assert_in_range(count, 1, longest);
            assert_int_equal(s->symbols[i + 1], wanted);
            assert_int_equal(s->marks[i + 1].number, 1);
            yes[wanted]++;
            i++;
        } else {
            assert_in_range(s->symbols[i], 0, 1);
            assert_int_equal(s->marks[i].scored, 0);
            ones += s->symbols[i] == 1;
            count++;
        }
    }
}

static void test_count_ones(void **state)
{
    (void)state;
    static struct sequence s;
    int64_t yes[16] = {0};
    s.task = make_task("task.kind=count-ones task.length=15");
    for (uint64_t k = 0; k < 40; k++) {
        draw(&s, k);
        check_questions(&s, false, 15, yes);
        assert_history_agrees(&s, 0);
    }
    for (int i = 0; i < 12; i++)
        assert_true(yes[i] > 0);
    assert_true(s.task->chance > 1.0 / 16 && s.task->chance < 0.3);
    assert_go_on_stays_a_stream(&s);
    task_free(s.task);
}

/* A question after no symbols at all, as a person may inject it. */
static void test_empty_questions(void **state)
{
    (void)state;
    static const char *const tasks[] = {"task.kind=count-ones", "task.kind=find-zero"};
    for (int i = 0; i < 2; i++) {
        struct task *task = make_task(tasks[i]);
        int16_t b = (int16_t)task->alphabet.control_id[0], q = (int16_t)(b + 1);
        const int16_t symbols[] = {b, 1, 1, q, 0, b, q};
        struct task_mark mark;
        task_answer(task, symbols, 7, &mark);
        assert_int_equal(mark.answer, 0);
        assert_int_equal(mark.subtask, 1);
        task_free(task);
    }
}

static void test_find_zero(void **state)
{
    (void)state;
    static struct sequence s;
    int64_t yes[2] = {0};
    s.task = make_task("task.kind=find-zero task.length=20 task.context=64");
    for (uint64_t k = 0; k < 40; k++) {
        draw(&s, k);
        check_questions(&s, true, 20, yes);
        assert_history_agrees(&s, 0);
    }
    double share = (double)yes[1] / (double)(yes[0] + yes[1]);
    assert_true(share > 0.4 && share < 0.62);
    assert_true(s.task->chance > 0.45 && s.task->chance < 0.65);
    assert_go_on_stays_a_stream(&s);
    task_free(s.task);
}

static void test_refusals(void **state)
{
    (void)state;
    struct {
        const char *words, *message;
    } cases[] = {
        {"task.kind=nt task.tau=5,5", "task.tau: 5,5: 5 stands twice: leave one out"},
        {"task.kind=nt task.tau=5,,2", "task.tau: 5,,2: must be 1 to 8 numbers such as 2,5,9"},
        {"task.kind=nt task.tau=0", "task.tau: 0: must be 1 to 8 numbers such as 2,5,9"},
        {"task.kind=nt task.tau=a",
         "test: task.tau must be 1..31 bytes of 0123456789,, not a: choose such one"},
        {"task.kind=nt task.tau=40",
         "task.context: in 32 symbols of nt no number follows from a rule: choose a longer window, or "
         "a rule without random()"},
        {"task.kind=delay-copy task.distance_min=50",
         "task.distance_min: 50 is more than task.distance_max, 40: choose a smaller one"},
        {"task.kind=rules", "task.kind: rules needs a file: set task.rules to its path"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct task *none = NULL;
        struct failure why;
        assert_int_equal(try_task(&none, cases[i].words, &why), ERR_USAGE);
        assert_string_equal(why.text, cases[i].message);
        assert_null(none);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_tau),         cmocka_unit_test(test_announced_set),
        cmocka_unit_test(test_hidden_set),      cmocka_unit_test(test_windows_are_fresh),
        cmocka_unit_test(test_hidden_ceiling),
        cmocka_unit_test(test_delay_copy),      cmocka_unit_test(test_delay_copy_at_a_distance),
        cmocka_unit_test(test_count_ones),      cmocka_unit_test(test_find_zero),
        cmocka_unit_test(test_empty_questions), cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
