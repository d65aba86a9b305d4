/* The page Measure: goldens of a sweep, of copies by distance and of long rows; its keys. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include "fixture_snapshot.h"
#include "fixture_sweep.h"
#include "view/ui_state.h"
#include <cmocka.h>

enum what { OF_SWEEP, OF_BARS, OF_SETS, OF_REACH, OF_ROWS, OF_REACH_PLAN, OF_ROWS_PLAN };

/* What is measured, before it is. */
static void fill_plan(struct race_snapshot *race, bool copies)
{
    race->next_evaluation = 12500;
    for (int i = 0; i < race->count; i++) {
        struct contestant_view *v = &race->contestants[i];
        v->eval.valid = false;
        v->reach = (struct reach){.count = copies ? 16 : 0, .low = 10, .high = 40, .windows = 8};
        v->rows.count = !copies && i < 2 ? 10 : 0;
        for (int k = 0; k < 16; k++)
            v->reach.at[k] = 5 + 5 * k;
        for (int k = 0; k < 10; k++)
            v->rows.at[k] = 200 * (k + 1);
    }
}

static void fill(struct race_snapshot *race, enum what what)
{
    for (int i = 0; i < 2; i++) {
        struct evaluation *e = &race->contestants[i].eval;
        for (int k = 0; k < 16 && what == OF_REACH; k++) {
            int at = 5 + 5 * k, count = 1400 / (k + 2);
            double far = at > 40 ? exp(-(at - 40) / (20.0 - 10 * i)) : 1;
            e->reach.at[k] = at;
            e->reach.acc[k] = (struct score){(int64_t)(count * far), count};
            e->reach.count = 16;
        }
        e->reach.low = 10;
        e->reach.high = 40;
        if (what == OF_REACH && i == 1)
            e->reach.acc[15] = (struct score){0};
        for (int k = 0; k < 10 && what == OF_ROWS; k++) {
            e->collapse.at[k] = 200 * (k + 1);
            e->collapse.difference[k] = i ? 0.004 * (1 + 0.02 * k) : 0.004 / (k + 1);
            e->collapse.count = 10;
        }
    }
}

struct show {
    struct ui *ui;
    struct race_snapshot *race;
    struct sweep_picture *sweep;
    struct canvas canvas;
    struct text got;
};

static void show_open(struct show *s, enum what what, int width, int height, enum glyphs glyphs)
{
    struct ui_options options = {.page = PAGE_MEASURE, .stepping_only = what <= OF_SETS};
    struct failure why;
    *s = (struct show){.canvas = {.glyphs = glyphs, .colors = glyphs == GLYPHS_ASCII ? 0 : 256}};
    assert_int_equal(theme_load(&options.theme, "dark", &why), 0);
    assert_int_equal(ui_new(&s->ui, &options, &why), 0);
    assert_int_equal(canvas_resize(&s->canvas, width, height), 0);
    if (what <= OF_SETS) {
        s->sweep = fixture_sweep(what == OF_BARS   ? fixture_sweep_one
                                 : what == OF_SETS ? fixture_sweep_sets
                                                   : fixture_sweep_text);
        ui_sweep(s->ui, s->sweep);
        return;
    }
    s->race = fixture_race();
    if (what < OF_REACH_PLAN)
        fill(s->race, what);
    else
        fill_plan(s->race, what == OF_REACH_PLAN);
}

static void show_close(struct show *s)
{
    if (s->sweep)
        fixture_sweep_free(s->sweep);
    free(s->race);
    ui_free(s->ui);
    canvas_release(&s->canvas);
    text_release(&s->got);
}

static const char *look(struct show *s)
{
    ui_draw(s->ui, &s->canvas, s->race, NULL);
    text_reset(&s->got);
    canvas_write_text(&s->canvas, &s->got);
    return text_string(&s->got);
}

static void press(struct show *s, uint32_t key)
{
    struct command out[4];
    assert_int_equal(ui_key(s->ui, key, NULL, s->race, NULL, out, 4), 0);
}

static void must_show(struct show *s, const char *part)
{
    const char *text = look(s);
    if (!strstr(text, part))
        fail_msg("\"%s\" is not on the page:\n%s", part, text);
}

/* --- goldens --------------------------------------------------------------------------------- */

static void golden(const char *name, const char *got)
{
    char path[160], want[64 * 1024] = "";
    snprintf(path, sizeof path, "tests/golden/page_measure_%s.txt", name);
    FILE *f = fopen(path, getenv("HEED_WRITE_GOLDEN") ? "wb+" : "rb");
    if (!f)
        fail_msg("%s is missing", path);
    if (getenv("HEED_WRITE_GOLDEN"))
        fputs(got, f);
    rewind(f);
    want[fread(want, 1, sizeof want - 1, f)] = '\0';
    fclose(f);
    if (strcmp(want, got) != 0)
        fail_msg("%s differs from what is drawn:\n%s", path, got);
}

static void test_goldens(void **state)
{
    (void)state;
    static const char *const names[] = {"sweep", "bars",       "sets",     "reach",
                                        "rows",  "reach_plan", "rows_plan"};
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 60}};
    for (int what = OF_SWEEP; what <= OF_ROWS_PLAN; what++)
        for (int size = 0; size < 3; size++)
            for (int ascii = 0; ascii < 2; ascii++) {
                struct show s;
                char name[64];
                show_open(&s, (enum what)what, sizes[size][0], sizes[size][1],
                          ascii ? GLYPHS_ASCII : GLYPHS_BRAILLE);
                snprintf(name, sizeof name, "%s_%dx%d%s", names[what], sizes[size][0],
                         sizes[size][1], ascii ? "_ascii" : "");
                golden(name, look(&s));
                show_close(&s);
            }
}

static void test_every_size(void **state)
{
    (void)state;
    for (int what = OF_SWEEP; what <= OF_ROWS_PLAN; what++) {
        struct show s;
        show_open(&s, (enum what)what, 1, 1, GLYPHS_BRAILLE);
        for (int w = 1; w <= 130; w += 3)
            for (int h = 1; h <= 50; h += 2) {
                assert_int_equal(canvas_resize(&s.canvas, w, h), 0);
                ui_draw(s.ui, &s.canvas, s.race, NULL);
                assert_int_equal(s.canvas.clip.w, w);
            }
        show_close(&s);
    }
}

/* --- keys ------------------------------------------------------------------------------------ */

static void test_the_cell_says_what_stands_behind_it(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_SWEEP, 160, 30, GLYPHS_BRAILLE);
    must_show(&s, "base 4, tau 2");
    must_show(&s, "3 seeds, best of them 1.00 (seed 1) · rate 0.01, best of 3");
    press(&s, UI_KEY_DOWN);
    press(&s, UI_KEY_RIGHT);
    press(&s, UI_KEY_RIGHT);
    must_show(&s, "base 8, tau 9");
    must_show(&s, "a run failed and counts as 0");
    for (int i = 0; i < 9; i++) {
        press(&s, UI_KEY_DOWN);
        press(&s, UI_KEY_RIGHT);
    }
    must_show(&s, "base 32, tau 2,5,9");
    must_show(&s, "transformer-ea: not begun");
    press(&s, UI_KEY_UP);
    press(&s, UI_KEY_LEFT);
    press(&s, UI_KEY_LEFT);
    press(&s, UI_KEY_LEFT);
    must_show(&s, "base 16, tau 5");
    must_show(&s, "still training");
    show_close(&s);
}

static void test_the_difference(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_SWEEP, 80, 24, GLYPHS_BRAILLE);
    assert_null(strstr(look(&s), "less"));
    press(&s, 'd');
    must_show(&s, "▲ less ●");
    /* Row 8, column tau 9: 0.867 and 0.717 at rate 0.01. */
    must_show(&s, "-.150");
    show_close(&s);
}

static void test_the_run_of_a_cell(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_SWEEP, 200, 24, GLYPHS_BRAILLE);
    look(&s);
    press(&s, UI_KEY_ENTER);
    must_show(&s, "heed step /home/ada/ladder/base=4,tau=2,learning_rate=0.003,seed=1");
    press(&s, ']');
    must_show(&s, "rows and columns are all that is compared");
    press(&s, 'v');
    must_show(&s, "there are no other contestants");
    show_close(&s);
}

static void test_a_click_chooses_a_cell(void **state)
{
    (void)state;
    struct show s;
    struct command out[4];
    show_open(&s, OF_SWEEP, 80, 24, GLYPHS_BRAILLE);
    const char *text = look(&s), *line = text;
    int y = 0;
    while (line && strncmp(line, "│16", strlen("│16")) != 0) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
        y++;
    }
    assert_non_null(line);
    ui_key(s.ui, UI_KEY_MOUSE, &(struct ui_mouse){.x = 14, .y = y, .button = 1}, NULL, NULL, out, 4);
    must_show(&s, "base 16, tau 5");
    show_close(&s);
}

/* The values of a third setting stand below each other, or in turns where there is no room. */
static void test_a_third_setting(void **state)
{
    (void)state;
    struct show s;
    struct command out[4];
    show_open(&s, OF_SETS, 120, 24, GLYPHS_BRAILLE);
    must_show(&s, "transformer-dpa: announce yes");
    must_show(&s, "transformer-ea: announce no");
    must_show(&s, "[  .900");
    must_show(&s, "base 8, tau 2, announce yes");
    press(&s, ']');
    must_show(&s, "base 8, tau 2, announce no");
    must_show(&s, "[  .400");
    press(&s, ']');
    must_show(&s, "[  .900");
    /* The first map below: its second row, third column. */
    const char *text = look(&s), *line = text, *box = strstr(text, "transformer-dpa: announce no");
    int y = 0;
    for (; (line = strchr(line, '\n')) && line < box; line++)
        y++;
    struct ui_mouse mouse = {.x = 30, .y = y + 2, .button = 1};
    while (y < 24 && !strstr(look(&s), "base 16")) {
        mouse.y++;
        ui_key(s.ui, UI_KEY_MOUSE, &mouse, NULL, NULL, out, 4);
        y++;
    }
    must_show(&s, "base 16, tau 2,5,9, announce no");
    show_close(&s);
    show_open(&s, OF_SETS, 80, 14, GLYPHS_BRAILLE);
    must_show(&s, "● announce yes");
    must_show(&s, "[-.101"); /* no bracket over the sign */
    assert_null(strstr(look(&s), "announce no"));
    press(&s, '[');
    must_show(&s, "● t·dpa: announce no");
    assert_null(strstr(look(&s), "announce yes"));
    show_close(&s);
}

static void test_totals_and_what_cannot_be_measured(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_REACH, 120, 36, GLYPHS_BRAILLE);
    must_show(&s, "P_in");
    must_show(&s, "(reconstructed)");
    must_show(&s, "trained on 10 to 40");
    must_show(&s, "10*");
    struct score in = reach_inside(&s.race->contestants[0].eval.reach);
    assert_int_equal(in.right, in.count);
    press(&s, UI_KEY_DOWN);
    must_show(&s, "everything that was measured is in sight");
    press(&s, 'v');
    must_show(&s, "these keys are for sweeps");
    show_close(&s);
}

static void test_a_number_stands_with_its_interval(void **state)
{
    (void)state;
    struct show s;
    char line[64], share[3][16];
    double low, high;
    show_open(&s, OF_REACH, 120, 36, GLYPHS_BRAILLE);
    struct score at_50 = s.race->contestants[1].eval.reach.acc[9];
    score_wilson(at_50, &low, &high);
    format_share(share[0], 16, score_value(at_50));
    format_share(share[1], 16, low);
    format_share(share[2], 16, high);
    snprintf(line, sizeof line, "%s %s-%s", share[0], share[1], share[2]);
    must_show(&s, line);
    snprintf(line, sizeof line, "│50 %9d ", (int)at_50.count);
    must_show(&s, line);
    show_close(&s);
}

static void test_what_is_out_of_sight_is_told_and_scrolled(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_REACH, 80, 20, GLYPHS_BRAILLE);
    must_show(&s, "P_out");
    must_show(&s, "↓ 5 more");
    must_show(&s, "↑ ↓ cell");
    assert_null(strstr(look(&s), "\n75 "));
    for (int i = 0; i < 9; i++)
        press(&s, UI_KEY_DOWN);
    must_show(&s, "↑ 5 more");
    assert_null(strstr(look(&s), "↓ 5 more"));
    show_close(&s);
}

/* Eight contestants in few columns: markers over the numbers, what they mean below, the rest by arrows. */
static void test_many_contestants_on_a_small_screen(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_REACH, 60, 20, GLYPHS_BRAILLE);
    for (int i = 2; i < 8; i++) {
        s.race->contestants[i] = s.race->contestants[0];
        snprintf(s.race->contestants[i].name, NAME_TEXT, "lstm-%d", i);
        s.race->contestants[i].eval.reach.acc[0].right = 100 * i;
    }
    s.race->count = 8;
    must_show(&s, "→+1");
    must_show(&s, "□ lstm-7");
    must_show(&s, "5        700 1.00  1.00  .286  .429  .571  .714  .857");
    press(&s, UI_KEY_RIGHT);
    must_show(&s, "←+1");
    must_show(&s, "5        700 1.00  .286  .429  .571  .714  .857  1.00");
    assert_int_equal(canvas_resize(&s.canvas, 60, 10), 0);
    must_show(&s, "↓ 17 more"); /* the sums too: no room to pin them */
    show_close(&s);
}

/* Contestants whose windows are of other lengths keep their own values. */
static void test_rows_of_two_lengths(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_ROWS, 120, 36, GLYPHS_BRAILLE);
    struct collapse *rows = &s.race->contestants[1].eval.collapse;
    for (int k = 0; k < 10; k++)
        rows->at[k] = 3 * (k + 1);
    must_show(&s, "│30    -              1.18");
    must_show(&s, "│2000  .100 0.0004    - ");
    show_close(&s);
}

static void test_the_plan_before_the_first_measurement(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_REACH_PLAN, 120, 36, GLYPHS_BRAILLE);
    must_show(&s, "nothing is measured yet");
    must_show(&s, "the next at step 12,500");
    must_show(&s, "distances, 5 to 80; 10 to 40 are trained on");
    must_show(&s, "8 windows of 32");
    s.race->state = RACE_FINISHED;
    must_show(&s, "the training ended before its first evaluation");
    show_close(&s);
    show_open(&s, OF_ROWS_PLAN, 120, 36, GLYPHS_BRAILLE);
    must_show(&s, "10 lengths, n 200 to");
    must_show(&s, "lstm, mlp: no such vector");
    show_close(&s);
}

static void test_d_says_that_the_difference_is_there(void **state)
{
    (void)state;
    struct show s;
    show_open(&s, OF_SWEEP, 200, 60, GLYPHS_BRAILLE);
    must_show(&s, "▲ less ●");
    press(&s, 'd');
    must_show(&s, "the difference is in sight already");
    show_close(&s);
    show_open(&s, OF_BARS, 80, 24, GLYPHS_BRAILLE);
    must_show(&s, "[base 4]  ▲ less ●: 0");
    press(&s, UI_KEY_DOWN);
    must_show(&s, "[base 8]  ▲ less ●: -.150");
    press(&s, 'd');
    must_show(&s, "the difference is in sight already");
    show_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_goldens),
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_the_cell_says_what_stands_behind_it),
        cmocka_unit_test(test_the_difference),
        cmocka_unit_test(test_the_run_of_a_cell),
        cmocka_unit_test(test_a_click_chooses_a_cell),
        cmocka_unit_test(test_a_third_setting),
        cmocka_unit_test(test_totals_and_what_cannot_be_measured),
        cmocka_unit_test(test_a_number_stands_with_its_interval),
        cmocka_unit_test(test_what_is_out_of_sight_is_told_and_scrolled),
        cmocka_unit_test(test_many_contestants_on_a_small_screen),
        cmocka_unit_test(test_rows_of_two_lengths),
        cmocka_unit_test(test_the_plan_before_the_first_measurement),
        cmocka_unit_test(test_d_says_that_the_difference_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
