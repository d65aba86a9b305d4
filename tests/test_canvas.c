#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include "view/glyph.h"
#include "view/theme.h"
#include <cmocka.h>
#include "golden.h"

static struct canvas make(int width, int height, enum glyphs glyphs)
{
    struct canvas c = {.glyphs = glyphs, .colors = 256};
    assert_int_equal(canvas_resize(&c, width, height), 0);
    return c;
}

static void test_widths(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        int width;
    } table[] = {{'a', 1},       {0x7f, -1},  {0x1b, -1},  {0x9b, -1},   {0xd800, -1}, {0xffff, -1},
                 {0x110000, -1}, {0x301, 0},  {0x200b, 0}, {0x202e, 0},  {0xfe0f, 0},  {0xad, 0},
                 {0xe9, 1},      {0x3b1, 1},  {0x2588, 1}, {0x28ff, 1},  {0x256d, 1},  {0x25cf, 1},
                 {0x4e2d, 2},    {0xac00, 2}, {0xff21, 2}, {0x1f600, 2}, {0x231a, 2},  {0x2026, 1}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(text_width(table[i].code), table[i].width);
}

static void test_ascii_signs(void **state)
{
    (void)state;
    struct canvas c = make(40, 1, GLYPHS_ASCII);
    int columns = canvas_text(&c, 0, 0, "·…←→↑↓─│╭┼█▲▼●✓✗×±≥²▸▾é", ROLE_TEXT, 0);
    golden_row_is(&c, 0, ".~<>^v-|++#^vo+xx~>2>v?");
    assert_int_equal(columns, 23);
    for (uint32_t code = 0; code < 0x3000; code++) {
        canvas_put(&c, 0, 0, code, ROLE_TEXT, ROLE_BACKGROUND, 0);
        assert_in_range(c.cells[0].code, 0x20, 0x7e);
    }
    canvas_release(&c);
}

static void test_text(void **state)
{
    (void)state;
    struct canvas c = make(12, 3, GLYPHS_BRAILLE);
    assert_int_equal(canvas_text(&c, 0, 0, "a\033[31m中e\xcc\x81", ROLE_TEXT, 0), 9);
    golden_row_is(&c, 0, "a?[31m?e?");
    assert_int_equal(canvas_columns("a·…中"), 4);
    canvas_fill(&c, (struct rect){0, 1, 12, 1}, ' ', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND);
    canvas_textf(&c, 1, 1, ROLE_GOOD, CELL_BOLD, "%d·%s", 42, "x");
    golden_row_is(&c, 1, " 42·x");
    assert_int_equal(c.cells[12 + 1].bg, ROLE_CURSOR_BACKGROUND); /* kept */
    assert_int_equal(c.cells[12 + 1].fg, ROLE_GOOD);
    assert_int_equal(c.cells[12 + 1].attr, CELL_BOLD);
    assert_int_equal(canvas_text_fit(&c, 0, 2, 5, "abcdefgh", ROLE_TEXT, 0), 5);
    golden_row_is(&c, 2, "abcd…");
    assert_int_equal(canvas_text_fit(&c, 0, 2, 5, "vwxyz", ROLE_TEXT, 0), 5);
    golden_row_is(&c, 2, "vwxyz");
    assert_int_equal(canvas_text_fit(&c, 0, 2, 1, "ab", ROLE_TEXT, 0), 1);
    golden_row_is(&c, 2, "…wxyz");
    assert_int_equal(canvas_text_fit(&c, 0, 2, 0, "ab", ROLE_TEXT, 0), 0);
    assert_int_equal(canvas_text_fit(&c, 0, 2, -3, "ab", ROLE_TEXT, 0), 0);
    canvas_release(&c);
}

static void test_clip(void **state)
{
    (void)state;
    struct canvas c = {.glyphs = GLYPHS_BRAILLE};
    golden_fill(&c, 20, 10);
    struct rect r = {3, 2, 9, 5};
    struct rect all = canvas_clip(&c, r);
    assert_int_equal(all.w, 20);
    canvas_text(&c, -5, 3, "a long text that leaves both sides of it", ROLE_TEXT, 0);
    canvas_fill(&c, (struct rect){-100, -100, 1000, 1000}, '.', ROLE_TEXT, ROLE_BACKGROUND);
    canvas_box(&c, (struct rect){1, 1, 18, 8}, "left", "right");
    canvas_bar(&c, -4, 4, 40, 1, ROLE_GOOD);
    canvas_put(&c, 1 << 30, -(1 << 30), 'x', ROLE_TEXT, ROLE_BACKGROUND, 0);
    struct rect outer = canvas_clip(&c, (struct rect){0, 0, 5, 20}); /* narrows, never widens */
    assert_memory_equal(&outer, &r, sizeof r);
    assert_int_equal(c.clip.x, 3);
    assert_int_equal(c.clip.w, 2);
    assert_int_equal(c.clip.h, 5);
    canvas_clip(&c, (struct rect){15, 0, 5, 5}); /* nothing in common */
    canvas_fill(&c, (struct rect){0, 0, 20, 10}, 'y', ROLE_TEXT, ROLE_BACKGROUND);
    golden_untouched(&c, r);
    assert_int_equal(c.cells[2 * 20 + 3].code, '.');
    assert_int_equal(c.cells[4 * 20 + 11].code, 0x2588);
    canvas_release(&c);
}

static void test_resize(void **state)
{
    (void)state;
    struct canvas c = make(0, 0, GLYPHS_BRAILLE);
    canvas_text(&c, 0, 0, "nothing", ROLE_TEXT, 0);
    canvas_box(&c, (struct rect){0, 0, 0, 0}, "a", "b");
    struct text out = {0};
    canvas_write_text(&c, &out);
    assert_string_equal(text_string(&out), "");
    assert_int_equal(canvas_resize(&c, 4, 2), 0);
    canvas_text(&c, 0, 0, "abcd", ROLE_TEXT, 0);
    assert_int_equal(canvas_resize(&c, 3, 2), 0); /* contents become spaces */
    canvas_write_text(&c, &out);
    assert_string_equal(text_string(&out), "\n\n");
    assert_int_equal(canvas_resize(&c, 1000, 1000), 0);
    text_release(&out);
    canvas_release(&c);
    canvas_release(&c); /* a zeroed one */
}

static void test_box(void **state)
{
    (void)state;
    struct canvas c = make(30, 9, GLYPHS_BRAILLE);
    struct rect in = canvas_box(&c, (struct rect){0, 0, 30, 3}, "accuracy", "linear");
    assert_memory_equal(&in, (&(struct rect){1, 1, 28, 1}), sizeof in);
    golden_row_is(&c, 0, "╭─ accuracy ──────── linear ─╮");
    golden_row_is(&c, 1, "│                            │");
    golden_row_is(&c, 2, "╰────────────────────────────╯");
    canvas_box(&c, (struct rect){0, 3, 20, 3}, "accuracy", "linear"); /* no room for both */
    golden_row_is(&c, 3, "╭─ accuracy ───────╮");
    canvas_box(&c, (struct rect){0, 6, 10, 3}, "accuracy", NULL);
    golden_row_is(&c, 6, "╭─ acc… ─╮");
    for (int w = -1; w < 3; w++) {
        in = canvas_box(&c, (struct rect){5, 5, w, 9}, "a", "b");
        assert_int_equal(in.w, w);
    }
    c.glyphs = GLYPHS_ASCII;
    canvas_clear(&c);
    canvas_box(&c, (struct rect){0, 0, 12, 3}, "loss", "");
    golden_row_is(&c, 0, "+- loss ---+");
    golden_row_is(&c, 1, "|          |");
    canvas_release(&c);
}

static void test_bar(void **state)
{
    (void)state;
    static const struct {
        enum glyphs glyphs;
        double share;
        const char *want;
    } table[] = {{GLYPHS_BRAILLE, 0.5, "█▌"},     {GLYPHS_BRAILLE, 1, "███"},
                 {GLYPHS_BRAILLE, 7, "███"},      {GLYPHS_BRAILLE, 0, ""},
                 {GLYPHS_BRAILLE, -1, ""},        {GLYPHS_BRAILLE, NAN, ""},
                 {GLYPHS_BRAILLE, 1 / 24.0, "▏"}, {GLYPHS_BRAILLE, 23 / 24.0, "██▉"},
                 {GLYPHS_BLOCK, 23 / 24.0, "██▉"}, {GLYPHS_BLOCK, 0.4, "█▎"},
                 {GLYPHS_HALF, 0.5, "█▌"},        {GLYPHS_HALF, 0.4, "█"},
                 {GLYPHS_ASCII, 0.5, "##"},       {GLYPHS_ASCII, 0.1, ""}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct canvas c = make(5, 1, table[i].glyphs);
        canvas_bar(&c, 0, 0, 3, table[i].share, ROLE_GOOD);
        golden_row_is(&c, 0, table[i].want);
        canvas_release(&c);
    }
}

static struct theme small_theme(void)
{
    struct theme t = {.name = "small"};
    for (int i = 0; i < ROLE_COUNT; i++)
        t.roles[i] = (struct color){200, 200, 200, 7};
    t.roles[ROLE_BACKGROUND] = (struct color){0, 0, 0, -1};
    t.roles[ROLE_GOOD] = (struct color){0, 255, 0, 10};
    t.roles[ROLE_CURSOR_BACKGROUND] = (struct color){255, 255, 0, 11};
    return t;
}

static void ansi_is(const struct canvas *c, const char *want)
{
    struct text out = {0};
    struct theme t = small_theme();
    canvas_write_ansi(c, &t, &out);
    assert_string_equal(text_string(&out), want);
    text_release(&out);
}

static void test_ansi(void **state)
{
    (void)state;
    struct canvas c = make(3, 1, GLYPHS_BRAILLE);
    canvas_text(&c, 0, 0, "a", ROLE_GOOD, CELL_BOLD);
    canvas_text(&c, 1, 0, "bc", ROLE_TEXT, 0);
    c.colors = 1 << 24;
    ansi_is(&c, "\033[0;1;38;2;0;255;0;48;2;0;0;0ma\033[0;38;2;200;200;200;48;2;0;0;0mbc\033[0m\n");
    c.colors = 256;
    ansi_is(&c, "\033[0;1;38;5;46;48;5;16ma\033[0;38;5;251;48;5;16mbc\033[0m\n");
    c.colors = 16;
    ansi_is(&c, "\033[0;1;92;49ma\033[0;37;49mbc\033[0m\n");
    c.colors = 8;
    ansi_is(&c, "\033[0;1;32;49ma\033[0;37;49mbc\033[0m\n");
    c.colors = 16;
    c.cells[2].attr = CELL_UNDERLINE; /* attributes alone change too */
    ansi_is(&c, "\033[0;1;92;49ma\033[0;37;49mb\033[0;4;37;49mc\033[0m\n");
    c.cells[2].attr = 0;
    c.colors = 0;
    ansi_is(&c, "\033[0;1ma\033[0mbc\033[0m\n");
    /* without colours the cursor is reversed, dim is SGR 2 */
    canvas_fill(&c, (struct rect){0, 0, 3, 1}, 'x', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND);
    ansi_is(&c, "\033[0;7mxxx\033[0m\n");
    canvas_put(&c, 0, 0, 'y', ROLE_DIM, ROLE_BACKGROUND, CELL_UNDERLINE);
    ansi_is(&c, "\033[0;2;4my\033[0;7mxx\033[0m\n");
    c.colors = 16;
    ansi_is(&c, "\033[0;4;37;49my\033[0;37;103mxx\033[0m\n");
    /* eight colours: bold makes the bright ones, text is never its ground's colour, halves may be */
    c.colors = 8;
    canvas_fill(&c, (struct rect){0, 0, 3, 1}, 'x', ROLE_GOOD, ROLE_BACKGROUND);
    ansi_is(&c, "\033[0;1;32;49mxxx\033[0m\n");
    canvas_fill(&c, (struct rect){0, 0, 3, 1}, 'x', ROLE_TEXT, ROLE_ACCENT);
    canvas_put(&c, 1, 0, 0x2588, ROLE_TEXT, ROLE_ACCENT, 0);
    ansi_is(&c, "\033[0;30;47mx\033[0;37;47m\u2588\033[0;30;47mx\033[0m\n");
    canvas_release(&c);
}

/* A bar is seen on any ground; a map's level may have the ground's colour. */
static void test_bars_on_a_coarse_ground(void **state)
{
    (void)state;
    struct theme t = small_theme();
    struct canvas c = make(2, 1, GLYPHS_BLOCK);
    struct text out = {0};
    t.roles[ROLE_BACKGROUND].ansi = 15; /* of eight colours 7, as text is */
    c.colors = 8;
    canvas_put(&c, 0, 0, 0x2588, ROLE_TEXT, ROLE_BACKGROUND, 0);
    canvas_put(&c, 1, 0, 0x2588, ROLE_DIVERGING_0 + 8, ROLE_BACKGROUND, 0);
    canvas_write_ansi(&c, &t, &out);
    assert_string_equal(text_string(&out), "\033[0;30;47m\u2588\033[0;37;47m\u2588\033[0m\n");
    text_release(&out);
    canvas_release(&c);
}

static void test_text_writer(void **state)
{
    (void)state;
    struct canvas c = make(6, 3, GLYPHS_BRAILLE);
    canvas_text(&c, 1, 0, "é·", ROLE_TEXT, 0);
    canvas_put(&c, 3, 1, 0x2800, ROLE_TEXT, ROLE_BACKGROUND, 0);
    canvas_put(&c, 5, 2, 0x28ff, ROLE_TEXT, ROLE_BACKGROUND, 0);
    struct text out = {0};
    canvas_write_text(&c, &out);
    assert_string_equal(text_string(&out), " é·\n\n     ⣿\n");
    text_release(&out);
    canvas_release(&c);
}

/* Well-formed: tags nest and close, no stray '<' or '&', no control characters. */
static void assert_xml(const char *s)
{
    char stack[16][16];
    int depth = 0;
    while (*s) {
        assert_true((unsigned char)*s >= 0x20 || *s == '\n');
        if (*s == '&') {
            assert_true(!strncmp(s, "&lt;", 4) || !strncmp(s, "&gt;", 4) ||
                        !strncmp(s, "&amp;", 5) || !strncmp(s, "&quot;", 6));
        } else if (*s == '<') {
            const char *end = strchr(s, '>');
            char name[16] = "";
            assert_non_null(end);
            bool closing = s[1] == '/';
            sscanf(s + 1 + closing, "%15[a-z]", name);
            assert_true(*name);
            if (closing) {
                assert_true(depth > 0);
                assert_string_equal(stack[--depth], name);
            } else if (end[-1] != '/') {
                assert_true(depth < 16);
                strcpy(stack[depth++], name);
            }
            int quotes = 0;
            for (const char *q = s + 1; q < end; q++) {
                quotes += *q == '"';
                assert_true(*q != '<');
            }
            assert_int_equal(quotes % 2, 0);
            s = end;
        }
        s++;
    }
    assert_int_equal(depth, 0);
}

static void test_svg(void **state)
{
    (void)state;
    struct canvas c = make(20, 4, GLYPHS_BRAILLE);
    struct theme t = small_theme();
    struct text out = {0};
    canvas_text(&c, 0, 0, "<a & \"b\"> wörd", ROLE_GOOD, 0);
    canvas_fill(&c, (struct rect){2, 1, 5, 1}, ' ', ROLE_TEXT, ROLE_CURSOR_BACKGROUND);
    canvas_put(&c, 0, 2, 0x2584, ROLE_GOOD, ROLE_BACKGROUND, 0);
    canvas_put(&c, 1, 2, 0x2801, ROLE_GOOD, ROLE_BACKGROUND, 0);
    canvas_put(&c, 2, 2, 0x256d, ROLE_GOOD, ROLE_BACKGROUND, 0);
    canvas_put(&c, 3, 2, 0x25cf, ROLE_GOOD, ROLE_BACKGROUND, 0);
    canvas_write_svg(&c, &t, "a < b & \033 c", &out);
    const char *s = text_string(&out);
    assert_xml(s);
    assert_non_null(strstr(s, "<title>a &lt; b &amp;  c</title>"));
    assert_non_null(strstr(s, ">&lt;a</text>"));
    assert_non_null(strstr(s, ">wörd</text>"));
    /* five equal backgrounds are one rectangle: x 9 + 2 * 9, y 9 + 18 */
    assert_non_null(
        strstr(s, "<rect x=\"27\" y=\"27\" width=\"45\" height=\"18\" fill=\"#ffff00\"/>"));
    /* the lower half of cell 0,2 */
    assert_non_null(
        strstr(s, "<rect x=\"9\" y=\"54\" width=\"9\" height=\"9\" fill=\"#00ff00\"/>"));
    assert_null(strstr(s, "▄"));
    assert_null(strstr(s, "⠁"));
    assert_null(strstr(s, "╭"));
    assert_null(strstr(s, "●"));
    text_reset(&out);
    for (uint32_t code = 0x2500; code < 0x2900; code++) { /* every frame, block, shape, dot */
        canvas_put(&c, 0, 3, code, ROLE_GOOD, ROLE_BACKGROUND, CELL_UNDERLINE | CELL_REVERSE);
        text_reset(&out);
        canvas_write_svg(&c, &t, "", &out);
        assert_xml(text_string(&out));
    }
    text_release(&out);
    canvas_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths), cmocka_unit_test(test_ascii_signs),
        cmocka_unit_test(test_text),   cmocka_unit_test(test_clip),
        cmocka_unit_test(test_resize), cmocka_unit_test(test_box),
        cmocka_unit_test(test_bars_on_a_coarse_ground),
        cmocka_unit_test(test_bar),    cmocka_unit_test(test_ansi),
        cmocka_unit_test(test_svg),    cmocka_unit_test(test_text_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
