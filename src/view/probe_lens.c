#include "view/probe.h"

#include <math.h>
#include <stdio.h>
#include "view/step.h"
#include "view/step_tokens.h"

/* Columns of a line: where the stream is read, the likeliest symbol, the rule's, how often right. */
enum { PLACE = 12, SHARE = 5, ACCURACY = 18 };

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

/* One symbol with its probability; returns the columns with the gap after it. */
static int symbol_draw(struct frame *f, int x, int y, int symbol, double share)
{
    const struct probe_snapshot *p = f->probe;
    const struct alphabet *a = &p->alphabet;
    int width = step_symbol_columns(a);
    if (symbol < 0 || symbol >= a->count)
        return 0;
    const char *name = step_symbol_name(a, symbol);
    canvas_text(f->canvas, x + width - canvas_columns(name), y, name, chrome_symbol_role(a, symbol),
                CELL_BOLD);
    share_draw(f->canvas, x + width, y, share, ROLE_TEXT);
    if (symbol == p->next_answer)
        canvas_text(f->canvas, x + width + SHARE + 1, y, "✓", ROLE_GOOD, CELL_BOLD);
    return width + SHARE + 3;
}

/* One row of the lens: the likeliest symbol, the rule's, how often right; on a second line, if there
   is one, the next likeliest symbols, as many as fit. */
static void row_draw(struct frame *f, struct rect r, int k)
{
    const struct probe_snapshot *p = f->probe;
    const struct lens_row *row = &p->lens_row[k];
    struct canvas *c = f->canvas;
    char place[LENS_PLACE], accuracy[64];
    int x = r.x + PLACE, top = step_symbol_columns(&p->alphabet) + SHARE + 3;

    lens_place(k, place);
    canvas_text_fit(c, r.x, r.y, PLACE - 1, place, ROLE_TEXT, k == p->lens - 1 ? CELL_BOLD : 0);
    symbol_draw(f, x, r.y, row->symbol[0], (double)row->share[0]);
    if (!step_is_text(&p->alphabet)) /* no rule says what comes in a text */
        share_draw(c, x + top, r.y, (double)row->answer, ROLE_TEXT);
    accuracy_text(f, k, accuracy, sizeof accuracy);
    canvas_text_fit(c, x + top + SHARE + 2, r.y, r.w - PLACE - top - SHARE - 2, accuracy, ROLE_TEXT, 0);
    for (int i = 1; i < PROBE_TOP && r.h > 1 && x + top <= r.x + r.w; i++)
        x += symbol_draw(f, x, r.y + 1, row->symbol[i], (double)row->share[i]);
}

/* Whether a head of the contestant is changed in what is shown. */
static bool is_changed(const struct probe_snapshot *p)
{
    for (int k = 0; k < EXAM_HEADS; k++)
        if (p->change[p->contestant][k] != HEAD_WHOLE)
            return true;
    return false;
}

void probe_lens_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const struct exam_report *e = probe_report(p);
    struct canvas *c = f->canvas;
    char right[48] = "";
    int x = PLACE + step_symbol_columns(&p->alphabet) + SHARE, first = 0;

    if (e && e->contestant == p->contestant)
        snprintf(right, sizeof right, "n=%lld",
                 (long long)e->part[probe_part(f->ui, p)].whole.count);
    if (r.h >= 4)
        r = canvas_box(c, r, "read after every layer, at this symbol", right);
    r.x++;
    r.w -= 2;
    canvas_text(c, r.x, r.y, "stream after", ROLE_DIM, CELL_BOLD);
    canvas_text(c, r.x + PLACE + 1, r.y, "top", ROLE_DIM, CELL_BOLD);
    if (!step_is_text(&p->alphabet))
        canvas_text(c, r.x + x + 2, r.y, "rule's", ROLE_DIM, CELL_BOLD);
    /* What was measured is the model as it trains. */
    canvas_text_fit(c, r.x + x + SHARE + 5, r.y, r.w - x - SHARE - 5,
                    is_changed(p) ? "accuracy, whole" : "accuracy", ROLE_DIM, CELL_BOLD);
    rect_cut_top(&r, 1);
    int lines = r.h >= 2 * p->lens ? 2 : 1;
    if (r.h < p->lens) { /* the last rows are nearest to the answer */
        first = p->lens - (r.h - 1 > 0 ? r.h - 1 : 0);
        canvas_textf(c, r.x, r.y, ROLE_DIM, 0, "↑ %d rows above", first);
        rect_cut_top(&r, 1);
    }
    for (int k = first; k < p->lens; k++)
        row_draw(f, (struct rect){r.x, r.y + (k - first) * lines, r.w, lines}, k);
}
