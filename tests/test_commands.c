/* The one table of commands: complete, without clashes, and every key has an effect. */
#include "stage.h"

static void no_key_twice(void **state)
{
    (void)state;
    int count;
    const struct ui_command *commands = ui_commands(&count);

    assert_int_equal(count, ACTION_COUNT);
    for (int page = 0; page < PAGE_COUNT; page++)
        for (int i = 0; i < count; i++) {
            uint32_t key;
            if (!(commands[i].pages & 1u << page))
                continue;
            /* The first command found for a key is this one: nobody before it has the same key. */
            for (int k = 0; command_key(&commands[i], k, &key); k++) {
                assert_int_not_equal(key, 0);
                assert_int_equal(command_of_key((enum ui_page)page, key), i);
            }
        }
}

static void every_command_is_told(void **state)
{
    (void)state;
    int count;
    const struct ui_command *commands = ui_commands(&count);

    for (int i = 0; i < count; i++) {
        char keys[64];
        command_show_keys(&commands[i], false, keys, sizeof keys);
        assert_true(strlen(commands[i].name) > 0 && strlen(commands[i].help) > 8);
        assert_true(strlen(keys) > 0);
        assert_true(commands[i].pages != 0 && commands[i].pages <= ON_ALL);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(commands[i].name, commands[j].name);
    }
}

static void key_names(void **state)
{
    (void)state;
    struct ui_command c = {.keys = "Left,A-C,+,Shift-Tab"};
    const uint32_t want[] = {UI_KEY_LEFT, 'A', 'B', 'C', '+', UI_KEY_BACK_TAB};
    uint32_t key;
    char shown[64];

    for (int i = 0; i < 6; i++) {
        assert_true(command_key(&c, i, &key));
        assert_int_equal(key, want[i]);
    }
    assert_false(command_key(&c, 6, &key));
    command_show_keys(&c, false, shown, sizeof shown);
    assert_string_equal(shown, "← A-C + Shift-Tab");
    command_show_keys(&c, true, shown, sizeof shown);
    assert_string_equal(shown, "← A-C +");
}

/* Everything a key can change: what is drawn, what is sent, what is asked of the loop. */
static bool key_does_something(struct stage *s, uint32_t key)
{
    size_t bytes = (size_t)(s->canvas.width * s->canvas.height) * sizeof *s->canvas.cells;
    struct cell *before = malloc(bytes);
    int serial, next_serial;

    assert_non_null(before);
    ui_theme(s->ui, &serial);
    memcpy(before, s->canvas.cells, bytes);
    press(s, key);
    ui_theme(s->ui, &next_serial);
    bool did = memcmp(before, s->canvas.cells, bytes) != 0 || s->sent > 0 ||
               serial != next_serial || ui_wants_quit(s->ui) || ui_wants_export(s->ui);
    free(before);
    return did;
}

/* A key may have nothing to do in one state (Home at the first key); in one of these it must. */
static const uint32_t preparations[][4] = {
    {0},
    {'?', UI_KEY_ESCAPE},
    {UI_KEY_RIGHT, UI_KEY_RIGHT},
    {UI_KEY_LEFT, UI_KEY_LEFT},
    {'+', '+'},
    {UI_KEY_UP},
    {UI_KEY_DOWN, UI_KEY_DOWN},
    {'1'},
    {'+', UI_KEY_RIGHT},
};

static void every_key_does_something(void **state)
{
    (void)state;
    int count;
    const struct ui_command *commands = ui_commands(&count);

    for (int page = 0; page < PAGE_COUNT; page++)
        for (int i = 0; i < count; i++) {
            uint32_t key;
            if (!(commands[i].pages & 1u << page))
                continue;
            for (int k = 0; command_key(&commands[i], k, &key); k++) {
                bool did = false;
                for (size_t p = 0; !did && p < sizeof preparations / sizeof *preparations; p++) {
                    struct stage s;
                    stage_open(&s, (enum ui_page)page, false);
                    if (preparations[p][0] == '1' && page != PAGE_STEP) {
                        stage_close(&s);
                        continue;
                    }
                    for (int n = 0; n < 4 && preparations[p][n]; n++)
                        press(&s, preparations[p][n]);
                    /* Opening the page one is on is the one key without an effect. */
                    did = key_does_something(&s, key) ||
                          (i == ACTION_PAGE && (int)(key - '1') == page);
                    stage_close(&s);
                }
                if (!did)
                    fail_msg("%s: key %#x does nothing on page %s", commands[i].name, key,
                             ui_page_name((enum ui_page)page));
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_key_twice),
        cmocka_unit_test(every_command_is_told),
        cmocka_unit_test(key_names),
        cmocka_unit_test(every_key_does_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
