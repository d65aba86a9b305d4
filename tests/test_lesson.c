/* Lesson files: what they may say, what is refused with its line, and where they are looked for. */
#include "heed_test.h"
#include <stdlib.h>
#include <string.h>
#include "base/embed.h"
#include "base/fsio.h"
#include "cli/matching.h"
#include "scratch.h"
#include "view/lesson.h"

static const char good[] = "# a comment: with a colon\n"
                           "title: Two things\n"
                           "about: a test\n"
                           "order: 7\n"
                           "\n"
                           "First line\n"
                           "goes on. Note: this is text.\n"
                           "\n"
                           "Second\tone.\r\n"
                           "widget: match query=45:2 keys=0,90:0.5 variants=cog,dpa\n"
                           "widget: map signed=yes\n"
                           "press: show map : the map\n"
                           "press: query -90:1.25 : turn it\n"
                           "press: attention.head [ : back\n"
                           "press: step.inject R : inject\n"
                           "press: pause : stop\n";

static void reads_all_of_it(void **state)
{
    (void)state;
    struct lesson l;
    struct failure why = {0};
    int count;
    const struct ui_command *table = ui_commands(&count);

    assert_int_equal(lesson_parse(&l, good, "some/two.lesson", &cli_matching, &why), 0);
    assert_string_equal(l.name, "two");
    assert_string_equal(l.title, "Two things");
    assert_string_equal(l.about, "a test");
    assert_int_equal(l.order, 7);
    assert_string_equal(l.text, "First line goes on. Note: this is text.\nSecond one.\n");
    assert_int_equal(l.widgets, 2);
    assert_int_equal(l.widget[0].kind, LESSON_MATCH);
    assert_true(l.widget[0].query.angle == 45 && l.widget[0].query.length == 2);
    assert_int_equal(l.widget[0].keys, 2);
    assert_true(l.widget[0].key[0].length == 1 && l.widget[0].key[1].length == 0.5);
    assert_int_equal(l.widget[0].variants, 2);
    assert_string_equal(l.widget[0].variant[0], "cog");
    assert_true(l.widget[1].is_signed);
    assert_int_equal(l.presses, 5);
    assert_int_equal(l.press[0].kind, PRESS_SHOW);
    assert_int_equal(l.press[0].widget, 1);
    assert_int_equal(l.press[1].kind, PRESS_QUERY);
    assert_true(l.press[1].query.angle == -90 && l.press[1].query.length == 1.25);
    assert_string_equal(table[l.press[2].command].name, "attention.head");
    assert_int_equal(l.press[2].key, '[');
    assert_int_equal(l.press[3].key, 'R');
    assert_int_equal(l.press[4].key, ' '); /* the command's first */
    assert_string_equal(l.press[4].words, "stop");
    assert_false(l.own || l.broken[0]);
}

/* The good lesson with line `number` replaced. */
static void refused(int number, const char *line, const char *want)
{
    char text[4096] = "";
    struct lesson l = {.order = -5};
    struct failure why = {0};
    const char *s = good;

    for (int at = 1; *s; at++) {
        size_t n = strcspn(s, "\n") + 1;
        if (at == number)
            strcat(strcat(text, line), "\n");
        else
            strncat(text, s, n);
        s += n;
    }
    assert_int_equal(lesson_parse(&l, text, "my.lesson", &cli_matching, &why), ERR_INPUT);
    assert_int_equal(why.code, ERR_INPUT);
    if (!strstr(why.text, want))
        fail_msg("expected \"%s\", got \"%s\"", want, why.text);
    assert_non_null(strstr(why.text, "lesson my.lesson: line "));
    assert_int_equal(l.order, -5);
}

static void refuses_with_the_line(void **state)
{
    (void)state;
    refused(2, "titel: Two things", "line 2: titel: did you mean title?");
    refused(2, "", "line 1: title: is missing");
    refused(3, "title: Again", "line 3: title: stands there twice");
    refused(3, "colour: red", "line 3: no key is called colour");
    refused(3, "about:", "line 3: nothing follows the colon");
    refused(4, "order: first", "line 4: order: first: a number from 1 to 1000");
    refused(4, "order: 1001", "line 4: order: 1001");
    refused(6, "\033[2J", "line 6: the line: holds a control character");
    refused(6, "\xff", "line 6: the line: holds a control character");
    refused(10, "widget: mach", "line 10: no widget is called mach");
    refused(10, "widget: match keys=", "line 10: keys=: write degrees:length");
    refused(10, "widget: match keys=0,x", "line 10: keys=x");
    refused(10, "widget: match keys=0:11", "line 10: keys=0:11");
    refused(10, "widget: match keys=1,2,3,4,5,6,7,8,9", "line 10: keys: at most 8");
    refused(10, "widget: match query=400", "line 10: query=400");
    refused(10, "widget: match variants=dpx", "line 10: no attention dpx");
    refused(10, "widget: match variants=cog,ea,cog", "line 10: twice: cog");
    refused(10, "widget: match signed=yes", "line 10: this widget has no option signed");
    refused(10, "widget: match 3", "line 10: not an option: 3");
    refused(10, "widget: crowd keys=1,2,3", "line 10: keys: crowd has two");
    refused(11, "widget: match", "line 11: there are two widgets match");
    refused(11, "widget: map signed=perhaps", "line 11: signed=perhaps: yes or no");
    refused(12, "press: show step : x", "line 12: show step: is no widget of this lesson");
    refused(12, "press: show map", "line 12: press: write COMMAND [KEY] : what it does");
    refused(13, "press: query up : x", "line 13: query up: write degrees:length");
    refused(14, "press: attention.hed ] : x",
            "line 14: no command attention.hed: did you mean attention.head?");
    refused(14, "press: attention.head x : x",
            "line 14: x is no key of attention.head: it has [,]");
    refused(14, "press: attention.head ] ] : x", "line 14: one word too many: ]");
    refused(14, "press: learn.press : x", "line 14: learn.press: a lesson cannot press itself");
}

/* What a whole file must have. */
static void refuses_half_a_lesson(void **state)
{
    (void)state;
    static const char *const halves[][2] = {
        {"", "line 1: title: is missing"},
        {"title: A\n", "text: is missing"},
        {"title: A\n\nText.\n", "widget: is missing"},
        {"title: A\n\nText.\nwidget: map\n", "press: is missing"},
        {"title: A\n\nText.\nwidget: map\npress: query 1 : x\n",
         "line 5: query: this lesson has no widget"}};
    struct lesson l;

    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
        struct failure why = {0};
        assert_int_equal(lesson_parse(&l, halves[i][0], "half", NULL, &why), ERR_INPUT);
        if (!strstr(why.text, halves[i][1]))
            fail_msg("expected \"%s\", got \"%s\"", halves[i][1], why.text);
    }
    char *text = malloc(8192);
    strcpy(text, "title: A\n");
    for (int i = 0; i < 100; i++)
        strcat(text, "A line of text that is fifty and some bytes long.\n");
    struct failure why = {0};
    assert_int_equal(lesson_parse(&l, strcat(text, "\n"), "long", NULL, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "too long for a lesson"));
    free(text);
}

static void the_program_brings_seven(void **state)
{
    (void)state;
    int count = 0;
    for (const struct embedded *e = embedded_lessons; e->name; e++, count++) {
        struct lesson l;
        struct failure why = {0};
        if (lesson_parse(&l, e->text, e->name, &cli_matching, &why) < 0)
            fail_msg("%s", why.text);
        assert_true(l.about[0] && l.order < 1001);
    }
    assert_true(count >= 7);
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[FSIO_PATH];
    assert_int_equal(fsio_make_folder(folder, NULL), 0);
    assert_int_equal(fsio_join(path, folder, name, NULL), 0);
    assert_int_equal(fsio_replace(path, text, strlen(text), NULL), 0);
}

static const struct lesson *named(const struct lesson *list, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    return NULL;
}

static void finds_the_persons(void **state)
{
    const char *folder = in_scratch("heed/lessons");
    struct lesson *list;
    struct failure why = {0};

    (void)state;
    setenv("XDG_CONFIG_HOME", scratch, 1);
    int before = lesson_list(&list, &cli_matching, &why);
    free(list);
    put(folder, "two.lesson", good);
    put(folder, "map.lesson", good);
    put(folder, "bad.lesson", "title: Bad\n\ntext\nwidget: nothing\n");
    put(folder, "notes.txt", good);
    int count = lesson_list(&list, &cli_matching, &why);
    assert_int_equal(count, before + 2);
    for (int i = 1; i < count; i++)
        assert_true(list[i - 1].order <= list[i].order);
    assert_string_equal(list[0].title, "Two things"); /* order 7 */
    assert_true(named(list, count, "two")->own && named(list, count, "map")->own);
    assert_string_equal(named(list, count, "map")->title, "Two things");
    const struct lesson *bad = named(list, count, "bad");
    assert_non_null(strstr(bad->broken, "bad.lesson: line 4: no widget is called nothing"));
    assert_ptr_equal(bad, &list[count - 1]);
    assert_false(named(list, count, "geometry")->own);
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_of_it),       cmocka_unit_test(refuses_with_the_line),
        cmocka_unit_test(refuses_half_a_lesson), cmocka_unit_test(the_program_brings_seven),
        cmocka_unit_test(finds_the_persons),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
