/* Two sequences, or two contestants on one, token under token. */
#include "view/step.h"

#include <math.h>
#include <stdio.h>
#include "view/maps.h"
#include "view/step_tokens.h"

/* "A transformer-dpa": a letter for the sequences of a branch, a marker for contestants. */
static void pair_name(const struct frame *f, const struct probe_snapshot *p, bool second, int width,
                      char *out, size_t size)
{
    char name[NAME_TEXT];
    chrome_short_name(name, sizeof name, p->name, width);
    if (f->probe->second_kind == SECOND_BRANCH)
        snprintf(out, size, "%s", second ? "B, the branch" : "A");
    else
        snprintf(out, size, "%s %s", chrome_marker(f->canvas, p->contestant), name);
}

static void tokens_draw(struct frame *f, struct rect r, bool second)
{
    const struct probe_snapshot *p = second ? f->probe->second : f->probe;
    struct frame mine = {f->ui, f->canvas, f->race, p};
    char name[NAME_TEXT + 8], text[LOG_TEXT + NAME_TEXT + 8];

    if (r.h <= 0 || r.w <= 0)
        return;
    pair_name(f, p, second, r.w / 3, name, sizeof name);
    struct rect old = canvas_clip(f->canvas, r);
    if (p->ready) {
        step_tokens_pair_draw(&mine, r, name, second ? f->probe : f->probe->second);
    } else {
        chrome_notice(f, r, maps_message(p, text, sizeof text), ROLE_WARN);
    }
    f->canvas->clip = old;
}

/* What the rule says, or of a text what stands there and its price; returns the column after it. */
static int truth_draw(struct canvas *c, int x, int y, const struct probe_snapshot *p)
{
    const struct alphabet *a = &p->alphabet;

    if (step_is_text(a)) {
        x += canvas_text(c, x, y, "text ", ROLE_DIM, 0);
        if (p->cursor >= p->length)
            return x + canvas_text(c, x, y, "ends here", ROLE_DIM, 0) + 2;
        x += canvas_text(c, x, y, step_symbol_name(a, p->sequence[p->cursor]), ROLE_TEXT, CELL_BOLD) + 1;
        double bits = -log2((double)p->probability[p->sequence[p->cursor]]);
        return x + canvas_textf(c, x, y, bits <= 1 ? ROLE_GOOD : ROLE_TEXT, 0, "%.2f bits", bits) + 2;
    }
    x += canvas_text(c, x, y, "rule ", ROLE_DIM, 0);
    if (p->next_subtask >= 0 && p->next_subtask < a->subtasks)
        x += canvas_text(c, x, y, a->name[a->control_id[p->next_subtask]],
                         chrome_symbol_role(a, a->control_id[p->next_subtask]), CELL_BOLD) +
             1;
    if (p->next_answer < 0)
        return x + canvas_text(c, x, y, "asks for none", ROLE_DIM, 0) + 2;
    return x + canvas_text(c, x, y, step_symbol_name(a, p->next_answer), ROLE_TEXT, CELL_BOLD) + 2;
}

/* What rule and model say next, then the model's bars. */
static void next_draw(struct frame *f, struct rect r, bool second)
{
    const struct probe_snapshot *p = second ? f->probe->second : f->probe;
    const struct alphabet *a = &p->alphabet;
    struct frame mine = {f->ui, f->canvas, f->race, p};
    struct canvas *c = f->canvas;
    char name[NAME_TEXT + 8], share[16], top[48];

    if (r.h <= 0 || r.w <= 0 || !p->ready)
        return;
    pair_name(f, p, second, r.w / 3, name, sizeof name);
    if (r.h >= 4 && r.w >= 12) {
        snprintf(top, sizeof top, "top %d of %d", r.h - 3 < a->count ? r.h - 3 : a->count, a->count);
        r = canvas_box(c, r, name, top);
    }
    struct rect old = canvas_clip(c, r);
    int x = truth_draw(c, r.x + 1, r.y, p);
    x += canvas_text(c, x, r.y, "model ", ROLE_DIM, 0);
    x += canvas_text(c, x, r.y, step_symbol_name(a, p->predicted),
                     chrome_symbol_role(a, p->predicted), CELL_BOLD) +
         1;
    if (p->next_answer >= 0) {
        bool right = p->predicted == p->next_answer;
        x +=
            canvas_text(c, x, r.y, right ? "✓" : "✗", right ? ROLE_GOOD : ROLE_BAD, CELL_BOLD) + 1;
    }
    if (p->predicted >= 0 && p->predicted < a->count) {
        format_share(share, sizeof share, (double)p->probability[p->predicted]);
        canvas_text(c, x, r.y, share, ROLE_TEXT, 0);
    }
    c->clip = old;
    rect_cut_top(&r, 1);
    chrome_part(&mine, r, step_bars_draw);
}

/* One line: who, then of a text what is read, else right of asked and after a switch. */
static void score_line(struct frame *f, struct rect r, const struct probe_snapshot *p, const char *name)
{
    struct canvas *c = f->canvas;
    struct frame mine = {f->ui, f->canvas, f->race, p};
    char share[16];
    int count, x = r.x + 1, end = r.x + r.w;

    x += canvas_text_fit(c, x, r.y, r.w / 4, name,
                         f->probe->second_kind == SECOND_VERSUS ? chrome_series_role(p->contestant)
                                                                : ROLE_ACCENT,
                         CELL_BOLD) + 2;
    if (step_is_text(&p->alphabet)) {
        step_text_line_draw(&mine, (struct rect){x, r.y, end - x, 1});
        return;
    }
    x = step_score_text(c, x, r.y, end, p, false);
    double recent = step_recent(p, 16, &count);
    if (count > 0) {
        format_share(share, sizeof share, recent);
        x += canvas_textf(c, x, r.y, ROLE_DIM, 0, "  last %d: %s", count, share);
    }
    step_profile_draw(c, x + 3, r.y, end, p);
}

static void score_draw(struct frame *f, struct rect r, bool second)
{
    const struct probe_snapshot *p = second ? f->probe->second : f->probe;
    struct frame mine = {f->ui, f->canvas, f->race, p};
    char name[NAME_TEXT + 8];

    if (r.h <= 0 || r.w <= 0)
        return;
    pair_name(f, p, second, r.w / 8, name, sizeof name);
    struct rect old = canvas_clip(f->canvas, r);
    if (r.h < 3)
        score_line(f, r, p, name);
    else if (step_is_text(&p->alphabet))
        step_text_draw(&mine, r);
    else
        step_score_draw(&mine, r);
    f->canvas->clip = old;
}

void step_pair_draw(struct frame *f, struct rect body)
{
    struct layout l;
    layout_step_pair(&l, body);
    tokens_draw(f, l.part[STEP_TOKENS], false);
    tokens_draw(f, l.part[STEP_SECOND_TOKENS], true);
    next_draw(f, l.part[STEP_TOP], false);
    next_draw(f, l.part[STEP_SECOND_TOP], true);
    score_draw(f, l.part[STEP_SCORE], false);
    score_draw(f, l.part[STEP_SECOND_SCORE], true);
}
