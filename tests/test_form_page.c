/* The form on Run as keys see it: typed, chosen, refused, asked for, forgotten with another race; its
   goldens (HEED_GOLDEN=write) and every size of it. */
#include "heed_test.h"
#include "stage.h"
#include "cli/setup.h"
#include "golden.h"
#include "train/race.h"

/* As heed --setup; with `runs` the race of the fixture runs, and the form has its settings. */
static void sit_down(struct stage *s, const char *const *flags, bool runs)
{
    struct ui_options options = {.page = PAGE_RUN};
    struct ui_setup setup;
    struct plan plan = {0};
    struct failure why;

    for (; *flags; flags++)
        assert_int_equal(plan_add_flag(&plan, *flags, &why), 0);
    text_copy(plan.preset, sizeof plan.preset, "iarc");
    setup_fill(&setup, &plan, !runs);
    *s = (struct stage){0};
    options.setup = &setup;
    assert_int_equal(theme_load(&options.theme, "dark", &why), 0);
    assert_int_equal(ui_new(&s->ui, &options, &why), 0);
    plan_release(&plan);
    if (runs) {
        s->race = fixture_race();
        s->probe = fixture_probe(2, true);
        s->race->number = s->probe->number = 1;
        for (int i = 0; i < s->race->count; i++)
            s->race->contestants[i].config = s->ui->form->resolved.contestants[i];
    }
    s->canvas.glyphs = GLYPHS_BRAILLE;
    s->canvas.colors = 256;
    assert_int_equal(canvas_resize(&s->canvas, 100, 30), 0);
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
}

#define SIT(s, runs, ...) sit_down(s, (const char *const[]){__VA_ARGS__, NULL}, runs)
#define CAST "race=transformer-dpa,cisformer-ea,lstm,mlp", "train.threads=1"

static void keys(struct stage *s, const char *text)
{
    for (; *text; text++)
        press(s, *text == '\n' ? UI_KEY_ENTER : (uint32_t)(unsigned char)*text);
}

static bool sees(struct stage *s, const char *part)
{
    struct text text = {0};
    canvas_write_text(&s->canvas, &text);
    bool found = strstr(text_string(&text), part) != NULL;
    text_release(&text);
    return found;
}

static const struct config *first(const struct stage *s)
{
    return &s->ui->form->resolved.contestants[0];
}

static void values_are_typed(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, false, CAST);
    assert_true(sees(&s, "not started"));
    stage_go_to(&s, "model.dim");
    keys(&s, "\n48\n"); /* the first character replaces what stood there */
    assert_int_equal(first(&s)->model.dim, 48);
    keys(&s, "\n");
    press(&s, UI_KEY_BACKSPACE); /* and this mends it */
    keys(&s, "0\n");
    assert_int_equal(first(&s)->model.dim, 40);
    keys(&s, "\n9999\n");
    assert_true(sees(&s, "-s model.dim=9999: model.dim must be 1..1024, not 9999"));
    assert_int_equal(first(&s)->model.dim, 40);
    assert_true(sees(&s, "9999_")); /* still there to be mended */
    for (int i = 0; i < 2; i++)
        press(&s, UI_KEY_BACKSPACE);
    assert_false(sees(&s, "must be"));
    keys(&s, "\n");
    assert_int_equal(s.ui->typing.kind, TYPING_VALUE); /* 99: 4 heads do not divide it */
    press(&s, UI_KEY_ESCAPE);
    assert_int_equal(s.ui->typing.kind, TYPING_NONE);
    assert_int_equal(first(&s)->model.dim, 40);
    press(&s, UI_KEY_DELETE);
    assert_int_equal(first(&s)->model.dim, 32);
    assert_int_equal(s.sent, 0);
    stage_close(&s);
}

static void words_are_chosen(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, false, CAST);
    stage_go_to(&s, "model.norm");
    press(&s, UI_KEY_RIGHT);
    assert_int_equal(first(&s)->model.norm, NORM_RMS);
    press(&s, UI_KEY_LEFT);
    press(&s, UI_KEY_LEFT);
    assert_int_equal(first(&s)->model.norm, NORM_NONE);
    stage_go_to(&s, "attn.kind");
    press(&s, UI_KEY_RIGHT);
    assert_string_equal(s.ui->form->race.names[0], "transformer-ea");
    stage_go_to(&s, "train.steps");
    press(&s, UI_KEY_RIGHT);
    assert_string_equal(s.ui->message, "Enter types a value for this setting");
    /* For one alone. */
    keys(&s, "ci");
    stage_go_to(&s, "model.activation");
    press(&s, UI_KEY_RIGHT);
    assert_int_equal(s.ui->form->resolved.contestants[1].model.activation, ACT_RELU);
    assert_int_equal(first(&s)->model.activation, ACT_GELU);
    assert_true(sees(&s, "for the marked one"));
    keys(&s, "u");
    assert_string_equal(s.ui->form->race.names[0], "transformer-dpa");
    stage_close(&s);
}

static void the_mouse_chooses_rows_and_entries(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, false, CAST);
    /* Title, tabs, the frame, names, the cast, a heading come before model.kind and model.dim. */
    press_mouse(&s, &(struct ui_mouse){20, 7, 1});
    keys(&s, "\n64\n");
    assert_int_equal(first(&s)->model.dim, 64);
    press_mouse(&s, &(struct ui_mouse){20, 6, 5});
    assert_int_equal(s.ui->run.row, 3);
    keys(&s, "pcount");
    press_mouse(&s, &(struct ui_mouse){20, 4, 1});
    assert_string_equal(s.ui->form->race.preset, "count-ones");
    assert_int_equal(s.ui->picker.kind, PICKING_NONE);
    stage_close(&s);
}

/* What all have in common is that of those who have it. */
static void one_value_for_all_is_that_of_its_users(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, false, "race=lstm,transformer-cog,mlp");
    keys(&s, "/attn\n");
    assert_true(sees(&s, "kind               cog"));
    stage_close(&s);
    SIT(&s, false, "race=lstm,mlp");
    keys(&s, "/attn\n");
    assert_true(sees(&s, "kind               - "));
    stage_close(&s);
}

static void lists_are_picked_from(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, false, CAST);
    keys(&s, "p");
    assert_true(sees(&s, "load a preset into the form"));
    keys(&s, "count\n");
    assert_string_equal(s.ui->form->race.preset, "count-ones");
    /* A name before what is said about another. */
    keys(&s, "ptext\n");
    assert_string_equal(s.ui->form->race.preset, "text-cogformer");
    keys(&s, "pcount\n");
    keys(&s, "Asigmoid\n");
    assert_string_equal(s.ui->form->race.names[2], "transformer-sigmoid");
    assert_int_equal(s.ui->form->chosen, 2);
    keys(&s, "X");
    assert_int_equal(s.ui->form->race.count, 2);
    keys(&s, "Agru\n");
    assert_true(sees(&s, "gru-dpa: model.kind: no model \"gru\""));
    assert_int_equal(s.ui->form->race.count, 2);
    press(&s, UI_KEY_ESCAPE);
    keys(&s, "smodel.dim=64 model.heads=8\n");
    assert_int_equal(first(&s)->model.heads, 8);
    keys(&s, "/clip\n");
    int list[SHEET_ROWS];
    assert_int_equal(sheet_rows(s.ui, NULL, list), 1);
    keys(&s, "\n2\n");
    assert_true(first(&s)->train.clip == 2);
    keys(&s, "/");
    press(&s, UI_KEY_ESCAPE);
    assert_true(sheet_rows(s.ui, NULL, list) > 30);
    stage_close(&s);
}

static void a_start_is_asked_for(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, false, CAST);
    assert_null(ui_wants(s.ui));
    keys(&s, "1.");
    assert_string_equal(s.ui->message, "not started: Space begins the race, or R on the page Run");
    assert_true(sees(&s, "not started: Space begins the race, or R on the page Run"));
    keys(&s, "5");
    assert_true(sees(&s, "Space start"));
    keys(&s, "R");
    const struct wish *wish = ui_wants(s.ui);
    assert_non_null(wish);
    assert_int_equal(wish->kind, WISH_START);
    assert_memory_equal(&wish->race, &s.ui->form->resolved, sizeof wish->race);
    assert_null(ui_wants(s.ui));
    keys(&s, "R"); /* one at a time */
    assert_null(ui_wants(s.ui));
    assert_string_equal(s.ui->message, "one moment: another race is being made ready");
    ui_notice(s.ui, "building the race", true);
    press(&s, UI_KEY_DOWN);
    assert_true(sees(&s, "building the race"));
    ui_notice(s.ui, "the disk is full", false);
    press(&s, UI_KEY_DOWN);
    assert_true(sees(&s, "not started"));
    keys(&s, "1 "); /* as R */
    assert_non_null(ui_wants(s.ui));
    stage_close(&s);
}

static void a_running_race_is_not_thrown_away(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, true, CAST);
    s.race->state = RACE_RUNNING;
    keys(&s, "R");
    assert_null(ui_wants(s.ui));
    assert_true(sees(&s, "restart? y: yes; this run stops at step 12,340 and is saved"));
    keys(&s, "x");
    assert_null(ui_wants(s.ui));
    s.race->folder[0] = '\0';
    keys(&s, "N");
    assert_true(sees(&s, "this run keeps no files: its 12,340 steps are lost"));
    keys(&s, "y");
    const struct wish *wish = ui_wants(s.ui);
    assert_non_null(wish);
    assert_int_equal(wish->race.contestants[0].train.seed, 2);
    ui_notice(s.ui, "begun", false);
    /* A race that is over and on disk is left without a word; its path is handed on. */
    s.race->state = RACE_FINISHED;
    text_copy(s.race->folder, sizeof s.race->folder, "/runs/a");
    keys(&s, "o/runs/b\n");
    wish = ui_wants(s.ui);
    assert_non_null(wish);
    assert_int_equal(wish->kind, WISH_OPEN);
    assert_string_equal(wish->folder, "/runs/b");
    stage_close(&s);
}

static void rates_change_at_once_the_rest_later(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, true, CAST);
    s.race->state = RACE_RUNNING;
    assert_int_equal(sheet_changes(s.ui, s.race), 0);
    stage_go_to(&s, "train.learning_rate");
    keys(&s, "ci\n0.005");
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.sent, 1);
    assert_int_equal(s.out[0].kind, COMMAND_PEAK_RATE);
    assert_int_equal(s.out[0].index, 1);
    assert_true(s.out[0].value == 0.005);
    s.race->contestants[1].config.train.learning_rate = 0.005; /* the trainer's answer */
    assert_int_equal(sheet_changes(s.ui, s.race), 0);
    keys(&s, "i");
    stage_go_to(&s, "train.checkpoint_seconds");
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_true(sees(&s, "changes at once, as long as this session lasts"));
    keys(&s, "\n5");
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.sent, 1);
    assert_int_equal(s.out[0].kind, COMMAND_CHECKPOINT_SECONDS);
    assert_true(s.out[0].value == 5);
    for (int i = 0; i < s.race->count; i++)
        s.race->contestants[i].config.train.checkpoint_seconds = 5; /* the trainer's answer */
    assert_int_equal(sheet_changes(s.ui, s.race), 0);
    stage_go_to(&s, "model.hidden");
    keys(&s, "\n300");
    press(&s, UI_KEY_ENTER);
    assert_int_equal(s.sent, 0);
    assert_string_equal(s.ui->message, "model.hidden is fixed once a run begins: mlp "
                                       "runs with 256, R restarts with 300");
    assert_int_equal(sheet_changes(s.ui, s.race), 1);
    assert_true(sees(&s, "R restarts with 1 edit"));
    keys(&s, "X");
    assert_int_equal(sheet_changes(s.ui, s.race), 2);
    keys(&s, "u");
    assert_int_equal(first(&s)->model.hidden, 256);
    stage_close(&s);
}

static void nothing_is_edited_where_nothing_is_trained(void **state)
{
    (void)state;
    struct stage s;
    static const char wanting[] = "pAXRNous\n";
    stage_open(&s, PAGE_RUN, true);
    for (const char *k = wanting; *k; k++) {
        keys(&s, (const char[]){*k, 0});
        assert_string_equal(s.ui->message,
                            "nothing is trained here: these are the settings of the run as it was");
        assert_int_equal(s.sent, 0);
        assert_null(ui_wants(s.ui));
    }
    stage_close(&s);
}

/* What was chosen for one race means nothing in the next. */
static void another_race_begins_afresh(void **state)
{
    (void)state;
    struct stage s;
    SIT(&s, true, CAST);
    s.ui->focus = 3;
    s.ui->request = 7;
    s.ui->hidden[2] = true;
    s.ui->curves.cursor = 5;
    s.race->number = 2;
    /* The probe's picture is still that of the race before. */
    assert_null(sitting_match(s.race, s.probe));
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_int_equal(s.ui->focus, -1);
    assert_int_equal(s.ui->request, 0);
    assert_false(s.ui->hidden[2]);
    assert_true(isnan(s.ui->curves.cursor));
    s.probe->number = 2;
    assert_non_null(sitting_match(s.race, s.probe));
    /* A run that was opened brings its settings into the form, its own rate too. */
    s.ui->wish.kind = WISH_OPEN;
    s.race->number = 3;
    s.race->count = 2;
    for (int i = 0; i < 2; i++)
        s.race->contestants[i].config.model.dim = 16;
    s.race->contestants[0].own_rate = 0.125;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_int_equal(s.ui->form->race.count, 2);
    assert_int_equal(first(&s)->model.dim, 16);
    assert_true(first(&s)->train.learning_rate == 0.125);
    stage_close(&s);
}

static void lost_questions_are_not_waited_for(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s, PAGE_STEP, false);
    press(&s, 's');
    assert_false(ui_is_answered(s.ui, s.probe));
    ui_lost(s.ui, &s.out[0]);
    assert_true(ui_is_answered(s.ui, s.probe));
    stage_close(&s);
}

/* --- pictures -------------------------------------------------------------------------------- */

static const struct {
    const char *name, *keys;
    bool runs;
    int width, height;
    enum glyphs glyphs;
} goldens[] = {
    {"page_form_80x24", "", false, 80, 24, GLYPHS_BRAILLE},
    {"page_form_80x24_ascii", "ci", false, 80, 24, GLYPHS_ASCII},
    {"page_form_120x36", "smodel.dim=64 lstm.model.dim=16\n/dim\n\n4", false, 120, 36,
     GLYPHS_BRAILLE},
    {"page_form_200x60", "", false, 200, 60, GLYPHS_BRAILLE},
    {"page_form_200x60_ascii", "smodel.dim=7", true, 200, 60, GLYPHS_ASCII},
    {"page_form_edited_80x24", "smodel.dim=64\n", true, 80, 24, GLYPHS_BRAILLE},
    {"page_form_edited_120x36_ascii", "smodel.dim=64 race=lstm,mlp\nR", true, 120, 36,
     GLYPHS_ASCII},
    {"page_form_presets_80x24", "pcount", false, 80, 24, GLYPHS_BRAILLE},
    {"page_form_cast_120x36_ascii", "Acog", true, 120, 36, GLYPHS_ASCII},
};

static void draws_goldens(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
        struct stage s;
        SIT(&s, goldens[i].runs, CAST);
        s.canvas.glyphs = goldens[i].glyphs;
        assert_int_equal(canvas_resize(&s.canvas, goldens[i].width, goldens[i].height), 0);
        keys(&s, goldens[i].keys);
        s.ui->message[0] = '\0';
        ui_draw(s.ui, &s.canvas, s.race, s.probe);
        golden_check(&s.canvas, goldens[i].name);
        stage_close(&s);
    }
}

static void draws_every_size(void **state)
{
    (void)state;
    static const char *const moments[] = {"", "\n12", "smodel.dim=1", "/x", "p", "A", "o"};
    for (size_t k = 0; k < 2 * sizeof moments / sizeof *moments; k++) {
        struct stage s;
        SIT(&s, k % 2, CAST);
        keys(&s, moments[k / 2]);
        for (int w = 1; w <= 210; w += w < 90 ? 1 : 13)
            for (int h = 1; h <= 64; h += h < 26 ? 1 : 7) {
                assert_int_equal(canvas_resize(&s.canvas, w, h), 0);
                ui_draw(s.ui, &s.canvas, s.race, s.probe);
            }
        stage_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_typed),
        cmocka_unit_test(words_are_chosen),
        cmocka_unit_test(the_mouse_chooses_rows_and_entries),
        cmocka_unit_test(one_value_for_all_is_that_of_its_users),
        cmocka_unit_test(lists_are_picked_from),
        cmocka_unit_test(a_start_is_asked_for),
        cmocka_unit_test(a_running_race_is_not_thrown_away),
        cmocka_unit_test(rates_change_at_once_the_rest_later),
        cmocka_unit_test(nothing_is_edited_where_nothing_is_trained),
        cmocka_unit_test(another_race_begins_afresh),
        cmocka_unit_test(lost_questions_are_not_waited_for),
        cmocka_unit_test(draws_goldens),
        cmocka_unit_test(draws_every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
