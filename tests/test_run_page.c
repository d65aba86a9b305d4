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
    } wanted[] = {{"model.norm", "layer/rms/none  ·  default layer  ·  fixed once the run begins"},
                  {"task.kind", "a name  ·  default iarc  ·  the same for all"},
                  {"train.learning_rate", "or auto  ·  default auto  ·  changes live: - +"}};
    struct stage s;
    struct text text = {0};
    int count;
    const struct setting *settings = config_settings(&count);

    stage_open(&s, PAGE_RUN, false);
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
        for (int i = 0; i < count; i++)
            if (strcmp(settings[i].key, wanted[k].key) == 0)
                s.ui->run.row = i;
        const char *screen = drawn(&s, &text);
        if (!strstr(screen, wanted[k].text))
            fail_msg("%s does not say \"%s\"", wanted[k].key, wanted[k].text);
    }
    text_release(&text);
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
    assert_non_null(strstr(drawn(&s, &text), "metrics.jsonl"));
    assert_non_null(strstr(text_string(&text), "lstm/checkpoint.safetensors"));
    s.race->folder[0] = 0;
    assert_null(strstr(drawn(&s, &text), "checkpoint.safetensors"));
    assert_non_null(strstr(text_string(&text), "this run keeps no files"));
    text_release(&text);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_tell_their_range),
        cmocka_unit_test(the_log_goes_back),
        cmocka_unit_test(files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
