/* Figures: marks of the axes, gaps, what the file of numbers holds, words that XML would trip over. */
#include "heed_test.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/figure.h"

static void marks_are_round(void **state)
{
    (void)state;
    double t[16];
    int digits;
    assert_int_equal(figure_ticks(0, 1, 6, t, &digits), 6);
    assert_true(fabs(t[0]) < 1e-12 && fabs(t[1] - 0.2) < 1e-12 && fabs(t[5] - 1) < 1e-12);
    assert_int_equal(digits, 1);
    assert_int_equal(figure_ticks(0, 1500, 6, t, &digits), 4);
    assert_true(t[1] == 500 && t[3] == 1500);
    assert_int_equal(digits, 0);
    assert_int_equal(figure_ticks(-0.03, 0.03, 6, t, &digits), 7);
    assert_true(fabs(t[0] + 0.03) < 1e-12 && fabs(t[3]) < 1e-12);
    assert_int_equal(digits, 2);
}

static void add(struct figure *f, int i, double x, double y, double low, double high)
{
    assert_int_equal(figure_add_point(&f->series[i], (struct figure_point){x, y, low, high}), 0);
}

static struct figure *two_curves(void)
{
    static struct figure f;
    f = (struct figure){.series_count = 2, .fixed_y = true, .reference = 0.25};
    strcpy(f.title, "a < b & c > d");
    strcpy(f.x_label, "steps");
    strcpy(f.y_label, "accuracy");
    strcpy(f.reference_label, "chance");
    strcpy(f.series[0].label, "one");
    strcpy(f.series[1].label, "say \"two\"");
    add(&f, 0, 0, 0.5, 0.25, 0.75);
    add(&f, 0, 10, NAN, NAN, NAN);
    add(&f, 0, 20, 1, 0.5, 1);
    add(&f, 1, 20, 0, 0, 0.125);
    figure_caption(&f, "seed %d", 7);
    return &f;
}

static void numbers_are_those_that_are_shown(void **state)
{
    (void)state;
    struct figure *f = two_curves();
    struct text out = {0};
    figure_csv(f, &out);
    assert_string_equal(text_string(&out), "series,\"steps\",\"accuracy\",low,high\n"
                                           "\"one\",0,0.5,0.25,0.75\n"
                                           "\"one\",10,,,\n"
                                           "\"one\",20,1,0.5,1\n"
                                           "\"say \"\"two\"\"\",20,0,0,0.125\n");
    text_release(&out);
    figure_release(f);
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (; (text = strstr(text, word)); text += strlen(word))
        n++;
    return n;
}

static void a_curve_breaks_where_a_value_is_missing(void **state)
{
    (void)state;
    struct figure *f = two_curves();
    struct theme theme;
    struct failure why;
    struct text out = {0};
    assert_int_equal(theme_load_shipped(&theme, "print", &why), 0);
    figure_svg(f, &theme, &out);
    const char *svg = text_string(&out);
    /* 520 x 300 pixels from (64, 40): (0, 0.5) is (64, 190), (20, 1) is (584, 40), no line between */
    assert_non_null(strstr(svg, "<path d=\"M64 190 M584 40 \""));
    assert_non_null(strstr(svg, "a &lt; b &amp; c &gt; d"));
    assert_int_equal(count(svg, "seed 7"), 1);
    assert_int_equal(count(svg, ">chance<"), 1);
    assert_int_equal(count(svg, "<text"), count(svg, "</text>"));
    assert_null(strstr(svg, "nan"));
    text_release(&out);
    figure_release(f);
}

/* Weights 1 and -1 are the ends of the ramp, and what lies above the diagonal is not drawn. */
static void maps_share_one_scale(void **state)
{
    (void)state;
    static struct figure f;
    struct theme theme;
    struct failure why;
    struct text out = {0};
    char low[8], high[8];
    f = (struct figure){.kind = FIGURE_MAPS, .side = 2, .panel_columns = 1, .is_signed = true};
    strcpy(f.token[0], "I");
    strcpy(f.token[1], "5");
    float *map = figure_add_panel(&f, "lstm", "layer 1, head 1");
    assert_non_null(map);
    map[0] = -2;
    map[1] = 9; /* above the diagonal */
    map[2] = 0.5F;
    map[3] = 2;
    assert_int_equal(theme_load_shipped(&theme, "print", &why), 0);
    figure_csv(&f, &out);
    assert_non_null(strstr(text_string(&out), "\"lstm\",\"layer 1, head 1\",1,0,\"5\",\"I\",0.5\n"));
    assert_int_equal(count(text_string(&out), "\n"), 4);
    text_reset(&out);
    figure_svg(&f, &theme, &out);
    struct color a = theme.roles[ROLE_DIVERGING_0], b = theme.roles[ROLE_DIVERGING_0 + 16];
    snprintf(low, sizeof low, "#%02x%02x%02x", a.r, a.g, a.b);
    snprintf(high, sizeof high, "#%02x%02x%02x", b.r, b.g, b.b);
    /* Each end once in the map and once in the scale. */
    assert_int_equal(count(text_string(&out), low), 2);
    assert_int_equal(count(text_string(&out), high), 2);
    assert_non_null(strstr(text_string(&out), ">-2<"));
    assert_non_null(strstr(text_string(&out), ">+2<"));
    text_release(&out);
    figure_release(&f);
}

static void bars_tell_the_answers_behind_them(void **state)
{
    (void)state;
    static struct figure f;
    f = (struct figure){.kind = FIGURE_BARS, .series_count = 1, .group_count = 3, .fixed_y = true,
                        .reference = NAN};
    struct theme theme;
    struct text out = {0};
    struct failure why;
    add(&f, 0, 0, 0.5, 0.25, 0.75);
    f.group_least[0] = f.group_most[0] = 1234;
    f.group_least[1] = 60;
    f.group_most[1] = 61;
    assert_int_equal(theme_load_shipped(&theme, "print", &why), 0);
    figure_svg(&f, &theme, &out);
    assert_int_equal(count(text_string(&out), ">1,234<"), 1);
    assert_int_equal(count(text_string(&out), ">≥ 60<"), 1);
    assert_int_equal(count(text_string(&out), ">-<"), 1); /* nobody was asked there */
    text_release(&out);
    figure_release(&f);
}

static void a_free_axis_ends_at_marks(void **state)
{
    (void)state;
    struct figure *f = two_curves();
    struct theme theme;
    struct text out = {0};
    struct failure why;
    f->fixed_y = false;
    f->series[1].points[0] = (struct figure_point){20, 7.3, NAN, NAN};
    f->series[0].points[0] = (struct figure_point){0, 2.1, NAN, NAN};
    f->series[0].points[2] = (struct figure_point){20, 2.1, NAN, NAN};
    assert_int_equal(theme_load_shipped(&theme, "print", &why), 0);
    figure_svg(f, &theme, &out);
    assert_int_equal(count(text_string(&out), ">2<"), 1);
    assert_int_equal(count(text_string(&out), ">8<"), 1);
    text_release(&out);
    figure_release(f);
}

static void grids_show_every_cell(void **state)
{
    (void)state;
    static struct figure f;
    f = (struct figure){.kind = FIGURE_GRID, .rows = 1, .columns = 2};
    struct theme theme;
    struct text out = {0};
    struct failure why;
    strcpy(f.x_label, "tau");
    strcpy(f.column[0], "2");
    strcpy(f.column[1], "2,5");
    float *values = figure_add_grid(&f, "dpa");
    assert_non_null(values);
    values[0] = 0.75f;
    values[2] = 0.5f;
    values[4] = 1;
    f.panels[0].is_difference = true;
    strcpy(f.panels[0].below, "announce yes");
    figure_csv(&f, &out);
    assert_string_equal(text_string(&out), "map,part,\"\",\"tau\",value,low,high\n"
                                           "\"dpa\",\"announce yes\",\"\",\"2\",0.75,0.5,1\n"
                                           "\"dpa\",\"announce yes\",\"\",\"2,5\",,,\n");
    assert_int_equal(theme_load_shipped(&theme, "print", &why), 0);
    text_reset(&out);
    figure_svg(&f, &theme, &out);
    assert_non_null(strstr(text_string(&out), ">+0.750</text>"));
    assert_non_null(strstr(text_string(&out), ">-</text>"));
    assert_non_null(strstr(text_string(&out), "</svg>"));
    text_release(&out);
    figure_release(&f);
}

/* A long window: a cell for several weights, and the picture says so. */
static void large_maps_are_pooled(void **state)
{
    (void)state;
    enum { SIDE = 256, CELLS = 86 };
    struct theme theme;
    struct failure why;
    static struct figure f;
    struct text out = {0};
    char strongest[64];
    f = (struct figure){.kind = FIGURE_MAPS, .side = SIDE, .panel_columns = 1, .is_signed = true};
    assert_int_equal(theme_load_shipped(&theme, "print", &why), 0);
    float *map = figure_add_panel(&f, "lstm", "layer 1, head 1");
    assert_non_null(map);
    for (int i = 0; i < SIDE * SIDE; i++)
        map[i] = 0.01f;
    map[0] = 5; /* of the first quarter: beyond the scale */
    map[200 * SIDE + 100] = -0.5f;
    figure_svg(&f, &theme, &out);
    struct color low = theme.roles[ROLE_DIVERGING_0];
    snprintf(strongest, sizeof strongest, "fill=\"#%02x%02x%02x\"/>", low.r, low.g, low.b);
    assert_int_equal(count(text_string(&out), strongest), 1);
    int rects = count(text_string(&out), "<rect");
    assert_in_range(rects, CELLS * (CELLS + 1) / 2, CELLS * (CELLS + 1) / 2 + 30);
    assert_non_null(strstr(text_string(&out), "a cell: 3 x 3 weights"));
    assert_non_null(strstr(text_string(&out), ">-0.5<"));
    text_release(&out);
    figure_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_round),
        cmocka_unit_test(numbers_are_those_that_are_shown),
        cmocka_unit_test(a_curve_breaks_where_a_value_is_missing),
        cmocka_unit_test(maps_share_one_scale),
        cmocka_unit_test(bars_tell_the_answers_behind_them),
        cmocka_unit_test(a_free_axis_ends_at_marks),
        cmocka_unit_test(grids_show_every_cell),
        cmocka_unit_test(large_maps_are_pooled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
