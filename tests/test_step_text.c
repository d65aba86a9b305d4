/* The page Step on a text: typing beside command keys, the model that writes, the text as it reads. */
#include "stage.h"

static const char letters[] = "\t\n !aeqxz";

/* The fixture's sequence as a text: symbol i is letter i mod 9, in ascending order of codes. */
static void make_text(struct alphabet *a, enum alphabet_kind kind)
{
    *a = (struct alphabet){.kind = kind, .count = (int)sizeof letters - 1};
    for (int i = 0; i < a->count; i++)
        alphabet_set_code(a, i, (uint32_t)letters[i]);
}

static void open_text(struct stage *s)
{
    stage_open(s, PAGE_STEP, false);
    make_text(&s->race->alphabet, ALPHABET_CHARACTERS);
    make_text(&s->probe->alphabet, ALPHABET_CHARACTERS);
    s->race->config.sample.temperature = 0.8;
    s->race->config.sample.top_k = 20;
    for (int i = 0; i < s->probe->length; i++)
        s->probe->sequence[i] = (int16_t)(i % s->probe->alphabet.count);
    s->probe->next_answer = -1;
    s->probe->next_subtask = 255;
    s->probe->predicted = 4;
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
}

static void see(struct stage *s, const char *text)
{
    struct text shown = {0};
    canvas_write_text(&s->canvas, &shown);
    if (!strstr(text_string(&shown), text))
        print_error("%s\nlacks %s\n", text_string(&shown), text);
    assert_non_null(strstr(text_string(&shown), text));
    text_release(&shown);
}

static int symbol_of(char c)
{
    return (int)(strchr(letters, c) - letters);
}

/* q types a q and does not quit; Esc ends typing, and only then q asks. */
static void typing(void **state)
{
    (void)state;
    struct stage s;
    open_text(&s);
    press(&s, 'a');
    assert_int_equal(s.sent, 0);
    see(&s, "typing: characters");
    press_sends(&s, 'q', COMMAND_STEP_SYMBOL, symbol_of('q'));
    press_sends(&s, 'a', COMMAND_STEP_SYMBOL, symbol_of('a'));
    press_sends(&s, '!', COMMAND_STEP_SYMBOL, symbol_of('!'));
    press_sends(&s, ' ', COMMAND_STEP_SYMBOL, symbol_of(' '));
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_SYMBOL, symbol_of('\n'));
    press_sends(&s, UI_KEY_TAB, COMMAND_STEP_SYMBOL, symbol_of('\t'));
    press_sends(&s, UI_KEY_BACKSPACE, COMMAND_STEP_UNDO, 0);
    press_sends(&s, UI_KEY_LEFT, COMMAND_STEP_LEFT, 1);
    press(&s, 0x20ac);
    assert_int_equal(s.sent, 0);
    assert_string_equal(s.ui->message, "\xE2\x82\xAC does not occur in this text: no model knows it");
    press(&s, '5');
    assert_int_equal(s.sent, 0);
    press(&s, UI_KEY_ESCAPE);
    assert_int_equal(s.ui->page, PAGE_STEP);
    assert_false(s.ui->wants_quit || s.ui->asks_quit || s.ui->help);
    press_sends(&s, 'm', COMMAND_STEP_MODEL, 0); /* a command again */
    stage_close(&s);
}

/* r and b take the next key, command or not, as the new character. */
static void changing(void **state)
{
    (void)state;
    struct stage s;
    open_text(&s);
    press(&s, 'r');
    press(&s, UI_KEY_LEFT);
    assert_int_equal(s.sent, 0);
    press_sends(&s, 'q', COMMAND_STEP_REPLACE, symbol_of('q'));
    assert_true(s.out[0].value == 2);
    press(&s, 'b');
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_BRANCH, symbol_of('\n'));
    press(&s, 'r');
    press(&s, UI_KEY_ESCAPE);
    assert_false(s.ui->wants_quit || s.ui->asks_quit);
    press(&s, '7');
    assert_int_equal(s.sent, 0);
    assert_non_null(strstr(s.ui->message, "a begins typing"));
    press(&s, 'A');
    assert_int_equal(s.sent, 0);
    stage_close(&s);
}

/* A character of two bytes is two symbols of bytes; one of which none occurs is refused whole. */
static void typing_bytes(void **state)
{
    (void)state;
    struct stage s;
    open_text(&s);
    struct alphabet *a = &s.probe->alphabet;
    *a = (struct alphabet){.kind = ALPHABET_BYTES, .count = 2};
    alphabet_set_code(a, 0, 0xa4);
    alphabet_set_code(a, 1, 0xc3);
    for (int i = 0; i < s.probe->length; i++)
        s.probe->sequence[i] = (int16_t)(i % 2);
    s.probe->predicted = 0;
    press(&s, 'a');
    press(&s, 0xe4);
    assert_int_equal(s.sent, 2);
    assert_true(s.out[0].index == 1 && s.out[1].index == 0);
    press(&s, 0xe5);
    assert_int_equal(s.sent, 0);
    stage_close(&s);
}

static void writing(void **state)
{
    (void)state;
    struct stage s;
    open_text(&s);
    see(&s, "at temperature 0.8, top 20");
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_WRITE, 20);
    assert_true(s.out[0].value == 0.8);
    press(&s, ')');
    press(&s, ')');
    assert_string_equal(s.ui->message, "temperature 1");
    press_sends(&s, UI_KEY_ENTER, COMMAND_STEP_WRITE, 20);
    assert_true(s.out[0].value == 1);
    for (int i = 0; i < 15; i++)
        press(&s, '(');
    assert_string_equal(s.ui->message, "temperature 0: always the most probable");
    for (int i = 0; i < 50; i++)
        press(&s, ')');
    assert_string_equal(s.ui->message, "temperature 3");
    press_sends(&s, 'm', COMMAND_STEP_MODEL, 0);
    press_sends(&s, 's', COMMAND_STEP_STREAM, 0);

    /* Playing lets the model write, at the temperature of the page. */
    press(&s, 'p');
    s.probe->request = s.ui->request;
    s.sent = ui_tick(s.ui, s.race, s.probe, s.out, OUTBOX);
    assert_int_equal(s.sent, 1);
    assert_int_equal(s.out[0].kind, COMMAND_STEP_WRITE);
    assert_true(s.out[0].value == 3);
    stage_close(&s);
}

/* Lines break at new lines, which show, as tabs do; the cursor stands at the end. */
static void reading(void **state)
{
    (void)state;
    struct stage s;
    open_text(&s);
    static const char *const words = "za!\nqq\te\n\nxa";
    for (int i = 0; words[i]; i++)
        s.probe->sequence[i] = (int16_t)symbol_of(words[i]);
    s.probe->length = s.probe->cursor = (int)strlen(words);
    s.probe->start = 0;
    s.probe->positions = s.probe->cursor;
    press(&s, UI_KEY_ESCAPE + 1000); /* no key: draws anew */
    see(&s, "\xE2\x94\x82 za!\xE2\x86\xB5 ");
    see(&s, "\xE2\x94\x82 qq\\te\xE2\x86\xB5 ");
    see(&s, "\xE2\x94\x82 xa\xE2\x96\x8C");
    see(&s, "nothing yet: Enter lets the model write");

    /* Before the end the next character stands there with what it costs: p = 1/4 is 2 bits. */
    s.probe->cursor -= 2;
    s.probe->probability[symbol_of('x')] = 0.25f;
    press(&s, UI_KEY_ESCAPE + 1000);
    see(&s, "x costs this model 2.00 bits");
    stage_close(&s);
}

/* Written and read again, a text is the same. */
static void files(void **state)
{
    (void)state;
    struct stage s;
    struct text out = {0};
    struct failure why;
    struct command sent[64];
    open_text(&s);
    alphabet_set_code(&s.probe->alphabet, 8, 0xe4);
    ui_sequence_write(s.probe, &out);
    assert_int_equal(out.length, s.probe->length + s.probe->length / 9);
    assert_memory_equal(text_string(&out), "\t\n !aeqx\xC3\xA4\t\n !", 14);
    int count = ui_sequence_read(s.ui, text_string(&out), s.probe, sent, 64, &why), at = 0;
    assert_true(count > 0);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < sent[i].count; k++)
            assert_int_equal(sent[i].symbols[k], s.probe->sequence[at++]);
    assert_int_equal(at, s.probe->length);
    assert_int_equal(ui_sequence_read(s.ui, "a?", s.probe, sent, 64, &why), ERR_INPUT);
    text_release(&out);
    stage_close(&s);
}

/* The keys of other tasks are not hinted at, and words have no typing. */
static void other_tasks(void **state)
{
    (void)state;
    struct stage s;
    open_text(&s);
    see(&s, "Enter model writes");
    stage_close(&s);
    stage_open(&s, PAGE_STEP, false);
    press(&s, 'a');
    assert_non_null(strstr(s.ui->message, "this task is no text"));
    assert_false(s.ui->step.typing);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changing),
        cmocka_unit_test(typing),  cmocka_unit_test(typing_bytes), cmocka_unit_test(writing),
        cmocka_unit_test(reading), cmocka_unit_test(files),        cmocka_unit_test(other_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
