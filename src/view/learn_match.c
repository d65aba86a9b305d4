/* A query vector among a few keys in the plane, and what every attention variant makes of it. */
#include "view/learn.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/plot.h"

enum { LEAST_STEP = 5, MOST_STEP = 7, LEAST_PANEL = 5, MOST_PANEL = 12 };

static const char letters[] = "abcdefgh";

int learn_variant(const struct ui *ui, const struct lesson_widget *w, int i, struct ui_variant *out)
{
    int order[UI_COMMANDS_MOST], count = 0, all = 0;

    while (ui->matching && all < UI_COMMANDS_MOST && ui->matching->variant(all, out))
        all++;
    for (int k = 0; k < w->variants; k++)
        for (int j = 0; j < all; j++)
            if (ui->matching->variant(j, out) && strcmp(out->name, w->variant[k]) == 0)
                order[count++] = j;
    int named = count;
    for (int j = 0; j < all; j++) {
        bool taken = false;
        for (int k = 0; k < named; k++)
            taken |= order[k] == j;
        if (!taken)
            order[count++] = j;
    }
    if (i >= count)
        return -1;
    int at = order[(ui->learn.first + i) % count];
    ui->matching->variant(at, out);
    return at;
}

static void coordinates(struct lesson_arrow a, double out[2])
{
    static const double pi = 3.14159265358979323846;
    out[0] = a.length * cos(a.angle * pi / 180);
    out[1] = a.length * sin(a.angle * pi / 180);
    for (int i = 0; i < 2; i++) /* a right angle is one, and cog asks for the sign */
        out[i] = fabs(out[i]) < 1e-12 ? 0 : out[i];
}

void learn_weigh(const struct ui *ui, const struct lesson_widget *w, int variant, int n,
                 double *weight, double *score)
{
    double query[2], keys[2 * UI_MATCH_KEYS];

    coordinates(ui->learn.query, query);
    for (int j = 0; j < n; j++) /* of a crowd all but the first are alike */
        coordinates(w->key[j < w->keys ? j : w->keys - 1], &keys[2 * j]);
    ui->matching->weigh(variant, n, query, keys, weight, score);
}

/* --- the plane ---------------------------------------------------------------------------------
 */

static void arrow_draw(const struct plot *p, struct lesson_arrow a, const char *name, uint8_t role,
                       bool faint)
{
    double at[2];
    struct pen pen = {role, faint, faint ? '.' : '*'};

    coordinates(a, at);
    double x = plot_x(p, at[0]), y = plot_y(p, at[1]);
    plot_line(p, plot_x(p, 0), plot_y(p, 0), x, y, &pen);
    canvas_text(p->c, p->r.x + (int)floor(x + 0.5) / p->dots_x,
                p->r.y + (int)floor(y + 0.5) / p->dots_y, name, role, CELL_BOLD);
}

/* Keys faint, the query firm; a cell is twice as high as wide. */
static void plane_draw(struct frame *f, struct rect r, const struct lesson_widget *w)
{
    double most = f->ui->learn.query.length;
    struct plot p = {.c = f->canvas, .r = r};

    for (int j = 0; j < w->keys; j++)
        most = w->key[j].length > most ? w->key[j].length : most;
    most = (most > LEARN_LONGEST * 0.75 ? most : LEARN_LONGEST * 0.75) * 1.1;
    plot_use_glyphs(&p);
    double wide = r.w > 2 * r.h ? (double)r.w / (2 * r.h) : 1,
           high = r.w < 2 * r.h ? 2.0 * r.h / r.w : 1;
    p.x0 = -most * wide;
    p.x1 = most * wide;
    p.y0 = -most * high;
    p.y1 = most * high;
    for (int j = 0; j < w->keys; j++)
        arrow_draw(&p, w->key[j], (char[2]){letters[j], 0}, ROLE_TEXT, true);
    arrow_draw(&p, f->ui->learn.query, "q", ROLE_ACCENT, false);
}

static void query_text(const struct ui *ui, char *out, size_t size)
{
    snprintf(out, size, "query q: %.0f degrees, length %.2f", ui->learn.query.angle,
             ui->learn.query.length);
}

/* --- the variants' answers ----------------------------------------------------------------------
 */

/* ".62", "-.39", "1.0" */
static void short_share(char *out, size_t size, double v)
{
    char text[24];
    snprintf(text, sizeof text, fabs(v) < 0.995 ? "%.2f" : "%.1f", v);
    bool minus = text[0] == '-', zero = text[minus] == '0';
    snprintf(out, size, "%s%s", minus ? "-" : "", text + minus + zero);
}

/* Name, bars, letters, numbers. */
static void panel_draw(struct frame *f, struct rect r, const struct lesson_widget *w, int i)
{
    struct canvas *c = f->canvas;
    struct ui_variant v;
    double weight[LESSON_KEYS], score[LESSON_KEYS];
    const char *labels[LESSON_KEYS];
    char name[LESSON_KEYS][2], number[16];
    uint8_t roles[LESSON_KEYS];
    int variant = learn_variant(f->ui, w, i, &v), step = ui_clamp(r.w / w->keys, 1, MOST_STEP);

    learn_weigh(f->ui, w, variant, w->keys, weight, score);
    canvas_text_fit(c, r.x, r.y, r.w - 1, v.name, i == 0 ? ROLE_ACCENT : ROLE_TITLE, CELL_BOLD);
    rect_cut_top(&r, 1);
    struct rect numbers = rect_cut_bottom(&r, 1);
    for (int j = 0; j < w->keys; j++) {
        name[j][0] = letters[j];
        name[j][1] = '\0';
        labels[j] = name[j];
        roles[j] = ROLE_TEXT;
        if (step > LEAST_STEP)
            format_share(number, sizeof number, weight[j]);
        else
            short_share(number, sizeof number, weight[j]);
        int columns = canvas_columns(number);
        canvas_text_fit(c, numbers.x + j * step + (columns < step ? step - columns : 0), numbers.y,
                        step, number, weight[j] < 0 ? ROLE_BAD : ROLE_TEXT, 0);
    }
    bars_draw(c, (struct rect){r.x, r.y, step * w->keys, r.h}, weight, w->keys, 1, labels, roles,
              -1);
}

/* As many panels as fit, at least five rows high: those that the lesson names, then others. */
static void panels_draw(struct frame *f, struct rect r, const struct lesson_widget *w, int *shown,
                        int *of)
{
    struct ui_variant v;
    int all = 0, least = LEAST_STEP * w->keys + 1;

    while (learn_variant(f->ui, w, all, &v) >= 0)
        all++;
    int columns = ui_clamp(r.w / (MOST_STEP * w->keys + 2), 1, all);
    int rows = ui_clamp(r.h / LEAST_PANEL, 1, all);
    if (columns * rows < w->variants)
        columns = ui_clamp((w->variants + rows - 1) / rows, columns, ui_clamp(r.w / least, 1, all));
    while (rows > 1 && (rows - 1) * columns >= (w->variants > 0 ? w->variants : 1) &&
           (r.h / rows <= LEAST_PANEL || (rows - 1) * columns >= all))
        rows--;
    int high = ui_clamp(r.h / rows, 1, MOST_PANEL);
    int wide = ui_clamp(r.w / columns, 1, MOST_STEP * w->keys + 2);
    for (int i = 0; i < rows * columns && i < all; i++)
        panel_draw(f, (struct rect){r.x + i % columns * wide, r.y + i / columns * high, wide, high},
                   w, i);
    *shown = ui_clamp(rows * columns, 0, all);
    *of = all;
}

/* The first variant's formula, and at the right how many of all stand there. */
static void formula_draw(struct frame *f, struct rect r, const struct lesson_widget *w, int shown,
                         int of)
{
    struct ui_variant v;
    char line[256], count[48] = "";

    if (r.h <= 0 || learn_variant(f->ui, w, 0, &v) < 0)
        return;
    const char *ours = v.reconstructed ? " (reconstructed)" : "";
    snprintf(line, sizeof line, "%s: %s, z = %.3g q.k%s", v.name, v.formula, v.scale, ours);
    if (canvas_columns(line) + 20 > r.w)
        snprintf(line, sizeof line, "%s: %s%s", v.name, v.formula, ours);
    if (shown < of)
        snprintf(count, sizeof count, "%d of %d variants: v", shown, of);
    if (shown < of && canvas_columns(line) + canvas_columns(count) + 2 > r.w)
        snprintf(count, sizeof count, "%d/%d: v", shown, of);
    int used = canvas_columns(count);
    if (canvas_columns(line) <= r.w && canvas_columns(line) + used >= r.w)
        used = count[0] = 0; /* the formula is worth more */
    canvas_text_fit(f->canvas, r.x, r.y, r.w - used - (used > 0), line, ROLE_DIM, 0);
    canvas_text(f->canvas, r.x + r.w - used, r.y, count, ROLE_DIM, 0);
}

void learn_match_draw(struct frame *f, struct rect r)
{
    const struct lesson_widget *w = learn_widget(f->ui);
    char query[64];

    query_text(f->ui, query, sizeof query);
    if (r.h >= 8 && r.w >= 30)
        r = canvas_box(f->canvas, r, query,
                       r.w >= 76 ? "a full bar is a weight of 1" : "full bar 1");
    struct rect formula = rect_cut_bottom(&r, r.h >= 7 ? 1 : 0);
    int shown = 0, of = 0;
    /* The plane above the panels, or beside them as far as the named ones leave it room. */
    bool over = r.h >= 22 && r.w < 110;
    int room = r.w - w->variants * (LEAST_STEP * w->keys + 1) - 2;
    int beside = r.h < 5 || r.w < 40 ? 0 : ui_clamp(room, 12, ui_clamp(2 * r.h, 12, r.w * 2 / 5));
    struct rect plane = over ? rect_cut_top(&r, r.h * 2 / 5) : rect_cut_left(&r, beside);
    if (plane.w > 0 && plane.h > 0)
        plane_draw(f, plane, w);
    rect_cut_left(&r, !over && plane.w > 0 ? 1 : 0);
    struct rect old = canvas_clip(f->canvas, r);
    if (r.w > 0 && r.h > 0)
        panels_draw(f, r, w, &shown, &of);
    f->canvas->clip = old;
    formula_draw(f, formula, w, shown, of);
}

/* --- the crowd -----------------------------------------------------------------------------------
 */

/* |weight| of the one key a among n - 1 keys b, n = 2, 4, ..., 256. */
void learn_crowd_draw(struct frame *f, struct rect r)
{
    struct ui *ui = f->ui;
    const struct lesson_widget *w = learn_widget(ui);
    struct curve_line lines[MAX_CONTESTANTS];
    struct ui_variant v[MAX_CONTESTANTS];
    double weight[UI_MATCH_KEYS], score[UI_MATCH_KEYS];
    char query[64];
    int count = 0,
        most = w->variants > 0 && w->variants < MAX_CONTESTANTS ? w->variants : MAX_CONTESTANTS;

    for (; count < most; count++) {
        int variant = learn_variant(ui, w, count, &v[count]);
        struct series *s = &ui->curves.profile[count];
        if (variant < 0)
            break;
        series_reset(s);
        for (int n = 2; n <= LEARN_CROWD; n *= 2) {
            learn_weigh(ui, w, variant, n, weight, score);
            series_add(s, n, 0, fabs(weight[0]));
        }
        lines[count] = (struct curve_line){
            s, v[count].name, chrome_series_role(count), count, false, false, 0};
    }
    query_text(ui, query, sizeof query);
    if (r.h >= 8 && r.w >= 30)
        r = canvas_box(f->canvas, r, query,
                       r.w >= 90 ? "|weight| of the one key a among n - 1 keys b, over n"
                                 : "|weight| of a, over n");
    int all = count;
    while (learn_variant(ui, w, all, &v[0]) >= 0)
        all++;
    formula_draw(f, rect_cut_bottom(&r, r.h >= 7 ? 1 : 0), w, count, all);
    bool plane = r.w >= 60 && r.h >= 5;
    if (plane)
        plane_draw(f, rect_cut_left(&r, ui_clamp(2 * r.h, 0, r.w / 3)), w);
    struct curve_options o = {.log_x = true,
                              .log_y = true,
                              .fix_y = true,
                              .y_low = 1e-4,
                              .y_high = 1,
                              .x_low = 2,
                              .x_high = LEARN_CROWD,
                              .reference = NAN,
                              .cursor = NAN,
                              .legend = true};
    curve_draw(f->canvas, r, lines, count, &o);
}
