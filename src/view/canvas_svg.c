/* A canvas as an SVG picture. What must line up without gaps (blocks, dots, frames, markers) is
   drawn as shapes, so that the picture does not depend on the reader's fonts. */
#include "view/canvas.h"

#include <stdio.h>
#include "view/theme.h"

/* A monospaced glyph is 0.6 em wide: 15 px high letters advance by 9 px. */
enum { CELL_W = 9, CELL_H = 18, FONT = 15, BASELINE = 13, MARGIN = 9 };

struct style {
    struct color fg, bg;
    uint8_t attr;
};

static bool same_color(struct color a, struct color b)
{
    return a.r == b.r && a.g == b.g && a.b == b.b;
}

static struct style style_of(const struct canvas *c, const struct theme *theme,
                             const struct cell *cell)
{
    bool plain = c->colors == 0;
    struct style s = {theme->roles[plain ? ROLE_TEXT : cell->fg],
                      theme->roles[plain ? ROLE_BACKGROUND : cell->bg],
                      plain ? canvas_plain_attr(cell) : cell->attr};
    if (s.attr & CELL_DIM)
        s.fg = theme_mix(s.bg, s.fg, CANVAS_DIM_SHARE);
    if (s.attr & CELL_REVERSE) {
        struct color swap = s.fg;
        s.fg = s.bg;
        s.bg = swap;
    }
    return s;
}

static void add_rect(struct text *out, double x, double y, double w, double h, struct color k,
                     double opacity)
{
    text_addf(out, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"#%02x%02x%02x\"", x,
              y, w, h, k.r, k.g, k.b);
    if (opacity < 1)
        text_addf(out, " fill-opacity=\"%g\"", opacity);
    text_add(out, "/>\n");
}

static void add_escaped(struct text *out, uint32_t code)
{
    char bytes[4];
    switch (code) {
    case '<':
        text_add(out, "&lt;");
        break;
    case '>':
        text_add(out, "&gt;");
        break;
    case '&':
        text_add(out, "&amp;");
        break;
    case '"':
        text_add(out, "&quot;");
        break;
    default:
        text_add_bytes(out, bytes, (size_t)text_encode(code, bytes));
    }
}

static void draw_block(struct text *out, uint32_t code, double x, double y, struct color k)
{
    double w = CELL_W, h = CELL_H;
    static const double shade[3] = {0.25, 0.5, 0.75};
    static const char quarters[10] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14}; /* 1 ul, 2 ur, 4 ll, 8 lr */
    if (code == 0x2580)
        add_rect(out, x, y, w, h / 2, k, 1);
    else if (code <= 0x2588)
        add_rect(out, x, y + h - h * (code - 0x2580) / 8, w, h * (code - 0x2580) / 8, k, 1);
    else if (code <= 0x258f)
        add_rect(out, x, y, w * (0x2590 - code) / 8, h, k, 1);
    else if (code == 0x2590)
        add_rect(out, x + w / 2, y, w / 2, h, k, 1);
    else if (code <= 0x2593)
        add_rect(out, x, y, w, h, k, shade[code - 0x2591]);
    else if (code == 0x2594)
        add_rect(out, x, y, w, h / 8, k, 1);
    else if (code == 0x2595)
        add_rect(out, x + w * 7 / 8, y, w / 8, h, k, 1);
    else
        for (int i = 0; i < 4; i++)
            if (quarters[code - 0x2596] & 1 << i)
                add_rect(out, x + i % 2 * w / 2, y + i / 2 * h / 2, w / 2, h / 2, k, 1);
}

static void draw_braille(struct text *out, uint32_t code, double x, double y, struct color k)
{
    static const char column[8] = {0, 0, 0, 1, 1, 1, 0, 1}, row[8] = {0, 1, 2, 0, 1, 2, 3, 3};
    text_addf(out, "<path fill=\"#%02x%02x%02x\" d=\"", k.r, k.g, k.b);
    for (int i = 0; i < 8; i++)
        if (code & 1u << i)
            text_addf(out, "M%g %ga1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0 -3.6 0z",
                      x + 0.45 + column[i] * 4.5, y + 2.25 + row[i] * 4.5);
    text_add(out, "\"/>\n");
}

enum { ARM_LEFT = 1, ARM_RIGHT = 2, ARM_UP = 4, ARM_DOWN = 8, ARM_ROUND = 16, ARM_DASHED = 32 };

/* Which arms of a box-drawing character leave its middle; 0: drawn as a letter. */
static int frame_arms(uint32_t code)
{
    static const struct {
        uint16_t code;
        char arms;
    } table[] = {{0x2500, 3},  {0x2502, 12}, {0x2504, 35}, {0x2506, 44}, {0x2508, 35},
                 {0x250a, 44}, {0x250c, 10}, {0x2510, 9},  {0x2514, 6},  {0x2518, 5},
                 {0x251c, 14}, {0x2524, 13}, {0x252c, 11}, {0x2534, 7},  {0x253c, 15},
                 {0x254c, 35}, {0x254e, 44}, {0x256d, 26}, {0x256e, 25}, {0x256f, 21},
                 {0x2570, 22}, {0x2574, 1},  {0x2575, 4},  {0x2576, 2},  {0x2577, 8}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].code == code)
            return table[i].arms;
    return 0;
}

static void draw_frame(struct text *out, int arms, double x, double y, struct color k)
{
    double mx = x + CELL_W / 2.0, my = y + CELL_H / 2.0;
    text_addf(out, "<path fill=\"none\" stroke=\"#%02x%02x%02x\"%s d=\"", k.r, k.g, k.b,
              arms & ARM_DASHED ? " stroke-dasharray=\"2 2.5\"" : "");
    if (arms & ARM_ROUND) {
        text_addf(out, "M%g %gQ%g %g %g %g", mx, arms & ARM_UP ? y : y + CELL_H, mx, my,
                  arms & ARM_LEFT ? x : x + CELL_W, my);
    } else {
        if (arms & (ARM_LEFT | ARM_RIGHT))
            text_addf(out, "M%g %gH%g", arms & ARM_LEFT ? x : mx, my,
                      arms & ARM_RIGHT ? x + CELL_W : mx);
        if (arms & (ARM_UP | ARM_DOWN))
            text_addf(out, "M%g %gV%g", mx, arms & ARM_UP ? y : my,
                      arms & ARM_DOWN ? y + CELL_H : my);
    }
    text_add(out, "\"/>\n");
}

/* A marker's outline from the cell's corner, NULL if the character is none. */
static const char *marker_path(uint32_t code)
{
    switch (code) {
    case 0x25cf:
        return "m.5 9a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z";
    case 0x25b2:
        return "m.3 13h8.4l-4.2 -8.4z";
    case 0x25bc:
        return "m.3 5h8.4l-4.2 8.4z";
    case 0x25c6:
        return "m4.5 4l4.4 5l-4.4 5l-4.4 -5z";
    case 0x25a0:
        return "m1 5.5h7v7h-7z";
    case 0x25b6:
        return "m1 5l7.5 4l-7.5 4z";
    case 0x25c0:
        return "m8 5l-7.5 4l7.5 4z";
    default:
        return NULL;
    }
}

/* From corner to corner, as steep curves of whole cells are drawn. */
static bool is_diagonal(uint32_t code)
{
    return code == 0x2571 || code == 0x2572;
}

static void draw_diagonal(struct text *out, uint32_t code, double x, double y, struct color k)
{
    bool rises = code == 0x2571;
    text_addf(out, "<path stroke=\"#%02x%02x%02x\" stroke-width=\"1.5\" d=\"M%g %gL%g %g\"/>\n", k.r,
              k.g, k.b, x, rises ? y + CELL_H : y, x + CELL_W, rises ? y : y + CELL_H);
}

static bool is_shape(uint32_t code)
{
    return is_diagonal(code) || (code >= 0x2580 && code <= 0x259f) || (code >= 0x2800 && code <= 0x28ff) ||
           frame_arms(code) || marker_path(code);
}

static void draw_shape(struct text *out, uint32_t code, double x, double y, struct color k)
{
    if (code >= 0x2580 && code <= 0x259f)
        draw_block(out, code, x, y, k);
    else if (code >= 0x2800 && code <= 0x28ff)
        draw_braille(out, code, x, y, k);
    else if (is_diagonal(code))
        draw_diagonal(out, code, x, y, k);
    else if (frame_arms(code))
        draw_frame(out, frame_arms(code), x, y, k);
    else
        text_addf(out, "<path fill=\"#%02x%02x%02x\" d=\"M%g %g%s\"/>\n", k.r, k.g, k.b, x, y,
                  marker_path(code));
}

static void draw_backgrounds(const struct canvas *c, const struct theme *theme, int y,
                             struct text *out)
{
    const struct cell *row = &c->cells[(size_t)y * (size_t)c->width];
    for (int x = 0, end; x < c->width; x = end) {
        struct color bg = style_of(c, theme, &row[x]).bg;
        for (end = x + 1; end < c->width && same_color(bg, style_of(c, theme, &row[end]).bg);)
            end++;
        if (!same_color(bg, theme->roles[ROLE_BACKGROUND]))
            add_rect(out, MARGIN + x * CELL_W, MARGIN + y * CELL_H, (end - x) * CELL_W, CELL_H, bg,
                     1);
    }
}

/* One <text> per word, so that a font of another width cannot push the rest of the line away. */
static void draw_letters(const struct canvas *c, const struct theme *theme, int y, struct text *out)
{
    const struct cell *row = &c->cells[(size_t)y * (size_t)c->width];
    struct style now = {0};
    bool open = false;
    for (int x = 0; x < c->width; x++) {
        struct style s = style_of(c, theme, &row[x]);
        double left = MARGIN + x * CELL_W, top = MARGIN + y * CELL_H;
        bool blank = row[x].code == ' ';
        if (open && (blank || s.attr != now.attr || !same_color(s.fg, now.fg))) {
            text_add(out, "</text>\n");
            open = false;
        }
        if (s.attr & CELL_UNDERLINE)
            add_rect(out, left, top + BASELINE + 2, CELL_W, 1, s.fg, 1);
        if (blank)
            continue;
        if (is_shape(row[x].code)) {
            if (open)
                text_add(out, "</text>\n");
            open = false;
            draw_shape(out, row[x].code, left, top, s.fg);
            continue;
        }
        if (!open)
            text_addf(out, "<text x=\"%g\" y=\"%g\" fill=\"#%02x%02x%02x\"%s>", left,
                      top + BASELINE, s.fg.r, s.fg.g, s.fg.b,
                      s.attr & CELL_BOLD ? " font-weight=\"bold\"" : "");
        add_escaped(out, row[x].code);
        open = true;
        now = s;
    }
    if (open)
        text_add(out, "</text>\n");
}

void canvas_write_svg(const struct canvas *c, const struct theme *theme, const char *title,
                      struct text *out)
{
    int w = c->width * CELL_W + 2 * MARGIN, h = c->height * CELL_H + 2 * MARGIN;
    struct color back = theme->roles[ROLE_BACKGROUND];
    text_addf(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
              "viewBox=\"0 0 %d %d\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" "
              "font-size=\"%d\">\n<title>",
              w, h, w, h, FONT);
    uint32_t code;
    for (int n; (n = text_decode(title, &code)) > 0; title += n)
        if (code >= 0x20 && code != 0xfffe && code != 0xffff)
            add_escaped(out, code);
    text_addf(out, "</title>\n<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#%02x%02x%02x\"/>\n",
              w, h, back.r, back.g, back.b);
    for (int y = 0; y < c->height; y++) {
        draw_backgrounds(c, theme, y, out);
        draw_letters(c, theme, y, out);
    }
    text_add(out, "</svg>\n");
}
