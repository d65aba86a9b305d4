/* Stepping: symbols changed in place, branches, a second contestant, sequences as text; from the
   sequence itself up to what the prober's pictures show. */
#include "heed_test.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "train/session.h"
#include "view/ui.h"

static void must(int code, const struct failure *why)
{
    if (code < 0)
        fail_msg("%s", why->text);
}

static void make_race_config(struct race_config *race)
{
    struct plan plan = {0};
    struct failure why;
    static const char *const flags[] = {"task.context=16",     "train.batch=8",
                                        "train.eval_windows=64", "model.dim=16",
                                        "model.hidden=32",     "train.warmup=5",
                                        "train.steps=100000",  "train.threads=1"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        must(plan_add_flag(&plan, flags[i], &why), &why);
    must(plan_build(&plan, race, &why), &why);
    must(race_resolve(race, &why), &why);
    plan_release(&plan);
}

/* --- the prober's pictures --------------------------------------------------------------------- */

struct bench {
    struct race_config race;
    struct feed feed;
    struct session *session;
    int64_t request;
    int64_t step[MAX_CONTESTANTS]; /* of each contestant, when all are paused */
};

/* Not on a test's stack: its threads go on when the test fails, until leave_bench ends them. */
static struct bench bench;

static const struct probe_snapshot *ask(struct bench *b, enum command_kind kind, int index,
                                        double value)
{
    struct command c = {.kind = kind, .index = index, .value = value, .request = ++b->request};
    assert_true(feed_send(&b->feed, c));
    for (int i = 0; i < 5000; i++) {
        bool fresh;
        const struct probe_snapshot *p = exchange_front(&b->feed.probe, &fresh);
        bool whole = p && p->ready && p->weights_step == b->step[p->contestant];
        if (whole && p->second_kind != SECOND_NONE)
            whole = p->second->ready && p->second->weights_step == b->step[p->second->contestant];
        if (whole && p->request >= b->request)
            return p;
        clock_sleep(0.002);
    }
    fail_msg("request %lld was never answered", (long long)b->request);
    return NULL;
}

/* A session that has trained so many steps and is paused. */
static void open_bench_at(struct bench *b, int64_t steps)
{
    struct failure why;
    *b = (struct bench){0};
    make_race_config(&b->race);
    must(feed_init(&b->feed, &b->race, &why), &why);
    struct session_options o = {.mode = SESSION_TRAIN, .race = &b->race, .kern = kern_best(),
                                .no_files = true, .until = -1};
    must(session_new(&b->session, &o, &b->feed, &why), &why);
    must(session_start(b->session, &why), &why);
    bool paused = false;
    for (int i = 0; i < 30000 && b->step[0] == 0; i++) {
        bool fresh;
        const struct race_snapshot *r = exchange_front(&b->feed.race, &fresh);
        if (r && r->step >= steps && !paused)
            paused = feed_send(&b->feed, (struct command){.kind = COMMAND_PAUSE});
        if (r && r->state == RACE_PAUSED)
            for (int k = 0; k < r->count; k++)
                b->step[k] = r->contestants[k].step;
        clock_sleep(0.002);
    }
    assert_true(b->step[0] > 0);
    ask(b, COMMAND_STEP_RIGHT, 1, 0); /* with the newest weights from here on */
}

static void open_bench(struct bench *b)
{
    open_bench_at(b, 5);
}

static void close_bench(struct bench *b)
{
    struct failure why;
    must(session_stop(b->session, &why), &why);
    session_free(b->session);
    feed_release(&b->feed);
    b->session = NULL;
}

static int leave_bench(void **state)
{
    (void)state;
    if (bench.session)
        close_bench(&bench);
    return 0;
}

static bool same_picture(const struct probe_snapshot *a, const struct probe_snapshot *b)
{
    return a->cursor == b->cursor && a->predicted == b->predicted &&
           memcmp(a->sequence, b->sequence, (size_t)a->length * sizeof *a->sequence) == 0 &&
           memcmp(a->probability, b->probability,
                  (size_t)a->alphabet.count * sizeof *a->probability) == 0 &&
           a->map_floats == b->map_floats &&
           memcmp(a->weight, b->weight, a->map_floats * sizeof *a->weight) == 0;
}

/* A picture of its own, to compare later ones with. */
static struct probe_snapshot *keep(const struct probe_snapshot *p)
{
    struct probe_snapshot *copy = malloc(sizeof *copy);
    size_t bytes = p->map_floats * sizeof *p->weight;
    assert_non_null(copy);
    *copy = *p;
    copy->weight = malloc(bytes + 1);
    assert_non_null(copy->weight);
    memcpy(copy->weight, p->weight, bytes);
    return copy;
}

static void drop(struct probe_snapshot *p)
{
    free(p->weight);
    free(p);
}

static void a_branch_is_the_sequence_replaced(void **state)
{
    (void)state;
    struct bench *b = &bench;
    open_bench(b);
    const struct probe_snapshot *p = ask(b, COMMAND_STEP_SYMBOL, 16, 0);
    struct probe_snapshot *before = keep(p);
    p = ask(b, COMMAND_STEP_BRANCH, 18, 1);
    assert_int_equal(p->second_kind, SECOND_BRANCH);
    assert_true(same_picture(p, before));
    /* Both were asked at the same places of the window, which the change itself is not among. */
    assert_int_equal(before->score.count, 0);
    assert_true(p->score.count > 4 && p->score.count == p->second->score.count);
    assert_int_equal(p->score.right, p->second->score.right);
    assert_int_equal(p->second->sequence[p->cursor - 1], 18);
    assert_int_equal(p->second->next_subtask, 2);
    assert_false(same_picture(p->second, before));
    struct probe_snapshot *branch = keep(p->second);
    p = ask(b, COMMAND_STEP_EXCHANGE, 0, 0);
    assert_true(same_picture(p, branch));
    assert_true(same_picture(p->second, before));
    p = ask(b, COMMAND_STEP_EXCHANGE, 0, 0);
    /* Both go on: the same symbol, and undo together. */
    p = ask(b, COMMAND_STEP_SYMBOL, 3, 0);
    assert_int_equal(p->sequence[p->cursor - 1], 3);
    assert_int_equal(p->second->sequence[p->cursor - 1], 3);
    assert_int_equal(p->second->cursor, p->cursor);
    p = ask(b, COMMAND_STEP_UNDO, 0, 0);
    assert_true(same_picture(p->second, branch));
    p = ask(b, COMMAND_STEP_UNDO, 0, 0); /* the branch's change itself */
    assert_true(same_picture(p, before));
    assert_true(same_picture(p->second, before));
    p = ask(b, COMMAND_STEP_BRANCH, -1, 0);
    assert_int_equal(p->second_kind, SECOND_NONE);
    p = ask(b, COMMAND_STEP_REPLACE, 18, 1);
    assert_true(same_picture(p, branch));
    drop(before);
    drop(branch);
    close_bench(b);
}

static void two_contestants_on_one_sequence(void **state)
{
    (void)state;
    struct bench *b = &bench;
    open_bench(b);
    struct probe_snapshot *first = keep(ask(b, COMMAND_FOCUS, 1, 0));
    ask(b, COMMAND_FOCUS, 0, 0);
    const struct probe_snapshot *p = ask(b, COMMAND_VERSUS, 1, 0);
    assert_int_equal(p->second_kind, SECOND_VERSUS);
    assert_int_equal(p->contestant, 0);
    assert_int_equal(p->second->contestant, 1);
    assert_true(same_picture(p->second, first));
    /* Both were asked at the same places of the window, and are at each step. */
    assert_true(p->score.count > 4 && p->score.count == p->second->score.count);
    p = ask(b, COMMAND_STEP_SYMBOL, 16, 0);
    p = ask(b, COMMAND_STEP_SYMBOL, 5, 0);
    int expected = p->predicted, other = p->second->predicted;
    p = ask(b, COMMAND_STEP_SYMBOL, 6, 0);
    assert_int_equal(p->hit[p->cursor - 1], expected == 6);
    assert_int_equal(p->second->hit[p->cursor - 1], other == 6);
    p = ask(b, COMMAND_FOCUS, 1, 0); /* they change places */
    assert_int_equal(p->contestant, 1);
    assert_int_equal(p->second->contestant, 0);
    p = ask(b, COMMAND_VERSUS, 1, 0); /* nobody runs beside itself */
    assert_int_equal(p->second_kind, SECOND_NONE);
    drop(first);
    close_bench(b);
}

static double furthest(const struct probe_snapshot *a, const struct probe_snapshot *b)
{
    double most = 0;
    for (int v = 0; v < a->alphabet.count; v++)
        most = fmax(most, fabs((double)a->probability[v] - (double)b->probability[v]));
    return most;
}

/* Weights of map k of a picture without the rows of a window that grows. */
static const float *map_of(const struct probe_snapshot *p, int k)
{
    return p->weight + (size_t)k * (size_t)p->positions * (size_t)p->positions;
}

/* What is done to a head changes its map and what the model expects, until it is taken back, to the bit;
   whoever else is shown stays whole. */
static void heads_are_changed_in_the_pictures(void **state)
{
    (void)state;
    struct bench *b = &bench;
    open_bench(b);
    struct probe_snapshot *whole = keep(ask(b, COMMAND_STEP_SYMBOL, 16, 0));
    size_t n = (size_t)whole->positions, one = n * n;
    struct probe_snapshot *less = keep(ask(b, COMMAND_CHANGE_HEAD, 1, HEAD_REMOVED));
    assert_int_equal(less->change[0][1], HEAD_REMOVED);
    assert_true(furthest(whole, less) > 1e-6);
    for (size_t i = 0; i < one; i++)
        assert_true(map_of(less, 1)[i] == 0);
    /* The layer's other maps are their own still. */
    assert_memory_equal(map_of(whole, 0), map_of(less, 0), one * sizeof(float));
    assert_memory_equal(map_of(whole, 2), map_of(less, 2), one * sizeof(float));
    clock_sleep(0.3); /* the weights come again meanwhile */
    const struct probe_snapshot *p = ask(b, COMMAND_STEP_RIGHT, 1, 0);
    assert_true(same_picture(p, less));
    p = ask(b, COMMAND_CHANGE_HEAD, 3, HEAD_UNIFORM); /* another one too */
    assert_true(furthest(p, less) > 1e-6);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            assert_true(map_of(p, 3)[i * n + j] == (j <= i ? 1.0f / (float)(i + 1) : 0));
    p = ask(b, COMMAND_CHANGE_HEAD, 3, HEAD_REMOVED); /* in place of that */
    assert_int_equal(p->change[0][3], HEAD_REMOVED);
    p = ask(b, COMMAND_CHANGE_HEAD, 3, HEAD_REMOVED);
    assert_true(same_picture(p, less));
    p = ask(b, COMMAND_FOCUS, 1, 0);
    assert_int_equal(p->change[0][1], HEAD_REMOVED); /* it stays, and is told */
    assert_int_equal(p->change[1][1], HEAD_WHOLE);
    p = ask(b, COMMAND_FOCUS, 0, 0);
    assert_true(same_picture(p, less));
    /* The measurement is of the whole model. */
    p = ask(b, COMMAND_EXAMINE, 0, 0);
    for (int i = 0; i < 500 && !p->exam.done; i++)
        p = ask(b, COMMAND_STEP_RIGHT, 1, 0), clock_sleep(0.01);
    assert_true(p->exam.done);
    struct score first = p->exam.part[0].whole;
    p = ask(b, COMMAND_CHANGE_HEAD, -1, 0);
    assert_true(p->change[0][1] == HEAD_WHOLE && same_picture(p, whole));
    p = ask(b, COMMAND_EXAMINE, 0, 0);
    for (int i = 0; i < 500 && !p->exam.done; i++)
        p = ask(b, COMMAND_STEP_RIGHT, 1, 0), clock_sleep(0.01);
    assert_int_equal(p->exam.part[0].whole.right, first.right);
    assert_int_equal(p->exam.part[0].whole.count, first.count);
    drop(whole);
    drop(less);
    close_bench(b);
}

enum { SAID = 280 };

/* A sequence of numbers and control tokens, and the model asked at each place. */
static const struct probe_snapshot *load_long(struct bench *b)
{
    struct command c = {.kind = COMMAND_STEP_LOAD, .count = COMMAND_SYMBOLS};
    for (int first = 0; first < SAID; first += COMMAND_SYMBOLS) {
        for (int i = 0; i < COMMAND_SYMBOLS; i++)
            c.symbols[i] = (int16_t)((first + i) % 6 ? (first + 7 * i) % 16 : 16 + (first + i) / 6 % 4);
        c.index = first;
        c.value = first + COMMAND_SYMBOLS == SAID;
        c.request = ++b->request;
        assert_true(feed_send(&b->feed, c));
    }
    return ask(b, COMMAND_STEP_ASK, 0, 0);
}

/* What the model said at earlier places was said by another model than the changed one. */
static void a_changed_model_is_asked_again(void **state)
{
    (void)state;
    struct bench *b = &bench;
    open_bench_at(b, 200); /* before that it hardly says a number */
    int others = 0;
    /* On a busy machine what lacked time is forgotten: once more then. */
    for (int tries = 0; tries < 20 && others == 0; tries++) {
        struct probe_snapshot *whole = keep(load_long(b));
        assert_int_equal(whole->length, SAID);
        for (int k = 0; k < whole->heads; k++)
            ask(b, COMMAND_CHANGE_HEAD, k, HEAD_REMOVED);
        struct probe_snapshot *changed = keep(ask(b, COMMAND_MAP, 0, 0));
        const struct probe_snapshot *p = ask(b, COMMAND_STEP_ASK, 0, 0);
        for (int at = 0; at < SAID; at++) {
            if (changed->hit[at] < 0 || p->hit[at] < 0)
                continue;
            others += changed->hit[at] != whole->hit[at];
            assert_int_equal(changed->hit[at], p->hit[at]);
        }
        ask(b, COMMAND_CHANGE_HEAD, -1, 0);
        drop(changed);
        drop(whole);
    }
    assert_true(others > 0);
    close_bench(b);
}

/* The last row that is read from the stream is what the model expects. */
static void the_stream_is_read(void **state)
{
    (void)state;
    struct bench *b = &bench;
    open_bench(b);
    const struct probe_snapshot *p = ask(b, COMMAND_STEP_SYMBOL, 5, 0);
    assert_int_equal(p->lens, 2 * p->layers + 1);
    const struct lens_row *last = &p->lens_row[p->lens - 1];
    assert_int_equal(last->symbol[0], p->predicted);
    assert_true(p->next_answer >= 0 && last->answer == p->probability[p->next_answer]);
    for (int i = 0; i < PROBE_TOP; i++)
        assert_true(last->share[i] == p->probability[last->symbol[i]]);
    assert_true(p->lens_row[0].share[0] != last->share[0]);
    close_bench(b);
}

static void asking_fills_the_profile(void **state)
{
    (void)state;
    struct bench *b = &bench;
    open_bench(b);
    const struct probe_snapshot *p = ask(b, COMMAND_STEP_ASK, 0, 0);
    int64_t ruled = 0, right = 0;
    int places = 0;
    for (int at = 16; at < p->length; at++) {
        bool number = p->alphabet.control[p->sequence[at]] < 0;
        ruled += number && p->answer[at] >= 0;
        right += p->hit[at] == 1;
    }
    for (int k = 0; k < MAX_SINCE; k++)
        places += (int)p->score_since[k].count;
    assert_true(ruled > 4);
    assert_int_equal(p->score.count, ruled);
    assert_int_equal(p->score.right, right);
    assert_int_equal(places, ruled);
    /* What was asked there is what stepping there shows. */
    int last = p->length - 1;
    while (p->hit[last] < 0)
        last--;
    int hit = p->hit[last], answer = p->answer[last];
    p = ask(b, COMMAND_STEP_LEFT, p->cursor - last, 0);
    assert_int_equal(p->cursor, last);
    assert_int_equal(hit, p->predicted == answer);
    close_bench(b);
}

static void sequences_as_text(void **state)
{
    (void)state;
    struct bench *b = &bench;
    struct failure why;
    struct text text = {0};
    struct ui *ui;
    struct ui_options options = {.page = PAGE_STEP};
    struct command out[64];
    open_bench(b);
    must(theme_load(&options.theme, "dark", &why), &why);
    must(ui_new(&ui, &options, &why), &why);
    for (int i = 0; i < 60; i++)
        ask(b, COMMAND_STEP_STREAM, 0, 0);
    const struct probe_snapshot *p = ask(b, COMMAND_STEP_SYMBOL, 17, 0);
    struct probe_snapshot *before = keep(p);
    ui_sequence_write(p, &text);
    assert_int_equal(p->length, 32 + 61);
    assert_non_null(strstr(text_string(&text), " A\n"));
    ask(b, COMMAND_STEP_RESTART, 3, 0);
    int count = ui_sequence_read(ui, text_string(&text), before, out, 64, &why);
    assert_int_equal(count, 3); /* 40 symbols a command */
    for (int i = 0; i < count; i++)
        assert_true(feed_send(&b->feed, out[i]));
    p = ask(b, COMMAND_STEP_RIGHT, 1, 0);
    assert_int_equal(p->length, before->length);
    assert_true(same_picture(p, before));
    /* A part that is missing changes nothing. */
    ask(b, COMMAND_STEP_SYMBOL, 5, 0);
    feed_send(&b->feed, out[0]);
    feed_send(&b->feed, out[2]);
    p = ask(b, COMMAND_STEP_RIGHT, 1, 0);
    assert_int_equal(p->length, before->length + 1);
    /* Nor do more parts than there is room for. */
    struct command many = out[0];
    many.value = 0;
    for (many.index = 0; many.index <= PROBE_HISTORY; many.index += COMMAND_SYMBOLS)
        assert_true(feed_send(&b->feed, many));
    many.value = 1;
    assert_true(feed_send(&b->feed, many));
    p = ask(b, COMMAND_STEP_RIGHT, 1, 0);
    assert_int_equal(p->length, before->length + 1);
    assert_int_equal(ui_sequence_read(ui, "1 2 3 X 5", before, out, 64, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "X"));
    assert_int_equal(ui_sequence_read(ui, " \n", before, out, 64, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "no symbols"));
    /* Fewer than a window holds are enough. */
    count = ui_sequence_read(ui, "I 1 2 3", before, out, 64, &why);
    assert_int_equal(count, 1);
    assert_true(feed_send(&b->feed, out[0]));
    p = ask(b, COMMAND_STEP_RIGHT, 1, 0);
    assert_int_equal(p->length, 4);
    assert_int_equal(p->positions, 4);
    assert_int_equal(p->next_answer, 4);
    assert_int_equal(ui_sequence_read(ui, text_string(&text), before, out, 2, &why), ERR_INPUT);
    drop(before);
    text_release(&text);
    ui_free(ui);
    close_bench(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_branch_is_the_sequence_replaced, leave_bench),
        cmocka_unit_test_teardown(two_contestants_on_one_sequence, leave_bench),
        cmocka_unit_test_teardown(heads_are_changed_in_the_pictures, leave_bench),
        cmocka_unit_test_teardown(a_changed_model_is_asked_again, leave_bench),
        cmocka_unit_test_teardown(the_stream_is_read, leave_bench),
        cmocka_unit_test_teardown(asking_fills_the_profile, leave_bench),
        cmocka_unit_test_teardown(sequences_as_text, leave_bench),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
