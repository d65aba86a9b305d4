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
    press(&s, UI_KEY_LEFT);
    /* It is shown, though at this width others must go. */
    const char *screen = drawn(&s, &text);
    assert_non_null(strstr(screen, "rate▾"));
    assert_non_null(strstr(screen, "columns"));
    const char *ea = strstr(screen, "cisf·ea"), *lstm = strstr(screen, "lstm");
    assert_true(ea && lstm && ea < lstm); /* .02 before .01 */
    press(&s, UI_KEY_RIGHT);
    press(&s, 's');
    assert_non_null(strstr(drawn(&s, &text), "sorted by acc"));
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
        cmocka_unit_test(bars_tell_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
