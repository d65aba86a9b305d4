/* The sequence that a person steps through. */
#include "heed_test.h"
#include "race_fixture.h"
#include <stdlib.h>
#include "train/stepper.h"

static void stepper_steps_counts_and_undoes(void **state)
{
    (void)state;
    struct race *race = make_race(1, NULL);
    struct stepper *s = calloc(1, sizeof *s);
    struct failure why;
    must(stepper_restart(s, race->task, 0, &why), &why);
    assert_int_equal(s->now.length, 32);
    struct stepper_state first = s->now;
    stepper_append(s, 16, 0, 3); /* I: a control token is never counted */
    stepper_append(s, 5, 0, -1); /* the model was not asked */
    int answer = stepper_next(s)->answer;
    assert_int_equal(answer, 6); /* increment of the 5 that was typed */
    stepper_append(s, answer, 0, 6);
    stepper_append(s, 7, 0, 9); /* the rule's number, the model wrong */
    static struct probe_snapshot shown;
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.length, 36);
    assert_int_equal(shown.start, 36 - 16);
    assert_int_equal(shown.score.count, 2);
    assert_int_equal(shown.score.right, 1);
    assert_int_equal(shown.score_since[1].right, 1);
    assert_int_equal(shown.hit[35], 0);
    stepper_show(s, 1, &shown);
    assert_int_equal(shown.score.count, 0); /* another contestant was not asked */
    for (int i = 0; i < 4; i++)
        assert_true(stepper_undo(s));
    assert_false(stepper_undo(s));
    assert_memory_equal(first.sequence, s->now.sequence, 32 * sizeof *first.sequence);
    assert_int_equal(s->now.length, 32);
    stepper_move(s, -1000);
    assert_int_equal(s->now.cursor, 1); /* to the first symbol */
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.positions, 1);
    assert_int_equal(shown.start, 0);
    stepper_move(s, 1000);
    assert_int_equal(s->now.cursor, 32);
    free(s);
    race_free(race);
}

static void stepper_never_runs_out_of_room(void **state)
{
    (void)state;
    struct race *race = make_race(1, NULL);
    struct stepper *s = calloc(1, sizeof *s);
    struct failure why;
    static struct probe_snapshot shown;
    int64_t asked = 0, right = 0, since[MAX_SINCE] = {0};
    must(stepper_restart(s, race->task, 0, &why), &why);
    for (int i = 0; i < 3 * PROBE_HISTORY; i++) {
        const struct task_mark next = *stepper_next(s);
        int symbol = task_go_on(s->task, s->now.sequence, s->now.cursor, &s->rng);
        int guess = i % 3 ? next.answer : 1; /* right more often than not */
        stepper_append(s, symbol, 0, guess);
        assert_in_range(s->now.cursor, 16, PROBE_HISTORY - 1);
        assert_int_equal(s->now.sequence[s->now.cursor - 1], symbol);
        if (symbol < 16 && next.answer >= 0) {
            asked++;
            right += guess == next.answer;
            since[next.since]++;
        }
        struct task_mark mark;
        if (i % 97 == 0) {
            task_answer(s->task, s->now.sequence, s->now.cursor, &mark);
            assert_int_equal(mark.answer, stepper_next(s)->answer);
            assert_int_equal(mark.copied_from, stepper_next(s)->copied_from);
        }
    }
    /* The score counts what is no longer kept. */
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.score.count, asked);
    assert_int_equal(shown.score.right, right);
    assert_int_equal(shown.score_since[2].count, since[2]);
    free(s);
    race_free(race);
}

/* Making room takes nothing from the person: what was put in can be taken back as before. */
static void making_room_keeps_undo(void **state)
{
    (void)state;
    struct race *race = make_race(1, NULL);
    struct stepper *s = calloc(1, sizeof *s);
    struct failure why;
    int16_t last[40];
    must(stepper_restart(s, race->task, 0, &why), &why);
    while (s->now.cursor < PROBE_HISTORY - 1)
        stepper_append(s, s->now.cursor % 16, 0, -1);
    for (int i = 0; i < 40; i++)
        last[i] = s->now.sequence[s->now.length - 40 + i];
    int at = s->now.cursor;
    stepper_append(s, 3, 0, -1);
    assert_true(s->now.cursor < at); /* there is room again */
    stepper_append(s, 5, 0, -1);
    for (int i = 0; i < 2; i++)
        assert_true(stepper_undo(s));
    assert_memory_equal(s->now.sequence + s->now.length - 40, last, sizeof last);
    for (int i = 0; i < 20; i++)
        assert_true(stepper_undo(s));
    assert_memory_equal(s->now.sequence + s->now.length - 20, last, sizeof last / 2);
    int count = 22;
    while (stepper_undo(s))
        count++;
    assert_int_equal(count, STEPPER_UNDO);
    /* A state of another sequence is not mistaken for one of this. */
    must(stepper_restart(s, race->task, 5, &why), &why);
    while (s->now.cursor < PROBE_HISTORY - 1)
        stepper_append(s, s->now.cursor % 16, 0, -1);
    stepper_restart(s, race->task, 6, &why);
    stepper_undo(s);
    s->now.sequence[0] ^= 1;
    stepper_append(s, 3, 0, -1);
    assert_true(stepper_undo(s)); /* the one just put in */
    assert_false(stepper_undo(s));
    free(s);
    race_free(race);
}

/* Where every window is a sequence of its own, what is stepped through is one from its beginning. */
static void fresh_windows_are_whole_sequences(void **state)
{
    (void)state;
    static const char *const tasks[3][5] = {
        {"task.kind=delay-copy", "task.context=96", "task.copy=5"},
        {"task.kind=count-ones", "task.context=24"},
        {"task.kind=nt", "task.tau=2,5", "task.announce=yes", "task.context=24"}};
    static struct probe_snapshot shown;
    for (int k = 0; k < 3; k++) {
        struct race *race = make_race(1, tasks[k]);
        struct stepper *s = calloc(1, sizeof *s);
        struct failure why;
        int T = race->task->config.task.context, asked = 0;
        assert_true(race->task->fresh);
        for (int which = 0; which < 8; which++) {
            must(stepper_restart(s, race->task, which, &why), &why);
            assert_int_equal(s->now.length, T);
            assert_true(s->now.sequence[0] >= 16); /* R, B, T2 or T5 */
            stepper_show(s, 0, &shown);
            assert_int_equal(shown.start, 0); /* aligned with what the model was trained on */
            assert_int_equal(shown.positions, shown.cursor);
            assert_int_equal(shown.longest, T);
            /* A question stands there, or the run of answers that has begun goes on. */
            if (s->now.cursor < T) {
                assert_true(stepper_next(s)->answer >= 0);
                assert_true(s->marks[s->now.cursor - 1].answer < 0 || s->now.cursor == 3 * T / 4);
            }
            asked += s->now.cursor < T;
        }
        assert_true(asked >= 6);
        while (!stepper_is_full(s))
            assert_true(stepper_append(s, 1, 0, stepper_next(s)->answer));
        assert_false(stepper_append(s, 1, 0, 1));
        assert_int_equal(s->now.length, T);
        stepper_show(s, 0, &shown);
        struct score before = shown.score;
        must(stepper_follow(s, &why), &why);
        stepper_show(s, 0, &shown);
        assert_int_equal(shown.which, 8);
        assert_int_equal(shown.score.count, before.count); /* the score goes on */
        assert_int_equal(shown.score.right, before.right);
        must(stepper_restart(s, race->task, 2, &why), &why);
        stepper_show(s, 0, &shown);
        assert_int_equal(shown.score.count, 0);
        free(s);
        race_free(race);
    }
}

/* "copied from here" is said where the rule copies, not where its number happens to be the same. */
static void copies_are_told_from_chance(void **state)
{
    (void)state;
    struct race *race = make_race(1, NULL);
    struct stepper *s = calloc(1, sizeof *s);
    struct failure why;
    static struct probe_snapshot shown;
    static const int16_t reverse[] = {16, 3, 4, 18, 4},        /* I 3 4 R 4: the 3 comes */
        add[] = {16, 3, 5, 17};                                /* I 3 5 A: 5 + 3 */
    must(stepper_restart(s, race->task, 0, &why), &why);
    must(stepper_load(s, reverse, 5, &why), &why);
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.next_answer, 3);
    assert_int_equal(shown.copied_from, 1);
    assert_true(shown.copies);
    must(stepper_load(s, add, 4, &why), &why);
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.next_answer, 8);
    assert_false(shown.copies);
    free(s);
    race_free(race);
    static const char *const counting[] = {"task.kind=count-ones", "task.context=16", NULL};
    static const int16_t ones[] = {16, 0, 1, 0, 17}; /* B 0 1 0 Q: 1, and a 1 is read */
    race = make_race(1, counting);
    s = calloc(1, sizeof *s);
    must(stepper_restart(s, race->task, 0, &why), &why);
    must(stepper_load(s, ones, 4, &why), &why);
    stepper_append(s, 17, 0, -1);
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.next_answer, 1);
    assert_false(shown.copies);
    must(stepper_load(s, ones, 5, &why), &why);
    assert_int_equal(stepper_load(s, ones, 17, &why), ERR_USAGE);
    free(s);
    race_free(race);
}

static struct stepper *new_stepper(struct race *race)
{
    struct failure why;
    struct stepper *s = calloc(1, sizeof *s);
    must(stepper_restart(s, race->task, 0, &why), &why);
    return s;
}

static void replacing_keeps_what_follows(void **state)
{
    (void)state;
    struct race *race = make_race(1, NULL);
    struct stepper *s = new_stepper(race);
    static struct probe_snapshot shown;
    const int symbols[] = {16, 5, 6, 7, 8}; /* I 5 6 7 8 */
    for (int i = 0; i < 5; i++)
        stepper_append(s, symbols[i], 0, i >= 2 ? symbols[i] : -1);
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.score.right, 3);
    int length = s->now.length;
    assert_true(stepper_replace(s, length - 4, 9)); /* I 9 6 7 8: the 6 is wrong now, the 7 is not */
    assert_int_equal(s->now.length, length);
    assert_int_equal(s->now.cursor, length);
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.sequence[length - 4], 9);
    assert_int_equal(shown.answer[length - 3], 10);
    assert_int_equal(shown.answer[length - 2], 7);
    assert_int_equal(shown.hit[length - 3], 0);
    assert_int_equal(shown.score.right, 2);
    assert_int_equal(shown.score.count, 3);
    assert_int_equal(s->stale_from, length - 3);
    assert_int_equal(s->stale_to, length);
    s->stale_from = s->stale_to = 0;
    assert_true(stepper_undo(s));
    stepper_show(s, 0, &shown);
    assert_int_equal(shown.sequence[length - 4], 5);
    assert_int_equal(shown.score.right, 3); /* nothing was forgotten */
    assert_int_equal(s->stale_from, length - 3);
    assert_false(stepper_replace(s, length, 9));
    assert_false(stepper_replace(s, -1, 9));
    free(s);
    race_free(race);
}

static void loading_replaces_all(void **state)
{
    (void)state;
    struct race *race = make_race(1, NULL);
    struct stepper *s = new_stepper(race);
    struct failure why;
    int16_t symbols[PROBE_HISTORY] = {0};
    for (int i = 0; i < 20; i++)
        symbols[i] = (int16_t)(i == 0 ? 16 : i);
    assert_int_equal(stepper_load(s, symbols, 0, &why), ERR_USAGE);
    assert_int_equal(stepper_load(s, symbols, PROBE_HISTORY, &why), ERR_USAGE);
    assert_int_equal(s->now.length, 32);
    must(stepper_load(s, symbols, 15 + 1, &why), &why);
    assert_int_equal(s->now.cursor, 16);
    assert_int_equal(stepper_next(s)->answer, 0); /* 15 + 1 mod 16 */
    assert_true(stepper_undo(s));
    assert_int_equal(s->now.length, 32);
    free(s);
    race_free(race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stepper_steps_counts_and_undoes),
        cmocka_unit_test(stepper_never_runs_out_of_room),
        cmocka_unit_test(making_room_keeps_undo),
        cmocka_unit_test(fresh_windows_are_whole_sequences),
        cmocka_unit_test(copies_are_told_from_chance),
        cmocka_unit_test(replacing_keeps_what_follows),
        cmocka_unit_test(loading_replaces_all),
    };
    return cmocka_run_group_tests_name("stepper", tests, NULL, NULL);
}
