#include "view/figure_draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Sans-serif letters are at most about this wide on average, as a share of their size. */
#define LETTER 0.62

double plane_x(const struct plane *p, double x)
{
    return p->x + p->w * (x - p->x0) / (p->x1 - p->x0);
}

double plane_y(const struct plane *p, double y)
{
    double share = p->log_y ? (log10(y) - log10(p->y0)) / (log10(p->y1) - log10(p->y0))
                            : (y - p->y0) / (p->y1 - p->y0);
    return p->y + p->h * (1 - (share < 0 ? 0 : share > 1 ? 1 : share));
}

double words_width(const char *words, int size)
{
    return LETTER * size * canvas_columns(words);
}

static void add_escaped(struct text *out, const char *s)
{
    for (; *s; s++) {
        if (*s == '<')
            text_add(out, "&lt;");
        else if (*s == '>')
            text_add(out, "&gt;");
        else if (*s == '&')
            text_add(out, "&amp;");
        else if ((unsigned char)*s >= 0x20)
            text_add_bytes(out, s, 1);
    }
}

void draw_words(struct text *out, double x, double y, enum anchor anchor, int size,
                struct color color, bool bold, const char *words)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    text_addf(out,
              "<text x=\"%.5g\" y=\"%.5g\" font-size=\"%d\" text-anchor=\"%s\" "
              "fill=\"#%02x%02x%02x\"%s>",
              x, y, size, anchors[anchor], color.r, color.g, color.b,
              bold ? " font-weight=\"bold\"" : "");
    add_escaped(out, words);
    text_add(out, "</text>\n");
}

void draw_line(struct text *out, double x0, double y0, double x1, double y1, struct color color,
               double width, const char *dashes)
{
    text_addf(out,
              "<line x1=\"%.5g\" y1=\"%.5g\" x2=\"%.5g\" y2=\"%.5g\" stroke=\"#%02x%02x%02x\" "
              "stroke-width=\"%g\"",
              x0, y0, x1, y1, color.r, color.g, color.b, width);
    if (dashes)
        text_addf(out, " stroke-dasharray=\"%s\"", dashes);
    text_add(out, "/>\n");
}

void draw_marker(struct text *out, int series, double x, double y, double radius,
                 struct color color)
{
    /* Corners in units of the radius; a circle has none. */
    static const char *const shapes[] = {
        "", "-.9,-.9 .9,-.9 .9,.9 -.9,.9", "0,-1.2 1.1,.8 -1.1,.8", "0,-1.3 1.1,0 0,1.3 -1.1,0",
        "0,1.2 1.1,-.8 -1.1,-.8",
        ("-.4,-1.2 .4,-1.2 .4,-.4 1.2,-.4 1.2,.4 .4,.4 "
         ".4,1.2 -.4,1.2 -.4,.4 -1.2,.4 -1.2,-.4 -.4,-.4"),
        "-1.2,-.5 0,-1.2 1.2,-.5 .8,1 -.8,1", "-.5,-1.2 .5,-1.2 .5,1.2 -.5,1.2"};
    const char *shape = shapes[series % 8];
    if (!*shape) {
        text_addf(out, "<circle cx=\"%.5g\" cy=\"%.5g\" r=\"%g\" fill=\"#%02x%02x%02x\"/>\n", x, y,
                  radius, color.r, color.g, color.b);
        return;
    }
    text_addf(out,
              "<polygon points=\"%s\" transform=\"translate(%.5g %.5g) scale(%g)\" "
              "fill=\"#%02x%02x%02x\"/>\n",
              shape, x, y, radius, color.r, color.g, color.b);
}

static void draw_head(const struct figure *f, const struct theme *theme, struct text *out)
{
    draw_words(out, 16, 22, ANCHOR_START, FIGURE_FONT + 2, theme->roles[ROLE_TEXT], true,
               f->title);
}

void draw_sheet(const struct figure *f, const struct theme *theme, double width, double height,
                struct text *out)
{
    struct color ground = theme->roles[ROLE_BACKGROUND];
    text_addf(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
              "viewBox=\"0 0 %.0f %.0f\" font-family=\"Helvetica, Arial, sans-serif\">\n"
              "<rect width=\"100%%\" height=\"100%%\" fill=\"#%02x%02x%02x\"/>\n",
              width, height, width, height, ground.r, ground.g, ground.b);
    draw_head(f, theme, out);
}

/* Bytes of the next row of a caption line that fits, cut at a space where there is one. */
static size_t row_length(const char *line, double width)
{
    char row[FIGURE_LINE];
    size_t fit = 0, n = strlen(line);
    for (size_t i = 1; i <= n; i++) {
        if (line[i] != ' ' && line[i] != '\0')
            continue;
        snprintf(row, sizeof row, "%.*s", (int)i, line);
        if (words_width(row, FIGURE_SMALL) > width && fit > 0)
            break;
        fit = i;
    }
    return fit;
}

int caption_rows(const struct figure *f, double width)
{
    int rows = 0;
    for (int i = 0; i < f->caption_lines; i++) {
        for (const char *at = f->caption[i]; *at; rows++) {
            at += row_length(at, width);
            at += *at == ' ';
        }
    }
    return rows;
}

void draw_caption(const struct figure *f, const struct theme *theme, double y, double width,
                  struct text *out)
{
    char row[FIGURE_LINE];
    for (int i = 0; i < f->caption_lines; i++) {
        for (const char *at = f->caption[i]; *at;) {
            size_t n = row_length(at, width);
            snprintf(row, sizeof row, "%.*s", (int)n, at);
            draw_words(out, 16, y, ANCHOR_START, FIGURE_SMALL, theme->roles[ROLE_DIM], false, row);
            y += FIGURE_SMALL + 4;
            at += n;
            at += *at == ' ';
        }
    }
}

int figure_ticks(double low, double high, int limit, double *ticks, int *digits)
{
    double raw = (high - low) / limit, power = pow(10, floor(log10(raw))), step = 10 * power;
    static const double nice[] = {1, 2, 5};
    int n = 0;
    for (int i = 2; i >= 0; i--) {
        if (nice[i] * power >= raw * (1 - 1e-9))
            step = nice[i] * power;
    }
    *digits = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    for (double k = ceil(low / step - 1e-9); k * step <= high + step * 1e-6 && n < limit + 1; k++)
        ticks[n++] = k * step + 0.0; /* never "-0" */
    return n;
}

/* 1, 10, 100, ... between the ends; with 2 and 5 where decades are few. */
static int log_ticks(double low, double high, double *ticks)
{
    bool dense = log10(high / low) < 3;
    int n = 0;
    for (double power = pow(10, floor(log10(low))); power <= high && n < FIGURE_TICKS;
         power *= 10) {
        for (int k = 1; k <= 5 && n < FIGURE_TICKS; k += k == 1 ? 1 : 3) {
            double tick = k * power;
            if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9) && (k == 1 || dense))
                ticks[n++] = tick;
        }
    }
    return n;
}

static void add_x_ticks(const struct theme *theme, const struct plane *p, struct text *out)
{
    double ticks[FIGURE_TICKS + 1], bottom = p->y + p->h;
    int digits, n = figure_ticks(p->x0, p->x1, 6, ticks, &digits);
    for (int i = 0; i < n; i++) {
        char label[32];
        double x = plane_x(p, ticks[i]);
        if (digits == 0)
            text_thousands(label, sizeof label, llround(ticks[i]));
        else
            snprintf(label, sizeof label, "%.*f", digits, ticks[i]);
        draw_line(out, x, bottom, x, bottom + 4, theme->roles[ROLE_TEXT], 1, NULL);
        draw_words(out, x, bottom + 17, ANCHOR_MIDDLE, FIGURE_SMALL + 1, theme->roles[ROLE_TEXT],
                   false, label);
    }
}

void draw_axes(const struct figure *f, const struct theme *theme, const struct plane *p,
               bool x_ticks, struct text *out)
{
    double ticks[FIGURE_TICKS + 1], bottom = p->y + p->h;
    struct color ink = theme->roles[ROLE_TEXT];
    struct color grid = theme_mix(theme->roles[ROLE_BACKGROUND], theme->roles[ROLE_TEXT], 0.12);
    int digits = 0, n = p->log_y ? log_ticks(p->y0, p->y1, ticks)
                                 : figure_ticks(p->y0, p->y1, 6, ticks, &digits);
    for (int i = 0; i < n; i++) {
        char label[32];
        double y = plane_y(p, ticks[i]);
        snprintf(label, sizeof label, p->log_y ? "%.*g" : "%.*f", p->log_y ? 3 : digits, ticks[i]);
        draw_line(out, p->x, y, p->x + p->w, y, grid, 1, NULL);
        draw_line(out, p->x - 4, y, p->x, y, ink, 1, NULL);
        draw_words(out, p->x - 8, y + 4, ANCHOR_END, FIGURE_SMALL + 1, ink, false, label);
    }
    draw_line(out, p->x, p->y, p->x, bottom, ink, 1, NULL);
    draw_line(out, p->x, bottom, p->x + p->w, bottom, ink, 1, NULL);
    if (x_ticks)
        add_x_ticks(theme, p, out);
    double below = f->kind == FIGURE_BARS ? 34 + FIGURE_COUNTS : 34;
    draw_words(out, p->x + p->w / 2, bottom + below, ANCHOR_MIDDLE, FIGURE_FONT, ink, false,
               f->x_label);
    text_addf(out, "<g transform=\"translate(18 %.5g) rotate(-90)\">\n", p->y + p->h / 2);
    draw_words(out, 0, 0, ANCHOR_MIDDLE, FIGURE_FONT, ink, false, f->y_label);
    text_add(out, "</g>\n");
}
