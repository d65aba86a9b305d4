/* Two sequences, or two contestants on one, token under token. */
#include "view/step.h"

#include <math.h>
#include <stdio.h>
#include "view/maps.h"
#include "view/step_tokens.h"

/* "A transformer-dpa": a letter for the sequences of a branch, a marker for contestants. */
static void pair_name(const struct frame *f, const struct probe_snapshot *p, bool second, char *out,
                      size_t size)
{
    if (f->probe->second_kind == SECOND_BRANCH)
        snprintf(out, size, "%s", second ? "B, the branch" : "A");
    else
        snprintf(out, size, "%s %s", chrome_marker(f->canvas, p->contestant), p->name);
}

static void tokens_draw(struct frame *f, struct rect r, bool second)
{
    const struct probe_snapshot *p = second ? f->probe->second : f->probe;
    struct frame mine = {f->ui, f->canvas, f->race, p};
    char name[NAME_TEXT + 8], text[LOG_TEXT + NAME_TEXT + 8];

    if (r.h <= 0 || r.w <= 0)
        return;
    pair_name(f, p, second, name, sizeof name);
    struct rect old = canvas_clip(f->canvas, r);
    if (p->ready) {
        step_tokens_pair_draw(&mine, r, name, second ? f->probe : f->probe->second);
    } else {
        chrome_notice(f, r, maps_message(p, text, sizeof text), ROLE_WARN);
    }
    f->canvas->clip = old;
}

/* What rule and model say next, then the model's bars. */
static void next_draw(struct frame *f, struct rect r, bool second)
{
    const struct probe_snapshot *p = second ? f->probe->second : f->probe;
    const struct alphabet *a = &p->alphabet;
    struct frame mine = {f->ui, f->canvas, f->race, p};
    struct canvas *c = f->canvas;
    char name[NAME_TEXT + 8], share[16];
    bool rule = p->next_subtask >= 0 && p->next_subtask < a->subtasks;

    if (r.h <= 0 || r.w <= 0 || !p->ready)
        return;
    pair_name(f, p, second, name, sizeof name);
    if (r.h >= 4 && r.w >= 12)
        r = canvas_box(c, r, name, "");
    struct rect old = canvas_clip(c, r);
    int x = r.x + 1 + canvas_text(c, r.x + 1, r.y, "rule ", ROLE_DIM, 0);
    if (rule)
        x += canvas_text(c, x, r.y, a->name[a->control_id[p->next_subtask]],
                         chrome_symbol_role(a, a->control_id[p->next_subtask]), CELL_BOLD) +
             1;
    x += canvas_text(c, x, r.y, step_symbol_name(a, p->next_answer), ROLE_TEXT, CELL_BOLD) + 2;
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

/* One line: who, right of asked, after a switch. */
static void score_line(struct frame *f, struct rect r, bool second)
{
    const struct probe_snapshot *p = second ? f->probe->second : f->probe;
    struct canvas *c = f->canvas;
    char name[NAME_TEXT + 8], text[64], share[16];
    int count, x = r.x + 1;

    pair_name(f, p, second, name, sizeof name);
    x += canvas_text_fit(c, x, r.y, r.w / 4, name,
                         f->probe->second_kind == SECOND_VERSUS ? chrome_series_role(p->contestant)
                                                                : ROLE_ACCENT,
                         CELL_BOLD);
    snprintf(text, sizeof text, "  %lld/%lld", (long long)p->score.right,
             (long long)p->score.count);
    x += canvas_text(c, x, r.y, text, ROLE_TEXT, CELL_BOLD);
    double recent = step_recent(p, 16, &count);
    if (count > 0) {
        format_share(share, sizeof share, recent);
        x += canvas_textf(c, x, r.y, ROLE_DIM, 0, "  last %d: %s", count, share);
    }
    if (p->score.count > 0)
        step_profile_draw(c, x + 3, r.y, r.x + r.w, p);
}

void step_pair_draw(struct frame *f, struct rect body)
{
    struct layout l;
    layout_step_pair(&l, body);
    tokens_draw(f, l.part[STEP_TOKENS], false);
    tokens_draw(f, l.part[STEP_SECOND_TOKENS], true);
    next_draw(f, l.part[STEP_TOP], false);
    next_draw(f, l.part[STEP_SECOND_TOP], true);
    for (int k = 0; k < 2 && k < l.part[STEP_SCORE].h; k++) {
        struct rect line = l.part[STEP_SCORE];
        line.y += k;
        line.h = 1;
        struct rect old = canvas_clip(f->canvas, line);
        score_line(f, line, k == 1);
        f->canvas->clip = old;
    }
}
