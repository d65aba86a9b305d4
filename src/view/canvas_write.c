/* A canvas as plain text and as text with ANSI colours (ECMA-48 SGR). */
#include "view/canvas.h"

#include <stdio.h>
#include "view/theme.h"

static const struct cell *row_of(const struct canvas *c, int y)
{
    return &c->cells[(size_t)y * (size_t)c->width];
}

static void add_code(struct text *out, uint32_t code)
{
    char bytes[4];
    text_add_bytes(out, bytes, (size_t)text_encode(code, bytes));
}

void canvas_write_text(const struct canvas *c, struct text *out)
{
    for (int y = 0; y < c->height; y++) {
        const struct cell *row = row_of(c, y);
        int end = c->width;
        while (end > 0 && (row[end - 1].code == ' ' || row[end - 1].code == 0x2800))
            end--;
        for (int x = 0; x < end; x++)
            add_code(out, row[x].code);
        text_add(out, "\n");
    }
}

/* "38;2;r;g;b" or "38;5;n": one colour for SGR, base 38 or 48. */
static void add_color(struct text *out, struct color color, int base, int colors)
{
    if (colors > 256)
        text_addf(out, ";%d;2;%d;%d;%d", base, color.r, color.g, color.b);
    else
        text_addf(out, ";%d;5;%d", base, theme_to_256(color));
}

/* "31", "91" or "39": one of at most 16 numbers, -1 the terminal's own; base 38 or 48. */
static void add_number(struct text *out, int number, int base)
{
    if (number < 0)
        text_addf(out, ";%d", base + 1);
    else
        text_addf(out, ";%d", number < 8 ? base - 8 + number : base - 8 + 60 + number - 8);
}

static bool is_block(const struct cell *cell)
{
    return cell->code >= 0x2580 && cell->code <= 0x259f;
}

/* A map's colours may be the ground's: that is a level. Other blocks, a bar's, are seen on any ground. */
static bool may_vanish(const struct cell *cell)
{
    return is_block(cell) && (cell->fg >= ROLE_DIVERGING_0 || cell->bg != ROLE_BACKGROUND);
}

/* What would have its ground's number gets one that can be seen. */
static void add_coarse(struct text *out, const struct cell *cell, const struct theme *theme, int colors)
{
    struct color fg = theme->roles[cell->fg], bg = theme->roles[cell->bg];
    bool bold, unused;
    int ground = theme_coarse(bg, colors, true, &unused);
    int number = theme_coarse(fg, colors, false, &bold);
    if (cell->fg != cell->bg && !may_vanish(cell) && number >= 0 && number == ground)
        number = theme_coarse_contrast(bg), bold = false;
    if (bold && !(cell->attr & CELL_BOLD))
        text_add(out, ";1");
    add_number(out, number, 38);
    add_number(out, ground, 48);
}

static void add_style(struct text *out, const struct canvas *c, const struct theme *theme,
                      const struct cell *cell)
{
    uint8_t attr = c->colors ? cell->attr : canvas_plain_attr(cell);
    struct color fg = theme->roles[cell->fg], bg = theme->roles[cell->bg];
    bool mix = (attr & CELL_DIM) && c->colors >= 256;
    if (mix)
        fg = theme_mix(bg, fg, CANVAS_DIM_SHARE);
    text_add(out, "\033[0");
    if (attr & CELL_BOLD)
        text_add(out, ";1");
    if ((attr & CELL_DIM) && !mix)
        text_add(out, ";2");
    if (attr & CELL_UNDERLINE)
        text_add(out, ";4");
    if (attr & CELL_REVERSE)
        text_add(out, ";7");
    if (c->colors >= 256) {
        add_color(out, fg, 38, c->colors);
        add_color(out, bg, 48, c->colors);
    } else if (c->colors) {
        add_coarse(out, cell, theme, c->colors);
    }
    text_add(out, "m");
}

static bool same_style(const struct cell *a, const struct cell *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attr == b->attr && may_vanish(a) == may_vanish(b);
}

void canvas_write_ansi(const struct canvas *c, const struct theme *theme, struct text *out)
{
    for (int y = 0; y < c->height; y++) {
        const struct cell *row = row_of(c, y);
        for (int x = 0; x < c->width; x++) {
            if (x == 0 || !same_style(&row[x], &row[x - 1]))
                add_style(out, c, theme, &row[x]);
            add_code(out, row[x].code);
        }
        text_add(out, c->width ? "\033[0m\n" : "\n");
    }
}
