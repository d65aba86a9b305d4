/* What keys, clicks and time do to the state of the screen; no drawing is judged here. */
#include "stage.h"

/* A page of an earlier start is left where this race has nothing for it; one that was asked for is not. */
static void a_kept_page_has_something_to_show(void **state)
{
    (void)state;
    static const struct {
        bool kept, beyond;
        enum ui_page page;
    } cases[] = {{true, false, PAGE_TRAIN}, {true, true, PAGE_MEASURE}, {false, false, PAGE_MEASURE}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ui_options options = {.page = PAGE_MEASURE, .page_kept = cases[i].kept};
        struct canvas canvas = {.glyphs = GLYPHS_BRAILLE};
        struct race_snapshot *race = fixture_race();
        struct failure why;
        struct ui *ui;
        assert_int_equal(ui_new(&ui, &options, &why), 0);
        assert_int_equal(canvas_resize(&canvas, 80, 24), 0);
        ui_draw(ui, &canvas, NULL, NULL); /* nothing is known yet */
        assert_int_equal(ui_page_now(ui), PAGE_MEASURE);
        race->contestants[1].rows.count = cases[i].beyond ? 10 : 0;
        ui_draw(ui, &canvas, race, NULL);
        assert_int_equal(ui_page_now(ui), cases[i].page);
        ui_free(ui);
        canvas_release(&canvas);
        free(race);
    }
}

static void pages_by_key_and_name(void **state)
{
    (void)state;
    struct stage s;
    struct failure why;
    enum ui_page page;

    stage_open(&s, PAGE_TRAIN, false);
    press(&s, '4');
    assert_int_equal(s.ui->page, PAGE_COMPARE);
    for (int i = 0; i < 4; i++)
        press(&s, UI_KEY_TAB);
    assert_int_equal(s.ui->page, PAGE_TRAIN);
    press(&s, UI_KEY_BACK_TAB);
    assert_int_equal(s.ui->page, PAGE_LEARN);
    press(&s, '6');
    assert_int_equal(s.ui->page, PAGE_PROBE);
    press(&s, '8'); /* nothing beyond its training is measured of this race */
    assert_int_equal(s.ui->page, PAGE_PROBE);
    assert_non_null(strstr(s.ui->message, "no page Measure"));
    s.race->contestants[0].reach.count = 3;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    press(&s, '8');
    assert_int_equal(s.ui->page, PAGE_MEASURE);
    press(&s, '3');
    press(&s, '2'); /* a number here, no page */
    assert_int_equal(s.ui->page, PAGE_STEP);
    stage_close(&s);

    assert_int_equal(ui_page_by_name("attention", &page, &why), 0);
    assert_int_equal(page, PAGE_ATTENTION);
    assert_int_equal(ui_page_by_name("atention", &page, &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "attention"));
    assert_int_equal(ui_page_by_name("zzzzzzz", &page, &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "compare"));
}

static void pause_and_resume(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_STEP, false);
    press_sends(&s, ' ', COMMAND_PAUSE, -1);
    s.race->state = RACE_PAUSED;
    press_sends(&s, ' ', COMMAND_RESUME, -1);
    press_sends(&s, '.', COMMAND_SINGLE_STEP, -1);
    press_sends(&s, 'w', COMMAND_SAVE, -1);
    s.race->state = RACE_FINISHED;
    press(&s, ' ');
    assert_int_equal(s.sent, 0);
    assert_non_null(strstr(s.ui->message, "over"));
    stage_close(&s);

    stage_open(&s, PAGE_TRAIN, true);
    press(&s, ' ');
    assert_int_equal(s.sent, 0);
    assert_non_null(strstr(s.ui->message, "nothing is trained"));
    stage_close(&s);
}

static void quitting_asks(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    press(&s, 'q');
    assert_false(ui_wants_quit(s.ui));
    press(&s, 'x');
    assert_false(ui_wants_quit(s.ui));
    press(&s, 'q');
    press(&s, 'q');
    assert_true(ui_wants_quit(s.ui));
    stage_close(&s);

    stage_open(&s, PAGE_TRAIN, false);
    s.race->state = RACE_FINISHED;
    press(&s, 'q');
    assert_true(ui_wants_quit(s.ui));
    stage_close(&s);

    stage_open(&s, PAGE_TRAIN, true);
    s.race->state = RACE_WATCHING;
    press(&s, 'q');
    assert_true(ui_wants_quit(s.ui));
    stage_close(&s);
}

static void typing_numbers(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_STEP, false);
    /* N = 16: only the 1 can go on. */
    press_sends(&s, '7', COMMAND_STEP_SYMBOL, 7);
    press_sends(&s, '0', COMMAND_STEP_SYMBOL, 0);
    press(&s, '1');
    assert_int_equal(s.sent, 0);
    press_sends(&s, '5', COMMAND_STEP_SYMBOL, 15);
    press(&s, '1');
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_SYMBOL, 1);
    /* 18 is no number: the 1 is finished and the 8 another one. */
    press(&s, '1');
    press(&s, '8');
    assert_int_equal(s.sent, 2);
    assert_int_equal(s.out[0].index, 1);
    assert_int_equal(s.out[1].index, 8);
    /* Any other key finishes it first. */
    press(&s, '1');
    press(&s, 'R');
    assert_int_equal(s.sent, 2);
    assert_int_equal(s.out[0].index, 1);
    assert_int_equal(s.out[1].index, FIXTURE_N + 2);
    press(&s, '1');
    press(&s, UI_KEY_ESCAPE);
    assert_int_equal(s.sent, 0);
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_RULE, 0);
    press(&s, '1');
    press(&s, UI_KEY_BACKSPACE);
    assert_int_equal(s.sent, 0);
    press_sends(&s, UI_KEY_BACKSPACE, COMMAND_STEP_UNDO, 0);
    stage_close(&s);
}

static void stepping(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_STEP, false);
    press_sends(&s, 'C', COMMAND_STEP_SYMBOL, FIXTURE_N + 3);
    press_sends(&s, 'm', COMMAND_STEP_MODEL, 0);
    press_sends(&s, 's', COMMAND_STEP_STREAM, 0);
    press_sends(&s, UI_KEY_LEFT, COMMAND_STEP_LEFT, 1);
    press_sends(&s, UI_KEY_END, COMMAND_STEP_RIGHT, PROBE_HISTORY);
    press_sends(&s, 'n', COMMAND_STEP_RESTART, 1);
    press_sends(&s, 'n', COMMAND_STEP_RESTART, 2);
    press(&s, 'X');
    assert_int_equal(s.sent, 0);
    assert_string_equal(s.ui->message,
                        "no symbol of this task begins with X; its control tokens are I A R C");
    s.probe->next_answer = -1;
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.sent, 0);
    stage_close(&s);
}

static void requests_are_answered(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_STEP, false);
    assert_true(ui_is_answered(s.ui, s.probe));
    press(&s, 'R');
    press(&s, '7');
    assert_int_equal(s.out[0].request, 2);
    assert_false(ui_is_answered(s.ui, s.probe));
    s.probe->request = 1;
    assert_false(ui_is_answered(s.ui, s.probe));
    s.probe->request = 2;
    assert_true(ui_is_answered(s.ui, s.probe));
    press(&s, ' ');
    assert_int_equal(s.out[0].request, 0);
    assert_true(ui_is_answered(s.ui, s.probe));
    stage_close(&s);
}

static void playing(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_STEP, false);
    assert_false(ui_is_busy(s.ui));
    assert_int_equal(ui_tick(s.ui, s.race, s.probe, s.out, OUTBOX), 0);
    press(&s, 'p');
    assert_true(ui_is_busy(s.ui));
    assert_int_equal(ui_tick(s.ui, s.race, s.probe, s.out, OUTBOX), 1);
    assert_int_equal(s.out[0].kind, COMMAND_STEP_STREAM);
    /* Not before the answer, and not before its time. */
    s.ui->step.due = 0;
    assert_int_equal(ui_tick(s.ui, s.race, s.probe, s.out, OUTBOX), 0);
    s.probe->request = s.out[0].request;
    assert_int_equal(ui_tick(s.ui, s.race, s.probe, s.out, OUTBOX), 1);
    s.probe->request = s.out[0].request;
    assert_int_equal(ui_tick(s.ui, s.race, s.probe, s.out, OUTBOX), 0);
    press(&s, UI_KEY_TAB);
    assert_false(ui_is_busy(s.ui));
    stage_close(&s);
}

static void contestants(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    assert_int_equal(ui_focus(s.ui, s.race, s.probe), 0);
    press_sends(&s, 'c', COMMAND_FOCUS, 1);
    press_sends(&s, UI_KEY_UP, COMMAND_FOCUS, 0);
    press_sends(&s, UI_KEY_UP, COMMAND_FOCUS, 3);
    press_sends(&s, 'c', COMMAND_FOCUS, 0);
    /* Compare walks in the order of the table: lstm .973, transformer .949, mlp, cisformer. */
    press(&s, '4');
    press_sends(&s, UI_KEY_UP, COMMAND_FOCUS, 2);
    press_sends(&s, UI_KEY_UP, COMMAND_FOCUS, 1);
    press(&s, 'h');
    assert_true(s.ui->hidden[1]);
    s.race->count = 1;
    press(&s, 'c');
    assert_int_equal(s.sent, 0);
    stage_close(&s);
}

static void heads_and_layers(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_ATTENTION, false);
    press(&s, '[');
    assert_int_equal(s.ui->map.layer, 1);
    assert_int_equal(s.ui->map.head, 3);
    press(&s, ']');
    assert_int_equal(s.ui->map.layer, 0);
    assert_int_equal(s.ui->map.head, 0);
    press(&s, '}');
    assert_int_equal(s.ui->map.layer, 1);
    assert_int_equal(s.ui->map.head, 0);
    press(&s, 'a');
    press(&s, UI_KEY_RIGHT);
    assert_int_equal(s.ui->map.head, 1);
    press(&s, UI_KEY_UP);
    assert_int_equal(s.ui->map.layer, 0);
    stage_close(&s);
}

static void freezing_keeps_the_map(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_ATTENTION, false);
    float was = s.probe->weight[5];
    press(&s, 'f');
    assert_non_null(s.ui->map.frozen);
    s.probe->weight[5] = was + 1;
    s.probe->weights_step++;
    press(&s, UI_KEY_UP);
    assert_true(s.ui->map.frozen->weight[5] == was);
    assert_int_equal(s.ui->map.frozen->weights_step, FIXTURE_STEP);
    press(&s, 'f');
    assert_null(s.ui->map.frozen);
    stage_close(&s);
}

static const char *screen_text(struct stage *s, struct text *out)
{
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    text_reset(out);
    canvas_write_text(&s->canvas, out);
    return text_string(out);
}

static void learning_rates(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_RUN, false);
    press_sends(&s, '+', COMMAND_LEARNING_RATE, 0);
    assert_true(s.out[0].value == 1.25);
    /* A rate that was changed before this sitting is told as such, and 0 is the settings' own. */
    s.race->contestants[0].config.train.learning_rate = 2.5 * s.race->contestants[0].own_rate;
    assert_non_null(strstr(screen_text(&s, &text), "x2.5"));
    press(&s, '-');
    assert_string_equal(s.ui->message, "transformer-dpa: learning rate x2 of its schedule");
    press_sends(&s, '0', COMMAND_PEAK_RATE, 0);
    assert_true(s.out[0].value == 0);
    assert_string_equal(s.ui->message, "transformer-dpa: learning rate x1 of its schedule");
    text_release(&text);
    press(&s, 'a');
    press(&s, '-');
    assert_int_equal(s.sent, 4);
    assert_int_equal(s.out[3].index, 3);
    stage_close(&s);
}

static void zoom_and_cursor(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    press(&s, '+');
    assert_true(s.ui->curves.x_high == FIXTURE_STEP && s.ui->curves.x_low == FIXTURE_STEP / 2.0);
    /* The window does not move when new data come. */
    s.race->step += 500;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_true(s.ui->curves.x_high == FIXTURE_STEP);
    press(&s, UI_KEY_LEFT); /* appears at the newest end */
    assert_true(s.ui->curves.cursor == FIXTURE_STEP);
    press(&s, '-');
    assert_true(s.ui->curves.x_high <= s.ui->curves.x_low);
    press(&s, 'f');
    assert_true(isnan(s.ui->curves.cursor));
    press(&s, 'a');
    assert_int_equal(s.ui->curves.axis, AXIS_SAMPLES);
    stage_close(&s);
}

static void themes(void **state)
{
    (void)state;
    struct stage s;
    int serial, first, count = 0;

    stage_open(&s, PAGE_TRAIN, false);
    ui_theme(s.ui, &first);
    while (theme_names()[count])
        count++;
    for (int i = 0; i < count; i++) {
        press(&s, 't');
        assert_string_equal(ui_theme(s.ui, &serial)->name, theme_names()[(i + 1) % count]);
        assert_int_equal(serial, first + i + 1);
    }
    stage_close(&s);
}

static void mouse(void **state)
{
    (void)state;
    struct stage s;
    struct ui_mouse at = {18, 1, 1}; /* in "2 Attention" */

    stage_open(&s, PAGE_TRAIN, false);
    ui_key(s.ui, UI_KEY_MOUSE, &at, s.race, s.probe, s.out, OUTBOX);
    assert_int_equal(s.ui->page, PAGE_ATTENTION);
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    /* Some cell of the map: the cursor goes there and stays on or under the diagonal. */
    at = (struct ui_mouse){10, 18, 1};
    ui_key(s.ui, UI_KEY_MOUSE, &at, s.race, s.probe, s.out, OUTBOX);
    assert_true(s.ui->map.row > 0 && s.ui->map.column >= 0);
    assert_true(s.ui->map.column <= s.ui->map.row);
    int row = s.ui->map.row;
    at.button = 4;
    ui_key(s.ui, UI_KEY_MOUSE, &at, s.race, s.probe, s.out, OUTBOX);
    assert_int_equal(s.ui->map.row, row - 1);
    stage_close(&s);
}

/* A long message takes the rows that it needs, and no letter of it is lost. */
static void long_messages(void **state)
{
    (void)state;
    struct stage s;
    struct text shown = {0};

    stage_open(&s, PAGE_TRAIN, false);
    assert_int_equal(canvas_resize(&s.canvas, 60, 20), 0);
    ui_say(s.ui, "not exported: heed-1.txt: cannot be written: Permission denied: choose a place "
                 "that you may write, or change its permissions");
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    canvas_write_text(&s.canvas, &shown);
    assert_non_null(strstr(text_string(&shown), "\n not exported: heed-1.txt: cannot"));
    assert_non_null(strstr(text_string(&shown), " permissions\n"));
    text_release(&shown);
    stage_close(&s);
}

/* What the log says does not push away an answer to the person. */
static void the_log_waits_for_an_answer(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_TRAIN, false);
    screen_text(&s, &text);
    snprintf(s.race->message, sizeof s.race->message, "saved at step 9");
    s.race->log_total++;
    assert_non_null(strstr(screen_text(&s, &text), "saved at step 9"));
    ui_say(s.ui, "an answer");
    s.race->log_total++;
    assert_non_null(strstr(screen_text(&s, &text), "an answer"));
    s.ui->message_until = 0;
    assert_non_null(strstr(screen_text(&s, &text), "saved at step 9"));
    text_release(&text);
    stage_close(&s);
}

/* While models train, the axis leaves room and stands still until it is used up. */
static void curves_stand_still(void **state)
{
    (void)state;
    struct stage s;

    stage_open(&s, PAGE_TRAIN, false);
    int64_t step = s.race->contestants[0].step;
    s.race->state = RACE_RUNNING;
    s.race->steps = 100 * step;
    s.race->steps_per_second = s.race->seconds = 0; /* without a speed there is no room of seconds */
    for (int add = 0; add <= step / 10; add += (int)step / 20) {
        for (int i = 0; i < s.race->count; i++)
            s.race->contestants[i].step = step + add + 1;
        ui_draw(s.ui, &s.canvas, s.race, s.probe);
        assert_float_equal(s.ui->curves.end, (double)(step + 1) * 9 / 8, 1e-6);
    }
    for (int i = 0; i < s.race->count; i++)
        s.race->contestants[i].step = 2 * step;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_float_equal(s.ui->curves.end, (double)step * 9 / 4, 1e-6);
    stage_close(&s);
}

static void small_outbox(void **state)
{
    (void)state;
    struct stage s;
    struct command one[1];

    stage_open(&s, PAGE_STEP, false);
    press(&s, '1');
    assert_int_equal(ui_key(s.ui, 'R', NULL, s.race, s.probe, one, 1), 1);
    assert_int_equal(one[0].index, 1);
    assert_true(strlen(s.ui->message) > 0);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_by_key_and_name),
        cmocka_unit_test(a_kept_page_has_something_to_show),
        cmocka_unit_test(pause_and_resume),
        cmocka_unit_test(quitting_asks),
        cmocka_unit_test(typing_numbers),
        cmocka_unit_test(stepping),
        cmocka_unit_test(requests_are_answered),
        cmocka_unit_test(playing),
        cmocka_unit_test(contestants),
        cmocka_unit_test(heads_and_layers),
        cmocka_unit_test(freezing_keeps_the_map),
        cmocka_unit_test(learning_rates),
        cmocka_unit_test(zoom_and_cursor),
        cmocka_unit_test(themes),
        cmocka_unit_test(mouse),
        cmocka_unit_test(long_messages),
        cmocka_unit_test(the_log_waits_for_an_answer),
        cmocka_unit_test(curves_stand_still),
        cmocka_unit_test(small_outbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
