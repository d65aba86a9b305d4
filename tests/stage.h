/* A screen with a fixture behind it, for tests that press keys. Include before other test headers.
 */
#ifndef HEED_TESTS_STAGE_H
#define HEED_TESTS_STAGE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include "cli/matching.h"
#include "fixture_snapshot.h"
#include "view/ui_state.h"
#include <cmocka.h>

enum { OUTBOX = 16 };

/* One screen with a fixture behind it. */
struct stage {
    struct ui *ui;
    struct canvas canvas;
    struct race_snapshot *race;
    struct probe_snapshot *probe;
    struct command out[OUTBOX];
    int sent;
};

static void stage_open(struct stage *s, enum ui_page page, bool stepping_only)
{
    struct ui_options options = {.page = page, .stepping_only = stepping_only, .matching = &cli_matching};
    struct failure why;

    *s = (struct stage){.race = fixture_race(), .probe = fixture_probe(2, true)};
    assert_int_equal(theme_load(&options.theme, "dark", &why), 0);
    assert_int_equal(ui_new(&s->ui, &options, &why), 0);
    s->canvas.glyphs = GLYPHS_BRAILLE;
    s->canvas.colors = 1 << 24;
    assert_int_equal(canvas_resize(&s->canvas, 120, 36), 0);
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
}

static void stage_close(struct stage *s)
{
    ui_free(s->ui);
    canvas_release(&s->canvas);
    fixture_free(s->race, s->probe);
}

static void press(struct stage *s, uint32_t key)
{
    s->sent = ui_key(s->ui, key, NULL, s->race, s->probe, s->out, OUTBOX);
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
}

static inline void press_mouse(struct stage *s, const struct ui_mouse *m)
{
    s->sent = ui_key(s->ui, UI_KEY_MOUSE, m, s->race, s->probe, s->out, OUTBOX);
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
}

static inline void press_sends(struct stage *s, uint32_t key, enum command_kind kind, int index)
{
    press(s, key);
    assert_int_equal(s->sent, 1);
    assert_int_equal(s->out[0].kind, kind);
    assert_int_equal(s->out[0].index, index);
}

/* On Run and in the form: the cursor on the row of a setting. */
static inline void stage_go_to(struct stage *s, const char *key)
{
    int list[SHEET_ROWS], n = sheet_rows(s->ui, s->race, list);
    const struct setting *settings = config_settings(&(int){0});
    for (s->ui->run.row = 0; s->ui->run.row < n; s->ui->run.row++)
        if (list[s->ui->run.row] >= 0 && strcmp(settings[list[s->ui->run.row]].key, key) == 0)
            return;
    fail_msg("%s is not listed", key);
}

#endif
