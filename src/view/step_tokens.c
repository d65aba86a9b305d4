#include "view/step_tokens.h"

#include <math.h>
#include <stdio.h>
#include "view/maps.h"

enum { TAG = 6, WEIGHT = 5 }; /* columns of row names left of the tokens, and of a weight at the right */

/* Which symbols stand where: positions first..first+count-1 of the window, then `ahead` symbols
   that lie after the cursor. */
struct strip {
    int x, step;
    int first, count, ahead;
};

int step_symbol_columns(const struct alphabet *a)
{
    int most = 1;
    for (int i = 0; i < a->count; i++) {
        int columns = canvas_columns(a->name[i]);
        most = columns > most ? columns : most;
    }
    return most;
}

static struct strip strip_of(const struct probe_snapshot *p, struct rect inner)
{
    struct strip s = {.step = step_symbol_columns(&p->alphabet) + 1};
    int tag = inner.w >= 44 ? TAG : 0;
    int right = tag && s.step <= WEIGHT ? WEIGHT + 1 - s.step : 0;
    int slots = (inner.w - tag - right) / s.step - 1;

    s.x = inner.x + tag;
    s.ahead = ui_clamp(p->length - p->cursor, 0, slots > 8 ? 4 : 0);
    s.count = ui_clamp(p->positions, 0, slots - s.ahead > 0 ? slots - s.ahead : 0);
    s.first = p->positions - s.count;
    return s;
}

const char *step_symbol_name(const struct alphabet *a, int symbol)
{
    return symbol >= 0 && symbol < a->count ? a->name[symbol] : "-";
}

static void tag_draw(struct frame *f, struct rect inner, int y, const char *text)
{
    if (inner.w >= 44)
        canvas_text_fit(f->canvas, inner.x, y, TAG - 1, text, ROLE_DIM, 0);
}

/* A symbol right-aligned in its slot. */
static void symbol_draw(struct canvas *c, const struct strip *s, int slot, int y, const char *name,
                        uint8_t role, uint8_t attr)
{
    int x = s->x + (slot + 1) * s->step - canvas_columns(name);
    canvas_text(c, x, y, name, role, attr);
}

/* What the other sequence has here is another symbol. Both have the same number of symbols before
   the cursor that the window shows. */
static bool is_other(const struct probe_snapshot *p, const struct probe_snapshot *mate, int at)
{
    int there = mate ? at - p->cursor + mate->cursor : -1;
    return there >= 0 && there < mate->length && mate->sequence[there] != p->sequence[at];
}

static void tokens_row(struct frame *f, const struct strip *s, int y,
                       const struct probe_snapshot *mate)
{
    const struct probe_snapshot *p = f->probe;
    const struct ui *ui = f->ui;
    for (int k = 0; k < s->count; k++) {
        int at = p->start + s->first + k, symbol = p->sequence[at];
        uint8_t role = chrome_symbol_role(&p->alphabet, symbol), attr = 0;
        if (is_other(p, mate, at))
            attr |= CELL_REVERSE | CELL_BOLD;
        if (ui->page == PAGE_STEP && ui->step.edit != EDIT_NONE && at == p->cursor - ui->step.back)
            attr |= CELL_REVERSE | CELL_UNDERLINE;
        symbol_draw(f->canvas, s, k, y, step_symbol_name(&p->alphabet, symbol), role,
                    role == ROLE_TEXT ? attr : attr | CELL_BOLD);
    }
    canvas_put(f->canvas, s->x + s->count * s->step + s->step - 2, y, 0x258c, ROLE_ACCENT,
               ROLE_BACKGROUND, CELL_BOLD);
    for (int k = 0; k < s->ahead; k++)
        symbol_draw(f->canvas, s, s->count + 1 + k, y,
                    step_symbol_name(&p->alphabet, p->sequence[p->cursor + k]), ROLE_DIM, 0);
}

/* Right or wrong, for every symbol the model was asked about. */
static void hits_row(struct frame *f, const struct strip *s, int y)
{
    const struct probe_snapshot *p = f->probe;
    for (int k = 0; k < s->count; k++) {
        int hit = p->hit[p->start + s->first + k];
        if (hit >= 0)
            symbol_draw(f->canvas, s, k, y, hit ? "✓" : "✗", hit ? ROLE_GOOD : ROLE_BAD, 0);
    }
}

/* "↑ copied from here" under the symbol that the rule reads. */
static void source_row(struct frame *f, const struct strip *s, struct rect inner, int y)
{
    const struct probe_snapshot *p = f->probe;
    int slot = p->copied_from - p->start - s->first;
    if (p->copied_from < 0 || p->next_answer < 0 || slot >= s->count)
        return;
    const char *words = p->copies ? "copied from here" : "the rule reads this";
    if (slot < 0) {
        canvas_textf(f->canvas, s->x, y, ROLE_ACCENT, 0, "← %s: %s, %d symbols further left", words,
                     step_symbol_name(&p->alphabet, p->sequence[p->copied_from]), -slot);
        return;
    }
    int x = s->x + slot * s->step + s->step - 1, columns = canvas_columns(words);
    canvas_text(f->canvas, x, y, "↑", ROLE_ACCENT, CELL_BOLD);
    if (x + 2 + columns <= inner.x + inner.w)
        canvas_text(f->canvas, x + 2, y, words, ROLE_ACCENT, 0);
    else if (x - 1 - columns >= inner.x)
        canvas_text(f->canvas, x - 1 - columns, y, words, ROLE_ACCENT, 0);
}

/* What the longest bars stand for, left of them: they are drawn to the largest of the values. */
static void scale_draw(struct frame *f, const struct strip *s, struct rect inner, struct rect bars,
                       const double *values)
{
    double largest = 0;
    bool below = false;
    char text[24];
    for (int k = 0; k < s->count; k++) {
        largest = fabs(values[k]) > largest ? fabs(values[k]) : largest;
        below |= values[k] < 0;
    }
    if (s->count == 0 || bars.h < 2)
        return;
    format_share(text, sizeof text, largest);
    tag_draw(f, inner, bars.y, text);
    if (below) {
        format_share(text, sizeof text, -largest);
        tag_draw(f, inner, bars.y + bars.h - 1, text);
    }
}

static void attention_bars(struct frame *f, const struct strip *s, struct rect inner, int y, int h)
{
    const struct probe_snapshot *p = f->probe;
    double values[MAX_CONTEXT];
    char text[LOG_TEXT + NAME_TEXT + 8];
    int layer, head, n = p->positions, strongest = 0;

    if (h < 1)
        return;
    if (maps_missing(p, text, sizeof text)) {
        if (p->ready && p->layers == 0) /* first or second of a pair: another key for each */
            snprintf(text, sizeof text, "%s has no attention", p->name);
        canvas_text_fit(f->canvas, inner.x, y + h / 2, inner.w, text, ROLE_WARN, 0);
        return;
    }
    maps_chosen(f->ui, p, &layer, &head);
    const float *w = maps_weight(p, layer, head) + (size_t)(n - 1) * (size_t)n;
    for (int k = 0; k < s->count; k++) {
        values[k] = (double)w[s->first + k];
        if (fabs(values[k]) > fabs(values[strongest]))
            strongest = k;
    }
    bars_draw(f->canvas, (struct rect){s->x, y, s->count * s->step, h}, values, s->count, 0, NULL,
              NULL, s->count > 0 ? strongest : -1);
    scale_draw(f, s, inner, (struct rect){s->x, y, s->count * s->step, h}, values);
}

/* The part of the last position's attention that goes to positions left of the screen. */
static double hidden_share(const struct frame *f, const struct strip *s)
{
    const struct probe_snapshot *p = f->probe;
    int layer, head, n = p->positions;
    double hidden = 0, sum = 0;

    maps_chosen(f->ui, p, &layer, &head);
    const float *w = maps_weight(p, layer, head) + (size_t)(n - 1) * (size_t)n;
    for (int k = 0; k < n; k++) {
        sum += fabs((double)w[k]);
        hidden += k < s->first ? fabs((double)w[k]) : 0;
    }
    return sum > 0 ? hidden / sum : 0;
}

void step_tokens_draw(struct frame *f, struct rect r)
{
    step_tokens_pair_draw(f, r, NULL, NULL);
}

void step_tokens_pair_draw(struct frame *f, struct rect r, const char *title,
                           const struct probe_snapshot *mate)
{
    const struct probe_snapshot *p = f->probe;
    char left[160], right[64] = "";
    int layer, head;

    snprintf(left, sizeof left, "%s", title ? title : "the sequence");
    if (p->layers > 0) {
        maps_chosen(f->ui, p, &layer, &head);
        snprintf(left, sizeof left, "%s%s · layer %d head %d", title ? title : "",
                 title ? " · attention" : "attention of this position", layer + 1, head + 1);
    }
    struct rect inner = r;
    if (r.h >= 5 && r.w >= 3)
        inner = (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2};
    struct strip s = strip_of(p, inner);
    if (s.first > 0 && p->layers > 0)
        snprintf(right, sizeof right, "%d older: %.2f of sum |w|", s.first, hidden_share(f, &s));
    else if (p->length > p->positions)
        snprintf(right, sizeof right, "the model sees %d of %d", p->positions, p->length);
    if (inner.h < r.h)
        canvas_box(f->canvas, r, left, right);
    int y = inner.y, rows = inner.h;
    if (rows >= 5) {
        tag_draw(f, inner, y, "model");
        hits_row(f, &s, y++);
        rows--;
    }
    if (rows < 1)
        return;
    tag_draw(f, inner, y, "token");
    tokens_row(f, &s, y++, mate);
    if (--rows >= 3)
        source_row(f, &s, inner, inner.y + inner.h - 1);
    if (rows >= 3)
        rows--;
    attention_bars(f, &s, inner, y, rows);
}

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
    canvas_text_fit(c, x + WEIGHT - canvas_columns(signed_text), y, WEIGHT, signed_text,
                    here     ? ROLE_ACCENT
                    : strong ? ROLE_TEXT
                             : ROLE_DIM,
                    strong ? CELL_BOLD : 0);
}

/* Order of maps by the strength of their weight on the copied symbol, strongest first; at most `most`
   of them, given back in the model's order. */
static int strongest_maps(const struct probe_snapshot *p, int most, int *chosen)
{
    int maps = p->layers * p->heads, count = 0;
    for (int k = 0; k < most; k++) {
        int best = -1;
        double largest = -1;
        for (int m = 0; m < maps; m++) {
            double w = fabs(copy_weight(p, m / p->heads, m % p->heads));
            bool taken = false;
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

void step_copy_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    enum { ITEM = 4 + WEIGHT + 2, MOST = 64 };
    int maps = p->layers * p->heads, layer, head, chosen[MOST];
    struct canvas *c = f->canvas;

    if (p->alphabet.kind != ALPHABET_WORDS) /* no rule reads a symbol of a text */
        return;
    int x = r.x + 1 + canvas_text_fit(c, r.x + 1, r.y, r.w - 1, "weight on ↑", ROLE_DIM, 0) + 2;
    if (p->next_answer < 0 || p->copied_from < 0) {
        canvas_text_fit(c, x, r.y, r.x + r.w - x, "the rule reads no symbol here", ROLE_DIM, 0);
        return;
    }
    if (p->copied_from < p->start) {
        canvas_textf(c, x, r.y, ROLE_WARN, 0, "the rule reads a symbol %d before the window",
                     p->start - p->copied_from);
        return;
    }
    int columns = (r.x + r.w - x - 6) / ITEM, room = columns * r.h;
    room = room < MOST ? room : MOST;
    maps_chosen(f->ui, p, &layer, &head);
    int count = strongest_maps(p, maps < room ? maps : room, chosen);
    for (int k = 0; k < count; k++) {
        int l = chosen[k] / p->heads, h = chosen[k] % p->heads;
        int at = x + k % columns * ITEM, y = r.y + k / columns;
        bool here = l == layer && h == head;
        canvas_textf(c, at, y, here ? ROLE_ACCENT : ROLE_DIM, here ? CELL_BOLD : 0, "%d.%d", l + 1,
                     h + 1);
        weight_draw(c, at + 4, y, copy_weight(p, l, h), here);
        ui_hit(f->ui, (struct rect){at, y, ITEM - 1, 1}, HIT_MAP, l, h);
    }
    if (count < maps)
        canvas_textf(c, r.x + r.w - 5, r.y + r.h - 1, ROLE_DIM, 0, "+%d", maps - count);
}

void step_heads_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    int maps = p->layers * p->heads, layer, head;

    bool copies = p->next_answer >= 0 && p->copied_from >= p->start && r.w >= 46;
    struct rect inner = canvas_box(f->canvas, r, "all heads at this position",
                                   copies ? "- 0 + · at the right: weight on ↑" : "- 0 +");
    struct strip s = strip_of(p, inner);
    maps_chosen(f->ui, p, &layer, &head);
    int chosen = layer * p->heads + head;
    int top = ui_clamp(chosen - inner.h / 2, 0, maps > inner.h ? maps - inner.h : 0);
    for (int i = 0; i < inner.h && top + i < maps; i++) {
        int l = (top + i) / p->heads, h = (top + i) % p->heads, y = inner.y + i;
        bool here = top + i == chosen;
        canvas_textf(f->canvas, inner.x, y, here ? ROLE_ACCENT : ROLE_DIM, here ? CELL_BOLD : 0,
                     "%d.%d%s", l + 1, h + 1, here ? "▸" : "");
        maps_strip_draw(f->canvas, s.x, y, s.step, p, l, h, p->positions - 1, s.first, s.count);
        if (copies)
            weight_draw(f->canvas, inner.x + inner.w - WEIGHT - 1, y, copy_weight(p, l, h), here);
        ui_hit(f->ui, (struct rect){inner.x, y, inner.w, 1}, HIT_MAP, l, h);
    }
}
