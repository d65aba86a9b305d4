#include "view/ladder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/heat_layout.h"
#include "view/ladder_parts.h"

enum { CELL_W_MOST = 24, CELL_W_LEAST = 4, CELL_H_MOST = 18, SCALE_W = 44 };

/* --- what is shown --------------------------------------------------------------------------- */

static int contestants(const struct sweep_picture *p, const char **names, int limit)
{
    int count = 0;
    for (int g = 0; g < p->group_count; g++) {
        bool known = false;
        for (int i = 0; i < count; i++)
            known = known || strcmp(names[i], p->groups[g].contestant) == 0;
        if (!known && count < limit)
            names[count++] = p->groups[g].contestant;
    }
    return count;
}

/* Pairs of n contestants: 0-1, 0-2, ..., 1-2, ... */
static int pair_count(int n)
{
    return n > 1 ? n * (n - 1) / 2 : 1;
}

static void choose_pair(struct ladder *l, int wanted)
{
    enum { MOST = 32 };
    const char *names[MOST];
    int n = contestants(l->p, names, MOST), at = 0;
    l->who[0] = n > 0 ? names[0] : NULL;
    l->who[1] = NULL;
    wanted %= pair_count(n);
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++)
            if (at++ == wanted) {
                l->who[0] = names[a];
                l->who[1] = names[b];
            }
}

/* How many choices of values the axes leave that are neither rows nor columns. */
static int slice_count(const struct ladder *l)
{
    const struct sweep *s = &l->p->sweep;
    int slices = 1;
    for (int i = 0; i < s->axis_count; i++)
        if (s->axis[i].role == SWEEP_VARIED && i != l->axis[0] && i != l->axis[1])
            slices *= s->axis[i].count;
    return slices;
}

/* The first two axes that are compared are rows and columns. */
static struct ladder make_ladder(const struct ui *ui, int slice)
{
    struct ladder l = {.p = ui->sweep, .axis = {-1, -1}, .count = {1, 1}};
    const struct sweep *s = &l.p->sweep;
    int found = 0;
    for (int i = 0; i < s->axis_count && found < 2; i++)
        if (s->axis[i].role == SWEEP_VARIED) {
            l.axis[found] = i;
            l.count[found++] = s->axis[i].count;
        }
    slice %= slice_count(&l);
    l.slice = slice;
    for (int i = 0; i < SWEEP_AXES; i++) {
        bool other = i < s->axis_count && s->axis[i].role == SWEEP_VARIED && i != l.axis[0] &&
                     i != l.axis[1];
        l.place[i] = other ? slice % s->axis[i].count : -1;
        slice = other ? slice / s->axis[i].count : slice;
    }
    choose_pair(&l, ui->ladder.pair);
    return l;
}

const struct sweep_group *ladder_group(const struct ladder *l, const char *who, int row,
                                          int column)
{
    int place[SWEEP_AXES];
    memcpy(place, l->place, sizeof place);
    if (l->axis[0] >= 0)
        place[l->axis[0]] = row;
    if (l->axis[1] >= 0)
        place[l->axis[1]] = column;
    for (int g = 0; g < l->p->group_count && who; g++) {
        const struct sweep_group *group = &l->p->groups[g];
        if (strcmp(group->contestant, who) == 0 && memcmp(group->place, place, sizeof place) == 0)
            return group;
    }
    return NULL;
}

const char *ladder_place(const struct ladder *l, int side, int i)
{
    return l->axis[side] >= 0 ? l->p->sweep.axis[l->axis[side]].value[i] : "";
}

const char *ladder_axis(const struct ladder *l, int side)
{
    return l->axis[side] >= 0 ? sweep_axis_name(&l->p->sweep, l->axis[side]) : "";
}

/* --- cells ----------------------------------------------------------------------------------- */

void ladder_text(const struct sweep_group *g, char *out, size_t size)
{
    char share[16];
    if (!g || isnan(g->mean)) {
        text_copy(out, size, g && g->damaged ? "?" : g && g->running ? "…" : "·");
        return;
    }
    format_share(share, sizeof share, g->mean);
    snprintf(out, size, "%s%s", share,
             g->damaged ? "?" : g->failed ? "!" : g->provisional ? "~" : "");
}

static int level_of(bool diverges, double v)
{
    double at = diverges ? LEVEL_ZERO * (1 + v) : (RAMP_LEVELS - 1) * v;
    return isnan(v) ? LEVEL_EMPTY : (int)(fmin(fmax(at, 0), RAMP_LEVELS - 1) + 0.5);
}

void ladder_more(const struct sweep_group *g, int line, char *out, size_t size)
{
    char low[16], high[16];
    out[0] = 0;
    if (!g || isnan(g->mean))
        return;
    format_share(low, sizeof low, g->low);
    format_share(high, sizeof high, g->high);
    if (line == 1)
        snprintf(out, size, "%s-%s", low, high);
    else
        snprintf(out, size, "%d seed%s", g->seeds, g->seeds == 1 ? "" : "s");
}

struct rect ladder_cell(const struct field *at, int row, int column)
{
    return (struct rect){at->x + (column - at->first[1]) * at->cell_w,
                         at->y + (row - at->first[0]) * at->cell_h, at->cell_w, at->cell_h};
}

static void put_cell(struct canvas *c, struct rect r, bool diverges, double value, const char *text,
                     const struct sweep_group *g, bool cursor)
{
    int x = r.x, level = level_of(diverges, value);
    int strength = diverges ? 2 * (level > LEVEL_ZERO ? level - LEVEL_ZERO : LEVEL_ZERO - level)
                            : level;
    bool rich = heat_is_rich(c) && level >= 0;
    uint8_t ground = rich ? heat_role(diverges, level) : ROLE_BACKGROUND;
    uint8_t ink = rich && strength > (diverges ? 9 : 7) ? ROLE_BACKGROUND : level < 0 ? ROLE_DIM : ROLE_TEXT;
    int columns = canvas_columns(text), middle = r.y + (r.h - 1) / 2;
    char more[40];
    canvas_fill(c, r, ' ', ink, ground);
    /* No bracket covers a sign or a digit: where there is room for one it is the left one. */
    bool both = columns + 2 <= r.w;
    int left = cursor && !both ? r.w - columns : (r.w - columns) / 2;
    canvas_text_fit(c, x + left, middle, r.w, text, ink, 0);
    for (int line = 1; line <= 2 && r.h >= 3 && middle + line < r.y + r.h; line++) {
        ladder_more(g, line, more, sizeof more);
        columns = canvas_columns(more);
        if (columns <= r.w)
            canvas_text(c, x + (r.w - columns) / 2, middle + line, more, rich ? ink : ROLE_DIM, 0);
    }
    if (!cursor)
        return;
    canvas_put(c, x, middle, '[', rich ? ink : ROLE_CURSOR, ground, CELL_BOLD);
    if (both)
        canvas_put(c, x + r.w - 1, middle, ']', rich ? ink : ROLE_CURSOR, ground, CELL_BOLD);
}

double ladder_value(const struct ladder *l, int map, int row, int column, char *text,
                        size_t size)
{
    const struct sweep_group *a = ladder_group(l, l->who[0], row, column);
    const struct sweep_group *b = ladder_group(l, l->who[1], row, column);
    if (map < 2) {
        const struct sweep_group *g = map ? b : a;
        ladder_text(g, text, size);
        return g ? g->mean : (double)NAN;
    }
    double d = a && b ? b->mean - a->mean : (double)NAN;
    char share[16];
    format_share(share, sizeof share, fabs(d));
    bool none = isnan(d) || fabs(d) < 0.0005;
    snprintf(text, size, "%s%s", none ? "" : d < 0 ? "-" : "+", isnan(d) ? "·" : none ? "0" : share);
    return d;
}

/* --- maps ------------------------------------------------------------------------------------ */

int ladder_scrolled(int cursor, int count, int shown)
{
    return ui_clamp(cursor - shown / 2, 0, count - shown);
}

static int label_width(const struct ladder *l)
{
    int width = canvas_columns(ladder_axis(l, 0));
    for (int i = 0; i < l->count[0]; i++) {
        int columns = canvas_columns(ladder_place(l, 0, i));
        width = columns > width ? columns : width;
    }
    return width > 14 ? 14 : width;
}

static struct field make_field(const struct ui *ui, const struct ladder *l, struct rect r)
{
    int label = label_width(l) + 1;
    struct field at = {.x = r.x + label, .y = r.y + 1};
    at.cell_w = ui_clamp((r.w - label) / l->count[1], CELL_W_LEAST + 2, CELL_W_MOST);
    at.cell_h = ui_clamp((r.h - 1) / l->count[0], 1, CELL_H_MOST);
    at.shown[0] = ui_clamp((r.h - 1) / at.cell_h, 0, l->count[0]);
    at.shown[1] = ui_clamp((r.w - label) / at.cell_w, 0, l->count[1]);
    at.first[0] = ladder_scrolled(ui->ladder.row, l->count[0], at.shown[0]);
    at.first[1] = ladder_scrolled(ui->ladder.column, l->count[1], at.shown[1]);
    return at;
}

static void draw_labels(struct canvas *c, const struct ladder *l, const struct field *at,
                        struct rect r)
{
    canvas_text_fit(c, r.x, r.y, at->x - r.x - 1, ladder_axis(l, 0), ROLE_DIM, 0);
    for (int i = 0; i < at->shown[1]; i++) {
        const char *name = ladder_place(l, 1, at->first[1] + i);
        int columns = canvas_columns(name), x = at->x + i * at->cell_w;
        canvas_text_fit(c, columns < at->cell_w ? x + (at->cell_w - columns) / 2 : x, r.y,
                        at->cell_w - 1, name, ROLE_TEXT, 0);
    }
    for (int i = 0; i < at->shown[0]; i++)
        canvas_text_fit(c, r.x, at->y + i * at->cell_h + (at->cell_h - 1) / 2, at->x - r.x - 1,
                        ladder_place(l, 0, at->first[0] + i), ROLE_TEXT, 0);
}

/* "announce yes"; "" where rows and columns are all that is compared. */
static void slice_words(const struct ladder *l, char *out, size_t size)
{
    const struct sweep *s = &l->p->sweep;
    size_t n = 0;
    out[0] = '\0';
    for (int i = 0; i < s->axis_count && n < size; i++)
        if (l->place[i] >= 0)
            n += (size_t)snprintf(out + n, size - n, "%s%s %s", n ? ", " : "", sweep_axis_name(s, i),
                                  s->axis[i].value[l->place[i]]);
}

/* Who, and in which slice; the mark alone tells who where there is no room. */
static void map_title(const struct canvas *c, const struct ladder *l, int map, int columns,
                      char *out, size_t size)
{
    char slice[2 * NAME_TEXT], name[NAME_TEXT];
    slice_words(l, slice, sizeof slice);
    int room = slice[0] ? columns - 4 - canvas_columns(slice) : NAME_TEXT;
    const char *colon = slice[0] ? ": " : "", *one = chrome_marker(c, 0), *two = chrome_marker(c, 1);
    chrome_short_name(name, sizeof name, map < 2 ? l->who[map] : "", room > 0 ? room : 1);
    if (map == 2)
        snprintf(out, size, "%s %s %s%s%s", two, room < 6 ? "-" : "less", one, colon, slice);
    else if (canvas_columns(name) <= room)
        snprintf(out, size, "%s %s%s%s", chrome_marker(c, map), name, colon, slice);
    else
        snprintf(out, size, "%s %s", chrome_marker(c, map), slice);
}

static void draw_map(struct frame *f, const struct ladder *l, struct rect r, int map)
{
    struct canvas *c = f->canvas;
    struct ui *ui = f->ui;
    char title[4 * NAME_TEXT], right[64], text[24];
    map_title(c, l, map, r.w - 6, title, sizeof title);
    snprintf(right, sizeof right, "%s%s", ladder_axis(l, 1), l->axis[1] >= 0 ? " →" : "");
    if (r.h >= 5)
        r = canvas_box(c, r, title, right);
    struct rect old = canvas_clip(c, r);
    /* The scale, where there are colours to read by it. */
    struct rect scale = rect_cut_bottom(&r, heat_is_rich(c) && r.h >= l->count[0] + 3);
    if (scale.h)
        heat_scale_draw(c, scale.x, scale.y, ui_clamp(scale.w, 0, SCALE_W),
                        map == 2 ? HEAT_SIGNED : HEAT_ABSOLUTE, 1);
    struct field at = make_field(ui, l, r);
    draw_labels(c, l, &at, r);
    for (int i = 0; i < at.shown[0]; i++)
        for (int j = 0; j < at.shown[1]; j++) {
            int row = at.first[0] + i, column = at.first[1] + j;
            double value = ladder_value(l, map, row, column, text, sizeof text);
            bool cursor = l->slice == ui->ladder.slice && row == ui->ladder.row &&
                          column == ui->ladder.column;
            const struct sweep_group *g =
                map < 2 ? ladder_group(l, l->who[map], row, column) : NULL;
            put_cell(c, ladder_cell(&at, row, column), map == 2, value, text, g, cursor);
        }
    int hidden[2] = {l->count[0] - at.shown[0], l->count[1] - at.shown[1]};
    if (hidden[0] || hidden[1])
        canvas_textf(c, r.x, r.y + r.h - 1, ROLE_WARN, 0, "+%d rows +%d columns", hidden[0],
                     hidden[1]);
    ui_hit(ui, r, HIT_CELL, map, l->slice);
    c->clip = old;
}

/* --- words ----------------------------------------------------------------------------------- */

/* What stands behind the chosen cell of one contestant. */
static void detail(struct frame *f, const struct ladder *l, int map, struct rect r)
{
    const struct sweep_group *g = ladder_group(l, l->who[map], f->ui->ladder.row, f->ui->ladder.column);
    char line[320], low[16], high[16], mean[16], best[16], n[24], name[NAME_TEXT];
    bool wide = r.w >= 110;
    chrome_short_name(name, sizeof name, l->who[map], wide ? NAME_TEXT - 1 : 12);
    if (!g || isnan(g->mean)) {
        snprintf(line, sizeof line, "%s %s: %s", chrome_marker(f->canvas, map), name,
                 g && g->damaged   ? "its result is damaged"
                 : g && g->running ? "no evaluation yet"
                                   : "not begun");
    } else {
        format_share(mean, sizeof mean, g->mean);
        format_share(low, sizeof low, g->low);
        format_share(high, sizeof high, g->high);
        format_share(best, sizeof best, g->best);
        text_thousands(n, sizeof n, g->count);
        size_t used = (size_t)snprintf(line, sizeof line, "%s %s %s %s-%s n %s",
                                       chrome_marker(f->canvas, map), name, mean, low, high, n);
        if (g->seeds > 1)
            used += (size_t)snprintf(line + used, sizeof line - used,
                                     wide ? " · %d seeds, best of them %s (seed %lld)"
                                          : " · %d seeds, best %s (%lld)",
                                     g->seeds, best, (long long)g->best_seed);
        else
            used += (size_t)snprintf(line + used, sizeof line - used, " · seed %lld",
                                     (long long)g->best_seed);
        used += (size_t)snprintf(line + used, sizeof line - used,
                                 g->rates > 1 ? wide ? " · rate %.4g, best of %d" : " · rate %.4g of %d"
                                              : " · rate %.4g",
                                 g->rate, g->rates);
        snprintf(line + used, sizeof line - used, "%s%s%s", g->provisional ? " · still training" : "",
                 g->failed ? " · a run failed and counts as 0" : "",
                 g->damaged ? " · without damaged results" : "");
    }
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, chrome_series_role(map), 0);
}

static void where(const struct ladder *l, const struct ui *ui, char *out, size_t size)
{
    const struct sweep *s = &l->p->sweep;
    size_t n = 0;
    out[0] = 0;
    for (int i = 0; i < s->axis_count && n < size; i++) {
        int place = i == l->axis[0]   ? ui->ladder.row
                    : i == l->axis[1] ? ui->ladder.column
                                      : l->place[i];
        if (place >= 0)
            n += (size_t)snprintf(out + n, size - n, "%s%s %s", n ? ", " : "",
                                  sweep_axis_name(s, i), s->axis[i].value[place]);
    }
}

static void draw_words(struct frame *f, const struct ladder *l, struct rect r)
{
    char line[320];
    where(l, f->ui, line, sizeof line);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, ROLE_TEXT, CELL_BOLD);
    for (int i = 0; i < 2 && l->who[i] && 1 + i < r.h; i++)
        detail(f, l, i, (struct rect){r.x, r.y + 1 + i, r.w, 1});
    if (r.h >= 4)
        canvas_text_fit(f->canvas, r.x, r.y + 3, r.w,
                        l->p->message[0] ? l->p->message
                        : r.w >= 144     ? "accuracy: mean over seeds at each one's best rate; 95 %: "
                                           "bootstrap over seeds, or Wilson's of one; ~ training, · "
                                           "not begun, ! failed, ? damaged"
                                         : "mean over seeds at the best rate; 95 %; ~ training, "
                                           "! failed, ? damaged",
                        l->p->message[0] ? ROLE_BAD : ROLE_DIM, 0);
}

/* The contestants side by side, and their difference. */
static void draw_slice(struct frame *f, const struct ladder *l, struct rect r)
{
    struct ui *ui = f->ui;
    int need = label_width(l) + 3 + (CELL_W_LEAST + 2) * l->count[1];
    int maps = !l->who[1] ? 1 : r.w >= 3 * need ? 3 : r.w >= 2 * need || r.w >= 60 ? 2 : 1;
    ui->ladder.maps = maps;
    /* Too narrow for three: the difference takes the last one's place when it is asked for. */
    for (int i = 0; i < maps; i++) {
        bool last = i == maps - 1;
        int map = last && ui->ladder.difference && l->who[1] ? 2 : i;
        draw_map(f, l, rect_cut_left(&r, r.w / (maps - i)), map);
    }
}

void ladder_draw(struct frame *f, struct rect r)
{
    struct ui *ui = f->ui;
    struct ladder l = make_ladder(ui, ui->ladder.slice);
    if (!l.who[0])
        return;
    ui->ladder.row = ui_clamp(ui->ladder.row, 0, l.count[0] - 1);
    ui->ladder.column = ui_clamp(ui->ladder.column, 0, l.count[1] - 1);
    draw_words(f, &l, rect_cut_bottom(&r, r.h >= 14 ? 4 : r.h >= 8 ? 3 : r.h >= 4 ? 1 : 0));
    ui->ladder.maps = 3;
    if (l.axis[1] < 0) {
        ladder_bars_draw(f, &l, r);
        return;
    }
    /* All slices below each other where every row of them has a line, in a box with a head. */
    int slices = slice_count(&l), all = r.h >= slices * (l.count[0] + 3) ? slices : 1;
    for (int i = 0; i < all; i++) {
        struct ladder one = make_ladder(ui, all > 1 ? i : ui->ladder.slice);
        draw_slice(f, &one, rect_cut_top(&r, r.h / (all - i)));
    }
}

/* --- keys ------------------------------------------------------------------------------------ */

static void move_cell(struct ui *ui, uint32_t key)
{
    ui->ladder.column += (key == UI_KEY_RIGHT) - (key == UI_KEY_LEFT);
    ui->ladder.row += (key == UI_KEY_DOWN) - (key == UI_KEY_UP);
    struct ladder l = make_ladder(ui, ui->ladder.slice);
    ui->ladder.row = ui_clamp(ui->ladder.row, 0, l.count[0] - 1);
    ui->ladder.column = ui_clamp(ui->ladder.column, 0, l.count[1] - 1);
}

static void say_run(struct ui *ui)
{
    struct ladder l = make_ladder(ui, ui->ladder.slice);
    char line[FAILURE_TEXT], name[SWEEP_NAME];
    const struct sweep_group *g = ladder_group(&l, l.who[0], ui->ladder.row, ui->ladder.column);
    if (!g || g->best_run < 0) {
        ui_say(ui, "nothing is known of this cell yet");
        return;
    }
    sweep_run_name(&l.p->sweep, g->best_run, name);
    snprintf(line, sizeof line, "%s at its best: heed step %.200s/%.230s", l.who[0], l.p->folder, name);
    ui_say(ui, line);
}

static void show_difference(struct ui *ui, const struct ladder *l)
{
    if (!l->who[1])
        ui_say(ui, "there is one contestant: no difference");
    else if (ui->ladder.maps == 3)
        ui_say(ui, "the difference is in sight already");
    else
        ui->ladder.difference = !ui->ladder.difference;
}

void ladder_act(struct event *e)
{
    struct ui *ui = e->ui;
    struct ladder l = make_ladder(ui, ui->ladder.slice);
    enum { MOST = 32 };
    const char *names[MOST];
    int slices = slice_count(&l), pairs = pair_count(contestants(l.p, names, MOST));
    if (e->action == ACTION_CELL)
        move_cell(ui, e->key);
    else if (e->action == ACTION_LESS)
        show_difference(ui, &l);
    else if (e->action == ACTION_PAIR && pairs > 1)
        ui->ladder.pair = (ui->ladder.pair + 1) % pairs;
    else if (e->action == ACTION_PAIR)
        ui_say(ui, "there are no other contestants");
    else if (e->action == ACTION_SLICE && slices > 1)
        ui->ladder.slice = (ui->ladder.slice + (e->key == ']' ? 1 : slices - 1)) % slices;
    else if (e->action == ACTION_SLICE)
        ui_say(ui, "rows and columns are all that is compared");
    else if (e->action == ACTION_CELL_RUN)
        say_run(ui);
}

void ladder_click(struct event *e, const struct ui_mouse *m, struct rect at)
{
    for (int i = 0; i < e->ui->hit_count; i++) {
        const struct hit *hit = &e->ui->hits[i];
        if (hit->kind == HIT_CELL && hit->at.x == at.x && hit->at.y == at.y)
            e->ui->ladder.slice = hit->b;
    }
    struct ladder l = make_ladder(e->ui, e->ui->ladder.slice);
    struct field field =
        l.axis[1] < 0 ? ladder_bars_place(e->ui, &l, at) : make_field(e->ui, &l, at);
    int row = (m->y - field.y) / field.cell_h, column = (m->x - field.x) / field.cell_w;
    if (m->y < field.y || m->x < field.x || row >= field.shown[0] || column >= field.shown[1])
        return;
    e->ui->ladder.row = field.first[0] + row;
    e->ui->ladder.column = field.first[1] + column;
}
