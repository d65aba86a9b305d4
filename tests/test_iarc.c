#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include "tasks.h"

enum { NONE = -1 };

static struct task *task; /* of the test that runs */

static void assert_answer(const int16_t *symbols, int n, int expected, int from, const char *what)
{
    struct task_mark mark;
    task_answer(task, symbols, n, &mark);
    if (mark.answer != expected || mark.copied_from != from)
        fail_msg("%s: %d from place %d, not %d from %d", what, mark.answer, mark.copied_from,
                 expected, from);
    assert_int_equal(mark.number, expected >= 0);
    assert_int_equal(mark.scored, 1);
}

/* After the history comes the number `expected`, read from place `from`. */
static void comes(const char *history, int expected, int from)
{
    int ids[64];
    int16_t symbols[64];
    struct failure why;
    int n = alphabet_parse(&task->alphabet, history, ids, 64, &why);
    if (n < 0)
        fail_msg("%s", why.text);
    for (int i = 0; i < n; i++)
        symbols[i] = (int16_t)ids[i];
    assert_answer(symbols, n, expected, from, history);
}

static void use(const char *words)
{
    task_free(task);
    task = make_task(words);
}

static int end_use(void **state)
{
    (void)state;
    task_free(task);
    task = NULL;
    return 0;
}

static void test_increment(void **state)
{
    (void)state;
    use("");
    comes("I 3 4 5", 6, 3);
    comes("I 15", 0, 1);
    comes("3 I", 4, 0);
    comes("3 A I", 4, 0);
    comes("I 3 9", 10, 2); /* a wrong number, and on from there */
    comes("I", NONE, NONE);
}

static void test_addition(void **state)
{
    (void)state;
    use("");
    comes("A 3 4", 7, 1);
    comes("9 9 A", 2, 0);
    comes("3 A 4", 7, 0); /* back over the control */
    comes("3 I A 4", 7, 0);
    comes("15 15 A 14", 13, 1);
    comes("A 3", NONE, NONE);
    comes("A", NONE, NONE);
}

static void test_reverse_copy(void **state)
{
    (void)state;
    use("");
    comes("3 4 5 R", 5, 2);
    comes("3 4 5 R 5", 4, 1);
    comes("3 4 5 R 5 4", 3, 0);
    comes("3 4 5 R 5 4 3", NONE, NONE); /* the history is too short */
    comes("3 4 5 R 9", 4, 1);           /* a wrong number does not matter */
    /* Over control tokens, also two in a row. */
    comes("I 3 4 A 7 R", 7, 4);
    comes("I 3 4 A 7 R 7", 4, 2);
    comes("I 3 4 A 7 R 7 4", 3, 1);
    comes("I 3 4 A 7 R 7 4 3", NONE, NONE);
    comes("3 4 I A R 4", 3, 0);
    /* R just after R, and R in an R. */
    comes("3 4 R R", 4, 1);
    comes("3 4 R R 4", 3, 0);
    comes("3 4 R 4 R", 4, 3);
    comes("3 4 R 4 R 4", 4, 1);
    comes("3 4 R 4 R 4 4", 3, 0);
    comes("R", NONE, NONE);
    comes("R 3", NONE, NONE);
}

static void test_context_step(void **state)
{
    (void)state;
    use("");
    comes("3 4 C", 8, 1);
    comes("3 4 C 8", 12, 1);
    comes("3 4 C 8 12", 0, 1);
    comes("4 C 9", 13, 0);
    comes("4 I C", 8, 0);
    comes("0 C 9", 9, 0);
    comes("C 5", NONE, NONE);
    comes("C", NONE, NONE);
}

static void test_context_parity(void **state)
{
    (void)state;
    use("task.context_rule=parity");
    comes("4 C", 5, 0);
    comes("4 C 5", 6, 2);
    comes("4 C 5 7", 8, 3); /* the parity before the C counts, not what follows */
    comes("4 5 C", 9, 0);
    comes("4 5 C 9", 14, 1);
    comes("4 5 C 9 14", 7, 3);
    comes("4 5 I C", 9, 0);
    comes("5 C", NONE, NONE);
    comes("C 5 6", NONE, NONE);
}

static void test_context_repeat(void **state)
{
    (void)state;
    use("task.context_rule=repeat");
    comes("3 4 R 4 I 5 C", 5, 5);
    comes("3 4 R 4 I 5 C 5", 4, 3);
    comes("3 4 R 4 I 5 C 5 4", 4, 1);
    comes("1 A 2 R 2 C", 4, 2);
    comes("I 1 A 2 C", 3, 3);
    /* A C before the previous segment hands on what it repeats itself. */
    comes("A 1 2 I 3 C 5 I 6 C", 11, 6);
    comes("R 1 A 2 C 3 A 3 C 6 A 1 C", 1, 11);
    comes("3 R 3 C 3 C", 3, 4);
    comes("I 3 C 4 C 5 A 9 C", 10, 7);
    /* A segment without numbers is one. */
    comes("1 2 A R C", 3, 0);
    comes("1 2 A R C C", 2, 1);
    /* Nothing to repeat. */
    comes("I 3 C", NONE, NONE);
    comes("I 3 C 4 A 5 C", NONE, NONE);
    comes("C", NONE, NONE);
    use("task.context_rule=repeat task.subtasks=C");
    comes("3 C", 4, 0);
    comes("3 C 4 C 9", 10, 4);
}

static void test_no_control(void **state)
{
    (void)state;
    use("");
    comes("", NONE, NONE);
    comes("3 4 5", NONE, NONE);
    const int16_t odd[] = {3, -1, 999, 4, 16, 20};
    assert_answer(odd, 6, 5, 3, "symbols of no alphabet count as nothing");
}

static void test_marks(void **state)
{
    (void)state;
    struct task_mark mark;
    use("task.context_rule=parity");
    const int16_t symbols[] = {5, 6, 17, 11, 1, 19, 2, 3, 4, 18, 16};
    static const int subtask[] = {255, 255, 255, 1, 1, 1, 3, 3, 3, 3, 2, 0};
    static const int since[] = {0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 0, 0};
    for (int n = 0; n <= 11; n++) {
        task_answer(task, symbols, n, &mark);
        assert_int_equal(mark.subtask, subtask[n]);
        assert_int_equal(mark.since, since[n]);
    }
    static int16_t many[400]; /* since stops at 255 */
    many[0] = 16;
    task_answer(task, many, 400, &mark);
    assert_int_equal(mark.since, 255);
    assert_int_equal(mark.answer, 1);
}

static void test_small_base(void **state)
{
    (void)state;
    use("task.base=2");
    comes("I 1", 0, 1);
    comes("1 A 1", 0, 0);
    comes("1 C", 0, 0);
    use("task.base=64");
    comes("A 60 61", 57, 1);
}

static void test_alphabet(void **state)
{
    (void)state;
    use("task.base=5 task.subtasks=RI");
    const struct alphabet *a = &task->alphabet;
    assert_int_equal(a->count, 7);
    assert_int_equal(a->numbers, 5);
    assert_int_equal(a->subtasks, 2);
    assert_string_equal(a->name[4], "4");
    assert_string_equal(a->name[5], "I"); /* the order of IARC, not of the setting */
    assert_string_equal(a->name[6], "R");
    assert_int_equal(a->control[4], -1);
    assert_int_equal(a->control[5], 0);
    assert_int_equal(a->control[6], 1);
    assert_int_equal(a->control_id[1], 6);
    assert_string_equal(a->subtask_help[0], "increment: m + 1 mod N");
    assert_false(a->subtask_reconstructed[0]);
    assert_true(a->subtask_reconstructed[1]);
    assert_int_equal(alphabet_find(a, "R"), 6);
    assert_int_equal(alphabet_find(a, "A"), -1);
    comes("3 R", 3, 0);
    assert_true(task->chance == 0.2);

    int ids[4];
    struct failure why;
    assert_int_equal(alphabet_parse(a, "  I 4\t0\n", ids, 4, &why), 3);
    assert_int_equal(ids[0], 5);
    assert_int_equal(ids[2], 0);
    assert_int_equal(alphabet_parse(a, "I 5", ids, 4, &why), ERR_USAGE);
    assert_string_equal(why.text, "5: no symbol of this task: its symbols are 0 1 2 3 4 I R");
    assert_int_equal(alphabet_parse(a, "I averyveryverylongword", ids, 4, &why), ERR_USAGE);
    assert_int_equal(alphabet_parse(a, "0 1 2 3 4", ids, 4, &why), ERR_USAGE);
    assert_string_equal(why.text, "more than 4 symbols: give fewer");
}

static void assert_refused(const char *words, const char *message)
{
    struct task *none = NULL;
    struct failure why;
    assert_int_equal(try_task(&none, words, &why), ERR_USAGE);
    assert_string_equal(why.text, message);
    assert_null(none);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused("task.subtasks=IX",
                   "task.subtasks: IX: X is no subtask: use letters of IARC, each once");
    assert_refused("task.subtasks=IAI",
                   "task.subtasks: IAI: I stands twice: use letters of IARC, each once");
    assert_refused("task.segment_max=5",
                   "task.segment_mean: 6 is more than task.segment_max, 5: choose a smaller mean");
    assert_refused("task.kind=irac", "task.kind: unknown task irac: did you mean iarc?");
    assert_refused("task.kind=zzzzzz", "task.kind: unknown task zzzzzz: `heed list tasks` names them");
}

static void test_helps(void **state)
{
    (void)state;
    static const char *const rules[] = {"step", "parity", "repeat"};
    static const char *const helps[] = {
        "context: m_last + c mod N, c the last number before the C",
        "context: as I if the number before the C is even, else as A",
        "context: the rule of the segment before the previous one"};
    for (int i = 0; i < 3; i++) {
        char words[64];
        snprintf(words, sizeof words, "task.context_rule=%s", rules[i]);
        use(words);
        assert_string_equal(task->alphabet.subtask_help[3], helps[i]);
        assert_string_equal(task->alphabet.subtask_help[2],
                            "reverse copy: the k-th number is the k-th number before the R");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_increment, end_use),
        cmocka_unit_test_teardown(test_addition, end_use),
        cmocka_unit_test_teardown(test_reverse_copy, end_use),
        cmocka_unit_test_teardown(test_context_step, end_use),
        cmocka_unit_test_teardown(test_context_parity, end_use),
        cmocka_unit_test_teardown(test_context_repeat, end_use),
        cmocka_unit_test_teardown(test_no_control, end_use),
        cmocka_unit_test_teardown(test_marks, end_use),
        cmocka_unit_test_teardown(test_small_base, end_use),
        cmocka_unit_test_teardown(test_alphabet, end_use),
        cmocka_unit_test_teardown(test_refusals, end_use),
        cmocka_unit_test_teardown(test_helps, end_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
