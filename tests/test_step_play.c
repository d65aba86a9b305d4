/* Step: who plays and how fast; what the page says where nothing was asked, where the window ends and where two
   pictures are of a text. */
#include "heed_test.h"
#include "stage.h"
#include "view/step.h"

static struct text screen;

static const char *drawn(struct stage *s, int width, int height)
{
    assert_int_equal(canvas_resize(&s->canvas, width, height), 0);
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    text_reset(&screen);
    canvas_write_text(&s->canvas, &screen);
    return text_string(&screen);
}

static void ticks(struct stage *s, enum command_kind kind)
{
    s->ui->step.due = 0;
    s->probe->request = s->ui->request; /* the newest question is answered */
    s->sent = ui_tick(s->ui, s->race, s->probe, s->out, OUTBOX);
    assert_int_equal(s->sent, 1);
    assert_int_equal(s->out[0].kind, kind);
}

static void who_plays_is_chosen(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    press(&s, 'p');
    ticks(&s, COMMAND_STEP_STREAM);
    assert_non_null(strstr(drawn(&s, 80, 24), "▶ stream, 4 a second · m its choice, Enter rule, p stops"));
    press(&s, 'm'); /* chooses, and appends nothing itself */
    assert_int_equal(s.sent, 0);
    ticks(&s, COMMAND_STEP_MODEL);
    assert_non_null(strstr(drawn(&s, 80, 24), "▶ its choice, 4 a second"));
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.sent, 0);
    ticks(&s, COMMAND_STEP_RULE);
    press(&s, '+');
    assert_non_null(strstr(drawn(&s, 80, 24), "▶ rule, 8 a second · s stream, m its choice, p stops"));
    s.probe->next_answer = -1; /* the rule has nothing to play */
    s.probe->request = s.ui->request;
    s.ui->step.due = 0;
    assert_int_equal(ui_tick(s.ui, s.race, s.probe, s.out, OUTBOX), 0);
    assert_false(s.ui->step.play);
    assert_non_null(strstr(s.ui->message, "play stops: the rule asks for no number here"));
    press_sends(&s, 'm', COMMAND_STEP_MODEL, 0); /* at rest it appends */
    stage_close(&s);
}

/* Where sequences have an end the stream begins the next one, and a branch stops. */
static void play_at_the_end_of_a_sequence(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    press(&s, 'p');
    press(&s, 'm');
    s.probe->fresh = true;
    s.probe->longest = s.probe->cursor;
    ticks(&s, COMMAND_STEP_STREAM);
    fixture_pair(s.probe, SECOND_BRANCH);
    s.ui->step.due = 0;
    s.probe->request = s.ui->request;
    assert_int_equal(ui_tick(s.ui, s.race, s.probe, s.out, OUTBOX), 0);
    assert_false(s.ui->step.play);
    stage_close(&s);
}

static void nothing_asked_is_said(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    s.probe->score = (struct score){0};
    memset(s.probe->score_since, 0, sizeof s.probe->score_since);
    memset(s.probe->hit, -1, sizeof s.probe->hit);
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 60}};
    for (int i = 0; i < 3; i++) {
        const char *now = drawn(&s, sizes[i][0], sizes[i][1]);
        assert_non_null(strstr(now, "score nothing asked yet: step on"));
        assert_null(strstr(now, "0/0"));
    }
    fixture_pair(s.probe, SECOND_BRANCH);
    s.probe->second->score = (struct score){0};
    assert_non_null(strstr(drawn(&s, 80, 24), "B, the branch  nothing asked yet: step on"));
    stage_close(&s);
}

/* What the window has lost stands left of a dotted line, and is told in numbers. */
static void what_the_window_lost_is_shown(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    const char *now = drawn(&s, 120, 36);
    assert_non_null(strstr(now, "sees the last 32 of 41"));
    assert_non_null(strstr(now, "  A 13  4┆ 1  5  6  R")); /* 41 symbols: the window begins with the 10th */
    now = drawn(&s, 80, 24);
    assert_non_null(strstr(now, "last 32 of 41 seen, 10 hidden: "));
    assert_non_null(strstr(now, "token ‹10  7  4"));
    s.probe->cursor = 6;
    s.probe->start = 0;
    s.probe->positions = 6;
    s.probe->copied_from = 2;
    now = drawn(&s, 80, 24);
    assert_non_null(strstr(now, "sees all 6"));
    assert_null(strstr(now, "‹"));
    stage_close(&s);
}

/* A text has no rule: what stands there and its price, and a line of what is read. */
static void a_pair_of_texts(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    fixture_pair(s.probe, SECOND_BRANCH);
    struct probe_snapshot *both[] = {s.probe, s.probe->second};
    for (int k = 0; k < 2; k++) {
        struct alphabet *a = &both[k]->alphabet;
        *a = (struct alphabet){.kind = ALPHABET_CHARACTERS, .count = 26};
        for (int i = 0; i < 26; i++)
            alphabet_set_code(a, i, (uint32_t)('a' + i));
        for (int i = 0; i < both[k]->length; i++)
            both[k]->sequence[i] = (int16_t)(i % 26);
        both[k]->next_answer = both[k]->copied_from = -1;
        both[k]->next_subtask = 255;
        both[k]->predicted = 0;
    }
    s.race->alphabet = s.probe->alphabet;
    s.probe->second->sequence[36] = 25;
    const char *now = drawn(&s, 80, 24);
    assert_null(strstr(now, "rule"));
    assert_null(strstr(now, "27/29"));
    assert_non_null(strstr(now, "text ends here  model a"));
    assert_non_null(strstr(now, " A  abcdefghijklmnopqrstuvwxyzabcdefghijklmno▌"));
    assert_non_null(strstr(now, "ghijzlmno▌")); /* of the branch, its k another letter */
    s.probe->cursor = 40;
    s.probe->probability[14] = 0.25f;
    assert_non_null(strstr(drawn(&s, 80, 24), "text o 2.00 bits  model a"));
    stage_close(&s);
}

static int release(void **state)
{
    (void)state;
    text_release(&screen);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_plays_is_chosen),   cmocka_unit_test(play_at_the_end_of_a_sequence),
        cmocka_unit_test(nothing_asked_is_said), cmocka_unit_test(what_the_window_lost_is_shown),
        cmocka_unit_test(a_pair_of_texts),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
