#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include "view/widgets.h"
#include <cmocka.h>
#include "golden.h"

enum { ROWS = 5, COLUMNS = 4 };
static const struct table_column columns[COLUMNS] = {{"contestant", 12, false},
                                                     {"acc", 5, true},
                                                     {"parameters", 11, true},
                                                     {"steps/s", 8, true}};
static struct table_cell cells[ROWS * COLUMNS];

static struct canvas make(int width, int height)
{
    static const char *const text[ROWS * COLUMNS] = {
        "lstm", ".973", "25.7k", "1.05k", "transformer-dpa", ".949", "14.5k", "512",
        "mlp",  ".948", "12.3k", "2.21k", "cisformer-ea",    ".850", "398k",  "101",
        "cog",  "-",    "1",     "2"};
    struct canvas c = {.glyphs = GLYPHS_BRAILLE, .colors = 256};
    assert_int_equal(canvas_resize(&c, width, height), 0);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        cells[i].role = (uint8_t)(i % COLUMNS ? ROLE_TEXT : ROLE_SERIES_0 + i / COLUMNS);
        cells[i].attr = 0;
        text_copy(cells[i].text, TABLE_CELL, text[i]);
    }
    return c;
}

static void test_whole(void **state)
{
    (void)state;
    struct canvas c = make(44, 7);
    table_draw(&c, (struct rect){1, 0, 43, 7}, columns, COLUMNS, cells, ROWS, 0, 1, 2, 1);
    golden_row_is(&c, 0, " contestant     acc▾   parameters   steps/s");
    golden_row_is(&c, 1, " lstm           .973        25.7k     1.05k");
    golden_row_is(&c, 2, " transformer…   .949        14.5k       512");
    golden_row_is(&c, 5, " cog               -            1         2");
    golden_row_is(&c, 6, "");
    assert_int_equal(c.cells[44 + 1].fg, ROLE_SERIES_0);
    assert_int_equal(c.cells[3 * 44 + 1].fg, ROLE_CURSOR); /* the selected row, to its end */
    for (int x = 1; x < 44; x++)
        assert_int_equal(c.cells[3 * 44 + x].bg, ROLE_CURSOR_BACKGROUND);
    assert_int_equal(c.cells[3 * 44].bg, ROLE_BACKGROUND);
    assert_int_equal(c.cells[17].fg, ROLE_ACCENT); /* the sorted column's title */
    canvas_release(&c);
}

static void test_columns_scroll(void **state)
{
    (void)state;
    struct canvas c = make(33, 8);
    table_draw(&c, (struct rect){0, 0, 33, 8}, columns, COLUMNS, cells, ROWS, 0, 1, -1, -1);
    golden_row_is(&c, 0, "contestant      acc   parameters");
    golden_row_is(&c, 7, "→ +1 column");
    canvas_clear(&c);
    table_draw(&c, (struct rect){0, 0, 24, 8}, columns, COLUMNS, cells, ROWS, 0, 3, -1, -1);
    golden_row_is(&c, 0, "contestant     steps/s"); /* the first stays, the others move */
    golden_row_is(&c, 1, "lstm             1.05k");
    golden_row_is(&c, 7, "← +2 columns");
    canvas_clear(&c);
    table_draw(&c, (struct rect){0, 0, 27, 8}, columns, COLUMNS, cells, ROWS, 0, 2, -1, -1);
    golden_row_is(&c, 0, "contestant     parameters");
    golden_row_is(&c, 7, "← +1  → +1 column");
    canvas_clear(&c);
    table_draw(&c, (struct rect){0, 0, 8, 8}, columns, COLUMNS, cells, ROWS, 0, 1, -1, -1);
    golden_row_is(&c, 0, "contest…"); /* the last one left is cut */
    golden_row_is(&c, 7, "→ +3 co…");
    canvas_release(&c);
}

static void test_scroll_finds_columns(void **state)
{
    (void)state;
    /* 12, then 2 + 5, 2 + 11, 2 + 8 */
    assert_int_equal(table_scroll(columns, COLUMNS, 44, 3, 0), 1); /* all fit: nothing is hidden */
    assert_int_equal(table_scroll(columns, COLUMNS, 33, 1, 0), 1);
    assert_int_equal(table_scroll(columns, COLUMNS, 33, 2, 0), 2);
    assert_int_equal(table_scroll(columns, COLUMNS, 35, 3, 0), 2); /* two fit at the end */
    assert_int_equal(table_scroll(columns, COLUMNS, 33, 1, 3), 3); /* steps/s alone fits so */
    assert_int_equal(table_scroll(columns, COLUMNS, 35, 1, 3), 2);
    assert_int_equal(table_scroll(columns, COLUMNS, 24, 3, 1), 1);
    assert_int_equal(table_scroll(columns, COLUMNS, 5, 1, 3), 3);
    assert_int_equal(table_scroll(columns, COLUMNS, 35, -7, 0), 1);
    assert_int_equal(table_scroll(columns, COLUMNS, 5, 99, 0), 3);
}

static void test_rows_out_of_sight(void **state)
{
    (void)state;
    struct canvas c = make(44, 5);
    table_draw(&c, (struct rect){0, 0, 44, 5}, columns, COLUMNS, cells, ROWS, 0, 1, -1, -1);
    golden_row_is(&c, 3, "mlp            .948        12.3k     2.21k");
    golden_row_is(&c, 4, "↓ +2 rows");
    canvas_clear(&c);
    table_draw(&c, (struct rect){0, 0, 44, 5}, columns, COLUMNS, cells, ROWS, 1, 1, -1, -1);
    golden_row_is(&c, 1, "transformer…   .949        14.5k       512");
    golden_row_is(&c, 4, "↑ 1  ↓ +1 row");
    canvas_clear(&c);
    table_draw(&c, (struct rect){0, 0, 44, 5}, columns, COLUMNS, cells, ROWS, 99, 1, -1, -1);
    golden_row_is(&c, 1, "cog               -            1         2");
    golden_row_is(&c, 4, "↑ 4");
    canvas_release(&c);
}

static void test_every_size(void **state)
{
    (void)state;
    struct canvas c = make(1, 1);
    for (int g = 0; g <= GLYPHS_BRAILLE; g++)
        for (int w = 0; w < 60; w++)
            for (int h = 0; h < 10; h++)
                for (int k = 0; k < 2; k++) {
                    struct rect r = {k ? -4 : 2, k ? -1 : 1, w, h};
                    c.glyphs = (enum glyphs)g;
                    golden_fill(&c, 64, 12);
                    table_draw(&c, r, columns, COLUMNS, cells, ROWS, k, 3 * k, 1, 2);
                    table_draw(&c, r, columns, COLUMNS, cells, 0, -3, 9, 0, 0);
                    golden_untouched(&c, r);
                }
    canvas_release(&c);
}

static void test_share(void **state)
{
    (void)state;
    static const struct {
        double v;
        const char *want;
    } table[] = {{0.973, ".973"}, {1, "1.00"},       {0.9996, "1.00"}, {0.9994, ".999"},
                 {0, ".000"},     {NAN, "-"},        {-0.41, "-.410"}, {0.0625, ".062"},
                 {-1, "-1.00"},   {-0.0001, ".000"}, {12.5, "12.50"},  {0.05, ".050"}};
    char out[32], tiny[3];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        format_share(out, sizeof out, table[i].v);
        assert_string_equal(out, table[i].want);
    }
    format_share(tiny, sizeof tiny, 0.5);
    assert_string_equal(tiny, ".5");
}

static void test_short(void **state)
{
    (void)state;
    static const struct {
        double v;
        const char *want;
    } table[] = {{0, "0"},           {-0.0, "0"},          {7, "7"},
                 {999, "999"},       {1000, "1.00k"},      {12345, "12.3k"},
                 {123456, "123k"},   {999600, "1.00M"},    {1.5e9, "1.50G"},
                 {2.345, "2.35"},    {9.996, "10.0"},      {99.96, "100"},
                 {0.62, "0.620"},    {0.0123, "0.0123"},   {0.001, "0.00100"},
                 {3e-4, "3e-4"},     {3.25e-4, "3.25e-4"}, {1.5e-10, "1.5e-10"},
                 {-28100, "-28.1k"}, {-0.5, "-0.500"},     {NAN, "nan"},
                 {INFINITY, "inf"},  {-INFINITY, "-inf"},  {999.7, "1.00k"},
                 {2.5e17, "250P"}};
    char out[32];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        format_short(out, sizeof out, table[i].v);
        assert_string_equal(out, table[i].want);
    }
    for (double v = 1e-9; v < 1e15; v *= 1.37) { /* three digits right, few columns */
        format_short(out, sizeof out, v);
        assert_true(strlen(out) <= 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_columns_scroll),
        cmocka_unit_test(test_scroll_finds_columns),
        cmocka_unit_test(test_rows_out_of_sight),
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_share),
        cmocka_unit_test(test_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
