/* Probe: its pictures at three sizes and two sets of glyphs; what is measured, what is read from the
   stream, and what is done to heads is told on every page. */
#include "stage.h"
#include "golden.h"

static bool shows(struct stage *s, const char *words)
{
    struct text all = {0};
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    canvas_write_text(&s->canvas, &all);
    bool there = strstr(text_string(&all), words) != NULL;
    text_release(&all);
    return there;
}

static void resize(struct stage *s, int width, int height)
{
    assert_int_equal(canvas_resize(&s->canvas, width, height), 0);
}

/* --- pictures ---------------------------------------------------------------------------------- */

enum view { UNMEASURED, MEASURED, CHANGED, BARE, VIEWS };

static void draw_golden(enum view view, int width, int height, bool ascii)
{
    static const char *const names[VIEWS] = {"unmeasured", "measured", "changed", "bare"};
    struct stage s;
    char name[96];

    struct ui_options options = {.page = PAGE_PROBE};
    struct failure why;
    s = (struct stage){.race = fixture_race(),
                       .probe = fixture_probe(view == BARE ? 0 : view == CHANGED ? 2 : 1,
                                              view == CHANGED)};
    assert_int_equal(theme_load(&options.theme, "dark", &why), 0);
    assert_int_equal(ui_new(&s.ui, &options, &why), 0);
    s.canvas.glyphs = ascii ? GLYPHS_ASCII : GLYPHS_BRAILLE;
    s.canvas.colors = ascii ? 0 : 256;
    resize(&s, width, height);
    if (view == MEASURED || view == CHANGED)
        fixture_exam(s.probe);
    s.probe->timeline_count = 8;
    for (int i = 0; i < 8; i++)
        s.probe->timeline[i] = (int64_t[]){0, 10, 20, 50, 100, 1000, 5000, 12000}[i];
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    if (view == CHANGED) {
        s.probe->change[0][0] = HEAD_POSITIVE;
        s.probe->change[0][1] = HEAD_REMOVED;
        s.probe->change[0][2] = HEAD_UNIFORM;
        press(&s, ']');
        press(&s, 's');
    }
    s.ui->message[0] = '\0';
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    snprintf(name, sizeof name, "probe_%s_%dx%d_%s", names[view], width, height,
             ascii ? "ascii" : "blocks");
    golden_check_page(&s.canvas, name);
    stage_close(&s);
}

static void draws_goldens(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 60}};
    for (int view = 0; view < VIEWS; view++)
        for (int i = 0; i < 3; i++)
            for (int ascii = 0; ascii < 2; ascii++)
                draw_golden((enum view)view, sizes[i][0], sizes[i][1], ascii);
}

/* --- figures ------------------------------------------------------------------------------------- */

/* All columns but the variant's stand in 80; what is hidden is told, and comes with the keys. */
static void columns_scroll(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_PROBE, false);
    fixture_exam(s.probe);
    resize(&s, 80, 24);
    assert_true(shows(&s, "uniform"));
    assert_false(shows(&s, "kind")); /* cog, all of it */
    assert_false(shows(&s, "→ +"));
    snprintf(s.probe->layer_attention[0], KIND_TEXT, "dpa");
    assert_true(shows(&s, "→ +1 column"));
    press(&s, UI_KEY_RIGHT);
    press(&s, UI_KEY_RIGHT);
    assert_true(shows(&s, "kind"));
    assert_true(shows(&s, "← +2"));
    resize(&s, 48, 30);
    assert_false(shows(&s, "kind  "));
    for (int i = 0; i < 9; i++)
        press(&s, UI_KEY_RIGHT);
    assert_true(shows(&s, "kind"));
    for (int i = 0; i < 10; i++)
        press(&s, UI_KEY_LEFT);
    assert_true(shows(&s, "these are the first columns"));
    assert_true(shows(&s, "entr"));
    stage_close(&s);
}

/* No interval is ±.000, and no change that is one reads as none. */
static void small_figures_are_told(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_PROBE, false);
    fixture_exam(s.probe);
    struct exam_part *all = &s.probe->exam.part[0];
    struct exam_change *c = all->head[0].changed;
    c[HEAD_REMOVED] = (struct exam_change){0, 0};
    c[HEAD_UNIFORM] = (struct exam_change){1, 0};
    resize(&s, 160, 40);
    assert_true(shows(&s, "0±.004")); /* of 515 windows */
    all->whole = (struct score){99000, 100000};
    assert_true(shows(&s, "0±<.001"));
    assert_true(shows(&s, "-<.001±<.001"));
    s.probe->exam.has_signs[0] = false;
    assert_true(shows(&s, "none"));
    assert_false(shows(&s, ".000±"));
    assert_false(shows(&s, "±.000"));
    stage_close(&s);
}

static void subtasks_have_figures_of_their_own(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_PROBE, false);
    press(&s, 's');
    assert_true(shows(&s, "nothing was measured yet"));
    fixture_exam(s.probe);
    assert_true(shows(&s, "all · accuracy .950"));
    assert_true(shows(&s, "n=515"));
    press(&s, 's');
    assert_true(shows(&s, "on I · accuracy .930"));
    assert_true(shows(&s, "n=128"));
    s.probe->exam.part[2].whole.count = 0; /* none of A yet */
    press(&s, 's');
    assert_true(shows(&s, "on R · accuracy"));
    press(&s, 's');
    press(&s, 's');
    assert_true(shows(&s, "all · accuracy"));
    stage_close(&s);
}

/* Each position of a cisformer has weights of its own, and the windows ask at the last one. */
static void a_cisformer_is_told(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_PROBE, false);
    fixture_exam(s.probe);
    assert_true(shows(&s, "L1H1 looks at"));
    s.race->contestants[0].config.model.groups = 32;
    assert_true(shows(&s, "L1H1 with the last position's own weights looks at"));
    stage_close(&s);
}

/* --- changed heads ------------------------------------------------------------------------------- */

static void keys_change_heads(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_PROBE, false);
    static const struct {
        char key;
        enum head_change change;
    } keys[] = {{'x', HEAD_REMOVED}, {'n', HEAD_POSITIVE}, {'u', HEAD_UNIFORM}};
    press(&s, ']');
    for (int i = 0; i < 3; i++) {
        press_sends(&s, (uint32_t)keys[i].key, COMMAND_CHANGE_HEAD, 1);
        assert_true(s.out[0].value == keys[i].change);
    }
    press(&s, 'X');
    assert_int_equal(s.sent, 0);
    assert_true(shows(&s, "no head is changed"));
    s.probe->change[0][1] = HEAD_UNIFORM;
    press_sends(&s, 'X', COMMAND_CHANGE_HEAD, -1);
    s.probe->layer_signs[0] = false;
    press(&s, 'n');
    assert_int_equal(s.sent, 0);
    assert_true(shows(&s, "has no negative weights"));
    stage_close(&s);
}

/* Whatever page is shown, it says what is not as it trains. */
static void every_page_tells_what_is_changed(void **state)
{
    (void)state;
    for (int page = 0; page < PAGE_COUNT; page++) {
        struct stage s;
        if (page == PAGE_IMAGES)
            continue;
        stage_open(&s, (enum ui_page)page, false);
        assert_false(shows(&s, "L1H2"));
        s.probe->change[0][1] = HEAD_REMOVED;
        s.probe->change[0][2] = HEAD_UNIFORM;
        assert_true(shows(&s, "transf·dpa: without L1H2 · L1H3 uniform"));
        s.probe->change[1][0] = HEAD_POSITIVE;
        resize(&s, 200, 40);
        assert_true(shows(&s, "L1H3 uniform | cisf·ea: L1H1 no negatives"));
        press(&s, 't'); /* a message stands beside it */
        assert_true(shows(&s, "L1H1 no negatives"));
        resize(&s, 60, 24);
        assert_true(shows(&s, "3 heads changed"));
        resize(&s, 24, 8);
        assert_true(shows(&s, "3 heads changed"));
        stage_close(&s);
    }
}

/* What was measured is of the whole model, whatever is done to it since. */
static void accuracy_is_of_the_whole(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_PROBE, false);
    fixture_exam(s.probe);
    assert_true(shows(&s, "accuracy  "));
    assert_false(shows(&s, "accuracy, whole"));
    s.probe->change[0][5] = HEAD_UNIFORM;
    assert_true(shows(&s, "accuracy, whole"));
    stage_close(&s);
}

/* A map that is not the model's own says so. */
static void maps_tell_what_is_changed(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_ATTENTION, false);
    s.probe->change[0][0] = HEAD_UNIFORM;
    assert_true(shows(&s, "head 1/4 uniform"));
    press(&s, 'a');
    assert_true(shows(&s, "layer 1 head 1 uniform"));
    stage_close(&s);
    stage_open(&s, PAGE_TRAIN, false);
    resize(&s, 160, 50);
    s.probe->change[0][0] = HEAD_REMOVED;
    assert_true(shows(&s, "layer 1 head 1 removed"));
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_goldens),
        cmocka_unit_test(columns_scroll),
        cmocka_unit_test(small_figures_are_told),
        cmocka_unit_test(subtasks_have_figures_of_their_own),
        cmocka_unit_test(a_cisformer_is_told),
        cmocka_unit_test(keys_change_heads),
        cmocka_unit_test(every_page_tells_what_is_changed),
        cmocka_unit_test(accuracy_is_of_the_whole),
        cmocka_unit_test(maps_tell_what_is_changed),
    };
    return cmocka_run_group_tests_name("probe page", tests, NULL, NULL);
}
