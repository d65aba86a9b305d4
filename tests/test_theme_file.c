/* Theme files: what they may say, and where they are looked for. */
#include "heed_test.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "scratch.h"
#include "base/fsio.h"
#include "view/theme.h"

static const char good[] = "help = a test\n"
                           "text = #ffffff/15\n"
                           "background = #000000/default\n"
                           "dim = #808080\n"
                           "accent = #00ff00\n"
                           "good = #00ff00\n"
                           "bad = #ff0000\n"
                           "warn = #ffff00\n"
                           "title = #ffffff\n"
                           "title_background = #0000ff\n"
                           "border = #444444\n"
                           "cursor = #000000\n"
                           "cursor_background = #FFFFFF\n"
                           "control = #ff0000/9, #00ff00/10\n"
                           "series = #0000ff\n"
                           "diverging = #0000ff/4, #000000/0, #ff0000/1\n"
                           "sequential = #000000/0, #ffffff/15\n";

static void test_parse(void **state)
{
    (void)state;
    struct theme t;
    struct failure why = {0};
    assert_int_equal(theme_parse(&t, good, "/some/where/mine.theme", &why), 0);
    assert_string_equal(t.name, "mine");
    assert_string_equal(t.help, "a test");
    assert_int_equal(t.roles[ROLE_TEXT].ansi, 15);
    assert_int_equal(t.roles[ROLE_BACKGROUND].ansi, -1);
    assert_int_equal(t.roles[ROLE_ACCENT].ansi, 10); /* the nearest */
    assert_int_equal(t.roles[ROLE_CURSOR_BACKGROUND].b, 255);
    assert_int_equal(t.roles[ROLE_CONTROL_0 + 7].g, 255); /* two colours, repeated */
    assert_int_equal(t.roles[ROLE_CONTROL_0 + 6].r, 255);
    assert_int_equal(t.roles[ROLE_SERIES_0 + 5].b, 255);
    assert_int_equal(t.roles[ROLE_DIVERGING_0].b, 255);
    assert_int_equal(t.roles[ROLE_DIVERGING_0 + 8].b, 0);
    assert_int_equal(t.roles[ROLE_DIVERGING_0 + 16].r, 255);
    assert_int_equal(t.roles[ROLE_SEQUENTIAL_0 + 8].r, 99); /* half way in Oklab */
    assert_int_equal(t.roles[ROLE_DIVERGING_0 + 7].ansi, 4);
    assert_int_equal(t.roles[ROLE_DIVERGING_0 + 8].ansi, 0);
    assert_int_equal(t.roles[ROLE_DIVERGING_0 + 9].ansi, 1);
    assert_int_equal(t.roles[ROLE_SEQUENTIAL_0].ansi, 0);
    assert_int_equal(t.roles[ROLE_SEQUENTIAL_0 + 1].ansi, 15);
}

/* The good theme with one line replaced (or added, if `key` is not there). */
static void parse_with(const char *key, const char *line, const char *want)
{
    char text[4096] = "";
    bool replaced = false;
    for (const char *s = good; *s; s = strchr(s, '\n') + 1) {
        size_t length = (size_t)(strchr(s, '\n') - s);
        bool here = !strncmp(s, key, strlen(key)) && !strncmp(s + strlen(key), " =", 2);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%.*s\n",
                 here ? (int)strlen(line) : (int)length, here ? line : s);
        replaced |= here;
    }
    if (!replaced)
        strcat(text, line);
    struct theme t = {.name = "before"};
    struct failure why = {0};
    assert_int_equal(theme_parse(&t, text, "x.theme", &why), ERR_INPUT);
    assert_string_equal(why.text, want);
    assert_int_equal(why.code, ERR_INPUT);
    assert_string_equal(t.name, "before"); /* untouched by a failure */
}

static void test_bad_themes(void **state)
{
    (void)state;
    const char *no_color = "write #rrggbb, or #rrggbb/0..15 to name the stand-in of 16 colours";
    char want[256];
    static const char *const bad[] = {"red",        "#12345",     "#1234567",
                                      "#12345g",    "#ffffff/16", "#ffffff/x",
                                      "#ffffff/-1", "#ffffff/",   "ffffff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char line[64];
        snprintf(line, sizeof line, "dim = %s", bad[i]);
        snprintf(want, sizeof want, "theme x.theme: dim: \"%s\" is no colour: %s", bad[i],
                 no_color);
        parse_with("dim", line, want);
    }
    parse_with("dim", "dimm = #808080", "theme x.theme: dimm: unknown key: did you mean dim?");
    parse_with("dim", "", "theme x.theme: dim: is missing: add \"dim = #rrggbb\"");
    parse_with("diverging", "",
               "theme x.theme: diverging: is missing: add \"diverging = #rrggbb, ...\"");
    parse_with("zzz", "dim = #000000\n", "theme x.theme: dim: stands there twice: remove one");
    parse_with("zzz", "[roles]\nx = 1\n",
               "theme x.theme: [roles]: a theme has no sections: remove it");
    parse_with("zzz", "completely-else = 1\n",
               "theme x.theme: completely-else: unknown key: remove the line");
    parse_with("text", "text = #ffffff, #000000",
               "theme x.theme: text: too many colours: give at most 1");
    parse_with("diverging", "diverging = #ffffff, #000000",
               "theme x.theme: diverging: 2 colours are too few: give at least 3");
    parse_with("diverging", "diverging = #ffffff, #000000, #000000, #ffffff",
               "theme x.theme: diverging: 4 colours have no middle: give 3 or 5");
    parse_with("sequential", "sequential = #ffffff",
               "theme x.theme: sequential: 1 colours are too few: give at least 2");
    parse_with(
        "dim", "what is this",
        "theme x.theme: line 4: is not \"key = value\" or is longer than 200 bytes: mend it");
}

/* In a settings folder whose heed/themes is empty. */
static void check_own_themes(const char *folder)
{
    static const char *const files[] = {"zoo.theme",  "a.theme",       "dark.theme", "two words.theme",
                                        ".theme",     "readme.txt",    "a;b.theme",  ".hidden.theme",
                                        "a-name-of-more-than-23-bytes.theme"};
    char path[256];
    struct failure why = {0};
    struct theme_name *names;
    struct theme t;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/heed/themes/%s", folder, files[i]);
        assert_int_equal(fsio_replace(path, good, strlen(good), &why), 0);
    }
    assert_int_equal(theme_list(&names, &why), 10);
    assert_string_equal(names[0].name, "dark"); /* in its place, but the person's */
    assert_true(names[0].own);
    assert_string_equal(names[1].name, "light");
    assert_false(names[1].own);
    assert_string_equal(names[8].name, "a");
    assert_string_equal(names[9].name, "zoo");
    assert_true(names[9].own);
    free(names);
    assert_int_equal(theme_load(&t, "dark", &why), 0);
    assert_string_equal(t.help, "a test");
    assert_int_equal(theme_load_shipped(&t, "dark", &why), 0);
    assert_string_not_equal(t.help, "a test");
    assert_int_equal(theme_load_shipped(&t, "zoo", &why), ERR_USAGE);
    assert_int_equal(theme_load(&t, "zo", &why), ERR_USAGE);
    assert_string_equal(why.text, "theme zo: unknown: did you mean zoo?");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/heed/themes/%s", folder, files[i]);
        unlink(path);
    }
}

static void test_load(void **state)
{
    (void)state;
    struct theme t;
    struct failure why = {0};
    char path[256];
    assert_int_equal(setenv("XDG_CONFIG_HOME", scratch, 1), 0);
    assert_int_equal(theme_load(&t, "drak", &why), ERR_USAGE);
    assert_string_equal(why.text, "theme drak: unknown: did you mean dark?");
    assert_int_equal(theme_load(&t, "mine", &why), ERR_USAGE);

    snprintf(path, sizeof path, "%s/heed/themes", scratch);
    assert_int_equal(fsio_make_folder(path, &why), 0);
    snprintf(path, sizeof path, "%s/heed/themes/mine.theme", scratch);
    assert_int_equal(fsio_replace(path, good, strlen(good), &why), 0);
    assert_int_equal(theme_load(&t, "mine", &why), 0);
    assert_string_equal(t.name, "mine");
    assert_int_equal(theme_load(&t, path, &why), 0); /* a path */
    assert_int_equal(t.roles[ROLE_BAD].r, 255);
    assert_int_equal(fsio_replace(path, "text = red\n", 11, &why), 0);
    assert_int_equal(theme_load(&t, "mine", &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "mine.theme: text: \"red\" is no colour"));
    assert_int_equal(theme_load(&t, "/nowhere/x.theme", &why), ERR_IO);
    unlink(path);
    check_own_themes(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_bad_themes),
        cmocka_unit_test(test_load),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
