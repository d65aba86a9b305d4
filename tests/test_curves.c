/* What the keys of the charts do: views, scales, window, and the 95 % band. */
#include "stage.h"
#include "view/curves.h"

static void every_view_has_a_name(void **state)
{
    (void)state;
    struct stage s;
    char names[16][64];
    int count = MEASURE_SUBTASK_0 + 4;

    stage_open(&s, PAGE_TRAIN, false);
    for (int i = 1; i <= count; i++) {
        press(&s, 'v');
        assert_int_equal(s.ui->curves.measure, i % count);
        curves_measure_name(s.race, s.ui->curves.measure, names[i % count], sizeof *names);
        assert_non_null(strstr(s.ui->message, names[i % count]));
        for (int j = 1; j < i; j++)
            assert_string_not_equal(names[j], names[i % count]);
    }
    press(&s, 'V');
    assert_int_equal(s.ui->curves.measure, count - 1);
    assert_string_equal(names[count - 1], "accuracy on C");
    assert_int_equal(curves_metric(MEASURE_SPEED), METRIC_TOKENS_PER_SECOND);
    assert_int_equal(curves_metric(MEASURE_SUBTASK_0 + 2), METRIC_SUBTASK_0 + 2);
    stage_close(&s);
}

static void panning_and_following(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    press(&s, '<'); /* nothing to move yet */
    assert_true(s.ui->curves.x_high <= s.ui->curves.x_low);
    press(&s, '+');
    press(&s, '+');
    double width = FIXTURE_STEP / 4.0;
    assert_true(s.ui->curves.x_low == FIXTURE_STEP - width);
    press(&s, '>');
    assert_true(s.ui->curves.x_high == FIXTURE_STEP);
    press(&s, '<');
    assert_true(s.ui->curves.x_high == FIXTURE_STEP - width / 4);
    assert_true(s.ui->curves.x_high - s.ui->curves.x_low == width);
    for (int i = 0; i < 30; i++)
        press(&s, '<');
    assert_true(s.ui->curves.x_low == 0 && s.ui->curves.x_high == width);
    /* Following, new data move what is shown; the width stays. */
    press(&s, 'F');
    for (int i = 0; i < 4; i++)
        s.race->contestants[i].step += 4000;
    press(&s, UI_KEY_RIGHT); /* the cursor begins at the window's left end */
    assert_true(s.ui->curves.cursor == FIXTURE_STEP + 4000 - width);
    press(&s, 'F'); /* stays where it is now */
    assert_true(s.ui->curves.x_high == FIXTURE_STEP + 4000);
    assert_true(s.ui->curves.x_high - s.ui->curves.x_low == width);
    press(&s, 'F');
    press(&s, '<');
    assert_false(s.ui->curves.follow);
    press(&s, 'f');
    assert_true(s.ui->curves.x_high <= s.ui->curves.x_low);
    stage_close(&s);
}

static void scales(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    press(&s, 'l'); /* accuracy and loss: the loss */
    assert_false(s.ui->curves.log);
    assert_false(s.ui->curves.log_share);
    press(&s, 'v');
    press(&s, 'l');
    assert_false(s.ui->curves.log);
    assert_true(s.ui->curves.log_share);
    press(&s, 'L');
    assert_true(s.ui->curves.log_x);
    stage_close(&s);
}

/* Accuracies after a switch, drawn on a canvas of their own: dots where they belong. */
static void the_switch_profile(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    s.ui->curves.measure = MEASURE_SWITCH;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    const struct series *lstm = &s.ui->curves.profile[2];
    const struct evaluation *e = &s.race->contestants[2].eval;
    for (int k = 0; k < 9; k++)
        assert_true(lstm->buckets[k + 1].mean == (float)score_value(e->since[k]));
    assert_int_equal(lstm->samples, 9); /* the tenth was never seen */
    struct evaluation few = *e;
    few.since[7].count = PROFILE_FEW - 1;
    few.since[8].count = 3;
    assert_int_equal(curves_last_sure(&few, 9), 6);
    few.since[7].count = PROFILE_FEW;
    assert_int_equal(curves_last_sure(&few, 9), 7);
    for (int k = 0; k < MAX_SINCE; k++)
        few.since[k].count = 1;
    assert_int_equal(curves_last_sure(&few, 9), 0);
    stage_close(&s);
}

/* Rows between the highest and the lowest dot in the band's column. */
static int band_rows(int64_t count)
{
    struct canvas c = {.glyphs = GLYPHS_ASCII};
    static struct series s;
    int first = -1, last = -1;

    series_reset(&s);
    series_add(&s, 5, 0, 0.5);
    struct curve_line line = {&s, "x", ROLE_SERIES_0, 0, false, false, count};
    struct curve_options o = {.fix_y = true, .y_high = 1, .x_low = 0, .x_high = 10,
                              .reference = NAN, .cursor = NAN};
    assert_int_equal(canvas_resize(&c, 40, 42), 0);
    canvas_clear(&c);
    curve_draw(&c, (struct rect){0, 0, 40, 42}, &line, 1, &o);
    for (int y = 0; y < 41; y++)
        for (int x = 6; x < 40; x++)
            if (c.cells[y * 40 + x].code != ' ') {
                first = first < 0 ? y : first;
                last = y;
            }
    canvas_release(&c);
    return last - first + 1;
}

static void bands_are_wilson_intervals(void **state)
{
    (void)state;
    double low, high;
    score_wilson((struct score){10, 20}, &low, &high); /* .299 to .701 */
    int rows = band_rows(20), want = (int)lrint((high - low) * 40) + 1;
    assert_true(abs(rows - want) <= 1);
    assert_int_equal(band_rows(0), 1);
    assert_true(band_rows(2000) < rows / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_has_a_name), cmocka_unit_test(panning_and_following),
        cmocka_unit_test(scales),                cmocka_unit_test(the_switch_profile),
        cmocka_unit_test(bands_are_wilson_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
