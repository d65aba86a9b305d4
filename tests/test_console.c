/* On the Linux console every page is drawn with the characters of its font. */
#include "heed_test.h"

#include <string.h>
#include "fixture_snapshot.h"
#include "fixture_sweep.h"
#include "tui/console.h"
#include "view/ui_state.h"

/* Code page 437 beyond ASCII, with the signs in place of its control characters. */
static const char page_437[] =
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼⌂";

static bool is_in_font(uint32_t code)
{
    const char *at = page_437;
    uint32_t have;
    if (code < 0x7f)
        return true;
    for (int n; (n = text_decode(at, &have)) > 0; at += n)
        if (have == code)
            return true;
    return false;
}

static void test_signs(void **state)
{
    (void)state;
    assert_int_equal(console_glyph(0x256d), 0x250c); /* a corner that is not round */
    assert_int_equal(console_glyph(0x25cf), 0x2022);
    assert_int_equal(console_glyph('x'), 'x');
    assert_int_equal(console_glyph(0x2588), 0x2588);
    assert_true(is_in_font(0x2588));
    assert_false(is_in_font(0x256d));
    assert_true(console_is_named("linux"));
    assert_true(console_is_named("linux-16color"));
    assert_false(console_is_named("xterm"));
    assert_false(console_is_named(NULL));
}

static void draw(enum ui_page page, int w, int h, bool help, struct sweep_picture *sweep)
{
    struct canvas c = {.glyphs = GLYPHS_HALF, .colors = 8};
    struct ui_options options = {.page = page};
    struct race_snapshot *race = fixture_race();
    struct probe_snapshot *probe = fixture_probe(2, true);
    struct failure why;
    struct ui *ui;
    assert_int_equal(theme_load_shipped(&options.theme, "dark", &why), 0);
    assert_int_equal(ui_new(&ui, &options, &why), 0);
    assert_int_equal(canvas_resize(&c, w, h), 0);
    ui->help = help;
    ui_sweep(ui, sweep);
    race->state = help ? RACE_PAUSED : RACE_RUNNING;
    ui_draw(ui, &c, race, probe);
    for (int i = 0; i < w * h; i++) {
        uint32_t code = console_glyph(c.cells[i].code);
        if (!is_in_font(code))
            fail_msg("page %s at %dx%d: U+%04X at %d,%d is not in the console's font",
                     ui_page_name(page), w, h, (unsigned)code, i % w, i / w);
    }
    fixture_free(race, probe);
    canvas_release(&c);
    ui_free(ui);
}

static void test_every_page(void **state)
{
    (void)state;
    static const int sizes[][2] = {{30, 10}, {80, 24}, {120, 36}, {200, 60}};
    struct sweep_picture *sweep = fixture_sweep(fixture_sweep_text);
    for (int page = 0; page < PAGE_COUNT; page++)
        for (int i = 0; i < 16; i++)
            draw((enum ui_page)page, sizes[i % 4][0], sizes[i % 4][1], i / 4 % 2, i / 8 ? sweep : NULL);
    fixture_sweep_free(sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_every_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
