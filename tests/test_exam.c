/* What heads are for: counts against models changed by hand, and where heads look. */
#include "heed_test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "race_fixture.h"
#include "train/exam.h"

static const char *const cast[] = {"race=transformer-dpa,cisformer-ea,lstm", "model.layers=2",
                                   "train.batch=16", "task.context=12", NULL};

static struct race *trained(int64_t steps)
{
    struct failure why;
    struct race *race = make_race(1, cast);
    for (int i = 0; i < race->count; i++)
        model_init(race->contestants[i].model);
    for (int64_t step = 0; step < steps; step++)
        for (int i = 0; i < race->count; i++)
            must(race_train_one(race, i, &why), &why);
    return race;
}

static const struct exam_report *examine(struct exam **e, struct race *race, int i)
{
    struct failure why;
    must(exam_new(e, race, i, race->contestants[i].model->weights, 7, race->team, &why), &why);
    for (int64_t k = 0; k < 100000 && !exam_done(*e); k++)
        exam_go_on(*e);
    assert_true(exam_done(*e));
    return exam_report(*e);
}

/* Right answers of a model, window by window, on the same stream. */
static void answers(struct race *race, struct model *m, int64_t windows, bool *right, bool *number)
{
    struct task_reader reader;
    struct batch batch;
    int T = race->task->config.task.context;
    assert_int_equal(task_batch(race->task, &batch, T, 8), 0);
    assert_int_equal(task_reader_init(&reader, race->task, RNG_EVAL), 0);
    for (int64_t done = 0; done < windows; done += 8) {
        task_read(&reader, &batch);
        model_forward(m, batch.tokens, T, 8);
        for (int b = 0; b < 8; b++) {
            const real *row = m->logits + ((size_t)(T - 1) * 8 + (size_t)b) * (size_t)m->symbols;
            int best = 0;
            for (int v = 1; v < m->symbols; v++)
                best = row[v] > row[best] ? v : best;
            right[done + b] = best == batch.targets[(T - 1) * 8 + b];
            number[done + b] = batch.number[(T - 1) * 8 + b];
        }
    }
    task_reader_release(&reader);
    batch_release(&batch);
}

/* A head whose values are zero gives nothing: as without its output. */
static void zero_rows(struct model *m, int head, char piece)
{
    char name[PARAM_NAME];
    int heads = m->config.model.heads;
    size_t C = (size_t)m->config.model.dim, D = C / (size_t)heads;
    snprintf(name, sizeof name, "layers.%d.attn.%c.weight", head / heads, piece);
    const struct param *p = param_find(&m->params, name);
    for (size_t row = 0; row < p->size / C; row++)
        if (row % C / D == (size_t)(head % heads))
            memset(m->weights + p->offset + row * C, 0, C * sizeof *m->weights);
}

static void changes_are_what_models_without_heads_answer(void **state)
{
    (void)state;
    static bool whole[4096], other[4096], number[4096];
    struct race *race = trained(60);
    for (int i = 0; i < 2; i++) {
        struct exam *e;
        struct model *m = race->contestants[i].model;
        const struct exam_report *r = examine(&e, race, i);
        assert_int_equal(r->count, 8);
        assert_int_equal(r->step, 7);
        assert_true(r->whole.count >= EXAM_WINDOWS);
        /* As many windows as were read until so many ended before a number. */
        answers(race, m, 2048, whole, number);
        int64_t read = 0, counted = 0, right = 0;
        while (counted < r->whole.count) {
            counted += number[read];
            right += number[read] && whole[read];
            read++;
        }
        assert_int_equal(counted, r->whole.count);
        assert_int_equal(right, r->whole.right);
        real *kept = malloc(m->params.total * sizeof *kept);
        memcpy(kept, m->weights, m->params.total * sizeof *kept);
        int64_t changes = 0;
        for (int k = 0; k < r->count; k++) {
            for (int way = 0; way < 2; way++) {
                struct exam_change c = {0, 0};
                const struct exam_change *told = way ? &r->head[k].blind : &r->head[k].without;
                zero_rows(m, k, way ? 'q' : 'v');
                answers(race, m, 2048, other, number);
                memcpy(m->weights, kept, m->params.total * sizeof *kept);
                for (int64_t w = 0; w < read; w++) {
                    c.lost += number[w] && whole[w] && !other[w];
                    c.won += number[w] && !whole[w] && other[w];
                }
                assert_int_equal(told->lost, c.lost);
                assert_int_equal(told->won, c.won);
                changes += c.lost + c.won;
            }
        }
        assert_true(changes > 20); /* heads matter at all */
        free(kept);
        exam_free(e);
    }
    race_free(race);
}

static void heads_of_an_untrained_query_look_everywhere(void **state)
{
    (void)state;
    struct race *race = trained(0);
    struct exam *e;
    struct model *m = race->contestants[0].model;
    for (int k = 0; k < 8; k++)
        zero_rows(m, k, 'q'); /* all scores are 0: softmax gives each of 12 keys the same */
    const struct exam_report *r = examine(&e, race, 0);
    for (int k = 0; k < 8; k++) {
        const struct exam_head *h = &r->head[k];
        assert_true(fabs(h->entropy - log(12)) < 1e-5);
        assert_true(fabs(h->distance - 5.5) < 1e-4);
        assert_true(fabs(h->control - 1.0 / 12) < 1e-6);
        assert_true(fabs(h->source - 1.0 / 12) < 1e-6);
        assert_true(h->sources > 0 && h->sources <= r->whole.count);
        assert_true(h->controls > 0 && h->controls <= r->whole.count);
        assert_int_equal(h->blind.lost + h->blind.won, 0); /* it was so already */
    }
    exam_free(e);
    race_free(race);
}

static void intervals_are_paired(void **state)
{
    (void)state;
    double half;
    /* 100 windows: 12 lost, 2 won; mean -.1, square .14: 1.96 sqrt((.14 - .01) / 100) */
    double value = exam_change_value((struct exam_change){12, 2}, 100, &half);
    assert_true(fabs(value + 0.1) < 1e-12);
    assert_true(fabs(half - 1.959963984540054 * sqrt(0.13 / 100)) < 1e-12);
    value = exam_change_value((struct exam_change){0, 0}, 0, &half);
    assert_true(isnan(value) && isnan(half));
}

static void no_attention_is_told(void **state)
{
    (void)state;
    struct race *race = trained(0);
    struct exam *e = NULL;
    struct failure why;
    assert_int_equal(exam_new(&e, race, 2, race->contestants[2].model->weights, 0, race->team, &why),
                     ERR_USAGE);
    assert_non_null(strstr(why.text, "lstm has no attention"));
    race_free(race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_what_models_without_heads_answer),
        cmocka_unit_test(heads_of_an_untrained_query_look_everywhere),
        cmocka_unit_test(intervals_are_paired),
        cmocka_unit_test(no_attention_is_told),
    };
    return cmocka_run_group_tests_name("exam", tests, NULL, NULL);
}
