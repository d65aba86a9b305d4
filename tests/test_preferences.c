/* heed.ini: what is read, what is reported, and that nothing but theme and page is ever changed. */
#include "heed_test.h"
#include <string.h>

#include "base/fsio.h"
#include "cli/preferences.h"
#include "scratch.h"

static void defaults_and_values(void **state)
{
    (void)state;
    struct preferences p;

    preferences_parse(&p, "", "heed.ini");
    assert_string_equal(p.problem, "");
    assert_string_equal(p.theme, "dark");
    assert_int_equal(p.glyphs, 0);
    assert_int_equal(p.colors, 0);
    assert_int_equal(p.mouse, 1);
    assert_float_equal(p.fps, 10, 0);
    assert_float_equal(p.max_kbps, 0, 0);
    assert_int_equal(p.page, PAGE_TRAIN);
    preferences_parse(&p,
                      "; mine\r\n[screen]\r\n  theme = light\n\tpage=compare\nglyphs = block\n"
                      "colors = 256\nmouse = off\nfps = 2.5\nmax_kbps = 64\n\n[keys]\n"
                      "attention.mode = x\n",
                      "heed.ini");
    assert_string_equal(p.problem, "");
    assert_string_equal(p.theme, "light");
    assert_int_equal(p.page, PAGE_COMPARE);
    assert_int_equal(p.glyphs, 2);
    assert_int_equal(p.colors, 4);
    assert_int_equal(p.mouse, 0);
    assert_float_equal(p.fps, 2.5, 0);
    assert_float_equal(p.max_kbps, 64, 0);
    struct ui_bindings mode = {0};
    assert_int_equal(ui_bind(&mode, "attention.mode", "x", NULL), 0);
    assert_memory_equal(&p.keys, &mode, sizeof mode);
}

/* The first wrong line with its number; the right ones count. */
static void problems(void **state)
{
    static const struct {
        const char *text, *said;
    } table[] = {
        {"[screen]\nthem = light\n", "heed.ini:2: them: unknown: did you mean theme"},
        {"[screen]\n\nglyphs = dots\n", "heed.ini:3: glyphs = dots: must be one of auto|ascii"},
        {"[screen]\nfps = 0\n", "heed.ini:2: fps = 0: must be a number from 0.1 to 60"},
        {"[screen]\nfps = nan\n", "heed.ini:2: fps = nan"},
        {"[screen]\ntheme =\n", "heed.ini:2: theme: has no value"},
        {"theme = light\n", "heed.ini:1: theme: not in [screen] or [keys]"},
        {"[screen]\nmouse = off\nwhat is this\n", "heed.ini:3: neither [section] nor key = value"},
        {"[keys]\nattention.mod = x\n", "heed.ini:2: attention.mod: no such command"},
        {"[keys]\n\nattention.mode = f\n", "heed.ini:3: attention.mode = f: a key of"},
        {"[keys]\ntheme = &\nsave = &\n", "heed.ini:2: theme = &: a key of save already"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct preferences p;
        preferences_parse(&p, table[i].text, "heed.ini");
        if (strncmp(p.problem, table[i].said, strlen(table[i].said)) != 0)
            fail_msg("%s: said: %s", table[i].said, p.problem);
        assert_null(strchr(p.problem, '\n'));
        assert_int_equal(ui_bindings_clash(&p.keys, NULL), -1);
    }
    struct preferences p;
    char long_line[400] = "[screen]\ntheme = ";
    memset(long_line + strlen(long_line), 'x', 300);
    strcat(long_line, "\nmouse = off\n");
    preferences_parse(&p, long_line, "heed.ini");
    assert_string_equal(p.problem, "heed.ini:2: a line of more than 180 bytes: shorten it");
    assert_int_equal(p.mouse, 0);
}

static void edits(void **state)
{
    static const struct {
        const char *before, *after;
    } table[] = {
        {"", "[screen]\ntheme = light\n"},
        {"; a\n[screen]\n theme=dark ; b\nfps = 3\n", "; a\n[screen]\ntheme = light\nfps = 3\n"},
        {"[screen]\nfps = 3", "[screen]\ntheme = light\nfps = 3\n"},
        {"[keys]\ntheme = x\n", "[keys]\ntheme = x\n[screen]\ntheme = light\n"},
        {"[screen]\n[keys]\ntheme = x\n", "[screen]\ntheme = light\n[keys]\ntheme = x\n"},
        {"[screen]\nthemes = a\n", "[screen]\ntheme = light\nthemes = a\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct text out = {0};
        preferences_edit(table[i].before, "theme", "light", &out);
        assert_string_equal(text_string(&out), table[i].after);
        text_release(&out);
    }
}

static char *content(const char *path)
{
    char *text;
    size_t size;
    assert_int_equal(fsio_read(path, 10000, &text, &size, NULL), 0);
    return text;
}

static void keeps_theme_and_page(void **state)
{
    (void)state;
    struct failure why;
    struct preferences p;
    const char *path = in_scratch("heed/heed.ini");

    setenv("XDG_CONFIG_HOME", scratch, 1);
    /* As it is by default: no file comes. */
    assert_int_equal(preferences_keep("dark", "train", &why), 0);
    assert_false(fsio_is_file(path));
    assert_int_equal(preferences_keep("light", "run", &why), 0);
    preferences_read(&p);
    assert_string_equal(p.problem, "");
    assert_string_equal(p.theme, "light");
    assert_int_equal(p.page, PAGE_RUN);
    assert_int_equal(preferences_keep(NULL, "step", &why), 0);
    preferences_read(&p);
    assert_string_equal(p.theme, "light");
    assert_int_equal(p.page, PAGE_STEP);
}

static void every_page_is_kept(void **state)
{
    (void)state;
    struct failure why;
    struct preferences p;

    setenv("XDG_CONFIG_HOME", scratch, 1);
    for (int page = 0; page < PAGE_COUNT; page++) {
        assert_int_equal(preferences_keep(NULL, ui_page_name((enum ui_page)page), &why), 0);
        preferences_read(&p);
        assert_string_equal(p.problem, "");
        assert_int_equal(p.page, page);
    }
}

static void broken_files_are_left_alone(void **state)
{
    (void)state;
    static const char broken[] = "[screen]\nfps = many\ntheme = light\n";
    const char *path = in_scratch("heed/heed.ini");
    struct failure why;
    struct preferences p;

    setenv("XDG_CONFIG_HOME", scratch, 1);
    assert_int_equal(fsio_make_folder(in_scratch("heed"), &why), 0);
    assert_int_equal(fsio_replace(path, broken, strlen(broken), &why), 0);
    assert_int_equal(preferences_keep("projector", "run", &why), 0);
    char *text = content(path);
    assert_string_equal(text, broken);
    free(text);
    preferences_read(&p);
    assert_string_equal(p.theme, "light");
    assert_non_null(strstr(p.problem, "heed.ini:2: fps = many"));
    /* Not even a file that no text editor would write. */
    assert_int_equal(fsio_replace(path, "[screen]\0x", 10, &why), 0);
    assert_int_equal(preferences_keep("projector", "run", &why), ERR_INPUT);
    preferences_read(&p);
    assert_non_null(strstr(p.problem, "zero byte"));
    assert_string_equal(p.theme, "dark");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_and_values),
        cmocka_unit_test(problems),
        cmocka_unit_test(edits),
        cmocka_unit_test(keeps_theme_and_page),
        cmocka_unit_test(every_page_is_kept),
        cmocka_unit_test(broken_files_are_left_alone),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
