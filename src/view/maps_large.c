/* The map that the person looks at: large, with its query as bars and its numbers in a line. */
#include "view/maps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *symbol_at(const struct probe_snapshot *p, int position)
{
    int symbol = p->sequence[p->start + position];
    return symbol >= 0 && symbol < p->alphabet.count ? p->alphabet.name[symbol] : "?";
}

/* The contestant that stands beside the shown one, NULL if none does or it has not this map. */
static const struct probe_snapshot *beside(const struct ui *ui, const struct probe_snapshot *p,
                                           int layer, int head)
{
    char why[LOG_TEXT + NAME_TEXT + 8];
    if (ui->map.subtracted || maps_no_difference(p, why, sizeof why))
        return NULL;
    return maps_has(p->second, layer, head) ? p->second : NULL;
}

const struct probe_snapshot *maps_beside(const struct ui *ui, const struct probe_snapshot *p)
{
    int layer, head;
    maps_chosen(ui, p, &layer, &head);
    return beside(ui, p, layer, head);
}

struct map_sight maps_sight(struct ui *ui, const struct probe_snapshot *p)
{
    struct map_sight s = {.probe = p, .mode = ui->map.mode, .memory = &ui->map.memory};

    maps_chosen(ui, p, &s.layer, &s.head);
    maps_cursor(ui, p, maps_weight(p, s.layer, s.head), &s.row, &s.column);
    const struct probe_snapshot *mate = beside(ui, p, s.layer, s.head);
    double largest = maps_extent(ui, p, s.layer, s.head, s.mode)->late;
    if (mate) { /* one scale, or the eye compares what cannot be compared */
        double other = maps_extent(ui, mate, s.layer, s.head, s.mode)->late;
        largest = other > largest ? other : largest;
    }
    s.range = ui->map.locked ? ui->map.locked_range
                             : maps_range_of(largest, s.mode, &ui->map.memory);
    return s;
}

/* A contestant's name and one of `rests` after it, the first with which both fit into `width` columns, the name
   shortened as far as that takes; else the last rest with `other` before it, or alone. */
static void fit_title(char *out, size_t size, int width, const char *name, const char *other,
                      const char *const *rests, int count)
{
    char shorter[2 * NAME_TEXT + 8];
    int k = 0;

    for (; k < count; k++) {
        chrome_short_name(shorter, sizeof shorter, name, width - canvas_columns(rests[k]));
        if (canvas_columns(shorter) + canvas_columns(rests[k]) <= width)
            break;
    }
    if (k == count) {
        k = count - 1;
        bool room = canvas_columns(other) + canvas_columns(rests[k]) <= width;
        text_copy(shorter, sizeof shorter, room ? other : "");
    }
    const char *rest = rests[k] + (*shorter ? 0 : strlen(" · "));
    snprintf(out, size, "%s%s", shorter, rest);
}

/* "transf·dpa less c·signed-ea", the names as long as `width` holds. */
static void less_text(const struct frame *f, int width, char *out, size_t size)
{
    static const int longest[] = {20, 12, 8};
    const struct probe_snapshot *a = f->ui->map.frozen ? f->ui->map.frozen : f->live;
    char first[NAME_TEXT], second[NAME_TEXT];

    for (int k = 0; k == 0 || (k < 3 && canvas_columns(out) > width); k++) {
        chrome_short_name(first, sizeof first, a->name, longest[k]);
        chrome_short_name(second, sizeof second, a->second->name, longest[k]);
        snprintf(out, size, "%s less %s", first, second);
    }
}

/* Who and which head, in as many words as there is room for; when: what the right end has no room to say. */
static void sight_title(const struct frame *f, const struct map_sight *s, int width, const char *when,
                        char *out, size_t size)
{
    enum { FRAME = 6 };
    const struct probe_snapshot *p = s->probe;
    const char *variant = s->layer < 16 ? p->layer_attention[s->layer] : "";
    char numbers[4][96 + KIND_TEXT], changed[32] = "", name[2 * NAME_TEXT + 8];
    int layer = s->layer + 1, head = s->head + 1;

    if (*changes_of(p, s->layer, s->head))
        snprintf(changed, sizeof changed, " %s", changes_of(p, s->layer, s->head));
    snprintf(numbers[0], sizeof *numbers, " · layer %d/%d · head %d/%d%s%s%s", layer, p->layers, head,
             p->heads, changed, *variant ? " · " : "", variant);
    snprintf(numbers[1], sizeof *numbers, " · layer %d/%d head %d/%d%s", layer, p->layers, head, p->heads,
             changed);
    snprintf(numbers[2], sizeof *numbers, " · head %d.%d%s", layer, head, changed);
    snprintf(numbers[3], sizeof *numbers, " · %d.%d%s", layer, head, changed);
    const char *rests[] = {numbers[0], numbers[1], numbers[2], numbers[3]};
    bool pair = maps_beside(f->ui, f->probe) != NULL;
    int first = width >= 74 ? 0 : width >= 60 ? 1 : f->ui->map.subtracted ? 3 : pair ? 2 : 1;
    int used = snprintf(out, size, "%s", when), room = width - FRAME - canvas_columns(when);
    text_copy(name, sizeof name, p->name);
    if (f->ui->map.subtracted)
        less_text(f, room - canvas_columns(rests[first]), name, sizeof name);
    fit_title(out + used, size - (size_t)used, room, name,
              f->ui->map.subtracted ? "difference" : variant, rests + first, 4 - first);
}

static void map_title(const struct frame *f, const struct map_sight *s, int width, int pool,
                      char *left, char *right, size_t size)
{
    const struct ui *ui = f->ui;
    const struct probe_snapshot *p = s->probe;
    char step[32], pooled[24] = "";
    bool pair = maps_beside(ui, f->probe) && width < 60, tells = width < 60 && !ui->map.subtracted;
    const char *when = pair || !tells ? "" : ui->map.frozen ? "frozen · " : p->past >= 0 ? "past · " : "";

    if (pool > 1)
        snprintf(pooled, sizeof pooled, "1:%d · ", pool);
    if (pair) { /* no room elsewhere to say so */
        int used = snprintf(right, size, "both ");
        heat_range_text(f->canvas, s->mode, s->range, right + used, size - (size_t)used);
        sight_title(f, s, width - canvas_columns(right) - 3, when, left, size);
        return;
    }
    sight_title(f, s, width, when, left, size);
    if (ui->map.subtracted && width < 60) {
        *right = '\0';
        return;
    }
    text_thousands(step, sizeof step, p->weights_step);
    if (ui->map.difference && !ui->map.subtracted)
        snprintf(right, size, width < 90 ? "no difference"
                                       : "no difference: v chooses a second contestant");
    else if (ui->map.frozen)
        snprintf(right, size, "%sfrozen at step %s", pooled, step);
    else if (p->past >= 0)
        snprintf(right, size, "%spast: step %s%s", pooled, step,
                 ui_is_answered(ui, f->probe) ? "" : " …");
    else
        snprintf(right, size, "%sstep %s%s", pooled, step, ui_is_answered(ui, f->probe) ? "" : " …");
}

static struct heat_options options_of(struct ui *ui, const struct map_sight *s,
                                      const char *const *labels, const uint8_t *roles)
{
    struct heat_options o = maps_options(ui, s->probe, s->layer, s->head, s->mode, s->memory);
    o.range = s->range;
    o.cursor_row = s->row;
    o.cursor_column = s->column;
    o.labels = labels;
    o.label_roles = roles;
    o.overview = ui->map.overview;
    return o;
}

struct heat_place maps_large_draw(struct frame *f, struct rect r, const struct map_sight *s)
{
    const struct probe_snapshot *p = s->probe;
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];
    char left[128], right[128];
    struct heat_place place;

    maps_labels(p, labels, roles);
    struct heat_options o = options_of(f->ui, s, labels, roles);
    bool framed = r.w >= 12 && r.h >= 5;
    struct rect inner = framed ? (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2} : r;
    heat_place(&place, f->canvas, inner, p->positions, &o);
    if (framed) {
        map_title(f, s, r.w, place.pool, left, right, sizeof left);
        canvas_box(f->canvas, r, left, right);
    }
    ui_hit(f->ui, inner, HIT_CELL, 0, 0);
    f->ui->map.range = heat_draw(f->canvas, inner, maps_weight(p, s->layer, s->head),
                                 maps_score(p, s->layer, s->head), p->positions, &o);
    return place;
}

bool maps_large_at(struct ui *ui, const struct map_sight *s, struct rect at, int x, int y, int *row,
                   int *column)
{
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];

    maps_labels(s->probe, labels, roles);
    struct heat_options o = options_of(ui, s, labels, roles);
    return heat_at(&ui->shape, at, s->probe->positions, &o, x, y, row, column);
}

/* What a bar stands for: of the keys of one cell the one of largest magnitude. */
static double bar_value(const struct map_sight *s, const float *w, const float *z, int first,
                        int count)
{
    double most = 0;
    for (int k = first; k < first + count && k < maps_keys(s->probe, s->row); k++) {
        double v = heat_value(s->mode, (double)w[k], (double)z[k]);
        if (isnan(v))
            return v;
        most = fabs(v) > fabs(most) ? v : most;
    }
    return most;
}

/* Which cells the bars in `inner` are of: those of the map above them, else as many as there is room
   for, the query's own and the cursor's among them. False: they do not stand under the map. */
static bool choose_bars(const struct heat_place *place, const struct map_sight *s,
                        struct rect inner, int *first, int *count)
{
    int cells = (s->probe->positions + place->pool - 1) / place->pool;
    *first = place->column0;
    *count = place->columns;
    if (place->cells.x >= inner.x && place->cells.x + place->cells.w <= inner.x + inner.w)
        return true;
    *count = ui_clamp(inner.w, 0, cells);
    *first = ui_clamp(s->row / place->pool - *count + 1, 0, cells - *count);
    if (s->column >= 0 && s->column / place->pool < *first)
        *first = s->column / place->pool;
    return false;
}

void maps_row_draw(struct frame *f, struct rect r, const struct heat_place *place,
                   const struct map_sight *s)
{
    const struct probe_snapshot *p = s->probe;
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];
    double values[MAX_CONTEXT];
    char left[64], right[48];
    int n = p->positions, pool = place->pool, first, count;
    size_t at = (size_t)s->row * (size_t)n;
    bool framed = r.h >= 5 && r.w >= 12;

    if (r.w <= 0 || r.h <= 0 || place->columns <= 0)
        return;
    struct rect inner = framed ? (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2} : r;
    bool under = choose_bars(place, s, inner, &first, &count);
    maps_labels(p, labels, roles);
    for (int k = 0; k < count; k++)
        values[k] = bar_value(s, maps_weight(p, s->layer, s->head) + at,
                              maps_score(p, s->layer, s->head) + at, (first + k) * pool, pool);
    if (framed) {
        int used = pool > 1 ? snprintf(right, sizeof right, "1:%d, ", pool) : 0;
        snprintf(right + used, sizeof right - (size_t)used, "%s, full bar %.3g",
                 heat_mode_name(s->mode), s->range);
        used = snprintf(left, sizeof left, "query %d \"%s\"", s->row + 1, symbol_at(p, s->row));
        if (count * pool < n)
            snprintf(left + used, sizeof left - (size_t)used, ", keys %d to %d", first * pool + 1,
                     ui_clamp((first + count) * pool, 0, n));
        else
            snprintf(left + used, sizeof left - (size_t)used, " looks at");
        /* The scale before the mode: a bar without one says nothing. */
        for (int i = 0; i < 2 && canvas_columns(left) + canvas_columns(right) + 9 > r.w; i++)
            snprintf(right, sizeof right, i ? "bar %.3g" : "full bar %.3g", s->range);
        canvas_box(f->canvas, r, left, right);
    }
    if (under) {
        inner.x = place->cells.x;
        inner.w = place->cells.w;
    }
    bool symbols = pool == 1 && inner.h >= 6;
    bars_draw(f->canvas, inner, values, count, s->range, symbols ? labels + first : NULL,
              symbols ? roles + first : NULL, s->column < 0 ? -1 : s->column / pool - first);
}

/* At the right end of the line under the map, from column `from` on. */
static void scale_draw(struct frame *f, struct rect r, int from, const struct map_sight *s,
                       bool shared)
{
    char text[64];
    int x = r.x + r.w - 61 > from ? r.x + r.w - 61 : from;
    const struct map_extent *e = maps_extent(f->ui, s->probe, s->layer, s->head, s->mode);

    snprintf(text, sizeof text, "%s%s ", heat_mode_name(s->mode),
             f->ui->map.locked ? ", locked" : shared ? ", both" : "");
    int w = r.x + r.w - 1 - x - canvas_columns(text);
    if (w < 14) { /* no room for colours: in a word */
        char range[32];
        heat_range_text(f->canvas, s->mode, s->range, range, sizeof range);
        int all = canvas_columns(text) + canvas_columns(range);
        if (from - 1 + all < r.x + r.w)
            canvas_textf(f->canvas, r.x + r.w - 1 - all, r.y, ROLE_DIM, 0, "%s%s", text, range);
        return;
    }
    x += canvas_text(f->canvas, x, r.y, text, ROLE_DIM, 0);
    heat_scale_clipped(f->canvas, x, r.y, w < 44 ? w : 44, s->mode, s->range,
                       e->low < -s->range * (1 + 1e-4), e->high > s->range * (1 + 1e-4));
}

/* One pair of numbers for each contestant that the line tells of. */
static int pair_numbers(char *out, size_t size, const struct probe_snapshot *p,
                        const struct map_sight *s, int width)
{
    size_t at = (size_t)s->row * (size_t)p->positions + (size_t)s->column;
    char name[NAME_TEXT];
    chrome_short_name(name, sizeof name, p->name, width < 130 ? 6 : 16);
    return snprintf(out, size, "%s z %+.2f w %+.3f  ", name,
                    (double)maps_score(p, s->layer, s->head)[at],
                    (double)maps_weight(p, s->layer, s->head)[at]);
}

/* What the row as a whole does, or what a difference is of. */
static void more_of(const struct frame *f, const struct map_sight *s, char *out, size_t size)
{
    const float *w = maps_weight(s->probe, s->layer, s->head) + (size_t)s->row * (size_t)s->probe->positions;
    double sum = 0, negative = 0, entropy = 0;

    if (f->ui->map.subtracted) {
        const struct probe_snapshot *a = f->ui->map.frozen ? f->ui->map.frozen : f->live;
        int used = snprintf(out, size, "   ");
        used += pair_numbers(out + used, size - (size_t)used, a, s, f->canvas->width);
        pair_numbers(out + used, size - (size_t)used, a->second, s, f->canvas->width);
        return;
    }
    for (int k = 0; k < maps_keys(s->probe, s->row); k++) {
        sum += fabs((double)w[k]);
        negative += w[k] < 0 ? -(double)w[k] : 0;
    }
    for (int k = 0; k < maps_keys(s->probe, s->row) && sum > 0; k++) {
        double share = fabs((double)w[k]) / sum;
        entropy -= share > 0 ? share * log(share) : 0;
    }
    snprintf(out, size, "   row: sum of |w| %.2f  negative %.2f  entropy %.2f nats", sum, negative,
             entropy);
}

void maps_line_draw(struct frame *f, struct rect r)
{
    struct map_sight s = maps_sight(f->ui, f->probe);
    const struct probe_snapshot *p = s.probe, *mate = maps_beside(f->ui, p);
    int at = s.row * p->positions + s.column;
    char line[320], more[160] = "";
    int used = snprintf(line, sizeof line, "query %d \"%s\"  key %d \"%s\"  ", s.row + 1,
                        symbol_at(p, s.row), s.column + 1, symbol_at(p, s.column));

    if (s.column >= maps_keys(p, s.row)) {
        used += snprintf(line + used, sizeof line - (size_t)used, "later than the query: masked");
    } else if (mate) {
        used += pair_numbers(line + used, sizeof line - (size_t)used, p, &s, r.w);
        used += pair_numbers(line + used, sizeof line - (size_t)used, mate, &s, r.w);
    } else {
        used += snprintf(line + used, sizeof line - (size_t)used, "z %+.2f  w %+.3f",
                         (double)maps_score(p, s.layer, s.head)[at],
                         (double)maps_weight(p, s.layer, s.head)[at]);
        more_of(f, &s, more, sizeof more);
    }
    if (used + canvas_columns(more) + 64 < r.w)
        snprintf(line + used, sizeof line - (size_t)used, "%s", more);
    int x = r.x + 1 + canvas_text_fit(f->canvas, r.x + 1, r.y, r.w - 1, line, ROLE_TEXT, CELL_BOLD);
    scale_draw(f, r, x + 3, &s, mate != NULL);
}
