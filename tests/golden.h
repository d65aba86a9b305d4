/* Canvases in tests: rows as text, files to compare with, and proof that nothing is drawn outside.
   HEED_GOLDEN=write writes the files instead. Tests run in the root of the source tree. */
#ifndef HEED_TESTS_GOLDEN_H
#define HEED_TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "view/canvas.h"

enum { GOLDEN_ROW = 4096 };

/* Row y as UTF-8, trailing spaces trimmed. */
static inline const char *golden_row(const struct canvas *c, int y, char out[GOLDEN_ROW])
{
    size_t at = 0, end = 0;
    for (int x = 0; x < c->width; x++) {
        uint32_t code = c->cells[y * c->width + x].code;
        at += (size_t)text_encode(code, out + at);
        if (code != ' ')
            end = at;
    }
    out[end] = '\0';
    return out;
}

static inline void golden_row_is(const struct canvas *c, int y, const char *want)
{
    char row[GOLDEN_ROW];
    assert_string_equal(golden_row(c, y, row), want);
}

/* The canvas equals tests/golden/<name>.txt. */
static inline void golden_check(const struct canvas *c, const char *name)
{
    char path[256];
    struct text now = {0};
    snprintf(path, sizeof path, "tests/golden/%s.txt", name);
    canvas_write_text(c, &now);
    assert_false(now.broken);
    const char *mode = getenv("HEED_GOLDEN");
    if (mode && !strcmp(mode, "write")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        fputs(text_string(&now), f);
        assert_int_equal(fclose(f), 0);
    }
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s is missing: run with HEED_GOLDEN=write, look at it, commit it", path);
    char *want = malloc(now.length + 2);
    size_t size = fread(want, 1, now.length + 1, f);
    want[size] = '\0';
    fclose(f);
    if (strcmp(want, text_string(&now)))
        fail_msg("%s differs; now it is\n%s", path, text_string(&now));
    free(want);
    text_release(&now);
}

/* A canvas full of 'Z', and a check that only the rectangle was written. */
/* Of a whole screen the page alone: what surrounds it has pictures of its own. */
static inline void golden_check_page(const struct canvas *c, const char *name)
{
    struct canvas body = {.glyphs = c->glyphs, .colors = c->colors};
    assert_int_equal(canvas_resize(&body, c->width, c->height - 3), 0);
    memcpy(body.cells, c->cells + 2 * c->width,
           (size_t)(body.width * body.height) * sizeof *body.cells);
    golden_check(&body, name);
    canvas_release(&body);
}

static inline void golden_fill(struct canvas *c, int width, int height)
{
    assert_int_equal(canvas_resize(c, width, height), 0);
    canvas_fill(c, (struct rect){0, 0, width, height}, 'Z', ROLE_GOOD, ROLE_BAD);
}

static inline void golden_untouched(const struct canvas *c, struct rect r)
{
    for (int y = 0; y < c->height; y++)
        for (int x = 0; x < c->width; x++) {
            const struct cell *k = &c->cells[y * c->width + x];
            bool inside = x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
            if (!inside && (k->code != 'Z' || k->fg != ROLE_GOOD || k->bg != ROLE_BAD || k->attr))
                fail_msg("cell %d,%d outside %d,%d %dx%d was written: U+%04X", x, y, r.x, r.y, r.w,
                         r.h, (unsigned)k->code);
            assert_true(k->fg < ROLE_COUNT && k->bg < ROLE_COUNT);
        }
}

#endif
