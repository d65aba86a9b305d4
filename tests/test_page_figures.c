/* Figures on Train and Step: what stands behind them, and what they are called. */
#include "stage.h"
#include "view/maps.h"

static const char *drawn(struct stage *s, int w, int h, struct text *out)
{
    assert_int_equal(canvas_resize(&s->canvas, w, h), 0);
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    text_reset(out);
    canvas_write_text(&s->canvas, out);
    return text_string(out);
}

/* The first cell of `text` on the screen. */
static const struct cell *cell_of(const struct stage *s, const char *text)
{
    const struct canvas *c = &s->canvas;
    int length = canvas_columns(text);
    for (int at = 0; at + length <= c->width * c->height; at++) {
        int k = 0;
        const char *next = text;
        for (uint32_t code; k < length && c->cells[at + k].code == (next += text_decode(next, &code), code);)
            k++;
        if (k == length)
            return &c->cells[at];
    }
    fail_msg("\"%s\" is not on the screen", text);
    return NULL;
}

static float *weight_on(struct probe_snapshot *p, int map, int place)
{
    int n = p->positions;
    return p->weight + (size_t)map * (size_t)(n * n) + (size_t)(n - 1) * (size_t)n +
           (size_t)(place - p->start);
}

static void every_head_tells_its_copy_weight(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_STEP, false);
    struct probe_snapshot *p = s.probe;
    for (int map = 0; map < p->map_count; map++)
        *weight_on(p, map, p->copied_from) = 0.01f * (float)(map + 1);
    *weight_on(p, 1, p->copied_from) = -0.62f;
    *weight_on(p, 6, p->copied_from) = 0.87f;
    const char *screen = drawn(&s, 80, 24, &text);
    /* The first four have lines with it at their ends; of the others the strongest is told. */
    assert_non_null(strstr(screen, "w on ↑│"));
    assert_non_null(strstr(screen, "-.620│"));
    assert_non_null(strstr(screen, "w on ↑ 2.3 +.870  +3"));
    /* So it is where none has a line. */
    screen = drawn(&s, 80, 18, &text);
    assert_non_null(strstr(screen, "w on ↑ 1.2 -.620  2.3 +.870  +6"));
    p->layers = 8;
    p->map_count = 32;
    p->weight = realloc(p->weight, 4 * p->map_floats * sizeof *p->weight);
    p->score_z = realloc(p->score_z, 4 * p->map_floats * sizeof *p->score_z);
    assert_true(p->weight && p->score_z);
    memset(p->weight + p->map_floats, 0, 3 * p->map_floats * sizeof *p->weight);
    memset(p->score_z + p->map_floats, 0, 3 * p->map_floats * sizeof *p->score_z);
    p->map_floats *= 4;
    *weight_on(p, 31, p->copied_from) = 0.33f;
    screen = drawn(&s, 160, 18, &text);
    assert_non_null(strstr(screen, "1.2 -.620"));
    assert_non_null(strstr(screen, "8.4 +.330"));
    assert_null(strstr(screen, "5.1 "));
    /* Rows of all heads carry it at their ends. */
    screen = drawn(&s, 120, 70, &text);
    assert_null(strstr(screen, "w on ↑ 1.1"));
    assert_non_null(strstr(screen, "-.620│"));
    assert_non_null(strstr(screen, "+.870│"));
    assert_non_null(strstr(screen, "+.330│"));
    p->copied_from = p->start - 3;
    screen = drawn(&s, 80, 24, &text);
    assert_non_null(strstr(screen, ", 3 before the window: the model cannot see it"));
    p->next_answer = -1;
    assert_non_null(strstr(drawn(&s, 80, 24, &text), "the rule reads no symbol here"));
    text_release(&text);
    stage_close(&s);
}

static void few_answers_are_dim(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_TRAIN, false);
    struct evaluation *e = &s.race->contestants[0].eval;
    for (int i = 0; i < 4; i++)
        for (int k = 5; k < 9; k++)
            s.race->contestants[i].eval.since[k] = (struct score){k + 3, 20 + k};
    e->since[8] = (struct score){3, 4};
    const char *screen = drawn(&s, 80, 24, &text);
    assert_non_null(strstr(screen, "→ 5: .941")); /* the last with 30 or more */
    assert_non_null(strstr(screen, "n 170 153 136 119 102 25 26 27 4"));
    screen = drawn(&s, 200, 60, &text);
    assert_non_null(strstr(screen, "dim: n below 30"));
    assert_int_equal(cell_of(&s, ".750")->fg, ROLE_DIM); /* 3 of 4 */
    assert_int_equal(cell_of(&s, ".694")->fg, ROLE_TEXT);
    ui_set_page(s.ui, PAGE_STEP);
    s.probe->score_since[7] = (struct score){1, 2};
    s.probe->score_since[15] = (struct score){5, 5};
    drawn(&s, 120, 36, &text);
    assert_int_equal(cell_of(&s, "1/2")->fg, ROLE_DIM);
    assert_int_equal(cell_of(&s, "4/6")->fg, ROLE_WARN);
    assert_int_equal(cell_of(&s, "5/5")->fg, ROLE_GOOD);
    assert_non_null(strstr(text_string(&text), "16th+"));
    text_release(&text);
    stage_close(&s);
}

/* What the cursor reads of every series is there at any width that shows the charts. */
static void the_cursor_reads_every_series(void **state)
{
    (void)state;
    static const int sizes[][2] = {{200, 60}, {120, 36}, {100, 30}, {80, 24}, {64, 24}, {50, 20}};
    struct stage s;
    struct text text = {0};
    char numbers[8][8];
    int count = 0;

    stage_open(&s, PAGE_TRAIN, false);
    for (int i = 0; i < 12; i++)
        press(&s, UI_KEY_LEFT);
    const char *at = strstr(drawn(&s, 200, 60, &text), "at 8.");
    assert_non_null(at);
    for (int i = 0; i < 4; i++) {
        at = strchr(at, '.') + 1;
        at = strstr(at, " .") ? strstr(at, " .") : at;
        text_copy(numbers[count++], 5, at + 1);
    }
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        const char *screen = drawn(&s, sizes[k][0], sizes[k][1], &text);
        for (int i = 0; i < count; i++)
            if (!strstr(screen, numbers[i]))
                fail_msg("%dx%d: %s is not read\n%s", sizes[k][0], sizes[k][1], numbers[i], screen);
    }
    s.ui->curves.measure = MEASURE_SWITCH;
    assert_non_null(strstr(drawn(&s, 80, 24, &text), "● n 170 153 136"));
    text_release(&text);
    stage_close(&s);
}

/* The help of a page tells what its abbreviations mean, whole at 80 columns. */
static void help_explains_figures(void **state)
{
    (void)state;
    static const enum ui_page pages[] = {PAGE_TRAIN, PAGE_STEP, PAGE_COMPARE};
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_TRAIN, false);
    for (int i = 0; i < 3; i++) {
        const struct term *term = view_of(pages[i])->terms;
        assert_non_null(term);
        ui_set_page(s.ui, pages[i]);
        s.ui->help = true;
        const char *screen = drawn(&s, 80, 100, &text);
        assert_null(strstr(screen, "…"));
        for (; term->name; term++) {
            const char *last = strrchr(term->meaning, ' ');
            if (!strstr(screen, term->name) || !strstr(screen, last + 1))
                fail_msg("the help of %s cuts \"%s\": %s", ui_page_name(pages[i]), term->name,
                         term->meaning);
        }
        s.ui->help = false;
    }
    text_release(&text);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_head_tells_its_copy_weight),
        cmocka_unit_test(few_answers_are_dim),
        cmocka_unit_test(the_cursor_reads_every_series),
        cmocka_unit_test(help_explains_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
