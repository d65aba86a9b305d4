/* The page Learn: what its keys and the presses of its lessons do. */
#include "stage.h"
#include <unistd.h>
#include "view/learn.h"

static struct text shown;

static const char *look(struct stage *s)
{
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    text_reset(&shown);
    canvas_write_text(&s->canvas, &shown);
    return text_string(&shown);
}

/* At the lesson of this name, with its first widget. */
static void open_lesson(struct stage *s, const char *name)
{
    stage_open(s, PAGE_LEARN, false);
    for (int i = 0; i < s->ui->learn.count; i++)
        if (strcmp(s->ui->learn.list[i].name, name) == 0)
            learn_show(s->ui, i);
    assert_string_equal(learn_lesson(s->ui)->name, name);
}

static void close_lesson(struct stage *s)
{
    stage_close(s);
    text_release(&shown);
}

static void lessons_follow_each_other(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_LEARN, false);
    int count = s.ui->learn.count;

    assert_true(count >= 7);
    press(&s, UI_KEY_PAGE_DOWN);
    assert_int_equal(s.ui->learn.at, 1);
    press(&s, 'n');
    assert_int_equal(s.ui->learn.at, 2);
    press(&s, 'p');
    press(&s, UI_KEY_PAGE_UP);
    press(&s, UI_KEY_PAGE_UP);
    assert_int_equal(s.ui->learn.at, count - 1);
    press(&s, UI_KEY_PAGE_DOWN);
    assert_int_equal(s.ui->learn.at, 0);
    assert_int_equal(s.sent, 0);
    close_lesson(&s);
}

/* Weights at 30 degrees, then after one turn at 45: by hand, from the scores of keys at 0, 90, 180.
 */
static void the_query_turns(void **state)
{
    (void)state;
    struct stage s;
    struct ui_variant v;
    double weight[LESSON_KEYS], score[LESSON_KEYS];

    open_lesson(&s, "geometry");
    assert_int_equal(learn_variant(s.ui, learn_widget(s.ui), 0, &v), 0);
    assert_string_equal(v.name, "dpa");
    learn_weigh(s.ui, learn_widget(s.ui), 0, 3, weight, score);
    assert_true(fabs(score[0] - 2.25 * cos(3.14159265358979 / 6) / sqrt(2)) < 1e-6);
    assert_non_null(strstr(look(&s), "query q: 30 degrees, length 1.50"));
    assert_non_null(strstr(text_string(&shown), ".616   .344   .039"));
    press(&s, UI_KEY_LEFT);
    assert_non_null(strstr(look(&s), "query q: 45 degrees"));
    assert_non_null(strstr(text_string(&shown), ".475   .475   .050")); /* a and b alike */
    press(&s, UI_KEY_RIGHT);
    press(&s, UI_KEY_UP);
    assert_non_null(strstr(look(&s), "30 degrees, length 1.75"));
    for (int i = 0; i < 20; i++)
        press(&s, UI_KEY_DOWN);
    assert_non_null(strstr(look(&s), "length 0.00"));
    assert_non_null(strstr(text_string(&shown), ".333   .333   .333"));
    for (int i = 0; i < 3; i++)
        press(&s, UI_KEY_RIGHT);
    assert_non_null(strstr(look(&s), "345 degrees"));
    close_lesson(&s);
}

/* A word longer than a row goes on in the next one, with every letter. */
static void long_words_are_whole(void **state)
{
    (void)state;
    struct stage s;
    open_lesson(&s, "geometry");
    snprintf(s.ui->learn.list[s.ui->learn.at].text, LESSON_TEXT,
             "abcdefghijklmnopqrstuvwxyz0123456789 and an end\n");
    assert_int_equal(canvas_resize(&s.canvas, 24, 36), 0);
    assert_non_null(strstr(look(&s), " abcdefghijklmnopqrstuv\n wxyz0123456789 and an\n end\n"));
    close_lesson(&s);
}

/* What was expected before a press is of that race. */
static void another_race_has_no_before(void **state)
{
    (void)state;
    struct stage s;
    open_lesson(&s, "token");
    press(&s, UI_KEY_ENTER);
    assert_true(s.ui->learn.before.is);
    s.race->number = s.probe->number = 1;
    look(&s);
    assert_true(s.ui->learn.before.is);
    press(&s, UI_KEY_ENTER);
    s.race->number = s.probe->number = 2;
    look(&s);
    assert_false(s.ui->learn.before.is);
    assert_int_equal(s.ui->images.row, FIRST_PATCH);
    close_lesson(&s);
}

/* v brings every registered variant to the front, the lesson's own ones first. */
static void variants_go_round(void **state)
{
    (void)state;
    struct stage s;
    struct ui_variant v;
    unsigned seen = 0;
    int all = 0;

    open_lesson(&s, "geometry");
    while (cli_matching.variant(all, &v))
        all++;
    for (int i = 0; i < all; i++) {
        static const char *const first[] = {"dpa", "ea", "cog", "signed-ea"};
        seen |= 1u << learn_variant(s.ui, learn_widget(s.ui), 0, &v);
        if (i < 4)
            assert_string_equal(v.name, first[i]);
        assert_non_null(strstr(look(&s), v.formula));
        press(&s, 'v');
    }
    assert_int_equal(seen, (1u << all) - 1);
    learn_variant(s.ui, learn_widget(s.ui), 0, &v);
    assert_string_equal(v.name, "dpa");
    press(&s, 'V');
    assert_non_null(strstr(look(&s), "diff: w = softmax(z)"));
    close_lesson(&s);
}

static void presses_put_the_query(void **state)
{
    (void)state;
    struct stage s;
    open_lesson(&s, "geometry");
    press(&s, UI_KEY_ENTER);
    assert_true(s.ui->learn.query.angle == 0);
    press(&s, UI_KEY_ENTER);
    assert_true(s.ui->learn.query.angle == 90);
    press(&s, UI_KEY_ENTER); /* learn.turn Left */
    assert_true(s.ui->learn.query.angle == 105);
    assert_non_null(strstr(look(&s), "▸ Enter 4/6"));
    for (int i = 0; i < 3; i++)
        press(&s, UI_KEY_ENTER);
    assert_true(s.ui->learn.query.length == 3);
    assert_int_equal(s.ui->learn.first, 1);
    assert_non_null(strstr(look(&s), "▸ Enter 1/6")); /* from the beginning */
    close_lesson(&s);
}

static void a_token_is_injected(void **state)
{
    (void)state;
    struct stage s;
    open_lesson(&s, "token");
    assert_non_null(strstr(look(&s), "stays here"));
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_SYMBOL, 18); /* R */
    assert_int_equal(s.ui->page, PAGE_LEARN);
    assert_true(s.ui->learn.before.is);
    /* The picture after it: the rule's own answer is another one, and what was expected stays. */
    s.probe->next_answer = 7;
    s.probe->next_subtask = 0;
    memset(s.probe->probability, 0, sizeof s.probe->probability);
    s.probe->probability[7] = 0.75f;
    const char *text = look(&s);
    assert_non_null(strstr(text, "before ───────────── rule R: 4"));
    assert_non_null(strstr(text, "rule I: 7"));
    assert_non_null(strstr(text, ".870 ✓"));
    assert_non_null(strstr(text, ".750 ✓"));
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_RULE, 0);
    press_sends(&s, UI_KEY_LEFT, COMMAND_STEP_LEFT, 1);
    close_lesson(&s);
}

static void the_map_goes_through_heads(void **state)
{
    (void)state;
    struct stage s;
    open_lesson(&s, "map");
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.ui->map.head, 1);
    assert_int_equal(s.out[0].kind, COMMAND_MAP);
    press(&s, UI_KEY_LEFT);
    assert_int_equal(s.ui->map.head, 0);
    press(&s, ']');
    press(&s, '[');
    assert_int_equal(s.ui->map.head, 0);
    press(&s, UI_KEY_ENTER);
    press_sends(&s, UI_KEY_ENTER, COMMAND_FOCUS, 1);
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.ui->page, PAGE_ATTENTION);
    close_lesson(&s);
}

/* What the newest query copies and deletes, by the weights in the picture. */
static void extremes_are_named(void **state)
{
    (void)state;
    struct stage s;
    open_lesson(&s, "map");
    int n = s.probe->positions;
    for (int k = 0; k < n; k++)
        s.probe->weight[(n - 1) * n + k] = 0;
    s.probe->weight[(n - 1) * n + 3] = 0.6f;
    s.probe->weight[(n - 1) * n + 5] = -0.25f;
    s.probe->weight[(n - 1) * n + 8] = 0.125f;
    const int16_t *symbol = s.probe->sequence + s.probe->start;
    char want[160];
    const char *const(names)[3] = {s.probe->alphabet.name[symbol[3]],
                                   s.probe->alphabet.name[symbol[8]],
                                   s.probe->alphabet.name[symbol[5]]};
    snprintf(want, sizeof want, "copies %s +.600, %s +.125; deletes %s -.250", names[0], names[1],
             names[2]);
    assert_int_equal(canvas_resize(&s.canvas, 200, 50), 0);
    if (!strstr(look(&s), want))
        fail_msg("\"%s\" is not there:\n%s", want, text_string(&shown));
    close_lesson(&s);
}

/* What a race has not is said, with the command that brings it. */
static void what_is_lacking_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *lesson, *says;
    } cases[] = {{"map", "heed attention races cog"},
                 {"ladder", "heed nt-16-5"},
                 {"collapse", "heed find-zero"},
                 {"positions", "No cisformer is in this race: heed"},
                 {"switch", "No control token switches the rule"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage s;
        open_lesson(&s, cases[i].lesson);
        s.probe->signed_weights = false;
        for (int k = 0; k < 5 && i == 2; k++)
            press(&s, UI_KEY_ENTER);
        snprintf(s.race->contestants[1].model, KIND_TEXT, "transformer");
        for (int c = 0; c < s.race->count; c++)
            for (int k = 0; k < MAX_SINCE - 1; k++)
                s.race->contestants[c].eval.since[k].count = 0;
        if (!strstr(look(&s), cases[i].says))
            fail_msg("%s does not say \"%s\":\n%s", cases[i].lesson, cases[i].says,
                     text_string(&shown));
        close_lesson(&s);
    }
}

/* A race on images has no sequence to inject into, nor a page for what is pressed elsewhere. */
static void what_is_not_shown_is_left_alone(void **state)
{
    (void)state;
    struct stage s;
    open_lesson(&s, "token");
    s.race->alphabet.count = 0;
    snprintf(s.race->config.task.kind, KIND_TEXT, "images");
    look(&s);
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.sent, 0);
    assert_int_equal(s.ui->learn.press, 0);
    assert_non_null(strstr(s.ui->message, "draws images"));
    press(&s, UI_KEY_LEFT);
    assert_int_equal(s.sent, 0);
    int command = 0;
    while (strcmp(s.ui->commands[command].name, "probe.cut") != 0)
        command++;
    s.ui->learn.list[s.ui->learn.at].press[0].command = command;
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.ui->page, PAGE_LEARN);
    assert_non_null(strstr(s.ui->message, "no page for that"));
    close_lesson(&s);
}

/* Every press of every lesson of the program does something that is seen, sent or opened. */
static void every_press_does_something(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_LEARN, false);
    for (int i = 0; i < s.ui->learn.count; i++) {
        for (int k = 0; k < s.ui->learn.list[i].presses; k++) {
            char before[64 * 1024];
            ui_set_page(s.ui, PAGE_LEARN);
            if (k == 0)
                learn_show(s.ui, i);
            snprintf(before, sizeof before, "%s", look(&s));
            int next = s.ui->learn.press;
            assert_int_equal(next, k);
            press(&s, UI_KEY_ENTER);
            bool did = s.sent > 0 || s.ui->page != PAGE_LEARN || s.ui->message[0] != 0;
            s.ui->learn.press = next; /* the mark alone is no answer */
            if (!did && strcmp(before, look(&s)) == 0 &&
                strncmp(s.ui->learn.list[i].press[k].words, "all ", 4) &&
                strncmp(s.ui->learn.list[i].press[k].words, "let its", 7))
                fail_msg("%s: press %d does nothing", s.ui->learn.list[i].name, k + 1);
            s.ui->learn.press = (next + 1) % s.ui->learn.list[i].presses;
        }
    }
    close_lesson(&s);
}

/* Text that does not fit is told of, and read with the brackets. */
static void long_texts_scroll(void **state)
{
    (void)state;
    struct stage s;
    open_lesson(&s, "switch");
    assert_int_equal(canvas_resize(&s.canvas, 80, 24), 0);
    assert_non_null(strstr(look(&s), "rows 1-7 of 12"));
    assert_non_null(strstr(text_string(&shown), "People who go"));
    press(&s, ')');
    assert_non_null(strstr(look(&s), "rows 2-8 of 12"));
    assert_null(strstr(text_string(&shown), "People who go"));
    for (int i = 0; i < 20; i++)
        press(&s, UI_KEY_DOWN);
    assert_non_null(strstr(look(&s), "rows 6-12 of 12"));
    press(&s, '(');
    assert_int_equal(s.ui->learn.scroll, 4);
    close_lesson(&s);
}

static void lessons_are_clicked(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_LEARN, false);
    assert_int_equal(canvas_resize(&s.canvas, 200, 60), 0);
    look(&s);
    press_mouse(&s, &(struct ui_mouse){5, 2 + 1 + 3, 1});
    assert_int_equal(s.ui->learn.at, 3);
    close_lesson(&s);
}

/* A refused file has its place, its reason, and nothing to press. */
static void a_refused_file_says_why(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_LEARN, false);
    struct lesson *l = &s.ui->learn.list[0];
    *l = (struct lesson){.name = "bad", .title = "bad", .own = true};
    snprintf(l->broken, sizeof l->broken,
             "lesson bad.lesson: line 4: no widget is called x: remedy");
    learn_show(s.ui, 0);
    assert_non_null(strstr(look(&s), "bad.lesson: line 4"));
    press(&s, UI_KEY_ENTER);
    assert_non_null(strstr(s.ui->message, "refused"));
    press(&s, UI_KEY_LEFT);
    press(&s, 'v');
    assert_int_equal(s.sent, 0);
    close_lesson(&s);
}

int main(void)
{
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1); /* the program's own lessons alone */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lessons_follow_each_other),  cmocka_unit_test(the_query_turns),
        cmocka_unit_test(variants_go_round),          cmocka_unit_test(presses_put_the_query),
        cmocka_unit_test(a_token_is_injected),        cmocka_unit_test(the_map_goes_through_heads),
        cmocka_unit_test(extremes_are_named),         cmocka_unit_test(what_is_lacking_is_said),
        cmocka_unit_test(long_words_are_whole),       cmocka_unit_test(another_race_has_no_before),
        cmocka_unit_test(what_is_not_shown_is_left_alone),
        cmocka_unit_test(every_press_does_something), cmocka_unit_test(long_texts_scroll),
        cmocka_unit_test(lessons_are_clicked),        cmocka_unit_test(a_refused_file_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
