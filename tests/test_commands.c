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

static enum action bound(const struct ui_bindings *b, enum ui_page page, uint32_t key,
                         uint32_t *meant)
{
    *meant = 0;
    return command_look_up(b, page, key, meant);
}

static void own_keys(void **state)
{
    (void)state;
    struct ui_bindings b = {0};
    struct failure why;
    uint32_t meant;

    assert_int_equal(ui_bind(&b, "attention.mode", "x,é", &why), 0);
    assert_int_equal(bound(&b, PAGE_ATTENTION, 'x', &meant), ACTION_MODE);
    assert_int_equal(meant, 'm');
    assert_int_equal(bound(&b, PAGE_ATTENTION, 0xe9, &meant), ACTION_MODE);
    assert_int_equal(meant, 'M');
    assert_int_equal(bound(&b, PAGE_ATTENTION, 'm', &meant), ACTION_NONE);
    assert_int_equal(bound(&b, PAGE_STEP, 'm', &meant), ACTION_MODEL);
    /* The place in the list says which way. */
    assert_int_equal(ui_bind(&b, "curves.cursor", "Comma,;", &why), 0);
    assert_int_equal(bound(&b, PAGE_TRAIN, ';', &meant), ACTION_CURSOR);
    assert_int_equal(meant, UI_KEY_RIGHT);
    assert_int_equal(bound(&b, PAGE_TRAIN, ',', &meant), ACTION_CURSOR);
    assert_int_equal(meant, UI_KEY_LEFT);
    /* One key of its own: any number mean it. */
    assert_int_equal(ui_bind(&b, "theme", "x,y,z", &why), 0);
    assert_int_equal(bound(&b, PAGE_TRAIN, 'z', &meant), ACTION_THEME);
    assert_int_equal(meant, 't');
    assert_int_equal(ui_bind(&b, "save", "none", &why), 0);
    assert_int_equal(bound(&b, PAGE_TRAIN, 'w', &meant), ACTION_NONE);
    assert_string_equal(ui_command_keys(&b, ACTION_SAVE), "none");
    assert_string_equal(ui_command_keys(&b, ACTION_QUIT), "q");
}

static void own_keys_refused(void **state)
{
    (void)state;
    static const struct {
        const char *command, *keys, *said;
    } table[] = {
        {"attention.mod", "x", "did you mean attention.mode?"},
        {"nonsense-of-all-kinds", "x", "heed list keys"},
        {"theme", "Tabb", "Tabb: no such key"},
        {"theme", "", "give one key"},
        {"curves.cursor", "a,b,c", "3 keys are too many: it has 2, Left,Right"},
    };
    struct ui_bindings b = {0};
    struct failure why;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(ui_bind(&b, table[i].command, table[i].keys, &why), ERR_USAGE);
        assert_non_null(strstr(why.text, table[i].said));
    }
    assert_int_equal(ui_bindings_clash(&b, &why), -1);
    assert_int_equal(ui_bind(&b, "attention.mode", "f", &why), 0);
    assert_int_equal(ui_bindings_clash(&b, &why), ACTION_MODE);
    assert_non_null(strstr(why.text, "attention.mode = f: a key of attention.freeze"));
    /* Moved out of the way. */
    assert_int_equal(ui_bind(&b, "attention.freeze", "m", &why), 0);
    assert_int_equal(ui_bindings_clash(&b, &why), -1);
}

/* On the screen: the key acts, hints and help show it. */
static void own_keys_act(void **state)
{
    (void)state;
    struct ui_bindings b = {0};
    struct ui_options options = {.page = PAGE_ATTENTION, .bindings = &b};
    struct text shown = {0};
    struct failure why;
    struct stage s;

    assert_int_equal(ui_bind(&b, "attention.mode", "x", &why), 0);
    assert_int_equal(ui_bind(&b, "quit", "Q", &why), 0);
    stage_open(&s, PAGE_ATTENTION, false);
    options.theme = *ui_theme(s.ui, &(int){0});
    ui_free(s.ui);
    assert_int_equal(ui_new(&s.ui, &options, &why), 0);
    press(&s, 'm');
    assert_int_equal(s.ui->map.mode, HEAT_SIGNED);
    press(&s, 'x');
    assert_int_equal(s.ui->map.mode, HEAT_POSITIVE);
    canvas_write_text(&s.canvas, &shown);
    assert_non_null(strstr(text_string(&shown), "x mode"));
    assert_non_null(strstr(text_string(&shown), "Q quit"));
    press(&s, 'q');
    assert_false(s.ui->asks_quit);
    press(&s, 'Q');
    assert_true(s.ui->asks_quit);
    press(&s, 'Q');
    assert_true(ui_wants_quit(s.ui));
    text_release(&shown);
    stage_close(&s);
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
    {')', ')'},
    {UI_KEY_PAGE_DOWN},
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
                    /* Opening the page one is on has no effect. */
                    bool here = i == ACTION_PAGE && (int)ui_page_of_number((int)key - '0') == page;
                    did = key_does_something(&s, key) || here;
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
        cmocka_unit_test(own_keys),
        cmocka_unit_test(own_keys_refused),
        cmocka_unit_test(own_keys_act),
        cmocka_unit_test(every_key_does_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
