#include "view/probe.h"

#include <math.h>
#include <stdio.h>
#include "view/step_tokens.h"

/* Columns of a line: where the stream is read, the likeliest symbol, the rule's, how often right. */
enum { PLACE = 12, SHARE = 5, ACCURACY = 18 };

static void place_name(int row, char *out, size_t size)
{
    if (row == 0)
        text_copy(out, size, "embedding");
    else
        snprintf(out, size, row % 2 ? "attention %d" : "layer %d", (row + 1) / 2);
}

int probe_lens_height(const struct probe_snapshot *p)
{
    return p->lens > 0 ? p->lens + 3 : 0;
}

/* Who of those measured is right as read here: ".953 (.931-.968)". */
static void accuracy_text(const struct frame *f, int row, char *out, size_t size)
{
    const struct exam_report *e = probe_report(f->probe);
    char share[16], low_text[16], high_text[16];
    double low, high;

    if (!e || e->contestant != f->probe->contestant || row >= e->lens) {
        text_copy(out, size, "-");
        return;
    }
    const struct exam_part *part = &e->part[probe_part(f->ui, f->probe)];
    struct score s = {part->lens_right[row], part->whole.count};
    score_wilson(s, &low, &high);
    format_share(share, sizeof share, score_value(s));
    format_share(low_text, sizeof low_text, low);
    format_share(high_text, sizeof high_text, high);
    snprintf(out, size, "%s (%s-%s)", share, low_text, high_text);
}

static void share_draw(struct canvas *c, int x, int y, double share, uint8_t role)
{
    char text[16];
    format_share(text, sizeof text, share);
    canvas_text(c, x + SHARE - canvas_columns(text), y, text, role, 0);
}

/* One symbol with its probability and a bar; returns the columns up to the bar. */
static int symbol_draw(struct frame *f, struct rect r, const struct lens_row *row, int k)
{
    const struct probe_snapshot *p = f->probe;
    const struct alphabet *a = &p->alphabet;
    int width = step_symbol_columns(a), symbol = row->symbol[k];
    if (symbol < 0 || symbol >= a->count)
        return 0;
    const char *name = step_symbol_name(a, symbol);
    canvas_text(f->canvas, r.x + width - canvas_columns(name), r.y, name,
                chrome_symbol_role(a, symbol), CELL_BOLD);
    share_draw(f->canvas, r.x + width, r.y, (double)row->share[k], ROLE_TEXT);
    bool right = symbol == p->next_answer;
    if (right)
        canvas_text(f->canvas, r.x + width + SHARE + 1, r.y, "✓", ROLE_GOOD, CELL_BOLD);
    return width + SHARE + 3;
}

/* One row of the lens on `lines` lines: the likeliest symbol, then the next ones. */
static void row_draw(struct frame *f, struct rect r, int k, int lines)
{
    const struct probe_snapshot *p = f->probe;
    const struct lens_row *row = &p->lens_row[k];
    struct canvas *c = f->canvas;
    char place[24], accuracy[64];
    int width = step_symbol_columns(&p->alphabet), x = r.x + PLACE, top = width + SHARE + 3;

    place_name(k, place, sizeof place);
    canvas_text_fit(c, r.x, r.y, PLACE - 1, place, ROLE_TEXT, k == p->lens - 1 ? CELL_BOLD : 0);
    for (int i = 0; i < lines && i < PROBE_TOP; i++) {
        symbol_draw(f, (struct rect){x, r.y + i, r.w - PLACE, 1}, row, i);
        if (i > 0 && row->symbol[i] >= 0)
            canvas_bar(c, x + top, r.y + i, ui_clamp(r.w - PLACE - top, 0, 24), (double)row->share[i],
                       chrome_series_role(p->contestant));
    }
    share_draw(c, x + top, r.y, (double)row->answer, ROLE_TEXT);
    accuracy_text(f, k, accuracy, sizeof accuracy);
    canvas_text_fit(c, x + top + SHARE + 2, r.y, r.w - PLACE - top - SHARE - 2, accuracy, ROLE_TEXT, 0);
}

void probe_lens_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const struct exam_report *e = probe_report(p);
    struct canvas *c = f->canvas;
    char right[48] = "", answer[32];
    int width = step_symbol_columns(&p->alphabet), first = 0;

    if (e && e->contestant == p->contestant)
        snprintf(right, sizeof right, "n=%lld",
                 (long long)e->part[probe_part(f->ui, p)].whole.count);
    if (r.h >= 4)
        r = canvas_box(c, r, "read after every layer, at this symbol", right);
    r.x++;
    r.w -= 2;
    snprintf(answer, sizeof answer, "rule's");
    canvas_text(c, r.x, r.y, "stream after", ROLE_DIM, CELL_BOLD);
    canvas_text(c, r.x + PLACE + 1, r.y, "top", ROLE_DIM, CELL_BOLD);
    canvas_text(c, r.x + PLACE + width + SHARE + 2, r.y, answer, ROLE_DIM, CELL_BOLD);
    canvas_text_fit(c, r.x + PLACE + width + 2 * SHARE + 5, r.y,
                    r.w - PLACE - width - 2 * SHARE - 5, "accuracy", ROLE_DIM, CELL_BOLD);
    rect_cut_top(&r, 1);
    int lines = r.h / p->lens;
    lines = ui_clamp(lines, 1, PROBE_TOP + (lines > PROBE_TOP));
    if (r.h < p->lens) { /* the last rows are nearest to the answer */
        first = p->lens - (r.h - 1 > 0 ? r.h - 1 : 0);
        canvas_textf(c, r.x, r.y, ROLE_DIM, 0, "↑ %d rows above", first);
        rect_cut_top(&r, 1);
    }
    for (int k = first; k < p->lens; k++)
        row_draw(f, (struct rect){r.x, r.y + (k - first) * lines, r.w, lines}, k, lines);
}
