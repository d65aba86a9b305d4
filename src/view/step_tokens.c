#include "view/step_tokens.h"

#include <math.h>
#include <stdio.h>
#include "view/maps.h"
#include "view/step_heads.h"

/* Rows of each kind inside the frame, from above: right or wrong, symbols, bars of the chosen head, what the
   rule reads, every head with `pitch` rows: a line of colours, or small bars. */
struct rows {
    int hits, tokens, bars, source, heads, pitch;
};

enum { LARGE_BARS = 8 };

static struct rows rows_of(const struct probe_snapshot *p, struct rect inner)
{
    int maps = p->positions > 0 ? p->layers * p->heads : 0, h = inner.h;
    bool rules = p->alphabet.kind == ALPHABET_WORDS; /* no rule reads a text */
    struct rows r = {.hits = rules && h >= 5, .tokens = h >= 1, .source = (rules || maps > 1) && h >= 4};
    r.bars = h - r.hits - r.tokens - r.source;
    int least = ui_clamp(r.bars / 3, 2, LARGE_BARS);
    r.heads = maps > 1 && inner.w >= 44 ? ui_clamp(r.bars - least, 0, maps) : 0;
    r.heads = r.heads < 2 ? 0 : r.heads;
    r.pitch = r.heads > 0 ? ui_clamp((r.bars - LARGE_BARS) / maps, 1, STEP_MOST_PITCH) : 1;
    r.pitch = r.pitch < STEP_SMALL_PITCH ? 1 : r.pitch;
    r.bars = r.bars > 0 ? r.bars - r.heads * r.pitch : 0;
    if (!rules && r.heads == 0) { /* nothing to say there */
        r.bars += r.source;
        r.source = 0;
    }
    return r;
}

int step_symbol_columns(const struct alphabet *a)
{
    int most = 1;
    for (int i = 0; i < a->count; i++) {
        int columns = canvas_columns(a->name[i]);
        most = columns > most ? columns : most;
    }
    return most;
}

static struct step_strip strip_of(const struct probe_snapshot *p, struct rect inner)
{
    struct step_strip s = {.step = step_symbol_columns(&p->alphabet) + 1};
    int tag = inner.w >= 44 ? STEP_TAG : 0;
    int right = tag && s.step <= STEP_WEIGHT ? STEP_WEIGHT + 1 - s.step : 0;
    int slots = (inner.w - tag - right) / s.step - 1;

    s.x = inner.x + tag;
    s.ahead = ui_clamp(p->length - p->cursor, 0, slots > 8 ? 4 : 0);
    s.count = ui_clamp(p->positions, 0, slots - s.ahead > 0 ? slots - s.ahead : 0);
    s.first = p->positions - s.count;
    s.behind = s.first > 0 ? 0 : ui_clamp(slots - s.ahead - s.count, 0, p->start < 4 ? p->start : 4);
    s.x += s.behind * s.step;
    return s;
}

const char *step_symbol_name(const struct alphabet *a, int symbol)
{
    return symbol >= 0 && symbol < a->count ? a->name[symbol] : "-";
}

static void tag_draw(struct frame *f, struct rect inner, int y, const char *text)
{
    if (inner.w >= 44)
        canvas_text_fit(f->canvas, inner.x, y, STEP_TAG - 1, text, ROLE_DIM, 0);
}

/* A symbol right-aligned in its slot. */
static void symbol_draw(struct canvas *c, const struct step_strip *s, int slot, int y, const char *name,
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

static void tokens_row(struct frame *f, const struct step_strip *s, int y,
                       const struct probe_snapshot *mate)
{
    const struct probe_snapshot *p = f->probe;
    const struct ui *ui = f->ui;
    for (int k = -s->behind; k < 0; k++)
        symbol_draw(f->canvas, s, k, y, step_symbol_name(&p->alphabet, p->sequence[p->start + k]),
                    ROLE_DIM, 0);
    if (s->behind > 0 || s->first > 0) /* the window's edge, or the screen's */
        canvas_text(f->canvas, s->x, y, s->behind > 0 ? "┆" : "‹", ROLE_DIM, 0);
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
static void hits_row(struct frame *f, const struct step_strip *s, int y)
{
    const struct probe_snapshot *p = f->probe;
    for (int k = -s->behind; k < s->count; k++) {
        int hit = p->hit[p->start + s->first + k];
        if (hit >= 0)
            symbol_draw(f->canvas, s, k, y, hit ? "✓" : "✗", hit ? ROLE_GOOD : ROLE_BAD, 0);
    }
}

/* Under the symbol that the rule reads "↑ copied from here", and the weights on it of the heads that have no
   lines of their own. */
static void source_row(struct frame *f, const struct step_strip *s, const struct step_lines *lines, struct rect inner,
                       int y)
{
    const struct probe_snapshot *p = f->probe;
    struct canvas *c = f->canvas;
    int slot = p->copied_from - p->start - s->first, end = inner.x + inner.w;

    if (p->alphabet.kind != ALPHABET_WORDS || slot >= s->count) /* no rule reads a text */
        return;
    if (p->next_answer < 0 || p->copied_from < 0) {
        canvas_text_fit(c, inner.x + (inner.x == s->x ? 1 : STEP_TAG), y, inner.w - STEP_TAG,
                        "the rule reads no symbol here", ROLE_DIM, 0);
        return;
    }
    const char *words = p->copies ? "copied from here" : "the rule reads this";
    const char *name = step_symbol_name(&p->alphabet, p->sequence[p->copied_from]);
    int x = s->x + slot * s->step + s->step - 1, columns = canvas_columns(words);
    if (p->copied_from < p->start) {
        canvas_textf(c, inner.x, y, ROLE_WARN, 0, "← the rule reads %s, %d before the window: the model cannot see it",
                     name, p->start - p->copied_from);
        return;
    }
    if (slot < 0)
        x = s->x + canvas_textf(c, s->x, y, ROLE_ACCENT, 0, "← %s %s, %d symbols further left",
                                p->copies ? "copied from" : "the rule reads", name, -slot);
    else
        canvas_text(c, x++, y, "↑", ROLE_ACCENT, CELL_BOLD);
    int left = slot < 0 ? inner.x : x - 1;
    if (slot >= 0 && x + 1 + columns <= end)
        x += 1 + canvas_text(c, x + 1, y, words, ROLE_ACCENT, 0);
    else if (slot >= 0 && left - 1 - columns >= inner.x)
        canvas_text(c, left -= 1 + columns, y, words, ROLE_ACCENT, 0);
    if (end - x >= left - inner.x)
        step_weights_draw(f, lines, x + 2, y, end - x - 3);
    else
        step_weights_draw(f, lines, inner.x + 1, y, left - inner.x - 3);
}

/* What the longest bars stand for, left of them: they are drawn to the largest of the values. */
static void scale_draw(struct frame *f, const struct step_strip *s, struct rect inner, struct rect bars,
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

static void attention_bars(struct frame *f, const struct step_strip *s, struct rect inner, int y, int h)
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
static double hidden_share(const struct frame *f, const struct step_strip *s)
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

/* Whose attention, of which head, and the keys that choose another. */
static void title_text(const struct frame *f, int width, const char *title, char *out, size_t size)
{
    const struct probe_snapshot *p = f->probe;
    int layer, head, used = 0, maps = p->layers * p->heads;

    snprintf(out, size, "%s", title ? title : "the sequence");
    if (p->layers == 0 || p->map_count == 0)
        return;
    maps_chosen(f->ui, p, &layer, &head);
    if (title)
        used = snprintf(out, size, "%s · ", title);
    if (!title || width >= 100)
        used += snprintf(out + used, size - (size_t)used, "attention%s · ",
                         title || width < 100 ? "" : " of this position");
    used += snprintf(out + used, size - (size_t)used, width < 100 ? "head %d.%d" : "layer %d head %d",
                     layer + 1, head + 1);
    if (maps > 1)
        snprintf(out + used, size - (size_t)used, width < 100 ? " of %d [ ]" : " of %d, [ ] others", maps);
}

/* What of the sequence the model sees, and what of that is left of the screen; as much as `width` holds. */
static void window_text(const struct frame *f, const struct step_strip *s, int width, char *out, size_t size)
{
    const struct probe_snapshot *p = f->probe;
    char seen[64], hidden[64] = "", share[16] = "-";

    if (p->start > 0)
        snprintf(seen, sizeof seen, "sees the last %d of %d", p->positions, p->cursor);
    else
        snprintf(seen, sizeof seen, "sees all %d", p->positions);
    if (s->first > 0 && p->map_count > 0) {
        format_share(share, sizeof share, hidden_share(f, s));
        snprintf(hidden, sizeof hidden, "%d hidden: %s of |w|", s->first, share);
    } else if (s->first > 0) {
        snprintf(hidden, sizeof hidden, "%d hidden", s->first);
    }
    snprintf(out, size, "%s%s%s", seen, *hidden ? ", " : "", hidden);
    if (canvas_columns(out) > width && *hidden)
        snprintf(out, size, "last %d of %d seen, %d hidden: %s |w|", p->positions, p->cursor, s->first, share);
    if (canvas_columns(out) > width && *hidden)
        snprintf(out, size, "%d seen, %s", p->positions, hidden);
    if (canvas_columns(out) > width)
        snprintf(out, size, "%s", canvas_columns(seen) <= width || !*hidden ? seen : hidden);
}

void step_tokens_pair_draw(struct frame *f, struct rect r, const char *title,
                           const struct probe_snapshot *mate)
{
    const struct probe_snapshot *p = f->probe;
    char left[160], right[160];
    struct rect inner = r;

    if (r.h >= 5 && r.w >= 3)
        inner = (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2};
    struct step_strip s = strip_of(p, inner);
    struct rows rows = rows_of(p, inner);
    if (inner.h < r.h) {
        title_text(f, r.w, title, left, sizeof left);
        window_text(f, &s, r.w - 6 - canvas_columns(left) - 3, right, sizeof right);
        canvas_box(f->canvas, r, left, right);
    }
    int y = inner.y;
    if (rows.hits) {
        tag_draw(f, inner, y, "model");
        hits_row(f, &s, y);
    }
    y += rows.hits;
    if (rows.tokens) {
        tag_draw(f, inner, y, "token");
        tokens_row(f, &s, y, mate);
    }
    y += rows.tokens;
    attention_bars(f, &s, inner, y, rows.bars);
    y += rows.bars;
    struct step_lines lines = step_lines_of(f, rows.heads);
    struct rect source = inner;
    if (rows.heads > 0) { /* between the legend's ends */
        source.x += STEP_TAG;
        source.w -= STEP_TAG + STEP_WEIGHT + 4;
    }
    if (rows.source)
        source_row(f, &s, &lines, source, y);
    if (rows.heads > 0) {
        step_legend_draw(f, inner, y, rows.pitch);
        struct rect below = {inner.x, y + rows.source, inner.w, rows.heads * rows.pitch};
        step_lines_draw(f, &s, &lines, rows.pitch, below);
    }
}
