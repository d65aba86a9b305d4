#include "view/step_heads.h"

#include <math.h>
#include <stdio.h>
#include "view/maps.h"

enum { WEIGHT_ITEM = 4 + STEP_WEIGHT + 2 }; /* columns of a head's number with its weight */

/* The weight that the last position of a head puts on the symbol that the rule reads; NaN: there is no
   such symbol in the window, or the picture does not hold this map. */
static double copy_weight(const struct probe_snapshot *p, int layer, int head)
{
    int n = p->positions, at = p->copied_from - p->start;
    if (p->next_answer < 0 || p->copied_from < p->start || at >= n || !maps_has(p, layer, head))
        return NAN;
    return (double)maps_weight(p, layer, head)[(size_t)(n - 1) * (size_t)n + (size_t)at];
}

static void weight_draw(struct canvas *c, int x, int y, double w, bool here)
{
    char text[24], signed_text[28];
    bool strong = fabs(w) >= 0.1;
    format_share(text, sizeof text, w);
    snprintf(signed_text, sizeof signed_text, "%s%s", w > 0 && *text != '-' ? "+" : "", text);
    canvas_text_fit(c, x + STEP_WEIGHT - canvas_columns(signed_text), y, STEP_WEIGHT, signed_text,
                    here     ? ROLE_ACCENT
                    : strong ? ROLE_TEXT
                             : ROLE_DIM,
                    strong ? CELL_BOLD : 0);
}

/* At most `most` of the other maps, those with the strongest weights on the copied symbol, in the model's
   order. */
static int strongest_maps(const struct probe_snapshot *p, const struct step_lines *lines, int most, int *chosen)
{
    int maps = p->layers * p->heads, count = 0;
    for (int k = 0; k < most; k++) {
        int best = -1;
        double largest = -1;
        for (int m = 0; m < maps; m++) {
            double w = fabs(copy_weight(p, m / p->heads, m % p->heads));
            bool taken = m >= lines->first && m < lines->first + lines->count;
            for (int i = 0; i < count; i++)
                taken |= chosen[i] == m;
            if (!taken && w > largest) {
                largest = w;
                best = m;
            }
        }
        if (best < 0)
            break;
        int at = count++;
        for (; at > 0 && chosen[at - 1] > best; at--)
            chosen[at] = chosen[at - 1];
        chosen[at] = best;
    }
    return count;
}

void step_weights_draw(struct frame *f, const struct step_lines *lines, int x, int y, int width)
{
    const struct probe_snapshot *p = f->probe;
    static const char what[] = "w on ↑ ";
    enum { MOST = 64, LEFT_OUT = 6 };
    int maps = p->layers * p->heads - lines->count, room, layer, head, chosen[MOST];

    width -= canvas_columns(what);
    room = (width + 2) / WEIGHT_ITEM;
    if (maps > room)
        room = (width + 2 - LEFT_OUT) / WEIGHT_ITEM;
    room = room < MOST ? room : MOST;
    if (room < 1 || maps <= 0 || p->map_count == 0)
        return;
    x += canvas_text(f->canvas, x, y, what, ROLE_DIM, 0);
    maps_chosen(f->ui, p, &layer, &head);
    int count = strongest_maps(p, lines, maps < room ? maps : room, chosen);
    for (int k = 0; k < count; k++) {
        int l = chosen[k] / p->heads, h = chosen[k] % p->heads, at = x + k * WEIGHT_ITEM;
        bool here = l == layer && h == head;
        canvas_textf(f->canvas, at, y, here ? ROLE_ACCENT : ROLE_DIM, here ? CELL_BOLD : 0, "%d.%d",
                     l + 1, h + 1);
        weight_draw(f->canvas, at + 4, y, copy_weight(p, l, h), here);
        ui_hit(f->ui, (struct rect){at, y, WEIGHT_ITEM - 1, 1}, HIT_MAP, l, h);
    }
    if (count < maps)
        canvas_textf(f->canvas, x + count * WEIGHT_ITEM, y, ROLE_DIM, 0, "+%d", maps - count);
}

struct step_lines step_lines_of(const struct frame *f, int rows)
{
    const struct probe_snapshot *p = f->probe;
    int maps = p->layers * p->heads, layer, head;

    if (rows == 0)
        return (struct step_lines){0};
    maps_chosen(f->ui, p, &layer, &head);
    return (struct step_lines){ui_clamp(layer * p->heads + head - rows / 2, 0, maps > rows ? maps - rows : 0),
                          maps < rows ? maps : rows};
}

/* One head at the last position: a line of colours, or small bars over an empty row, and left of them in column
   x what the longest stands for. */
static void head_draw(struct frame *f, const struct step_strip *s, int layer, int head, int x, int y, int pitch)
{
    const struct probe_snapshot *p = f->probe;
    double values[MAX_CONTEXT], largest = 0;
    char text[24];
    int n = p->positions;

    if (pitch < STEP_SMALL_PITCH || !maps_has(p, layer, head)) {
        maps_strip_draw(f->canvas, s->x, y, s->step, p, layer, head, n - 1, s->first, s->count);
        return;
    }
    const float *w = maps_weight(p, layer, head) + (size_t)(n - 1) * (size_t)n;
    for (int k = 0; k < s->count; k++) {
        values[k] = (double)w[s->first + k];
        largest = fabs(values[k]) > largest ? fabs(values[k]) : largest;
    }
    bars_draw(f->canvas, (struct rect){s->x, y, s->count * s->step, pitch - 1}, values, s->count, 0, NULL,
              NULL, -1);
    format_share(text, sizeof text, largest);
    canvas_text_fit(f->canvas, x, y + 1, STEP_TAG - 1, text, ROLE_DIM, 0);
}

void step_lines_draw(struct frame *f, const struct step_strip *s, const struct step_lines *lines, int pitch,
                       struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    bool copies = p->next_answer >= 0 && p->copied_from >= p->start;
    int layer, head;

    maps_chosen(f->ui, p, &layer, &head);
    for (int i = 0; i < lines->count; i++) {
        int l = (lines->first + i) / p->heads, h = (lines->first + i) % p->heads;
        int y = r.y + i * pitch;
        bool here = l == layer && h == head;
        canvas_textf(f->canvas, r.x, y, here ? ROLE_ACCENT : ROLE_DIM, here ? CELL_BOLD : 0,
                     "%d.%d%s", l + 1, h + 1, here ? "▸" : "");
        head_draw(f, s, l, h, r.x, y, pitch);
        if (copies)
            weight_draw(f->canvas, r.x + r.w - STEP_WEIGHT, y, copy_weight(p, l, h), here);
        ui_hit(f->ui, (struct rect){r.x, y, r.w, pitch}, HIT_MAP, l, h);
    }
}

void step_legend_draw(struct frame *f, struct rect inner, int y, int pitch)
{
    static const char ends[] = "M @";
    const struct probe_snapshot *p = f->probe;
    struct canvas *c = f->canvas;
    static const char right[] = "w on ↑";

    if (pitch < STEP_SMALL_PITCH) {
        canvas_text(c, inner.x, y, "-", ROLE_DIM, 0);
        canvas_text(c, inner.x + 4, y, "+", ROLE_DIM, 0);
    }
    for (int i = 0; i < 3 && pitch < STEP_SMALL_PITCH; i++) {
        uint8_t level = (uint8_t)(ROLE_DIVERGING_0 + i * (RAMP_LEVELS - 1) / 2);
        if (c->colors >= 256)
            canvas_put(c, inner.x + 1 + i, y, ' ', ROLE_TEXT, level, 0);
        else
            canvas_put(c, inner.x + 1 + i, y, (uint32_t)ends[i], level, ROLE_BACKGROUND, 0);
    }
    if (p->next_answer >= 0 && p->copied_from >= p->start)
        canvas_text(c, inner.x + inner.w - canvas_columns(right), y, right, ROLE_DIM, 0);
}
