#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include "base/rng.h"
#include "view/heat_layout.h"
#include "view/widgets.h"
#include <cmocka.h>
#include "golden.h"

enum { MOST = 64 };
static float weight[MOST * MOST], score[MOST * MOST];
static char names[MOST][4];
static const char *labels[MOST];
static uint8_t roles[MOST];

static struct canvas make(int width, int height, enum glyphs glyphs, int colors)
{
    struct canvas c = {.glyphs = glyphs, .colors = colors};
    assert_int_equal(canvas_resize(&c, width, height), 0);
    return c;
}

static struct heat_options plain(enum heat_mode mode)
{
    return (struct heat_options){.mode = mode, .cursor_row = -1, .cursor_column = -1};
}

/* A signed causal map with a diagonal and a column that repels; tokens as in IARC. */
static void fill_map(int n)
{
    struct rng rng;
    rng_seed(&rng, 3, RNG_TEST, 0);
    memset(weight, 0, sizeof weight);
    memset(score, 0, sizeof score);
    for (int i = 0; i < n; i++) {
        bool control = i % 7 == 0;
        if (control)
            snprintf(names[i], sizeof names[i], "%c", "IARC"[i / 7 % 4]);
        else
            snprintf(names[i], sizeof names[i], "%d", i * 5 % 16);
        labels[i] = names[i];
        roles[i] = control ? (uint8_t)(ROLE_CONTROL_0 + i / 7 % 4) : ROLE_TEXT;
        double sum = 0;
        for (int j = 0; j <= i; j++) {
            double z =
                2 * (rng_uniform(&rng) - 0.5) + (j == i - 1 ? 2.5 : 0) - (j % 7 == 0 ? 2 : 0);
            score[i * n + j] = (float)z;
            sum += exp(fabs(z));
        }
        for (int j = 0; j <= i; j++)
            weight[i * n + j] =
                (float)copysign(exp(fabs(score[i * n + j])) / sum, score[i * n + j]);
    }
}

static void test_modes(void **state)
{
    (void)state;
    static const double want[HEAT_MODES][2] = {{-0.5, 0.5},  {0, 0.5},   {0.5, 0},
                                               {0.25, 0.25}, {0.5, 0.5}, {3, -7}};
    static const char *const name[HEAT_MODES] = {"signed",  "positive", "negative",
                                                 "squared", "absolute", "score"};
    for (int m = 0; m < HEAT_MODES; m++) {
        assert_float_equal(heat_value((enum heat_mode)m, -0.5, 3), want[m][0], 0);
        assert_float_equal(heat_value((enum heat_mode)m, 0.5, -7), want[m][1], 0);
        assert_string_equal(heat_mode_name((enum heat_mode)m), name[m]);
        assert_int_equal(heat_mode_diverges((enum heat_mode)m),
                         m == HEAT_SIGNED || m == HEAT_SCORE);
        assert_true(isnan(heat_value((enum heat_mode)m, NAN, NAN)));
    }
}

/* Role of the only cell of a 1x1 map. */
static uint8_t role_of(float w, enum heat_mode mode, double range, struct heat_memory *memory)
{
    struct canvas c = make(2, 1, GLYPHS_BRAILLE, 256);
    struct heat_options o = plain(mode);
    o.range = range;
    o.memory = memory;
    heat_draw(&c, (struct rect){0, 0, 2, 1}, &w, &w, 1, &o);
    uint8_t role = c.cells[0].bg;
    assert_int_equal(c.cells[1].bg, role); /* two columns make a square */
    canvas_release(&c);
    return role;
}

static void test_levels(void **state)
{
    (void)state;
    assert_int_equal(role_of(0, HEAT_SIGNED, 1, NULL), ROLE_DIVERGING_0 + 8);
    assert_int_equal(role_of(1, HEAT_SIGNED, 1, NULL), ROLE_DIVERGING_0 + 16);
    assert_int_equal(role_of(-1, HEAT_SIGNED, 1, NULL), ROLE_DIVERGING_0);
    assert_int_equal(role_of(-0.5F, HEAT_SIGNED, 1, NULL), ROLE_DIVERGING_0 + 4);
    assert_int_equal(role_of(-0.5F, HEAT_SCORE, 2, NULL), ROLE_DIVERGING_0 + 6);
    assert_int_equal(role_of(-0.5F, HEAT_NEGATIVE, 1, NULL), ROLE_SEQUENTIAL_0 + 8);
    assert_int_equal(role_of(-0.5F, HEAT_POSITIVE, 1, NULL), ROLE_SEQUENTIAL_0);
    assert_int_equal(role_of(-0.5F, HEAT_SQUARED, 1, NULL), ROLE_SEQUENTIAL_0 + 4);
    assert_int_equal(role_of(7, HEAT_SIGNED, 1, NULL), ROLE_DIVERGING_0 + 16);
}

static void test_hysteresis(void **state)
{
    (void)state;
    struct heat_memory m = {0};
    /* one level is 1/8; a level is kept until the value is three quarters of a level away */
    assert_int_equal(role_of(0.25F, HEAT_SIGNED, 1, &m), ROLE_DIVERGING_0 + 10);
    assert_int_equal(role_of(0.25F + 0.7F / 8, HEAT_SIGNED, 1, &m), ROLE_DIVERGING_0 + 10);
    assert_int_equal(role_of(0.25F - 0.7F / 8, HEAT_SIGNED, 1, &m), ROLE_DIVERGING_0 + 10);
    assert_int_equal(role_of(0.25F + 0.8F / 8, HEAT_SIGNED, 1, &m), ROLE_DIVERGING_0 + 11);
    assert_int_equal(role_of(0.25F + 0.4F / 8, HEAT_SIGNED, 1, &m), ROLE_DIVERGING_0 + 11);
    assert_int_equal(role_of(0.25F + 0.4F / 8, HEAT_SIGNED, 1, NULL), ROLE_DIVERGING_0 + 10);
    /* another mode begins afresh: 0.3 * 16 = 4.8 */
    assert_int_equal(role_of(0.3F, HEAT_ABSOLUTE, 1, &m), ROLE_SEQUENTIAL_0 + 5);
    heat_memory_release(&m);
    assert_null(m.levels);
}

static double range_of(float w, struct heat_memory *memory, double locked)
{
    struct canvas c = make(2, 1, GLYPHS_BRAILLE, 256);
    struct heat_options o = plain(HEAT_SIGNED);
    o.memory = memory;
    o.range = locked;
    double range = heat_draw(&c, (struct rect){0, 0, 2, 1}, &w, NULL, 1, &o);
    canvas_release(&c);
    return range;
}

static void test_range(void **state)
{
    (void)state;
    struct heat_memory m = {0};
    assert_float_equal(range_of(0.62F, NULL, 0), 0.7, 1e-9);
    assert_float_equal(range_of(-0.11F, NULL, 0), 0.15, 1e-9);
    assert_float_equal(range_of(1.0000001F, NULL, 0), 1, 1e-9);
    assert_float_equal(range_of(0.0031F, NULL, 0), 0.004, 1e-9);
    assert_float_equal(range_of(35, NULL, 0), 40, 1e-9);
    assert_float_equal(range_of(0, NULL, 0), 1, 0);
    assert_float_equal(range_of(NAN, NULL, 0), 1, 0);
    assert_float_equal(range_of(0.62F, NULL, 0.25), 0.25, 0);
    /* with a memory the scale does not flutter */
    assert_float_equal(range_of(0.68F, &m, 0), 0.7, 1e-9);
    assert_float_equal(range_of(0.40F, &m, 0), 0.7, 1e-9);
    assert_float_equal(range_of(0.34F, &m, 0), 0.4, 1e-9);
    assert_float_equal(range_of(0.41F, &m, 0), 0.5, 1e-9);
    assert_false(m.above || m.below);
    range_of(0.62F, &m, 0.5);
    assert_true(m.above && !m.below);
    range_of(-0.62F, &m, 0.5);
    assert_true(m.below && !m.above);
    heat_memory_release(&m);
}

static void test_clipped_is_seen(void **state)
{
    (void)state;
    float w[4] = {0.9F, 0, -0.9F, 0.1F};
    struct canvas c = make(6, 2, GLYPHS_BRAILLE, 256);
    struct heat_options o = plain(HEAT_SIGNED);
    o.range = 0.5;
    heat_draw(&c, (struct rect){0, 0, 4, 2}, w, NULL, 2, &o);
    golden_row_is(&c, 0, " >");
    golden_row_is(&c, 1, " <");
    canvas_release(&c);
    c = make(48, 4, GLYPHS_ASCII, 0);
    heat_scale_draw(&c, 0, 0, 48, HEAT_SIGNED, 0.62);
    golden_row_is(&c, 0, "-.62 NNN%%%%====----.0++++****####@@@@ +.62");
    heat_scale_clipped(&c, 0, 1, 30, HEAT_SIGNED, 12, true, true);
    golden_row_is(&c, 1, "<-12 NN%%==--0++**##@@ +12>");
    assert_int_equal(c.cells[48].fg, ROLE_WARN);
    heat_scale_draw(&c, 0, 2, 30, HEAT_SQUARED, 1);
    golden_row_is(&c, 2, "0  ..::--=++**##%%@ 1");
    heat_scale_draw(&c, 0, 3, 9, HEAT_SIGNED, 0.5);
    golden_row_is(&c, 3, "-.5 0 +.5");
    canvas_release(&c);
}

static void test_not_numbers(void **state)
{
    (void)state;
    float w[4] = {0.5F, NAN, 0, INFINITY};
    struct canvas c = make(4, 2, GLYPHS_BRAILLE, 256);
    struct heat_options o = plain(HEAT_SIGNED);
    double range = heat_draw(&c, (struct rect){0, 0, 4, 2}, w, NULL, 2, &o);
    assert_float_equal(range, 0.5, 1e-9); /* of the finite ones */
    golden_row_is(&c, 0, "  ??");
    assert_int_equal(c.cells[2].fg, ROLE_BAD);
    assert_int_equal(c.cells[4 + 2].bg, ROLE_DIVERGING_0 + 16);
    canvas_release(&c);
}

/* Without colours: brackets that leave the value as it is, lines where nothing else stands, a mark at
   the query, and control tokens underlined. */
static void test_cursor_without_colours(void **state)
{
    (void)state;
    enum { N = 8 };
    fill_map(N);
    for (int i = 0; i < N * N; i++)
        weight[i] = 0;
    weight[5 * N + 2] = 0.9F;
    weight[5 * N + 1] = -0.9F;
    struct canvas c = make(21, 10, GLYPHS_ASCII, 0);
    struct heat_options o = plain(HEAT_SIGNED);
    o.causal = true;
    o.labels = labels;
    o.label_roles = roles;
    o.cursor_row = 5;
    o.cursor_column = 2;
    heat_draw(&c, (struct rect){0, 0, 21, 10}, weight, NULL, N, &o);
    golden_row_is(&c, 2, " I:.    |");
    golden_row_is(&c, 3, " 5 . .  |");
    golden_row_is(&c, 7, " 9>__N[@@]_____");
    golden_row_is(&c, 9, " A:. . .|. . . . .");
    assert_int_equal(c.cells[4].attr & CELL_UNDERLINE, CELL_UNDERLINE); /* the I */
    assert_int_equal(c.cells[6].attr & CELL_UNDERLINE, 0);
    canvas_release(&c);
}

static void test_cells_fit_the_space(void **state)
{
    (void)state;
    static const struct {
        int n, w, h, colors;
        enum glyphs glyphs;
        bool compact;
        int cell_w, cell_h, half, pool, rows, columns;
    } table[] = {
        {8, 70, 40, 256, GLYPHS_BRAILLE, false, 8, 4, 0, 1, 8, 8}, /* as large as can be */
        {16, 70, 36, 256, GLYPHS_BRAILLE, false, 4, 2, 0, 1, 16, 16},
        {32, 70, 36, 256, GLYPHS_BRAILLE, false, 2, 1, 0, 1, 32, 32},
        {32, 100, 36, 256, GLYPHS_BRAILLE, false, 3, 1, 0, 1, 32, 32}, /* labels side by side */
        {32, 70, 20, 256, GLYPHS_BRAILLE, false, 1, 1, 1, 1, 32, 32},  /* half blocks */
        {32, 70, 20, 16, GLYPHS_BRAILLE, false, 2, 1, 0, 1, 17, 32}, /* too few colours for them */
        {32, 70, 20, 256, GLYPHS_ASCII, false, 2, 1, 0, 1, 17, 32},
        {32, 40, 20, 256, GLYPHS_ASCII, false, 1, 1, 0, 1, 17, 32},
        {64, 40, 20, 256, GLYPHS_HALF, false, 1, 1, 1, 1, 34, 34},
        {64, 40, 20, 256, GLYPHS_BLOCK, false, 1, 1, 0, 1, 17, 37}, /* whole cells alone */
        {32, 32, 16, 256, GLYPHS_BRAILLE, true, 1, 1, 1, 1, 32, 32},
        {32, 32, 16, 256, GLYPHS_BLOCK, true, 2, 1, 0, 2, 16, 16},
        {32, 16, 8, 256, GLYPHS_BRAILLE, true, 1, 1, 1, 2, 16, 16}, /* two by two in a cell */
        {32, 10, 8, 0, GLYPHS_ASCII, true, 1, 1, 0, 4, 8, 8},
    };
    fill_map(MOST);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct heat_layout l;
        struct canvas c = {.glyphs = table[i].glyphs, .colors = table[i].colors};
        struct heat_options o = plain(HEAT_SIGNED);
        o.labels = labels;
        o.compact = table[i].compact;
        heat_layout(&l, &c, (struct rect){0, 0, table[i].w, table[i].h}, table[i].n, &o);
        int got[] = {l.cell_w, l.cell_h, l.half, l.pool, l.rows, l.columns};
        int want[] = {table[i].cell_w, table[i].cell_h, table[i].half,
                      table[i].pool,   table[i].rows,   table[i].columns};
        for (int k = 0; k < 6; k++)
            if (got[k] != want[k])
                fail_msg("row %zu, item %d: %d, not %d", i, k, got[k], want[k]);
    }
}

static void test_scrolling(void **state)
{
    (void)state;
    struct heat_layout l;
    struct canvas c = {.glyphs = GLYPHS_ASCII, .colors = 256};
    struct heat_options o = plain(HEAT_SIGNED);
    struct rect r = {0, 0, 20, 11};
    heat_layout(&l, &c, r, 32, &o);
    assert_int_equal(l.rows, 10); /* one row says what is hidden */
    assert_int_equal(l.columns, 20);
    o.row0 = 5;
    heat_layout(&l, &c, r, 32, &o);
    assert_int_equal(l.row0, 5);
    o.row0 = 99; /* not past the end */
    heat_layout(&l, &c, r, 32, &o);
    assert_int_equal(l.row0, 22);
    o.row0 = 0;
    o.cursor_row = 15; /* brought into sight */
    o.cursor_column = 31;
    heat_layout(&l, &c, r, 32, &o);
    assert_int_equal(l.row0, 6);
    assert_int_equal(l.column0, 12);
    o.row0 = 20;
    heat_layout(&l, &c, r, 32, &o);
    assert_int_equal(l.row0, 15);
    c = make(20, 11, GLYPHS_ASCII, 256);
    fill_map(32);
    heat_draw(&c, r, weight, score, 32, &o);
    golden_row_is(&c, 10, "+22 rows +12 columns");
    canvas_release(&c);
}

/* What heat_at says is what was drawn there. */
static void test_pointing(void **state)
{
    (void)state;
    float w[16 * 16];
    for (int glyphs = 0; glyphs <= GLYPHS_BRAILLE; glyphs++)
        for (int h = 4; h < 40; h += 5) {
            struct canvas c = make(60, 40, (enum glyphs)glyphs, 256);
            struct heat_options o = plain(HEAT_SIGNED);
            struct rect r = {2, 1, 50, h};
            int seen = 0;
            fill_map(16);
            o.labels = labels;
            o.causal = true;
            o.range = 1;
            for (int y = 0; y < 40; y++)
                for (int x = 0; x < 60; x++) {
                    int row, column;
                    if (!heat_at(&c, r, 16, &o, x, y, &row, &column))
                        continue;
                    assert_true(column <= row && row < 16);
                    seen++;
                    memset(w, 0, sizeof w);
                    w[row * 16 + column] = 1;
                    canvas_clear(&c);
                    heat_draw(&c, r, w, NULL, 16, &o);
                    const struct cell *k = &c.cells[y * 60 + x];
                    bool upper = k->code == 0x2580 && k->fg == ROLE_DIVERGING_0 + 16;
                    assert_true(upper || k->bg == ROLE_DIVERGING_0 + 16);
                }
            assert_true(seen > 0);
            canvas_release(&c);
        }
}

static void test_golden(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum glyphs glyphs;
        int colors, w, h, n;
        enum heat_mode mode;
        bool compact;
    } table[] = {
        {"heat_ascii_signed", GLYPHS_ASCII, 0, 40, 18, 16, HEAT_SIGNED, false},
        {"heat_ascii_squared", GLYPHS_ASCII, 0, 40, 18, 16, HEAT_SQUARED, false},
        {"heat_ascii_narrow", GLYPHS_ASCII, 0, 22, 14, 16, HEAT_SIGNED, false},
        {"heat_16_signed", GLYPHS_HALF, 16, 52, 18, 16, HEAT_SIGNED, false},
        {"heat_16_absolute", GLYPHS_BRAILLE, 16, 40, 20, 16, HEAT_ABSOLUTE, false},
        {"heat_half", GLYPHS_BRAILLE, 256, 40, 11, 16, HEAT_SIGNED, false},
        {"heat_block", GLYPHS_BLOCK, 256, 40, 11, 16, HEAT_SIGNED, false},
        {"heat_cursor", GLYPHS_BRAILLE, 256, 40, 18, 16, HEAT_SIGNED, false},
        {"heat_compact", GLYPHS_BRAILLE, 0, 16, 8, 16, HEAT_SIGNED, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct canvas c = make(table[i].w, table[i].h + 1, table[i].glyphs, table[i].colors);
        struct heat_options o = plain(table[i].mode);
        fill_map(table[i].n);
        o.labels = labels;
        o.label_roles = roles;
        o.causal = true;
        o.compact = table[i].compact;
        if (!strcmp(table[i].name, "heat_cursor"))
            o.cursor_row = 9, o.cursor_column = 4;
        double range = heat_draw(&c, (struct rect){0, 0, table[i].w, table[i].h}, weight, score,
                                 table[i].n, &o);
        heat_scale_draw(&c, 0, table[i].h, table[i].w, o.mode, range);
        golden_check(&c, table[i].name);
        canvas_release(&c);
    }
}

static void test_every_size(void **state)
{
    (void)state;
    struct canvas c = {0};
    struct heat_memory m = {0};
    fill_map(20);
    for (int g = 0; g <= GLYPHS_BRAILLE; g++)
        for (int w = 0; w < 100; w += w < 14 ? 1 : 17)
            for (int h = 0; h < 50; h += h < 14 ? 1 : 11)
                for (int k = 0; k < 4; k++) {
                    struct heat_options o = plain(k & 1 ? HEAT_SIGNED : HEAT_SQUARED);
                    struct rect r = {k == 1 ? -6 : 3, k == 1 ? -4 : 2, w, h};
                    o.labels = labels;
                    o.label_roles = roles;
                    o.causal = true;
                    o.compact = k == 2;
                    o.cursor_row = k == 3 ? 19 : 4;
                    o.cursor_column = 3;
                    o.memory = &m;
                    c.glyphs = (enum glyphs)g;
                    c.colors = k == 1 ? 0 : k == 2 ? 16 : 256;
                    golden_fill(&c, 105, 55);
                    heat_draw(&c, r, weight, score, 20, &o);
                    golden_untouched(&c, r);
                    golden_fill(&c, 105, 55);
                    heat_scale_clipped(&c, r.x, r.y, w, o.mode, 0.5, true, true);
                    golden_untouched(&c, (struct rect){r.x, r.y, w, 1});
                }
    struct heat_options o = plain(HEAT_SIGNED);
    assert_float_equal(heat_draw(&c, (struct rect){0, 0, 9, 9}, NULL, NULL, 0, &o), 1, 0);
    heat_memory_release(&m);
    canvas_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_hysteresis),
        cmocka_unit_test(test_range),
        cmocka_unit_test(test_clipped_is_seen),
        cmocka_unit_test(test_not_numbers),
        cmocka_unit_test(test_cursor_without_colours),
        cmocka_unit_test(test_cells_fit_the_space),
        cmocka_unit_test(test_scrolling),
        cmocka_unit_test(test_pointing),
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
