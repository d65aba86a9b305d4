#include "view/canvas.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/fail.h"
#include "view/glyph.h"

int canvas_resize(struct canvas *c, int width, int height)
{
    assert(width >= 0 && width <= 1000 && height >= 0 && height <= 1000);
    size_t need = (size_t)width * (size_t)height;
    if (need > c->capacity) {
        struct cell *grown = realloc(c->cells, need * sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        c->cells = grown;
        c->capacity = need;
    }
    c->width = width;
    c->height = height;
    c->clip = (struct rect){0, 0, width, height};
    canvas_clear(c);
    return 0;
}

void canvas_release(struct canvas *c)
{
    free(c->cells);
    *c = (struct canvas){0};
}

void canvas_clear(struct canvas *c)
{
    size_t count = (size_t)c->width * (size_t)c->height;
    for (size_t i = 0; i < count; i++)
        c->cells[i] = (struct cell){' ', ROLE_TEXT, ROLE_BACKGROUND, 0};
}

struct rect rect_common(struct rect a, struct rect b)
{
    int left = a.x > b.x ? a.x : b.x;
    int top = a.y > b.y ? a.y : b.y;
    int right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    int bottom = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
    return (struct rect){left, top, right > left ? right - left : 0,
                         bottom > top ? bottom - top : 0};
}

struct rect canvas_clip(struct canvas *c, struct rect r)
{
    struct rect old = c->clip;
    c->clip = rect_common(old, r);
    return old;
}

struct cell *canvas_at(struct canvas *c, int x, int y)
{
    const struct rect *k = &c->clip;
    if (x < k->x || y < k->y || x >= k->x + k->w || y >= k->y + k->h)
        return NULL;
    return &c->cells[(size_t)y * (size_t)c->width + (size_t)x];
}

static uint32_t shown(const struct canvas *c, uint32_t code)
{
    if (code >= 0x20 && code < 0x7f)
        return code;
    code = glyph_safe(code);
    return c->glyphs == GLYPHS_ASCII ? glyph_ascii(code) : code;
}

void canvas_put(struct canvas *c, int x, int y, uint32_t code, uint8_t fg, uint8_t bg, uint8_t attr)
{
    struct cell *cell = canvas_at(c, x, y);
    if (cell)
        *cell = (struct cell){shown(c, code), fg, bg, attr};
}

/* One character of running text: it keeps the background that is there. */
static void put_letter(struct canvas *c, int x, int y, uint32_t code, uint8_t fg, uint8_t attr)
{
    struct cell *cell = canvas_at(c, x, y);
    if (cell)
        *cell = (struct cell){shown(c, code), fg, cell->bg, attr};
}

int canvas_text(struct canvas *c, int x, int y, const char *s, uint8_t fg, uint8_t attr)
{
    int columns = 0;
    uint32_t code;
    for (int n; (n = text_decode(s, &code)) > 0; s += n)
        put_letter(c, x + columns++, y, code, fg, attr);
    return columns;
}

int canvas_textf(struct canvas *c, int x, int y, uint8_t fg, uint8_t attr, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    return canvas_text(c, x, y, line, fg, attr);
}

int canvas_text_fit(struct canvas *c, int x, int y, int width, const char *s, uint8_t fg,
                    uint8_t attr)
{
    if (width <= 0)
        return 0;
    bool cut = canvas_columns(s) > width;
    int columns = 0;
    uint32_t code;
    for (int n; (n = text_decode(s, &code)) > 0 && columns < (cut ? width - 1 : width); s += n)
        put_letter(c, x + columns++, y, code, fg, attr);
    if (cut)
        put_letter(c, x + columns++, y, 0x2026, fg, attr);
    return columns;
}

void canvas_fill(struct canvas *c, struct rect r, uint32_t code, uint8_t fg, uint8_t bg)
{
    struct rect in = rect_common(c->clip, r);
    struct cell value = {shown(c, code), fg, bg, 0};
    for (int y = in.y; y < in.y + in.h; y++)
        for (int x = in.x; x < in.x + in.w; x++)
            c->cells[(size_t)y * (size_t)c->width + (size_t)x] = value;
}

struct rect canvas_box(struct canvas *c, struct rect r, const char *left, const char *right)
{
    if (r.w < 3 || r.h < 3)
        return r;
    int x1 = r.x + r.w - 1, y1 = r.y + r.h - 1;
    for (int x = r.x + 1; x < x1; x++) {
        canvas_put(c, x, r.y, 0x2500, ROLE_BORDER, ROLE_BACKGROUND, 0);
        canvas_put(c, x, y1, 0x2500, ROLE_BORDER, ROLE_BACKGROUND, 0);
    }
    for (int y = r.y + 1; y < y1; y++) {
        canvas_put(c, r.x, y, 0x2502, ROLE_BORDER, ROLE_BACKGROUND, 0);
        canvas_put(c, x1, y, 0x2502, ROLE_BORDER, ROLE_BACKGROUND, 0);
    }
    canvas_put(c, r.x, r.y, 0x256d, ROLE_BORDER, ROLE_BACKGROUND, 0);
    canvas_put(c, x1, r.y, 0x256e, ROLE_BORDER, ROLE_BACKGROUND, 0);
    canvas_put(c, r.x, y1, 0x2570, ROLE_BORDER, ROLE_BACKGROUND, 0);
    canvas_put(c, x1, y1, 0x256f, ROLE_BORDER, ROLE_BACKGROUND, 0);

    /* " left " from the second column; " right " before the last but one, if both leave a gap. */
    int room = r.w - 6, used = 0;
    if (left && *left && room > 0) {
        canvas_put(c, r.x + 2, r.y, ' ', ROLE_TEXT, ROLE_BACKGROUND, 0);
        used = canvas_text_fit(c, r.x + 3, r.y, room, left, ROLE_ACCENT, CELL_BOLD);
        canvas_put(c, r.x + 3 + used, r.y, ' ', ROLE_TEXT, ROLE_BACKGROUND, 0);
        used += 3;
    }
    int columns = right ? canvas_columns(right) : 0;
    if (columns > 0 && columns <= room - used) {
        int x = x1 - 2 - columns;
        canvas_put(c, x - 1, r.y, ' ', ROLE_TEXT, ROLE_BACKGROUND, 0);
        canvas_text(c, x, r.y, right, ROLE_DIM, 0);
        canvas_put(c, x + columns, r.y, ' ', ROLE_TEXT, ROLE_BACKGROUND, 0);
    }
    return (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2};
}

int canvas_parts(const struct canvas *c)
{
    return c->glyphs == GLYPHS_ASCII ? 1 : c->glyphs == GLYPHS_HALF ? 2 : 8;
}

bool canvas_has_halves(const struct canvas *c)
{
    return c->glyphs >= GLYPHS_HALF && c->colors >= 256;
}

void canvas_bar(struct canvas *c, int x, int y, int w, double share, uint8_t fg)
{
    /* A NaN compares false with everything and draws nothing. */
    if (w <= 0 || !(share > 0))
        return;
    if (share > 1)
        share = 1;
    int parts = canvas_parts(c);
    int filled = (int)(share * w * parts + 0.5);
    for (int i = 0; i < filled / parts; i++)
        put_letter(c, x + i, y, c->glyphs == GLYPHS_ASCII ? '#' : 0x2588, fg, 0);
    int rest = filled % parts;
    if (rest) /* U+258F is one eighth, U+2589 is seven */
        put_letter(c, x + filled / parts, y, 0x2590 - (uint32_t)(rest * 8 / parts), fg, 0);
}

int canvas_columns(const char *s)
{
    int columns = 0;
    uint32_t code;
    for (int n; (n = text_decode(s, &code)) > 0; s += n)
        columns++;
    return columns;
}

uint8_t canvas_plain_attr(const struct cell *cell)
{
    uint8_t attr = cell->attr;
    if (cell->bg == ROLE_CURSOR_BACKGROUND || cell->bg == ROLE_TITLE_BACKGROUND)
        attr ^= CELL_REVERSE;
    if (cell->fg == ROLE_DIM || cell->fg == ROLE_BORDER)
        attr |= CELL_DIM;
    if (cell->fg == ROLE_ACCENT || cell->fg == ROLE_BAD || cell->fg == ROLE_WARN ||
        (cell->fg >= ROLE_CONTROL_0 && cell->fg < ROLE_SERIES_0))
        attr |= CELL_BOLD;
    return attr;
}
