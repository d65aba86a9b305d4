/* Goldens of what Train, Step, Compare and Probe show besides their first sight: every measure, edit, order
   and second picture, in three sizes and two sets of glyphs, six pictures a file.
   HEED_WRITE_GOLDEN=1 writes them anew. */
#include "stage.h"
#include <stdio.h>
#include <stdlib.h>

static const struct {
    int width, height;
} sizes[] = {{60, 18}, {80, 24}, {120, 36}};

enum { SIZES = sizeof sizes / sizeof *sizes, KEYS_MOST = 16 };

static const struct {
    const char *name;
    enum ui_page page;
    uint32_t keys[KEYS_MOST];
    enum probe_second second;
    int cursor; /* symbols before the cursor; 0: where the fixture has it */
} views[] = {
    {"train_accuracy", PAGE_TRAIN, {'v'}, SECOND_NONE, 0},
    {"train_loss_linear", PAGE_TRAIN, {'v', 'v', 'l', 'm'}, SECOND_NONE, 0},
    {"train_gradient", PAGE_TRAIN, {'v', 'v', 'v', 'a'}, SECOND_NONE, 0},
    {"train_rate", PAGE_TRAIN, {'v', 'v', 'v', 'v'}, SECOND_NONE, 0},
    {"train_speed", PAGE_TRAIN, {'v', 'v', 'v', 'v', 'v', 'a', 'a'}, SECOND_NONE, 0},
    {"train_evaluation", PAGE_TRAIN, {'v', 'v', 'v', 'v', 'v', 'v', 'L'}, SECOND_NONE, 0},
    {"train_switch", PAGE_TRAIN, {'v', 'v', 'v', 'v', 'v', 'v', 'v'}, SECOND_NONE, 0},
    {"train_subtask", PAGE_TRAIN, {'V'}, SECOND_NONE, 0},
    {"train_cursor", PAGE_TRAIN, {'+', '+', '<', UI_KEY_LEFT, UI_KEY_DOWN, 'H'}, SECOND_NONE, 0},
    {"train_following", PAGE_TRAIN, {'+', 'F', 'h'}, SECOND_NONE, 0},
    {"train_help", PAGE_TRAIN, {'?'}, SECOND_NONE, 0},
    {"step_branch", PAGE_STEP, {0}, SECOND_BRANCH, 0},
    {"step_versus", PAGE_STEP, {0}, SECOND_VERSUS, 0},
    {"step_replace", PAGE_STEP, {'r', UI_KEY_LEFT, UI_KEY_LEFT}, SECOND_NONE, 0},
    {"step_spell", PAGE_STEP, {'\'', '1'}, SECOND_NONE, 0},
    {"step_early", PAGE_STEP, {0}, SECOND_NONE, 6},
    {"step_read", PAGE_STEP, {'i'}, SECOND_NONE, 0},
    {"step_help", PAGE_STEP, {'?', UI_KEY_PAGE_DOWN, UI_KEY_PAGE_DOWN}, SECOND_NONE, 0},
    {"compare_bars", PAGE_COMPARE, {'b'}, SECOND_NONE, 0},
    {"compare_scrolled", PAGE_COMPARE, {UI_KEY_RIGHT, UI_KEY_RIGHT, UI_KEY_RIGHT}, SECOND_NONE, 0},
    {"compare_seconds", PAGE_COMPARE, {'a', 'a', 's', 's', 's', 's', 's', 's', 's', 'r', 'h'},
     SECOND_NONE, 0},
    {"probe", PAGE_PROBE, {']'}, SECOND_NONE, 0},
    {"compare_help", PAGE_COMPARE, {'?'}, SECOND_NONE, 0},
};

/* A window that is not full yet: the first symbols of the sequence. */
static void go_back(struct probe_snapshot *p, int cursor)
{
    if (cursor == 0)
        return;
    p->cursor = p->positions = cursor;
    p->start = 0;
    p->copied_from = cursor - 2;
    p->map_floats = (size_t)(p->map_count * cursor * cursor);
}

static void draw_one(size_t view, int size, enum glyphs glyphs, struct text *out)
{
    struct stage s;
    stage_open(&s, views[view].page, false);
    s.canvas.glyphs = glyphs;
    s.canvas.colors = glyphs == GLYPHS_ASCII ? 0 : 256;
    assert_int_equal(canvas_resize(&s.canvas, sizes[size].width, sizes[size].height), 0);
    if (views[view].second != SECOND_NONE)
        fixture_pair(s.probe, views[view].second);
    if (views[view].page == PAGE_PROBE)
        fixture_exam(s.probe);
    go_back(s.probe, views[view].cursor);
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    for (int k = 0; k < KEYS_MOST && views[view].keys[k]; k++)
        press(&s, views[view].keys[k]);
    if (!s.ui->help && !s.ui->file.open)
        s.ui->message[0] = 0;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    text_addf(out, "=== %dx%d %s\n", sizes[size].width, sizes[size].height,
              glyphs == GLYPHS_ASCII ? "ascii" : "braille");
    canvas_write_text(&s.canvas, out);
    stage_close(&s);
}

static void compare(const char *name, const struct text *got)
{
    static char want[1 << 18];
    char path[128];
    snprintf(path, sizeof path, "tests/golden/view_%s.txt", name);
    if (getenv("HEED_WRITE_GOLDEN")) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fputs(text_string(got), file);
        fclose(file);
    }
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s is missing", path);
    want[fread(want, 1, sizeof want - 1, file)] = 0;
    fclose(file);
    const char *a = want, *b = text_string(got);
    int line = 1;
    for (; *a && *a == *b; a++, b++)
        line += *a == '\n';
    if (*a != *b)
        fail_msg("%s, line %d: expected \"%.60s\", drawn \"%.60s\"", path, line, a, b);
}

static void every_view_is_as_it_was(void **state)
{
    (void)state;
    for (size_t view = 0; view < sizeof views / sizeof *views; view++) {
        struct text got = {0};
        for (int size = 0; size < SIZES; size++) {
            draw_one(view, size, GLYPHS_BRAILLE, &got);
            draw_one(view, size, GLYPHS_ASCII, &got);
        }
        assert_false(got.broken);
        compare(views[view].name, &got);
        text_release(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_view_is_as_it_was)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
