/* What keys do on Step beyond appending: changes in place, branches, a second contestant, jumps,
   files; and the difference of two contestants on Attention. */
#include "stage.h"
#include "view/maps.h"

static void type(struct stage *s, const char *text)
{
    for (; *text; text++)
        press(s, (unsigned char)*text);
}

static void replacing_a_symbol(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    press(&s, 'r');
    assert_int_equal(s.sent, 0);
    press(&s, UI_KEY_LEFT);
    press(&s, UI_KEY_LEFT);
    press(&s, UI_KEY_RIGHT);
    assert_int_equal(s.sent, 0);
    press(&s, '1'); /* waits for a second digit */
    press_sends(&s, '2', COMMAND_STEP_REPLACE, 12);
    assert_true(s.out[0].value == 2);
    press_sends(&s, '7', COMMAND_STEP_SYMBOL, 7); /* one change, then as ever */
    press(&s, 'r');
    press(&s, UI_KEY_ESCAPE);
    press_sends(&s, 'A', COMMAND_STEP_SYMBOL, FIXTURE_N + 1);
    assert_int_equal(s.ui->page, PAGE_STEP);
    stage_close(&s);
}

static void branching(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    press(&s, 'x');
    assert_int_equal(s.sent, 0);
    assert_non_null(strstr(s.ui->message, "no branch"));
    press(&s, 'b');
    press_sends(&s, 'C', COMMAND_STEP_BRANCH, FIXTURE_N + 3);
    assert_true(s.out[0].value == 1);
    fixture_pair(s.probe, SECOND_BRANCH);
    press_sends(&s, 'x', COMMAND_STEP_EXCHANGE, 0);
    press_sends(&s, 'b', COMMAND_STEP_BRANCH, -1);
    press_sends(&s, UI_KEY_ESCAPE, COMMAND_STEP_BRANCH, -1);
    stage_close(&s);
}

static void a_second_contestant(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    press_sends(&s, 'v', COMMAND_VERSUS, 1); /* 0 is the first */
    press_sends(&s, 'c', COMMAND_FOCUS, 1);  /* they change places */
    assert_int_equal(s.ui->versus, 0);
    press_sends(&s, 'v', COMMAND_VERSUS, 2);
    press_sends(&s, 'v', COMMAND_VERSUS, 3);
    press_sends(&s, 'v', COMMAND_VERSUS, -1);
    s.race->count = 1;
    press(&s, 'v');
    assert_int_equal(s.sent, 0);
    stage_close(&s);
}

/* Control tokens whose names are longer than a letter: T2, T5, T12 and Sep beside I. */
static void names_of_several_letters(void **state)
{
    (void)state;
    struct stage s;
    struct alphabet *a;
    stage_open(&s, PAGE_STEP, false);
    a = &s.probe->alphabet;
    text_copy(a->name[a->control_id[1]], SYMBOL_TEXT, "T5");
    text_copy(a->name[a->control_id[2]], SYMBOL_TEXT, "T12");
    text_copy(a->name[a->control_id[3]], SYMBOL_TEXT, "Sep");
    press_sends(&s, 'I', COMMAND_STEP_SYMBOL, a->control_id[0]);
    press_sends(&s, 'S', COMMAND_STEP_SYMBOL, a->control_id[3]); /* the only one so */
    press(&s, 'T');
    assert_int_equal(s.sent, 0);
    press_sends(&s, '5', COMMAND_STEP_SYMBOL, a->control_id[1]); /* no number now */
    press(&s, 'T');
    press_sends(&s, '1', COMMAND_STEP_SYMBOL, a->control_id[2]);
    press_sends(&s, '5', COMMAND_STEP_SYMBOL, 5); /* a number again */
    press(&s, 'T');
    press(&s, '9');
    assert_int_equal(s.sent, 0);
    assert_non_null(strstr(s.ui->message, "begins with T9; its control tokens are I T5 T12 Sep"));
    press(&s, UI_KEY_ESCAPE);
    assert_int_equal(s.ui->page, PAGE_STEP);
    press(&s, UI_KEY_BACKSPACE); /* nothing is being typed: this is undo */
    assert_int_equal(s.out[0].kind, COMMAND_STEP_UNDO);
    press(&s, 'X');
    assert_int_equal(s.sent, 0);
    press_sends(&s, '7', COMMAND_STEP_SYMBOL, 7);
    /* Any symbol by its name. */
    press(&s, '\'');
    press(&s, '1');
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_SYMBOL, 1);
    press(&s, '\'');
    press(&s, '1');
    press_sends(&s, '2', COMMAND_STEP_SYMBOL, 12);
    press(&s, 'T');
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.sent, 0);
    assert_non_null(strstr(s.ui->message, "no symbol is called T"));
    press(&s, UI_KEY_BACKSPACE);
    press_sends(&s, 'n', COMMAND_STEP_RESTART, 1);
    /* In an edit the name goes where the symbol stands. */
    press(&s, 'r');
    press(&s, 'T');
    press_sends(&s, '5', COMMAND_STEP_REPLACE, a->control_id[1]);
    stage_close(&s);
}

static void jumping_to_control_tokens(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    /* "... R 13 2 11 7": the R is the fifth from the end, so four symbols back. */
    press_sends(&s, '<', COMMAND_STEP_LEFT, 4);
    s.probe->cursor -= 4;
    s.probe->start -= 4;
    press_sends(&s, '<', COMMAND_STEP_LEFT, 5);
    press(&s, '>');
    assert_int_equal(s.sent, 0); /* the R was the last */
    s.probe->cursor -= 5;
    s.probe->start -= 5;
    press_sends(&s, '>', COMMAND_STEP_RIGHT, 5);
    press_sends(&s, '<', COMMAND_STEP_LEFT, 7);
    s.probe->cursor = 1; /* behind the first symbol, an I */
    s.probe->start = 0;
    press(&s, '<');
    assert_int_equal(s.sent, 0);
    assert_non_null(strstr(s.ui->message, "no control token"));
    press_sends(&s, 'g', COMMAND_STEP_ASK, 0);
    stage_close(&s);
}

static void naming_files(void **state)
{
    (void)state;
    struct stage s;
    const char *name;
    stage_open(&s, PAGE_STEP, false);
    press(&s, 'o');
    assert_int_equal(ui_wants_file(s.ui, &name), UI_FILE_NONE);
    for (int i = 0; i < 40; i++)
        press(&s, UI_KEY_BACKSPACE);
    press(&s, UI_KEY_ENTER); /* no name: still asking */
    assert_int_equal(ui_wants_file(s.ui, &name), UI_FILE_NONE);
    type(&s, "q1");
    press(&s, 0xe4);
    press(&s, 0xe4);
    press(&s, UI_KEY_BACKSPACE);
    assert_false(ui_wants_quit(s.ui));
    assert_int_equal(s.sent, 0);
    press(&s, UI_KEY_ENTER);
    assert_int_equal(ui_wants_file(s.ui, &name), UI_FILE_WRITE_SEQUENCE);
    assert_string_equal(name, "q1\xc3\xa4");
    assert_int_equal(ui_wants_file(s.ui, &name), UI_FILE_NONE);
    press(&s, 'i');
    for (int i = 0; i < 2000; i++)
        press(&s, 0x20ac);
    press(&s, UI_KEY_ENTER);
    assert_int_equal(ui_wants_file(s.ui, &name), UI_FILE_READ_SEQUENCE);
    assert_true(strlen(name) < FILE_TEXT);
    press(&s, 'i');
    press(&s, UI_KEY_ESCAPE);
    press_sends(&s, '7', COMMAND_STEP_SYMBOL, 7);
    stage_close(&s);
}

static void the_difference_of_two_contestants(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_ATTENTION, false);
    press(&s, 'd');
    assert_non_null(strstr(s.ui->message, "v chooses the second"));
    fixture_pair(s.probe, SECOND_VERSUS);
    s.probe->second->layers = 1; /* of the first's two */
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    const struct probe_snapshot *d = maps_probe(s.ui, s.probe);
    int n = s.probe->positions;
    assert_int_equal(d->layers, 1);
    assert_int_equal(d->heads, 4);
    for (int h = 0; h < 4; h++) {
        const float *a = maps_weight(s.probe, 0, h), *b = maps_weight(s.probe->second, 0, h);
        const float *za = maps_score(s.probe, 0, h), *zb = maps_score(s.probe->second, 0, h);
        for (int i = 0; i < n * n; i++) {
            assert_true(maps_weight(d, 0, h)[i] == a[i] - b[i]);
            assert_true(maps_score(d, 0, h)[i] == za[i] - zb[i]);
        }
    }
    /* Frozen, both stay as they were. */
    float was = d->weight[n * n - 1];
    press(&s, 'f');
    s.probe->weight[n * n - 1] += 1;
    s.probe->second->weight[n * n - 2] += 1;
    press(&s, UI_KEY_LEFT);
    assert_true(maps_probe(s.ui, s.probe)->weight[n * n - 1] == was);
    press(&s, 'f');
    assert_true(maps_probe(s.ui, s.probe)->weight[n * n - 1] == was + 1);
    s.probe->second->layers = 0;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_ptr_equal(maps_probe(s.ui, s.probe), s.probe);
    s.probe->second->layers = 2;
    press(&s, 'd');
    assert_ptr_equal(maps_probe(s.ui, s.probe), s.probe);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replacing_a_symbol),        cmocka_unit_test(branching),
        cmocka_unit_test(a_second_contestant),       cmocka_unit_test(jumping_to_control_tokens),
        cmocka_unit_test(names_of_several_letters),
        cmocka_unit_test(naming_files),              cmocka_unit_test(the_difference_of_two_contestants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
