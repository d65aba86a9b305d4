/* A grid of character cells that knows nothing of any terminal. */
#ifndef HEED_VIEW_CANVAS_H
#define HEED_VIEW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/text.h"

/* Colours are roles; a theme says what they look like. */
enum role {
    ROLE_TEXT, ROLE_BACKGROUND, ROLE_DIM, ROLE_ACCENT, ROLE_GOOD, ROLE_BAD, ROLE_WARN,
    ROLE_TITLE, ROLE_TITLE_BACKGROUND, ROLE_BORDER, ROLE_CURSOR, ROLE_CURSOR_BACKGROUND,
    ROLE_CONTROL_0,                       /* + subtask % 8: control tokens */
    ROLE_SERIES_0 = ROLE_CONTROL_0 + 8,   /* + contestant % 8 */
    ROLE_DIVERGING_0 = ROLE_SERIES_0 + 8, /* 17 levels, 8 is zero */
    ROLE_SEQUENTIAL_0 = ROLE_DIVERGING_0 + 17, /* 17 levels, 0 is nothing */
    ROLE_COUNT = ROLE_SEQUENTIAL_0 + 17
};
enum { RAMP_LEVELS = 17 };

enum cell_attr { CELL_BOLD = 1, CELL_DIM = 2, CELL_REVERSE = 4, CELL_UNDERLINE = 8 };

struct cell {
    uint32_t code; /* one printable, single-width character */
    uint8_t fg, bg; /* enum role */
    uint8_t attr;
};

/* How much the terminal's font can be trusted with, each with what the ones before it have but as said:
   whole cells in colours and shades, eighths of them, lines; halves of two colours each, but no eighths,
   as on consoles; dots, and eighths again. */
enum glyphs { GLYPHS_ASCII, GLYPHS_BLOCK, GLYPHS_HALF, GLYPHS_BRAILLE };

struct rect {
    int x, y, w, h;
};

struct canvas {
    int width, height;
    struct cell *cells; /* [y * width + x] */
    size_t capacity;
    enum glyphs glyphs;
    int colors; /* 0 none, 8, 16, 256, 1 << 24: widgets use signs and shades instead of colour at 0 */
    struct rect clip; /* nothing is drawn outside */
};

/* Sizes from 0x0 to 1000x1000; contents become spaces. 0 or ERR_MEMORY. */
int canvas_resize(struct canvas *c, int width, int height);
void canvas_release(struct canvas *c);
void canvas_clear(struct canvas *c);
struct rect canvas_clip(struct canvas *c, struct rect r); /* narrows; returns the old one to restore */
struct rect rect_common(struct rect a, struct rect b); /* what both cover; 0 wide or high if nothing */
void canvas_put(struct canvas *c, int x, int y, uint32_t code, uint8_t fg, uint8_t bg, uint8_t attr);
/* The cell there, or NULL outside the clip. */
struct cell *canvas_at(struct canvas *c, int x, int y);
/* UTF-8 text, control characters never; wide or combining characters become '?'. The background that
   is there stays. With ASCII glyphs the usual signs are replaced ("·" -> ".", "…" -> "~", "←" -> "<", ...). Returns the columns used. */
int canvas_text(struct canvas *c, int x, int y, const char *s, uint8_t fg, uint8_t attr);
int canvas_textf(struct canvas *c, int x, int y, uint8_t fg, uint8_t attr, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* At most `width` columns, with an ellipsis where it was cut. Returns the columns used. */
int canvas_text_fit(struct canvas *c, int x, int y, int width, const char *s, uint8_t fg,
                    uint8_t attr);
void canvas_fill(struct canvas *c, struct rect r, uint32_t code, uint8_t fg, uint8_t bg);
/* A frame with a title at the left and one at the right of its top edge; returns the inside. Under
   3x3 there is no frame and the inside is all of it. */
struct rect canvas_box(struct canvas *c, struct rect r, const char *left, const char *right);
/* A horizontal bar of `share` (0..1) of w columns, eighth blocks, blocks or '#'. */
void canvas_bar(struct canvas *c, int x, int y, int w, double share, uint8_t fg);
/* Parts of a cell that a bar can end at: 8, 2 or, of ASCII, 1. */
int canvas_parts(const struct canvas *c);
/* Whether a cell's upper and lower half can have colours of their own: characters for it, and colours. */
bool canvas_has_halves(const struct canvas *c);
/* Columns a UTF-8 string takes on a canvas. */
int canvas_columns(const char *s);
/* The attributes that say what a cell's colours mean on a screen without colours: cursor and title
   reversed, control tokens and warnings bold, dim things dim. */
uint8_t canvas_plain_attr(const struct cell *cell);

/* CELL_DIM on screens with many colours: this share of the foreground over the background. */
#define CANVAS_DIM_SHARE 0.45

struct theme;
/* Write the whole canvas. Text: trailing spaces trimmed. ANSI: SGR by c->colors, no cursor motion.
   SVG: a monospaced picture that any XML parser takes. */
void canvas_write_text(const struct canvas *c, struct text *out);
void canvas_write_ansi(const struct canvas *c, const struct theme *theme, struct text *out);
void canvas_write_svg(const struct canvas *c, const struct theme *theme, const char *title,
                      struct text *out);

#endif
