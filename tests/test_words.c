/* What the screen says is so: notes of a text, sentences without a part, hints of keys that work. */
#include "stage.h"

static bool says(struct stage *s, const char *words)
{
    struct text text = {0};
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    canvas_write_text(&s->canvas, &text);
    bool found = strstr(text_string(&text), words) != NULL;
    text_release(&text);
    return found;
}

static void a_text_counts_symbols(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_COMPARE, false);
    assert_true(says(&s, "Accuracies count numbers alone"));
    s.race->alphabet.kind = ALPHABET_CHARACTERS;
    assert_false(says(&s, "numbers alone"));
    assert_true(says(&s, "held-out characters"));
    stage_close(&s);
}

static void a_text_has_no_symbol_that_a_rule_reads(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_PROBE, false);
    fixture_exam(s.probe);
    assert_true(says(&s, "(n=498"));
    s.probe->exam.part[0].sources = 0;
    assert_false(says(&s, "(n=498"));
    assert_true(says(&s, "with a minus. Answers"));
    stage_close(&s);
}

static void hints_are_of_keys_that_work(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_MEASURE, false);
    assert_false(says(&s, "v pair"));
    press(&s, ':');
    assert_true(says(&s, "Esc close"));
    assert_false(says(&s, "q quit"));
    press(&s, UI_KEY_ESCAPE);
    assert_true(says(&s, "q quit"));
    press(&s, '?');
    assert_true(says(&s, "scroll  Esc close"));
    stage_close(&s);
    stage_open(&s, PAGE_RUN, true); /* the run of another process: neither a form nor a rate */
    assert_true(says(&s, "scroll"));
    assert_false(says(&s, "R start"));
    assert_false(says(&s, "its rate"));
    assert_false(says(&s, "- + rate"));
    stage_close(&s);
}

static void all_hidden_is_not_no_data(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    for (int i = 0; i < s.race->count; i++)
        s.ui->hidden[i] = true;
    assert_true(says(&s, "all hidden: h shows"));
    assert_false(says(&s, "no data yet"));
    stage_close(&s);
}

static void a_window_holds_points(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    double least = 4.0 * (double)s.race->contestants[0].metric[METRIC_LOSS].span;
    for (int i = 0; i < 40; i++)
        press(&s, '+');
    double width = s.ui->curves.x_high - s.ui->curves.x_low;
    assert_true(width >= least && width < 2 * least);
    assert_non_null(strstr(s.ui->message, "no closer"));
    stage_close(&s);
}

static void answers_far_from_a_switch_are_counted(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    for (int i = 0; i < s.race->count; i++)
        for (int k = 0; k < MAX_SINCE; k++)
            s.race->contestants[i].eval.since[k] = (struct score){0, k >= MAX_SINCE - 2 ? 1024 : 0};
    assert_int_equal(canvas_resize(&s.canvas, 80, 24), 0);
    assert_true(says(&s, "n 15: 1.02k 1.02k"));
    assert_false(says(&s, "n 0 0"));
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_counts_symbols),
        cmocka_unit_test(a_text_has_no_symbol_that_a_rule_reads),
        cmocka_unit_test(hints_are_of_keys_that_work),
        cmocka_unit_test(all_hidden_is_not_no_data),
        cmocka_unit_test(a_window_holds_points),
        cmocka_unit_test(answers_far_from_a_switch_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
