/* The table and the bars of Compare. */
#include "stage.h"

static const char *drawn(struct stage *s, struct text *out)
{
    text_reset(out);
    canvas_write_text(&s->canvas, out);
    return text_string(out);
}

static void any_column_sorts(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_COMPARE, false);
    assert_int_equal(canvas_resize(&s.canvas, 80, 24), 0);
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_null(strstr(drawn(&s, &text), "rate"));
    press(&s, 'S'); /* accuracy, contestant, and round to the last: the learning rate */
    assert_non_null(strstr(drawn(&s, &text), "sorted by contestant"));
    press(&s, 'S');
    /* It comes into sight, and the note tells its meaning. */
    const char *screen = drawn(&s, &text);
    assert_non_null(strstr(screen, "rate▾"));
    assert_non_null(strstr(screen, "learning rate that its schedule begins with"));
    const char *ea = strstr(screen, "cisf·ea"), *lstm = strstr(screen, "lstm");
    assert_true(ea && lstm && ea < lstm); /* .02 before .01 */
    press(&s, 's');
    press(&s, 's');
    assert_non_null(strstr(drawn(&s, &text), "sorted by accuracy"));
    assert_non_null(strstr(drawn(&s, &text), "acc▾")); /* in sight again */
    text_release(&text);
    stage_close(&s);
}

/* At 80 columns no figure is out of reach: the arrows bring every column. */
static void every_column_can_be_reached(void **state)
{
    (void)state;
    static const char *const titles[] = {"acc",    "95 %", "  n ", "  I ",  "  A ",  "  R ", "  C ",
                                         ".9 at",  ".9 s", "step/s", "params", "loss",
                                         "every", "best", "rate"};
    enum { TITLES = sizeof titles / sizeof *titles };
    bool seen[TITLES] = {false};
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_COMPARE, false);
    assert_int_equal(canvas_resize(&s.canvas, 80, 24), 0);
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    for (int k = 0; k < TITLES; k++) {
        const char *screen = drawn(&s, &text), *head = strstr(screen, "│contestant");
        assert_non_null(head);
        char line[512];
        text_copy(line, sizeof line, head);
        *strchr(line, '\n') = 0;
        for (int i = 0; i < TITLES; i++)
            seen[i] |= strstr(line, titles[i]) != NULL;
        press(&s, UI_KEY_RIGHT);
    }
    for (int i = 0; i < TITLES; i++)
        if (!seen[i])
            fail_msg("the column %s never comes into sight", titles[i]);
    assert_non_null(strstr(drawn(&s, &text), "last columns"));
    for (int k = 0; k < TITLES; k++)
        press(&s, UI_KEY_LEFT);
    assert_non_null(strstr(drawn(&s, &text), "first columns"));
    assert_non_null(strstr(drawn(&s, &text), "acc"));
    /* With room there are words, and nothing is hidden. */
    assert_int_equal(canvas_resize(&s.canvas, 200, 60), 0);
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_non_null(strstr(drawn(&s, &text), "seconds to .90"));
    assert_non_null(strstr(drawn(&s, &text), "learning rate"));
    assert_null(strstr(drawn(&s, &text), "→ +"));
    text_release(&text);
    stage_close(&s);
}

/* The note is whole at 80 columns, whatever it is about. */
static void the_note_is_whole(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_COMPARE, false);
    assert_int_equal(canvas_resize(&s.canvas, 80, 24), 0);
    for (int k = 0; k < 16; k++) {
        ui_draw(s.ui, &s.canvas, s.race, s.probe);
        const char *screen = drawn(&s, &text);
        assert_non_null(strstr(screen, "seed."));
        press(&s, 's');
    }
    text_release(&text);
    stage_close(&s);
}

/* Filled cells of a row of the canvas in a contestant's colour, right of column x. */
static int filled(const struct stage *s, int y, uint8_t role)
{
    int n = 0;
    for (int x = 0; x < s->canvas.width / 4; x++) {
        const struct cell *c = &s->canvas.cells[y * s->canvas.width + x];
        n += c->fg == role && c->code >= 0x2588 && c->code <= 0x258f;
    }
    return n;
}

static void bars_tell_shares(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};
    int longest[MAX_CONTESTANTS] = {0};

    stage_open(&s, PAGE_COMPARE, false);
    s.race->contestants[1].eval.subtask[0].right = s.race->contestants[1].eval.subtask[0].count / 4;
    press(&s, 'b');
    assert_null(strstr(drawn(&s, &text), "chance"));
    for (int i = 0; i < 4; i++)
        for (int y = 9; y < s.canvas.height; y++) {
            int n = filled(&s, y, (uint8_t)(ROLE_SERIES_0 + i));
            longest[i] = n > longest[i] ? n : longest[i];
        }
    assert_true(longest[0] > 3 * longest[1] && longest[1] >= 4);
    s.race->contestants[2].eval.valid = false;
    press(&s, 'b');
    press(&s, 'b');
    for (int y = 9; y < s.canvas.height; y++)
        assert_int_equal(filled(&s, y, ROLE_SERIES_0 + 2), 0);
    text_release(&text);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_column_sorts),
        cmocka_unit_test(every_column_can_be_reached),
        cmocka_unit_test(the_note_is_whole),
        cmocka_unit_test(bars_tell_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
