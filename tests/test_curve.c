#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include "base/rng.h"
#include "view/plot.h"
#include "view/widgets.h"
#include <cmocka.h>
#include "golden.h"

static struct series lines_of[4];

static struct curve_options plain(void)
{
    return (struct curve_options){.per_step = 1, .reference = NAN, .cursor = NAN};
}

static struct canvas make(int width, int height, enum glyphs glyphs, int colors)
{
    struct canvas c = {.glyphs = glyphs, .colors = colors};
    assert_int_equal(canvas_resize(&c, width, height), 0);
    return c;
}

static void test_smoothing(void **state)
{
    (void)state;
    struct curve_options o = plain();
    struct points points;
    struct series *s = &lines_of[0];
    o.smooth = 0.5;
    series_reset(s);
    series_add(s, 0, 0, 4);
    series_add(s, 1, 0, 0);
    series_add(s, 2, 0, 1);
    points_take(&points, s, &o);
    assert_int_equal(points.count, 3);
    assert_float_equal(points.at[0].smooth, 4, 1e-12); /* debiased: the first is itself */
    /* 0.25 * 4 + 0.5 * 0 = 1, divided by 1 - 0.25 */
    assert_float_equal(points.at[1].smooth, 4.0 / 3, 1e-12);
    /* 0.125 * 4 + 0.25 * 0 + 0.5 * 1 = 1, divided by 1 - 0.125 */
    assert_float_equal(points.at[2].smooth, 8.0 / 7, 1e-12);

    /* A bucket of k equal samples counts like k samples: 1,000 steps of v = 3 after 1,000 of 1,
       merged into buckets of 4, end where 2,000 single steps end. */
    o.smooth = 0.999;
    series_reset(s);
    double e = 0, w = 0;
    for (int i = 0; i < 2000; i++) {
        double v = i < 1000 ? 1 : 3;
        series_add(s, i, i, v);
        e = 0.999 * e + 0.001 * v;
        w = 0.999 * w + 0.001;
    }
    assert_int_equal(s->span, 4);
    points_take(&points, s, &o);
    assert_int_equal(points.count, 500);
    assert_float_equal(points.at[499].smooth, e / w, 1e-6);
    assert_float_equal(points.at[499].x, 1997.5, 1e-9);
    o.smooth = 0;
    points_take(&points, s, &o);
    assert_float_equal(points.at[0].smooth, 1, 1e-12);
}

static void test_axes_of_points(void **state)
{
    (void)state;
    struct curve_options o = plain();
    struct points points;
    struct series *s = &lines_of[0];
    series_reset(s);
    series_add(s, 0, 0.5, 1);
    series_add(s, 10, 2.5, 2);
    points_take(&points, s, &o);
    assert_int_equal(points.count, 2); /* empty buckets leave no point */
    assert_float_equal(points.at[1].x, 10, 0);
    o.axis = AXIS_SAMPLES;
    o.per_step = 64;
    points_take(&points, s, &o);
    assert_float_equal(points.at[1].x, 640, 0);
    o.axis = AXIS_SECONDS;
    points_take(&points, s, &o);
    assert_float_equal(points.at[1].x, 2.5, 0);
    assert_float_equal(points_nearest(&points, 1.4)->x, 0.5, 0);
    assert_float_equal(points_nearest(&points, 1.6)->x, 2.5, 0);
    series_add(s, 11, 3, NAN);
    points_take(&points, s, &o);
    assert_int_equal(points.count, 3);
    assert_true(points.at[2].lost);
    assert_true(isnan(points.at[2].mean));
    assert_false(points.at[1].lost);
}

/* One row per value: y fixed to 0..1 in an area without axes, so that dots can be foretold. */
static void test_dots(void **state)
{
    (void)state;
    struct canvas c = make(4, 1, GLYPHS_BRAILLE, 256);
    struct plot p = {.c = &c, .r = {0, 0, 4, 1}, .x0 = 0, .x1 = 7, .y0 = 0, .y1 = 3};
    struct pen first = {ROLE_SERIES_0, false, 'o'}, second = {ROLE_SERIES_0 + 1, false, '^'};
    struct pen faint = {ROLE_SERIES_0 + 2, true, '.'};
    plot_use_glyphs(&p);
    plot_line(&p, plot_x(&p, 0), plot_y(&p, 0), plot_x(&p, 3), plot_y(&p, 3), &first);
    golden_row_is(&c, 0, "⡠⠊");
    plot_line(&p, plot_x(&p, 0), plot_y(&p, 3), plot_x(&p, 7), plot_y(&p, 3), &second);
    golden_row_is(&c, 0, "⡩⠋⠉⠉"); /* joined, not erased */
    assert_int_equal(c.cells[0].fg, ROLE_SERIES_0 + 1);
    plot_line(&p, plot_x(&p, 0), plot_y(&p, 1), plot_x(&p, 7), plot_y(&p, 1), &faint);
    golden_row_is(&c, 0, "⡩⠋⠉⠉"); /* faint dots leave firm ones alone */
    canvas_clear(&c);
    plot_line(&p, 0, 0, 0, 3, &faint);
    assert_int_equal(c.cells[0].attr, CELL_DIM);
    golden_row_is(&c, 0, "⡇");
    plot_line(&p, 1, 3, 1, 3, &first); /* firm dots replace faint ones */
    golden_row_is(&c, 0, "⢀");
    assert_int_equal(c.cells[0].attr, 0);
    c.colors = 8; /* where dim may not show, a faint line is looser */
    canvas_clear(&c);
    plot_line(&p, 0, 0, 3, 0, &faint);
    golden_row_is(&c, 0, "⠁⠁");

    c.glyphs = GLYPHS_HALF;
    canvas_clear(&c);
    plot_use_glyphs(&p);
    plot_line(&p, 0, 0, 3, 0, &first);
    plot_line(&p, 1, 1, 2, 1, &second);
    plot_line(&p, 2, 1, 2, 1, &first);
    golden_row_is(&c, 0, "▀▀█▀");
    assert_int_equal(c.cells[1].fg, ROLE_SERIES_0);
    assert_int_equal(c.cells[1].bg, ROLE_SERIES_0 + 1); /* both lines in one cell */
    canvas_clear(&c);
    plot_line(&p, 3, 1, 3, 1, &second);
    plot_line(&p, 1, 1, 3, 1, &faint);
    golden_row_is(&c, 0, " ░░▄");
    plot_line(&p, 2, 0, 2, 0, &first);
    golden_row_is(&c, 0, " ░▀▄");

    c.glyphs = GLYPHS_BLOCK; /* thin lines at three heights; what runs through a cell leans */
    canvas_clear(&c);
    plot_use_glyphs(&p);
    plot_line(&p, 0, 0, 0, 0, &first);
    plot_line(&p, 1, 1, 1, 1, &first);
    plot_line(&p, 2, 2, 3, 0, &first);
    golden_row_is(&c, 0, "▔─▁╱");
    plot_line(&p, 3, 2, 3, 0, &second);
    plot_line(&p, 0, 2, 1, 0, &first);
    golden_row_is(&c, 0, "╱╱▁│");
    plot_line(&p, 0, 1, 3, 1, &faint);
    golden_row_is(&c, 0, "╱╱▁│"); /* faint lines leave firm ones alone */
    canvas_clear(&c);
    plot_line(&p, 0, 1, 1, 1, &faint);
    plot_line(&p, 0, 0, 0, 0, &first);
    golden_row_is(&c, 0, "▔·");
    c.colors = 256;
    plot_line(&p, 1, 1, 1, 1, &faint);
    golden_row_is(&c, 0, "▔─");
    assert_int_equal(c.cells[0].attr, 0);

    c.glyphs = GLYPHS_ASCII;
    canvas_clear(&c);
    plot_use_glyphs(&p);
    plot_line(&p, 0, 0, 3, 0, &faint);
    plot_line(&p, 2, 0, 90, 0, &first);
    plot_line(&p, -1e300, 5, 1e300, 5, &second); /* far away: no crash, no endless loop */
    plot_line(&p, 1, 1e300, 1, INFINITY, &second);
    plot_line(&p, -INFINITY, -INFINITY, -1, -1, &second);
    plot_line(&p, NAN, 0, 1, 0, &second);
    golden_row_is(&c, 0, "..oo");
    canvas_release(&c);
}

/* The columns of the row that holds a curve; '.' where there is none. */
static void columns_of(const struct canvas *c, int y, int first, int count, char *out)
{
    for (int i = 0; i < count; i++) {
        uint32_t code = c->cells[y * c->width + first + i].code;
        out[i] = code == 'o' ? 'o' : code == 'x' ? 'x' : '.';
    }
    out[count] = '\0';
}

static void test_gaps(void **state)
{
    (void)state;
    struct canvas c = make(11, 1, GLYPHS_ASCII, 256);
    struct curve_options o = plain();
    struct series *s = &lines_of[0];
    struct curve_line line = {s, "a", ROLE_SERIES_0, 0, false};
    char got[16];
    o.fix_y = true;
    o.y_high = 2;
    series_reset(s);
    series_add(s, 0, 0, 1);
    series_add(s, 5, 0, 1);
    series_add(s, 10, 0, 1);
    curve_draw(&c, (struct rect){0, 0, 11, 1}, &line, 1, &o);
    columns_of(&c, 0, 0, 11, got);
    assert_string_equal(got, "ooooooooooo"); /* not measured: bridged */
    series_reset(s);
    series_add(s, 0, 0, 1);
    series_add(s, 3, 0, 1);
    series_add(s, 5, 0, NAN);
    series_add(s, 7, 0, 1);
    series_add(s, 10, 0, 1);
    canvas_clear(&c);
    curve_draw(&c, (struct rect){0, 0, 11, 1}, &line, 1, &o);
    columns_of(&c, 0, 0, 11, got);
    assert_string_equal(got, "oooo.x.oooo"); /* lost: broken, and marked */
    assert_int_equal(c.cells[5].fg, ROLE_BAD);
    canvas_release(&c);
}

static void test_flags(void **state)
{
    (void)state;
    struct canvas c = make(5, 2, GLYPHS_ASCII, 256);
    struct curve_options o = plain();
    struct series *s = &lines_of[0];
    struct curve_line line = {s, "a", ROLE_SERIES_0, 0, false};
    o.fix_y = true;
    o.y_high = 1;
    series_reset(s);
    for (int i = 0; i < 5; i++)
        series_add(s, i, 0, i == 1 ? 9 : i == 3 ? -9 : 0);
    curve_draw(&c, (struct rect){0, 0, 5, 2}, &line, 1, &o);
    assert_int_equal(c.cells[1].code, '^');
    assert_int_equal(c.cells[1].fg, ROLE_SERIES_0);
    assert_int_equal(c.cells[1].attr, CELL_BOLD);
    assert_int_equal(c.cells[5 + 3].code, 'v');
    assert_int_equal(c.cells[5].code, 'o');
    /* zero has no place on a logarithmic axis: flagged at the bottom */
    series_reset(s);
    series_add(s, 0, 0, 1);
    series_add(s, 4, 0, 0);
    o.log_y = true;
    o.y_low = 0.1;
    canvas_clear(&c);
    curve_draw(&c, (struct rect){0, 0, 5, 2}, &line, 1, &o);
    assert_int_equal(c.cells[5 + 4].code, 'v');
    canvas_release(&c);
}

static void fill_lines(struct curve_line lines[4], bool loss)
{
    static const char *const names[4] = {"lstm", "transformer-dpa", "cisformer-ea", "mlp"};
    struct rng rng;
    rng_seed(&rng, 7, RNG_TEST, 0);
    for (int k = 0; k < 4; k++) {
        series_reset(&lines_of[k]);
        for (int i = 0; i <= 12340; i += loss ? 1 : 100) {
            double pace = exp(-i / (1200.0 + 900 * k));
            double noise = rng_uniform(&rng) - 0.5;
            double v = loss ? (0.15 + 2.6 * pace) * (1 + 0.4 * noise)
                            : 0.0625 + (0.9 - 0.1 * k) * (1 - pace) + 0.01 * noise;
            if (loss && k == 2 && i >= 7000 && i < 7100)
                v = NAN;
            series_add(&lines_of[k], i, i * 0.01, v);
        }
        lines[k] =
            (struct curve_line){&lines_of[k], names[k], (uint8_t)(ROLE_SERIES_0 + k), k, false};
    }
}

static void test_golden(void **state)
{
    (void)state;
    struct curve_line lines[4];
    struct curve_options o = plain();
    static const char *const ladder[4] = {"ascii", "block", "half", "braille"};
    for (int g = 0; g < 4; g++) {
        char name[64];
        struct canvas c = make(78, 18, (enum glyphs)g, 256);
        o = plain();
        fill_lines(lines, false);
        o.fix_y = true;
        o.y_high = 1;
        o.reference = 0.0625;
        o.reference_label = "chance";
        o.legend = true;
        curve_draw(&c, (struct rect){0, 0, 78, 18}, lines, 4, &o);
        snprintf(name, sizeof name, "curve_accuracy_%s", ladder[g]);
        golden_check(&c, name);
        canvas_release(&c);

        c = make(50, 16, (enum glyphs)g, 0); /* narrow: legend below; no colours: markers */
        o = plain();
        fill_lines(lines, true);
        o.log_y = o.legend = true;
        o.smooth = 0.98;
        o.cursor = 5000;
        curve_draw(&c, (struct rect){0, 0, 50, 16}, lines, 4, &o);
        snprintf(name, sizeof name, "curve_loss_%s", ladder[g]);
        golden_check(&c, name);
        canvas_release(&c);
    }
}

static void test_options(void **state)
{
    (void)state;
    struct curve_line lines[4];
    struct curve_options o = plain();
    struct canvas c = make(80, 12, GLYPHS_BRAILLE, 256);
    struct text out = {0};
    fill_lines(lines, false);
    lines[1].hidden = true;
    o.legend = true;
    o.cursor = 6170;
    curve_draw(&c, (struct rect){0, 0, 80, 12}, lines, 4, &o);
    canvas_write_text(&c, &out);
    assert_null(strstr(text_string(&out), "transformer-dpa"));
    assert_non_null(strstr(text_string(&out), "6,170")); /* where the cursor is, exactly */
    char value[32]; /* and what the line has there, not its newest value */
    struct points points;
    points_take(&points, lines[0].series, &o);
    snprintf(value, sizeof value, "%.4g", points_nearest(&points, 6170)->mean);
    assert_non_null(strstr(text_string(&out), value));
    text_reset(&out);
    canvas_clear(&c);
    o.axis = AXIS_SECONDS;
    o.cursor = 61;
    curve_draw(&c, (struct rect){0, 0, 80, 12}, lines, 4, &o);
    canvas_write_text(&c, &out);
    assert_non_null(strstr(text_string(&out), "1:01"));
    text_reset(&out);
    canvas_clear(&c);
    curve_draw(&c, (struct rect){0, 0, 80, 12}, lines, 0, &o);
    canvas_write_text(&c, &out);
    assert_non_null(strstr(text_string(&out), "no data yet"));
    text_release(&out);
    canvas_release(&c);
}

/* Lines that end in one place have legends below each other, at the top and at the bottom. */
static void test_legend_apart(void **state)
{
    (void)state;
    static const char *const names[3] = {"first", "second", "third"};
    struct curve_line lines[3];
    struct curve_options o = plain();
    o.fix_y = o.legend = true;
    o.y_high = 1;
    for (int level = 0; level < 2; level++) {
        struct canvas c = make(80, 9, GLYPHS_BRAILLE, 256);
        for (int k = 0; k < 3; k++) {
            series_reset(&lines_of[k]);
            series_add(&lines_of[k], 0, 0, level);
            series_add(&lines_of[k], 9, 0, level);
            lines[k] = (struct curve_line){&lines_of[k], names[k], ROLE_SERIES_0, k, false};
        }
        curve_draw(&c, (struct rect){0, 0, 80, 9}, lines, 3, &o);
        for (int k = 0; k < 3; k++) {
            char row[GOLDEN_ROW];
            assert_non_null(strstr(golden_row(&c, level ? k : 5 + k, row), names[k]));
        }
        /* and their markers side by side */
        char row[GOLDEN_ROW];
        assert_non_null(strstr(golden_row(&c, level ? 0 : 7, row), "◆▲●"));
        canvas_release(&c);
    }
}

/* Ends in one row of cells: the greater value is named above. */
static void test_legend_order(void **state)
{
    (void)state;
    static const char *const names[3] = {"least", "middle", "most"};
    struct curve_line lines[3];
    struct curve_options o = plain();
    int at[3] = {-1, -1, -1};
    struct canvas c = make(80, 9, GLYPHS_BRAILLE, 256);

    o.fix_y = o.legend = true;
    o.y_high = 1;
    for (int k = 0; k < 3; k++) {
        series_reset(&lines_of[k]);
        series_add(&lines_of[k], 0, 0, 0.5);
        series_add(&lines_of[k], 9, 0, 0.5 + 1e-4 * k);
        lines[k] = (struct curve_line){&lines_of[k], names[k], ROLE_SERIES_0, k, false};
    }
    curve_draw(&c, (struct rect){0, 0, 80, 9}, lines, 3, &o);
    for (int y = 0; y < 9; y++)
        for (int k = 0; k < 3; k++) {
            char row[GOLDEN_ROW];
            at[k] = strstr(golden_row(&c, y, row), names[k]) ? y : at[k];
        }
    assert_true(at[2] >= 0 && at[1] == at[2] + 1 && at[0] == at[1] + 1);
    canvas_release(&c);
}

/* Spread outside the window is flagged faintly where the line itself is inside. */
static void test_faint_flags(void **state)
{
    (void)state;
    struct canvas c = make(5, 3, GLYPHS_BRAILLE, 256);
    struct curve_options o = plain();
    struct series *s = &lines_of[0];
    struct curve_line line = {s, "a", ROLE_SERIES_0, 0, false};
    o.fix_y = true;
    o.y_high = 1;
    o.smooth = 0.9;
    series_reset(s);
    for (int i = 0; i < 5; i++)
        series_add(s, i, 0, i == 3 ? 2 : 0);
    curve_draw(&c, (struct rect){0, 0, 5, 3}, &line, 1, &o);
    assert_int_equal(c.cells[3].code, 0x25b2);
    assert_int_equal(c.cells[3].attr, CELL_DIM);
    assert_int_not_equal(c.cells[2].code, 0x25b2);
    canvas_release(&c);
}

static void test_every_size(void **state)
{
    (void)state;
    struct curve_line lines[4];
    struct canvas c = {0};
    fill_lines(lines, true);
    for (int g = 0; g <= GLYPHS_BRAILLE; g++)
        for (int w = 0; w < 90; w += w < 12 ? 1 : 13)
            for (int h = 0; h < 26; h += h < 9 ? 1 : 8)
                for (int k = 0; k < 4; k++) {
                    struct curve_options o = plain();
                    struct rect r = {k == 1 ? -7 : 2, k == 1 ? -3 : 1, w, h};
                    o.legend = true;
                    o.log_y = k & 1;
                    o.log_x = k & 2;
                    o.smooth = k ? 0.9 : 0;
                    o.cursor = 3000;
                    o.reference = 0.5;
                    o.reference_label = "half";
                    o.fix_y = k == 3;
                    o.y_high = 1;
                    c.glyphs = (enum glyphs)g;
                    c.colors = k == 2 ? 0 : 256;
                    golden_fill(&c, 92, 28);
                    curve_draw(&c, r, lines, 4, &o);
                    golden_untouched(&c, r);
                    assert_int_equal(c.clip.w, 92);
                }
    canvas_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smoothing), cmocka_unit_test(test_axes_of_points),
        cmocka_unit_test(test_dots), cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_flags), cmocka_unit_test(test_golden),
        cmocka_unit_test(test_options), cmocka_unit_test(test_legend_apart),
        cmocka_unit_test(test_legend_order), cmocka_unit_test(test_faint_flags),
        cmocka_unit_test(test_every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
