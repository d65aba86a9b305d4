/* What heads are for: counts against models changed by hand, and where heads look. */
#include "heed_test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "race_fixture.h"
#include "scratch.h"
#include "train/exam.h"

static const char *const cast[] = {"race=transformer-dpa,cisformer-cog,lstm", "model.layers=2",
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

static struct exam_subject subject_of(const struct race *race, int i)
{
    return (struct exam_subject){.config = &race->config.contestants[i],
                                 .task = race->task,
                                 .kern = race->kern,
                                 .name = race->contestants[i].name,
                                 .contestant = i,
                                 .weights = race->contestants[i].model->weights,
                                 .step = 7};
}

static const struct exam_report *examine(struct exam **e, struct race *race, int i)
{
    struct failure why;
    struct exam_subject s = subject_of(race, i);
    must(exam_new(e, &s, race->team, &why), &why);
    for (int64_t k = 0; k < 100000 && !exam_done(*e); k++)
        exam_go_on(*e);
    assert_true(exam_done(*e));
    return exam_report(*e);
}

enum { READ = 2048 };

/* What a model answers to the windows of the stream, one after another. */
struct answers {
    bool right[READ], number[READ];
    uint8_t subtask[READ];
};

static void answer(struct race *race, struct model *m, int row, struct answers *out)
{
    struct task_reader reader;
    struct batch batch;
    int T = race->task->config.task.context;
    assert_int_equal(task_batch(race->task, &batch, T, 8), 0);
    assert_int_equal(task_reader_init(&reader, race->task, RNG_EVAL), 0);
    for (int64_t done = 0; done < READ; done += 8) {
        real read[8 * MAX_SYMBOLS];
        task_read(&reader, &batch);
        model_forward(m, batch.tokens, T, 8);
        if (row >= 0)
            model_lens(m, row, read);
        for (int b = 0; b < 8; b++) {
            const real *logits = row >= 0 ? read + b * m->symbols
                                          : m->logits + ((size_t)(T - 1) * 8 + (size_t)b) *
                                                            (size_t)m->symbols;
            int best = 0;
            for (int v = 1; v < m->symbols; v++)
                best = logits[v] > logits[best] ? v : best;
            out->right[done + b] = best == batch.targets[(T - 1) * 8 + b];
            out->number[done + b] = batch.number[(T - 1) * 8 + b];
            out->subtask[done + b] = batch.subtask[(T - 1) * 8 + b];
        }
    }
    task_reader_release(&reader);
    batch_release(&batch);
}

static bool counts(const struct answers *a, int64_t w, int part)
{
    return a->number[w] && (part == 0 || a->subtask[w] == part - 1);
}

/* Every part of the report against a model that is changed and asked here. */
static int64_t compare_part(const struct exam_report *r, int part, int64_t read,
                            const struct answers *whole,
                            struct answers (*changed)[HEAD_CHANGES], const struct answers *rows)
{
    const struct exam_part *told = &r->part[part];
    int64_t changes = 0;
    struct score s = {0, 0};
    for (int64_t w = 0; w < read; w++) {
        s.count += counts(whole, w, part);
        s.right += counts(whole, w, part) && whole->right[w];
    }
    assert_int_equal(told->whole.count, s.count);
    assert_int_equal(told->whole.right, s.right);
    for (int row = 0; row < r->lens; row++) {
        int64_t right = 0;
        for (int64_t w = 0; w < read; w++)
            right += counts(whole, w, part) && rows[row].right[w];
        assert_int_equal(told->lens_right[row], right);
    }
    assert_int_equal(told->lens_right[r->lens - 1], s.right);
    for (int k = 0; k < r->count; k++)
        for (int i = 1; i < HEAD_CHANGES; i++) {
            struct exam_change c = {0, 0};
            for (int64_t w = 0; w < read; w++) {
                c.lost += counts(whole, w, part) && whole->right[w] && !changed[k][i].right[w];
                c.won += counts(whole, w, part) && !whole->right[w] && changed[k][i].right[w];
            }
            assert_int_equal(told->head[k].changed[i].lost, c.lost);
            assert_int_equal(told->head[k].changed[i].won, c.won);
            changes += c.lost + c.won;
        }
    return changes;
}

static void changes_are_what_changed_models_answer(void **state)
{
    (void)state;
    static struct answers whole, changed[8][HEAD_CHANGES], rows[5];
    struct race *race = trained(60);
    for (int i = 0; i < 2; i++) {
        struct exam *e;
        unsigned char change[8] = {0};
        struct model *m;
        struct failure why;
        must(model_new(&m, &race->config.contestants[i], race->task->alphabet.count, 8, false,
                       race->kern, race->team, &why), &why);
        memcpy(m->weights, race->contestants[i].model->weights, m->params.total * sizeof(real));
        const struct exam_report *r = examine(&e, race, i);
        assert_int_equal(r->count, 8);
        assert_int_equal(r->lens, 5);
        assert_int_equal(r->step, 7);
        assert_true(r->part[0].whole.count >= EXAM_WINDOWS);
        m->changes = change;
        answer(race, m, -1, &whole);
        for (int row = 0; row < 5; row++)
            answer(race, m, row, &rows[row]);
        for (int k = 0; k < 8; k++)
            for (int c = 1; c < HEAD_CHANGES; c++) {
                change[k] = (unsigned char)c;
                answer(race, m, -1, &changed[k][c]);
                change[k] = HEAD_WHOLE;
            }
        /* As many windows as were read until so many ended before a number. */
        int64_t read = 0, counted = 0, parts = 0, together = 0;
        while (counted < r->part[0].whole.count || read % 16)
            counted += whole.number[read++];
        assert_true(compare_part(r, 0, read, &whole, changed, rows) > 20); /* heads matter at all */
        for (int part = 1; part <= race->task->alphabet.subtasks; part++) {
            compare_part(r, part, read, &whole, changed, rows);
            together += r->part[part].whole.count;
            parts += r->part[part].whole.count > 0;
        }
        assert_int_equal(parts, 4);
        assert_int_equal(together, counted); /* each number has a control token before it */
        for (int k = 0; k < 8; k++) {
            assert_int_equal(r->has_signs[k], i == 1);
            struct exam_change c = r->part[0].head[k].changed[HEAD_POSITIVE];
            assert_true(i == 1 || c.lost + c.won == 0);
        }
        model_free(m);
        exam_free(e);
    }
    race_free(race);
}

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
        const struct exam_part *all = &r->part[0];
        const struct exam_head *h = &all->head[k];
        assert_true(fabs(h->entropy - log(12)) < 1e-5);
        assert_true(fabs(h->distance - 5.5) < 1e-4);
        assert_true(fabs(h->control - 1.0 / 12) < 1e-6);
        assert_true(fabs(h->source - 1.0 / 12) < 1e-6);
        assert_true(fabs(h->previous - 1.0 / 12) < 1e-6);
        assert_true(h->negative == 0);
        assert_true(all->sources > 0 && all->sources <= all->whole.count);
        assert_true(all->controls > 0 && all->controls <= all->whole.count);
        /* It was so already, but for rounding. */
        assert_true(h->changed[HEAD_UNIFORM].lost + h->changed[HEAD_UNIFORM].won <= 1);
    }
    exam_free(e);
    race_free(race);
}

static void intervals_are_paired(void **state)
{
    (void)state;
    double half;
    /* 98 windows, 12 lost, 2 won, and half a one more of each of four kinds: of 100 the mean is -.1, the
       square .15: 1.96 sqrt((.15 - .01) / 100). */
    double value = exam_change_value((struct exam_change){12, 2}, 98, &half);
    assert_true(fabs(value + 10.0 / 98) < 1e-12);
    assert_true(fabs(half - 1.959963984540054 * sqrt(0.14 / 100)) < 1e-12);
    value = exam_change_value((struct exam_change){0, 0}, 510, &half); /* none seen is not none at all */
    assert_true(value == 0 && half > 0.0038 && half < 0.0039);
    value = exam_change_value((struct exam_change){0, 0}, 0, &half);
    assert_true(isnan(value) && isnan(half));
}

static void no_attention_is_told(void **state)
{
    (void)state;
    struct race *race = trained(0);
    struct exam *e = NULL;
    struct failure why;
    struct exam_subject s = subject_of(race, 2);
    assert_int_equal(exam_new(&e, &s, race->team, &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "lstm has no attention"));
    race_free(race);
}

/* A short text has few windows: each is read once, however many are wanted. */
static void a_text_is_read_once(void **state)
{
    (void)state;
    char text[4000], file[320];
    const char *const words[] = {"race=transformer-dpa", "task.kind=text", file, "task.held_out=0.1",
                                 "train.batch=8", "task.context=12", NULL};
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + (i * i + i / 7) % 5);
    put_file(in_scratch("short.txt"), text, sizeof text);
    snprintf(file, sizeof file, "task.file=%s", in_scratch("short.txt"));
    struct race *race = make_race(1, words);
    struct model *m = race->contestants[0].model;
    model_init(m);
    assert_int_equal(race->task->test_windows, 33); /* two batches and a window */
    static struct answers whole;
    struct exam *e;
    const struct exam_report *r = examine(&e, race, 0);
    int64_t right = 0;
    answer(race, m, -1, &whole);
    for (int i = 0; i < 33; i++)
        right += whole.right[i];
    assert_int_equal(r->part[0].whole.count, 33);
    assert_int_equal(r->part[0].whole.right, right);
    exam_free(e);
    race_free(race);
}

/* Of a model that overflowed there is a word in place of figures. */
static void what_overflowed_is_not_measured(void **state)
{
    (void)state;
    struct race *race = trained(0);
    struct model *m = race->contestants[0].model;
    for (size_t i = 0; i < m->params.total; i++)
        m->weights[i] = NAN;
    struct exam *e;
    const struct exam_report *r = examine(&e, race, 0);
    assert_int_equal(r->part[0].whole.count, 0);
    assert_int_equal(r->count, 0);
    assert_non_null(strstr(r->message, "transformer-dpa: its numbers are not finite"));
    exam_free(e);
    race_free(race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_what_changed_models_answer),
        cmocka_unit_test(heads_of_an_untrained_query_look_everywhere),
        cmocka_unit_test(intervals_are_paired),
        cmocka_unit_test(no_attention_is_told),
        cmocka_unit_test(a_text_is_read_once),
        cmocka_unit_test(what_overflowed_is_not_measured),
    };
    return cmocka_run_group_tests_name("exam", tests, scratch_make, scratch_remove);
}
