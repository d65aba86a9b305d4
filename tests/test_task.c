#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include "tasks.h"

static void test_batches(void **state)
{
    (void)state;
    struct batch b;
    assert_int_equal(batch_init(&b, 5, 7), 0);
    assert_int_equal(b.positions, 5);
    assert_int_equal(b.sequences, 7);
    void *arrays[] = {b.tokens, b.targets, b.scored, b.number, b.subtask, b.since};
    for (int i = 0; i < 6; i++)
        assert_int_equal((uintptr_t)arrays[i] % 64, 0);
    for (int i = 0; i < 35; i++)
        assert_int_equal(b.tokens[i] | b.targets[i] | b.scored[i] | b.since[i], 0);
    batch_release(&b);
    batch_release(&b);
    assert_null(b.tokens);
}

static void test_windows_of_a_step(void **state)
{
    (void)state;
    struct task *task = make_task("task.context=24");
    struct batch all, one, twice;
    enum { MANY = 37 };
    assert_int_equal(batch_init(&all, 24, MANY), 0);
    assert_int_equal(batch_init(&twice, 24, MANY), 0);
    assert_int_equal(batch_init(&one, 24, 1), 0);
    int equal = 0;
    for (int64_t step = 0; step < 10; step++) {
        task_sample(task, step, &all);
        for (int part = 4; part >= 0; part--)
            task_sample_part(task, step, &twice, part, 5);
        assert_memory_equal(all.tokens, twice.tokens, 24 * MANY * sizeof *all.tokens);
        assert_memory_equal(all.since, twice.since, 24 * MANY);
        for (int b = 0; b < MANY; b++) {
            int16_t history[25];
            task_sample(task, step * MANY + b, &one);
            for (int t = 0; t < 24; t++) {
                struct task_mark mark;
                size_t at = (size_t)t * MANY + (size_t)b;
                assert_int_equal(all.tokens[at], one.tokens[t]);
                assert_int_equal(all.targets[at], one.targets[t]);
                assert_int_equal(all.subtask[at], one.subtask[t]);
                assert_int_equal(all.since[at], one.since[t]);
                assert_int_equal(all.number[at], all.targets[at] < 16);
                assert_int_equal(all.scored[at], 1);
                history[t] = (int16_t)all.tokens[at];
                task_answer(task, history, t + 1, &mark);
                if (t < 23)
                    assert_int_equal(all.targets[at], all.tokens[at + MANY]);
                if (mark.subtask != 255) {
                    assert_int_equal(all.subtask[at], mark.subtask);
                    assert_int_equal(all.since[at], mark.since);
                }
                if (mark.answer >= 0 && all.number[at])
                    assert_int_equal(all.targets[at], mark.answer);
            }
            equal += b > 0 && all.tokens[b] == all.tokens[b - 1];
        }
    }
    assert_true(equal < 60); /* of 250: windows differ */
    batch_release(&all);
    batch_release(&twice);
    batch_release(&one);
    task_free(task);
}

static void test_held_out_windows_are_one_stream(void **state)
{
    (void)state;
    struct task *task = make_task("task.context=8");
    struct task_reader three, one;
    struct batch wide, narrow;
    enum { TOGETHER = 3 * 40 };
    int16_t stream[TOGETHER * 8 + 1];
    assert_int_equal(batch_init(&wide, 8, 3), 0);
    assert_int_equal(batch_init(&narrow, 8, 1), 0);
    assert_int_equal(task_reader_init(&three, task, RNG_EVAL), 0);
    assert_int_equal(task_reader_init(&one, task, RNG_EVAL), 0);
    for (int w = 0; w < TOGETHER; w++) {
        if (w % 3 == 0)
            task_read(&three, &wide);
        task_read(&one, &narrow);
        for (int t = 0; t < 8; t++) {
            size_t at = (size_t)t * 3 + (size_t)(w % 3);
            assert_int_equal(wide.tokens[at], narrow.tokens[t]);
            assert_int_equal(wide.targets[at], narrow.targets[t]);
            assert_int_equal(wide.number[at], narrow.number[t]);
            assert_int_equal(wide.since[at], narrow.since[t]);
            if (w > 0 || t > 0)
                assert_int_equal(stream[w * 8 + t], narrow.tokens[t]);
            stream[w * 8 + t] = (int16_t)narrow.tokens[t];
            stream[w * 8 + t + 1] = (int16_t)narrow.targets[t];
        }
    }
    int checked = 0;
    for (int i = 60; i <= TOGETHER * 8; i++) {
        struct task_mark mark;
        task_answer(task, stream, i, &mark);
        if (stream[i] < 16) {
            assert_int_equal(stream[i], mark.answer);
            checked++;
        }
    }
    assert_true(checked > 600);

    /* Another purpose, another stream. */
    task_reader_release(&one);
    assert_int_equal(task_reader_init(&one, task, RNG_STEP), 0);
    int differ = 0;
    for (int w = 0; w < 10; w++) {
        task_read(&one, &narrow);
        for (int t = 0; t < 8; t++)
            differ += stream[w * 8 + t] != narrow.tokens[t];
    }
    assert_true(differ > 40);
    task_reader_release(&one);
    task_reader_release(&three);
    batch_release(&wide);
    batch_release(&narrow);
    task_free(task);
}

static void test_training_is_not_evaluation(void **state)
{
    (void)state;
    struct task *task = make_task("");
    struct task_reader reader;
    struct batch train, held_out;
    assert_int_equal(batch_init(&train, 32, 1), 0);
    assert_int_equal(batch_init(&held_out, 32, 1), 0);
    assert_int_equal(task_reader_init(&reader, task, RNG_EVAL), 0);
    task_sample(task, 0, &train);
    task_read(&reader, &held_out);
    assert_memory_not_equal(train.tokens, held_out.tokens, 32 * sizeof *train.tokens);
    task_reader_release(&reader);
    batch_release(&train);
    batch_release(&held_out);
    task_free(task);
}

static void test_seeds(void **state)
{
    (void)state;
    struct task *a = make_task("train.seed=1"), *b = make_task("train.seed=2");
    struct batch x, y;
    assert_int_equal(batch_init(&x, 32, 8), 0);
    assert_int_equal(batch_init(&y, 32, 8), 0);
    task_sample(a, 0, &x);
    task_sample(b, 0, &y);
    int differ = 0;
    for (int i = 0; i < 32 * 8; i++)
        differ += x.tokens[i] != y.tokens[i];
    assert_true(differ > 128);
    batch_release(&x);
    batch_release(&y);
    task_free(a);
    task_free(b);
}

/* A window of a batch holds what its stream gives symbol by symbol, whatever loop filled it. */
static void test_windows_are_the_stream(void **state)
{
    (void)state;
    static const char *const tasks[] = {"task.kind=iarc", "task.context_rule=repeat task.base=7",
                                        "task.kind=nt task.tau=2,5,9", "task.kind=count-ones",
                                        "task.kind=delay-copy task.context=128"};
    enum { SEQUENCES = 5 };
    for (int k = 0; k < 5; k++) {
        struct task *task = make_task(tasks[k]);
        int T = task->config.task.context;
        struct batch batch;
        void *stream = calloc(1, task->stream_size);
        assert_non_null(stream);
        assert_int_equal(batch_init(&batch, T, SEQUENCES), 0);
        task_sample(task, 3, &batch);
        for (int b = 0; b < SEQUENCES; b++) {
            struct rng rng;
            struct task_mark mark;
            rng_seed(&rng, (uint64_t)task->config.train.seed, RNG_TRAIN, (uint64_t)(3 * SEQUENCES + b));
            task->ops->begin(task, stream, &rng);
            int symbol = task->ops->next(task, stream, &rng, &mark);
            for (int t = 0; t < T; t++) {
                int at = t * SEQUENCES + b;
                assert_int_equal(batch.tokens[at], symbol);
                symbol = task->ops->next(task, stream, &rng, &mark);
                assert_int_equal(batch.targets[at], symbol);
                assert_int_equal(batch.scored[at], mark.scored && t + 1 >= task->mask);
                assert_int_equal(batch.number[at], mark.number && t + 1 >= task->mask);
                assert_int_equal(batch.subtask[at], mark.subtask);
                assert_int_equal(batch.since[at], mark.since);
            }
        }
        free(stream);
        batch_release(&batch);
        task_free(task);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_windows_of_a_step),
        cmocka_unit_test(test_held_out_windows_are_one_stream),
        cmocka_unit_test(test_training_is_not_evaluation),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_windows_are_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
