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
    assert_int_equal(s->now.cursor, 16);
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
    must(stepper_restart(s, race->task, 0, &why), &why);
    for (int i = 0; i < 3 * PROBE_HISTORY; i++) {
        int symbol = task_go_on(s->task, s->now.sequence, s->now.cursor, &s->rng);
        stepper_append(s, symbol, 0, symbol);
        assert_in_range(s->now.cursor, 16, PROBE_HISTORY - 1);
        assert_int_equal(s->now.sequence[s->now.cursor - 1], symbol);
        struct task_mark mark;
        if (i % 97 == 0) {
            task_answer(s->task, s->now.sequence, s->now.cursor, &mark);
            assert_int_equal(mark.answer, stepper_next(s)->answer);
        }
    }
    free(s);
    race_free(race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stepper_steps_counts_and_undoes),
        cmocka_unit_test(stepper_never_runs_out_of_room),
    };
    return cmocka_run_group_tests_name("stepper", tests, NULL, NULL);
}
