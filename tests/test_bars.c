#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include "view/widgets.h"
#include <cmocka.h>
#include "golden.h"

static struct canvas make(int width, int height, enum glyphs glyphs)
{
    struct canvas c = {.glyphs = glyphs, .colors = 256};
    assert_int_equal(canvas_resize(&c, width, height), 0);
    return c;
}

static const struct cell *at(const struct canvas *c, int x, int y)
{
    return &c->cells[y * c->width + x];
}

static void test_heights(void **state)
{
    (void)state;
    struct canvas c = make(9, 2, GLYPHS_BRAILLE);
    double v[9];
    for (int i = 0; i < 9; i++)
        v[i] = i / 8.0;
    bars_draw(&c, (struct rect){0, 0, 9, 1}, v, 9, 1, NULL, NULL, -1);
    golden_row_is(&c, 0, "▁▁▂▃▄▅▆▇█"); /* nothing is the zero line, in another colour */
    assert_int_equal(at(&c, 0, 0)->fg, ROLE_BORDER);
    assert_int_equal(at(&c, 1, 0)->fg, ROLE_DIVERGING_0 + 16);
    canvas_clear(&c);
    bars_draw(&c, (struct rect){0, 0, 9, 2}, v, 9, 1, NULL, NULL, -1);
    golden_row_is(&c, 0, "     ▂▄▆█");
    golden_row_is(&c, 1, "▁▂▄▆█████");
    c.glyphs = GLYPHS_BLOCK; /* eighths, as with braille */
    canvas_clear(&c);
    bars_draw(&c, (struct rect){0, 0, 9, 1}, v, 9, 1, NULL, NULL, -1);
    golden_row_is(&c, 0, "▁▁▂▃▄▅▆▇█");
    c.glyphs = GLYPHS_HALF;
    canvas_clear(&c);
    bars_draw(&c, (struct rect){0, 0, 9, 1}, v, 9, 1, NULL, NULL, -1);
    golden_row_is(&c, 0, "__▄▄▄▄███");
    c.glyphs = GLYPHS_ASCII;
    canvas_clear(&c);
    bars_draw(&c, (struct rect){0, 0, 9, 1}, v, 9, 1, NULL, NULL, -1);
    golden_row_is(&c, 0, "__..:::##");
    canvas_release(&c);
}

static void test_roles(void **state)
{
    (void)state;
    struct canvas c = make(2, 1, GLYPHS_BRAILLE);
    double v[2] = {1, 0.5};
    uint8_t roles[2] = {ROLE_SERIES_0 + 3, ROLE_DIM};
    bars_of_roles(&c, (struct rect){0, 0, 2, 1}, v, 2, 1, roles);
    golden_row_is(&c, 0, "█▄");
    assert_int_equal(at(&c, 0, 0)->fg, ROLE_SERIES_0 + 3);
    assert_int_equal(at(&c, 1, 0)->fg, ROLE_DIM);
    canvas_release(&c);
}

/* Below zero an eighth is the complement in reverse: the lower part of the cell is ground. */
static void test_below_zero(void **state)
{
    (void)state;
    struct canvas c = make(5, 4, GLYPHS_BRAILLE);
    double v[5] = {-1, -0.5, 1, -0.125, NAN};
    bars_draw(&c, (struct rect){0, 0, 5, 4}, v, 5, 1, NULL, NULL, -1);
    golden_row_is(&c, 0, "  █");
    golden_row_is(&c, 1, "  █ ?");
    golden_row_is(&c, 2, "██ ▆");
    golden_row_is(&c, 3, "█");
    assert_int_equal(at(&c, 0, 2)->attr, 0);
    assert_int_equal(at(&c, 3, 2)->attr,
                     CELL_REVERSE); /* a quarter of a row: six eighths, reversed */
    assert_int_equal(at(&c, 3, 2)->fg, ROLE_DIVERGING_0);
    assert_int_equal(at(&c, 4, 1)->fg, ROLE_BAD);
    canvas_release(&c);
}

static void test_flags(void **state)
{
    (void)state;
    struct canvas c = make(3, 4, GLYPHS_BRAILLE);
    double v[3] = {2, -2, 0.5};
    bars_draw(&c, (struct rect){0, 0, 3, 4}, v, 3, 1, NULL, NULL, -1);
    assert_int_equal(at(&c, 0, 0)->code, 0x25b2);
    assert_int_equal(at(&c, 1, 3)->code, 0x25bc);
    assert_int_equal(at(&c, 0, 0)->fg, ROLE_WARN);
    assert_int_equal(at(&c, 0, 1)->code, 0x2588);
    canvas_clear(&c);
    bars_draw(&c, (struct rect){0, 0, 3, 4}, v, 3, 0, NULL, NULL, -1); /* automatic: 2 */
    assert_int_equal(at(&c, 0, 0)->code, 0x2588);
    canvas_release(&c);
}

static void test_labels(void **state)
{
    (void)state;
    const char *const labels[4] = {"I", "3", "14", "R"};
    const uint8_t roles[4] = {ROLE_CONTROL_0, ROLE_TEXT, ROLE_TEXT, ROLE_CONTROL_0 + 2};
    double v[4] = {0.25, 0.5, 0.75, 1};
    struct canvas c = make(16, 5, GLYPHS_BRAILLE);
    bars_draw(&c, (struct rect){0, 0, 16, 5}, v, 4, 1, labels, roles, 2);
    golden_row_is(&c, 0, "             ███");
    golden_row_is(&c, 3, " ███ ███ ███ ███");
    golden_row_is(&c, 4, "  I   3  14   R");
    assert_int_equal(at(&c, 2, 4)->fg, ROLE_CONTROL_0);
    assert_int_equal(at(&c, 9, 4)->bg, ROLE_CURSOR_BACKGROUND);
    assert_int_equal(at(&c, 10, 4)->fg, ROLE_CURSOR);
    canvas_clear(&c);
    bars_draw(&c, (struct rect){0, 0, 4, 5}, v, 4, 1, labels, roles, -1); /* written downwards */
    golden_row_is(&c, 3, "I31R");
    golden_row_is(&c, 4, "  4");
    canvas_release(&c);
}

static void test_too_many(void **state)
{
    (void)state;
    char names[40][4];
    const char *labels[40];
    double v[40];
    for (int i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "%c", 'A' + i % 26);
        labels[i] = names[i];
        v[i] = 1;
    }
    struct canvas c = make(20, 3, GLYPHS_BRAILLE);
    bars_draw(&c, (struct rect){0, 0, 20, 3}, v, 40, 1, labels, NULL, 0);
    golden_row_is(&c, 1, "███████████████ +25");
    golden_row_is(&c, 2, "ABCDEFGHIJKLMNO");
    canvas_clear(&c);
    bars_draw(&c, (struct rect){0, 0, 20, 3}, v, 40, 1, labels, NULL, 39); /* cursor in sight */
    golden_row_is(&c, 2, "ZABCDEFGHIJKLMN");
    canvas_release(&c);
}

static void test_golden(void **state)
{
    (void)state;
    static const char *const ladder[4] = {"ascii", "block", "half", "braille"};
    for (int g = 0; g < 4; g++) {
        double v[13];
        char names[13][12], file[32];
        const char *labels[13];
        struct canvas c = make(40, 11, (enum glyphs)g);
        for (int i = 0; i < 13; i++) {
            v[i] = 0.6 * sin(i * 0.5);
            snprintf(names[i], sizeof names[i], "%d", i);
            labels[i] = names[i];
        }
        bars_draw(&c, (struct rect){0, 0, 40, 11}, v, 13, 0.6, labels, NULL, 5);
        snprintf(file, sizeof file, "bars_%s", ladder[g]);
        golden_check(&c, file);
        canvas_release(&c);
    }
}

static void test_spark(void **state)
{
    (void)state;
    double v[10] = {0, 0.15, 0.29, 0.43, NAN, 0.58, 0.72, 0.86, 1, 2};
    struct canvas c = make(14, 1, GLYPHS_BRAILLE);
    spark_draw(&c, 1, 0, v, 10, ROLE_GOOD);
    golden_row_is(&c, 0, " ▁▂▃▄ ▅▆▇██");
    assert_int_equal(at(&c, 1, 0)->fg, ROLE_GOOD);
    c.glyphs = GLYPHS_ASCII;
    canvas_clear(&c);
    spark_draw(&c, 0, 0, v, 10, ROLE_GOOD);
    golden_row_is(&c, 0, "_..- -==##");
    canvas_release(&c);
}

static void test_every_size(void **state)
{
    (void)state;
    const char *labels[20];
    double v[20];
    struct canvas c = {0};
    for (int i = 0; i < 20; i++) {
        labels[i] = i % 3 ? "12" : "A";
        v[i] = cos(i) * 1.5;
    }
    v[7] = NAN;
    v[8] = INFINITY;
    for (int g = 0; g <= GLYPHS_BRAILLE; g++)
        for (int w = 0; w < 80; w += w < 30 ? 1 : 9)
            for (int h = 0; h < 14; h++)
                for (int k = 0; k < 3; k++) {
                    struct rect r = {k == 1 ? -5 : 2, k == 1 ? -2 : 1, w, h};
                    c.glyphs = (enum glyphs)g;
                    golden_fill(&c, 84, 17);
                    bars_draw(&c, r, v, 20, k == 2 ? 0 : 1, k ? labels : NULL, NULL, k * 9);
                    golden_untouched(&c, r);
                }
    bars_draw(&c, (struct rect){0, 0, 9, 9}, NULL, 0, 1, NULL, NULL, -1);
    canvas_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heights),  cmocka_unit_test(test_below_zero),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_flags),    cmocka_unit_test(test_labels),
        cmocka_unit_test(test_too_many), cmocka_unit_test(test_golden),
        cmocka_unit_test(test_spark),    cmocka_unit_test(test_every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
