/* The page Run: what a setting may be, the log's older lines, the files. */
#include "stage.h"

static const char *drawn(struct stage *s, struct text *out)
{
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    text_reset(out);
    canvas_write_text(&s->canvas, out);
    return text_string(out);
}

static void settings_tell_their_range(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text;
    } wanted[] = {{"model.norm", "layer, rms, none · default layer"},
                  {"task.kind", "1 to 23 letters, digits, - or _ · default iarc"},
                  {"train.eps", "1e-16 to 1 · default 1e-8"},
                  {"train.learning_rate", "or auto · default auto"},
                  {"train.learning_rate", "- and + change it at once"},
                  {"model.dim", "as the run was begun"}};
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_RUN, false);
    assert_int_equal(canvas_resize(&s.canvas, 200, 60), 0);
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
        stage_go_to(&s, wanted[k].key);
        const char *screen = drawn(&s, &text);
        if (!strstr(screen, wanted[k].text))
            fail_msg("%s does not say \"%s\"", wanted[k].key, wanted[k].text);
    }
    text_release(&text);
    stage_close(&s);
}

/* Row y of the canvas from x on, as wide as `w`, appended with a blank in place of the line's end. */
static void add_row(const struct canvas *c, int x, int y, int w, struct text *out)
{
    for (int i = 0; i < w; i++) {
        char one[5] = "";
        uint32_t code = c->cells[y * c->width + x + i].code;
        one[text_encode(code, one)] = '\0';
        if (code != ' ' || (out->length > 0 && out->data[out->length - 1] != ' '))
            text_add(out, one);
    }
    if (out->length > 0 && out->data[out->length - 1] != ' ')
        text_add(out, " ");
}

/* What a setting means is told whole, however narrow the page. */
static void meanings_are_whole(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 60}};
    struct stage s;
    int count;
    const struct setting *settings = config_settings(&count);

    stage_open(&s, PAGE_RUN, false);
    s.ui->run.shown = SHOWN_ALL;
    for (int k = 0; k < 3; k++) {
        int w = sizes[k][0], h = sizes[k][1];
        assert_int_equal(canvas_resize(&s.canvas, w, h), 0);
        for (int i = 0; i < count; i++) {
            struct text text = {0};
            struct layout l;
            stage_go_to(&s, settings[i].key);
            ui_draw(s.ui, &s.canvas, s.race, s.probe);
            struct run_wants wants = {4, 4, 0, 4, (int)s.race->log_total, 22, true};
            layout_run(&l, (struct rect){0, 2, w, h - 3}, &wants);
            struct rect r = l.part[RUN_MEANING];
            int frame = w > 100;
            for (int y = r.y + frame; y < r.y + r.h - frame; y++)
                add_row(&s.canvas, r.x + 1, y, r.w - 2, &text);
            if (!strstr(text_string(&text), settings[i].help))
                fail_msg("%s at %dx%d: %s", settings[i].key, w, h, text_string(&text));
            if (strstr(text_string(&text), "…"))
                fail_msg("%s at %dx%d is cut: %s", settings[i].key, w, h, text_string(&text));
            text_release(&text);
        }
    }
    stage_close(&s);
}

static void the_log_goes_back(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_RUN, false);
    for (int i = 0; i < 100; i++)
        snprintf(s.race->log[s.race->log_total++ % LOG_LINES], LOG_TEXT, "line %03d of the log", i);
    assert_non_null(strstr(drawn(&s, &text), "line 099"));
    press(&s, '[');
    press(&s, '[');
    assert_null(strstr(drawn(&s, &text), "line 098"));
    assert_non_null(strstr(text_string(&text), "line 097"));
    assert_non_null(strstr(text_string(&text), "to line 105 of 107"));
    for (int i = 0; i < 200; i++)
        press(&s, '[');
    /* 64 lines are kept: 36 is the oldest. */
    assert_non_null(strstr(drawn(&s, &text), "line 036"));
    assert_null(strstr(text_string(&text), "line 035"));
    for (int i = 0; i < 200; i++)
        press(&s, ']');
    assert_non_null(strstr(drawn(&s, &text), "line 099"));
    text_release(&text);
    stage_close(&s);
}

static void files_are_named(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_RUN, false);
    assert_int_equal(canvas_resize(&s.canvas, 160, 45), 0);
    assert_non_null(strstr(drawn(&s, &text), "metrics.jsonl       4.72 MB  2025-11-22 13:35"));
    assert_non_null(strstr(text_string(&text), "lstm/             2.37 MB  2025-11-22 13:35"));
    s.race->contestants[2].checkpoint.bytes = -1;
    assert_non_null(strstr(drawn(&s, &text), "lstm/           not there"));
    /* On the whole page with their whole names. */
    press(&s, 'V');
    assert_non_null(strstr(drawn(&s, &text), "lstm/checkpoint.safetensors"));
    assert_non_null(strstr(text_string(&text), "2025-11-22 13:35:43"));
    assert_null(strstr(text_string(&text), "settings"));
    press(&s, 'v');
    s.race->folder[0] = 0;
    assert_null(strstr(drawn(&s, &text), "checkpoint.safetensors"));
    assert_non_null(strstr(text_string(&text), "this run keeps no files"));
    text_release(&text);
    stage_close(&s);
}

/* "v": the settings, the log, the files, then each its part again. */
static void each_part_may_have_the_page(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};

    stage_open(&s, PAGE_RUN, false);
    press(&s, 'v');
    assert_non_null(strstr(drawn(&s, &text), "settings"));
    assert_null(strstr(text_string(&text), "checkpoints written"));
    press(&s, 'v');
    assert_non_null(strstr(drawn(&s, &text), "checkpoints written"));
    assert_null(strstr(text_string(&text), "─ settings"));
    for (int i = 0; i < 60; i++)
        snprintf(s.race->log[s.race->log_total++ % LOG_LINES], LOG_TEXT, "line %03d of the log", i);
    press(&s, UI_KEY_PAGE_UP);
    assert_non_null(strstr(drawn(&s, &text), "to line 57 of 67"));
    press(&s, UI_KEY_END);
    assert_non_null(strstr(drawn(&s, &text), "line 059"));
    press(&s, 'v');
    press(&s, 'v');
    assert_non_null(strstr(drawn(&s, &text), "─ settings"));
    assert_non_null(strstr(text_string(&text), "line 059"));
    text_release(&text);
    stage_close(&s);
}

/* Only what a contestant reads is listed, and "-" stands where one does not. */
static void what_nobody_reads_is_not_listed(void **state)
{
    (void)state;
    struct stage s;
    struct text text = {0};
    int list[SHEET_ROWS];

    stage_open(&s, PAGE_RUN, false);
    int n = sheet_rows(s.ui, s.race, list);
    press(&s, 'd');
    press(&s, 'd');
    assert_true(n < sheet_rows(s.ui, s.race, list));
    assert_int_equal(sheet_rows(s.ui, s.race, list), (config_settings(&n), n));
    stage_go_to(&s, "task.tau");
    assert_non_null(strstr(drawn(&s, &text), "nobody in this race reads it"));
    stage_go_to(&s, "model.hidden");
    assert_int_equal(canvas_resize(&s.canvas, 200, 60), 0);
    assert_non_null(strstr(drawn(&s, &text), "not read by transformer-dpa, cisformer-ea, lstm"));
    text_release(&text);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_tell_their_range),
        cmocka_unit_test(meanings_are_whole),
        cmocka_unit_test(each_part_may_have_the_page),
        cmocka_unit_test(what_nobody_reads_is_not_listed),
        cmocka_unit_test(the_log_goes_back),
        cmocka_unit_test(files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
