#include "view/beyond.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Columns of a place, of how many numbers, and of a contestant: alone, with an interval, with a bar. */
enum { PLACE_W = 6, COUNT_W = 7, VALUE_W = 6, SPREAD_W = 15, BAR_W = 26, BOXED_FROM = 100 };
enum { SUMS = 3, CHART_W = 34 };

static int base_width(const struct beyond_sight *s)
{
    return s->kind == BEYOND_COPIES ? PLACE_W + COUNT_W : PLACE_W;
}

int beyond_list_width(const struct beyond_sight *s, int w)
{
    int base = base_width(s) + (w >= BOXED_FROM ? 2 : 0), room = w - CHART_W - base;
    int each = s->kind == BEYOND_COPIES && base + s->whos * BAR_W <= w * 2 / 5 ? BAR_W
               : s->whos * SPREAD_W <= room                                    ? SPREAD_W
                                                                               : VALUE_W;
    int all = base + s->whos * each;
    return all < w ? all : w;
}

static int each_width(const struct beyond_sight *s, int w)
{
    int each = s->whos ? (w - base_width(s)) / s->whos : 0;
    return each < VALUE_W ? VALUE_W : each > BAR_W ? BAR_W : each;
}

bool beyond_list_is_narrow(const struct beyond_sight *s, int w)
{
    return each_width(s, w) < SPREAD_W - 1;
}

int beyond_list_rows(const struct beyond_sight *s)
{
    return 1 + s->count + (s->kind == BEYOND_COPIES ? SUMS : 0);
}

/* Contestants that have a column, with one for the number of the others. */
static int columns_shown(const struct beyond_sight *s, int w)
{
    int room = w - base_width(s), each = each_width(s, w);
    if (s->whos * each <= room)
        return s->whos;
    int shown = (room - 4) / each;
    return shown < 0 ? 0 : shown;
}

static void value_draw(struct canvas *c, int x, int y, int w, const struct beyond_value *v)
{
    char share[16], ends[2][16], text[48];
    format_share(share, sizeof share, v->value);
    canvas_text_fit(c, x, y, VALUE_W - 1, share, isnan(v->value) ? ROLE_DIM : ROLE_TEXT, 0);
    if (w < SPREAD_W - 1 || isnan(v->value))
        return;
    if (!isnan(v->raw)) {
        snprintf(text, sizeof text, "%.3g", v->raw);
    } else {
        format_share(ends[0], sizeof ends[0], v->low);
        format_share(ends[1], sizeof ends[1], v->high);
        snprintf(text, sizeof text, "%s-%s", ends[0], ends[1]);
    }
    canvas_text_fit(c, x + 5, y, SPREAD_W - 6, text, ROLE_DIM, 0);
}

/* How many numbers, right-aligned. */
static void number_draw(struct canvas *c, int x, int y, const char *text)
{
    int columns = canvas_columns(text), gap = COUNT_W - 1 - columns;
    canvas_text_fit(c, x + (gap > 0 ? gap : 0), y, COUNT_W - 1, text, ROLE_DIM, 0);
}

/* P_in, P_out and P, or one distance or length. */
struct line {
    char name[16];
    bool trained;
    struct beyond_value value[MAX_CONTESTANTS];
};

static void line_draw(struct frame *f, const struct beyond_sight *s, struct rect r,
                      const struct line *line)
{
    struct canvas *c = f->canvas;
    int each = each_width(s, r.w), x = r.x + base_width(s);
    int64_t least = INT64_MAX, most = 0;
    char text[32];
    canvas_text_fit(c, r.x, r.y, PLACE_W - 1, line->name, line->trained ? ROLE_ACCENT : ROLE_DIM, 0);
    for (int k = 0; k < s->whos; k++) {
        least = line->value[k].n > 0 && line->value[k].n < least ? line->value[k].n : least;
        most = line->value[k].n > most ? line->value[k].n : most;
    }
    if (s->kind == BEYOND_COPIES) {
        text_thousands(text, sizeof text - 1, most > 0 ? least : 0);
        strcat(text, least < most ? "+" : ""); /* some contestants were measured on more */
        number_draw(c, r.x + PLACE_W, r.y, text);
    }
    for (int k = 0; k < columns_shown(s, r.w); k++, x += each) {
        int at = f->ui->list.column + k;
        const struct beyond_value *v = &line->value[at];
        value_draw(c, x, r.y, each, v);
        if (each >= BAR_W - 2 && !isnan(v->value) && s->kind == BEYOND_COPIES)
            canvas_bar(c, x + SPREAD_W, r.y, each - SPREAD_W - 1, v->value,
                       chrome_series_role(s->who[at]));
    }
}

static void header_draw(struct frame *f, const struct beyond_sight *s, struct rect r)
{
    struct canvas *c = f->canvas;
    int each = each_width(s, r.w), x = r.x + base_width(s), shown = columns_shown(s, r.w);
    int first = f->ui->list.column;
    char name[NAME_TEXT];
    canvas_text_fit(c, r.x, r.y, PLACE_W - 1, s->kind == BEYOND_COPIES ? "apart" : "n", ROLE_DIM, 0);
    if (s->kind == BEYOND_COPIES)
        number_draw(c, r.x + PLACE_W, r.y, "n");
    for (int k = 0; k < shown; k++, x += each) {
        int i = s->who[first + k];
        bool here = i == ui_focus(f->ui, f->race, f->probe);
        canvas_text(c, x, r.y, chrome_marker(c, i), chrome_series_role(i), CELL_BOLD);
        chrome_short_name(name, sizeof name, f->race->contestants[i].name, each - 3);
        if (!beyond_list_is_narrow(s, r.w))
            canvas_text_fit(c, x + 2, r.y, each - 3, name, chrome_series_role(i),
                            here ? CELL_BOLD : 0);
    }
    if (shown < s->whos)
        canvas_textf(c, x, r.y, ROLE_WARN, 0, "%s+%d", first + shown < s->whos ? "→" : "←",
                     s->whos - shown);
}

static void sum_line(const struct beyond_sight *s, const struct race_snapshot *race, int which,
                     struct line *line)
{
    static const char *const names[SUMS] = {"P_in", "P_out", "P"};
    text_copy(line->name, sizeof line->name, names[which]);
    line->trained = which == 0;
    for (int k = 0; k < s->whos; k++) {
        const struct reach *reach = &race->contestants[s->who[k]].eval.reach;
        struct score in = reach_inside(reach), out = reach_outside(reach);
        struct score sum = which == 0   ? in
                           : which == 1 ? out
                                        : (struct score){in.right + out.right, in.count + out.count};
        struct beyond_value *v = &line->value[k];
        *v = (struct beyond_value){score_value(sum), NAN, NAN, NAN, sum.count};
        if (sum.count > 0)
            score_wilson(sum, &v->low, &v->high);
    }
}

static void place_line(const struct beyond_sight *s, const struct race_snapshot *race, int place,
                       struct line *line)
{
    line->trained = s->kind == BEYOND_COPIES && place >= s->low && place <= s->high;
    snprintf(line->name, sizeof line->name, "%d%s", place, line->trained ? "*" : "");
    for (int k = 0; k < s->whos; k++)
        line->value[k] = beyond_at(s, race, s->who[k], place);
}

/* What is out of sight. */
static void rest_draw(struct frame *f, struct rect r, int before, int after)
{
    char text[64] = "";
    if (before > 0)
        snprintf(text, sizeof text, "↑ %d more  ", before);
    size_t used = strlen(text);
    if (after > 0)
        snprintf(text + used, sizeof text - used, "↓ %d more", after);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, text, ROLE_WARN, 0);
}

void beyond_list_draw(struct frame *f, const struct beyond_sight *s, struct rect r)
{
    struct line line;
    if (r.h < 1 || r.w < 1)
        return;
    struct rect old = canvas_clip(f->canvas, r);
    f->ui->list.columns = s->whos - columns_shown(s, r.w);
    f->ui->list.column = ui_clamp(f->ui->list.column, 0, f->ui->list.columns);
    header_draw(f, s, rect_cut_top(&r, 1));
    /* The sums stay where they are if there is room for more than them. */
    int sums = s->kind == BEYOND_COPIES ? SUMS : 0, all = sums + s->count;
    int pinned = r.h >= 2 * sums ? sums : 0, rest = all - pinned, room = r.h - pinned;
    int shown = rest <= room ? rest : room > 0 ? room - 1 : 0;
    f->ui->list.rows = rest - shown;
    f->ui->list.row = ui_clamp(f->ui->list.row, 0, rest - shown);
    for (int k = 0; k < pinned + shown; k++) {
        int at = k < pinned ? k : f->ui->list.row + k;
        if (at < sums)
            sum_line(s, f->race, at, &line);
        else
            place_line(s, f->race, s->place[at - sums], &line);
        line_draw(f, s, rect_cut_top(&r, 1), &line);
    }
    if (shown < rest && r.h > 0)
        rest_draw(f, r, f->ui->list.row, rest - shown - f->ui->list.row);
    f->canvas->clip = old;
}

void beyond_list_scroll(struct event *e)
{
    struct ui *ui = e->ui;
    int down = (e->key == UI_KEY_DOWN) - (e->key == UI_KEY_UP);
    int right = (e->key == UI_KEY_RIGHT) - (e->key == UI_KEY_LEFT);
    if (ui->list.rows <= 0 && ui->list.columns <= 0)
        ui_say(ui, "everything that was measured is in sight");
    ui->list.row = ui_clamp(ui->list.row + down, 0, ui->list.rows);
    ui->list.column = ui_clamp(ui->list.column + right, 0, ui->list.columns);
}
