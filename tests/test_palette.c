/* The palette finds every command, and does what the command's key does. */
#include "stage.h"

static void type(struct stage *s, const char *text)
{
    press(s, ':');
    assert_true(s->ui->palette.open);
    for (; *text; text++)
        press(s, (unsigned char)*text);
}

/* Row y of the picture. */
static const char *row(struct stage *s, int y)
{
    static struct text shown;
    text_reset(&shown);
    canvas_write_text(&s->canvas, &shown);
    const char *line = text_string(&shown);
    for (; y > 0; y--)
        line += strcspn(line, "\n") + 1;
    ((char *)line)[strcspn(line, "\n")] = '\0';
    return line;
}

enum { FIRST_ROW = 4 };

static void every_command_is_found(void **state)
{
    (void)state;
    int count;
    const struct ui_command *commands = ui_commands(&count);
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    for (int i = 0; i < count; i++) {
        if (i == ACTION_PALETTE)
            continue;
        type(&s, commands[i].name);
        if (!strstr(row(&s, FIRST_ROW), commands[i].name))
            fail_msg("%s: the first is %s", commands[i].name, row(&s, FIRST_ROW));
        press(&s, UI_KEY_ESCAPE);
        assert_false(s.ui->palette.open);
    }
    assert_int_equal(s.ui->page, PAGE_TRAIN);
    stage_close(&s);
}

/* By a part of the name, by letters of it, by key, by what it does. */
static void queries(void **state)
{
    static const struct {
        const char *query, *first;
    } table[] = {
        {"mode", "attention.mode"},    {"atmod", "attention.mode"}, {"t", "theme"},
        {"checkpoints", "save"},       {"next THEME", "theme"},     {"comp", "page.open Compare"},
        {"open compare", "page.open"}, {"zoom", "curves.zoom"},     {"?", "help"},
    };
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        type(&s, table[i].query);
        if (!strstr(row(&s, FIRST_ROW), table[i].first))
            fail_msg("%s: the first is %s", table[i].query, row(&s, FIRST_ROW));
        press(&s, UI_KEY_ESCAPE);
    }
    type(&s, "no such thing");
    assert_non_null(strstr(row(&s, FIRST_ROW), "no command has these words"));
    press(&s, UI_KEY_ENTER);
    assert_true(s.ui->palette.open);
    for (int i = 0; i < 20; i++)
        press(&s, UI_KEY_BACKSPACE);
    assert_string_equal(s.ui->palette.query, "");
    stage_close(&s);
}

static void enter_runs(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    type(&s, "attention.mode");
    press(&s, UI_KEY_ENTER);
    assert_false(s.ui->palette.open);
    assert_int_equal(s.ui->page, PAGE_ATTENTION); /* it brings its page along */
    assert_int_equal(s.ui->map.mode, HEAT_POSITIVE);
    type(&s, "open compare");
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.ui->page, PAGE_COMPARE);
    type(&s, "quit");
    press(&s, UI_KEY_ENTER);
    assert_true(s.ui->asks_quit);
    press(&s, 'n');
    type(&s, "step.inject");
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.ui->page, PAGE_STEP);
    assert_int_equal(s.sent, 1);
    assert_int_equal(s.out[0].kind, COMMAND_STEP_SYMBOL);
    stage_close(&s);
}

/* Directions are entries of their own, the arrows choose, and so does a click. */
static void choosing(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    type(&s, "zoom");
    press(&s, UI_KEY_ENTER);
    double width = s.ui->curves.x_high - s.ui->curves.x_low;
    assert_true(width > 0);
    type(&s, "zoom");
    press(&s, UI_KEY_ENTER);
    assert_float_equal(s.ui->curves.x_high - s.ui->curves.x_low, width / 2, 1e-9);
    type(&s, "zoom");
    press(&s, UI_KEY_DOWN);
    press(&s, UI_KEY_ENTER);
    assert_float_equal(s.ui->curves.x_high - s.ui->curves.x_low, width, 1e-9);
    type(&s, "open compare");
    struct ui_mouse at = {30, FIRST_ROW, 1};
    press_mouse(&s, &at);
    assert_int_equal(s.ui->page, PAGE_COMPARE);
    assert_false(s.ui->palette.open);
    stage_close(&s);
}

static void wheel_zooms_curves(void **state)
{
    (void)state;
    struct stage s;
    struct ui_mouse at = {20, 10, 4};

    stage_open(&s, PAGE_TRAIN, false);
    press_mouse(&s, &at);
    double width = s.ui->curves.x_high - s.ui->curves.x_low;
    assert_true(width > 0);
    press_mouse(&s, &at);
    assert_float_equal(s.ui->curves.x_high - s.ui->curves.x_low, width / 2, 1e-9);
    at.button = 5;
    press_mouse(&s, &at);
    assert_float_equal(s.ui->curves.x_high - s.ui->curves.x_low, width, 1e-9);
    stage_close(&s);
}

/* Without a word: the page's own commands, then those of everywhere, then other pages'. */
static void the_pages_own_come_first(void **state)
{
    (void)state;
    struct stage s;
    const struct ui_command *commands = ui_commands(&(int){0});
    const unsigned all = commands[ACTION_HELP].pages;

    stage_open(&s, PAGE_TRAIN, false);
    assert_int_equal(canvas_resize(&s.canvas, 80, 24), 0);
    for (int page = 0; page < PAGE_COUNT; page++) {
        if (ui_page_lacks(s.ui, (enum ui_page)page))
            continue;
        ui_set_page(s.ui, (enum ui_page)page);
        type(&s, "");
        bool own = false;
        for (int i = 0; i < ACTION_COUNT; i++)
            own |= commands[i].pages != all && commands[i].pages >> page & 1 &&
                   strstr(row(&s, FIRST_ROW), commands[i].name);
        if (!own)
            fail_msg("on %s the first is %s", ui_page_name((enum ui_page)page), row(&s, FIRST_ROW));
        press(&s, UI_KEY_END);
        for (int i = 0; i < ACTION_COUNT; i++)
            if (commands[i].pages >> page & 1 && strstr(row(&s, 20), commands[i].name))
                fail_msg("on %s the last is %s", ui_page_name((enum ui_page)page), row(&s, 20));
        press(&s, UI_KEY_ESCAPE);
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_found),
        cmocka_unit_test(queries),
        cmocka_unit_test(enter_runs),
        cmocka_unit_test(choosing),
        cmocka_unit_test(the_pages_own_come_first),
        cmocka_unit_test(wheel_zooms_curves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
