/* Measure: what a model does beyond its training: copies by distance, rows that grow too long; and of
   a sweep the ladder. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/ladder.h"

/* What is measured of the race, from the newest evaluations. */
enum kind { KIND_NONE, KIND_REACH, KIND_ROWS };

static enum kind kind_of(const struct race_snapshot *race)
{
    enum kind kind = KIND_NONE;
    for (int i = 0; i < race->count; i++) {
        const struct evaluation *e = &race->contestants[i].eval;
        if (e->valid && e->reach.count > 0)
            return KIND_REACH;
        if (e->valid && e->collapse.count > 0)
            kind = KIND_ROWS;
    }
    return kind;
}

static int points_of(const struct evaluation *e, enum kind kind)
{
    return !e->valid ? 0 : kind == KIND_REACH ? e->reach.count : e->collapse.count;
}

static int place_of(const struct evaluation *e, enum kind kind, int i)
{
    return kind == KIND_REACH ? e->reach.at[i] : e->collapse.at[i];
}

/* Accuracy, or the difference relative to that of the shortest row; NaN where there is none. */
static double value_of(const struct evaluation *e, enum kind kind, int i)
{
    if (kind == KIND_REACH)
        return score_value(e->reach.acc[i]);
    return e->collapse.difference[i] / e->collapse.difference[0];
}

/* The contestant with the most points: its places stand over the columns. */
static int widest(const struct race_snapshot *race, enum kind kind)
{
    int best = 0;
    for (int i = 1; i < race->count; i++)
        if (points_of(&race->contestants[i].eval, kind) >
            points_of(&race->contestants[best].eval, kind))
            best = i;
    return best;
}

/* --- the curve ------------------------------------------------------------------------------- */

static void curve(struct frame *f, struct rect r, enum kind kind)
{
    struct ui *ui = f->ui;
    const struct race_snapshot *race = f->race;
    struct curve_line lines[MAX_CONTESTANTS];
    char names[MAX_CONTESTANTS][NAME_TEXT], right[64] = "";
    double low = INFINITY, high = 0, top = 1;
    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *v = &race->contestants[i];
        struct series *s = &ui->curves.profile[i];
        chrome_short_name(names[i], sizeof names[i], v->name, r.w >= 100 ? 20 : 12);
        series_reset(s);
        for (int k = 0; k < points_of(&v->eval, kind); k++) {
            double value = value_of(&v->eval, kind, k);
            int at = place_of(&v->eval, kind, k);
            low = fmin(low, at);
            high = fmax(high, at);
            if (isnan(value))
                continue;
            series_add(s, at, 0, value);
            top = fmax(top, value);
        }
        /* Who has nothing to show here has no line and no name. */
        bool hidden = ui->hidden[i] || s->samples == 0;
        lines[i] = (struct curve_line){s, names[i], chrome_series_role(i), i, hidden, false, 0};
    }
    struct curve_options o = {.fix_y = true,
                              .y_high = top > 1 ? top * 1.05 : 1,
                              .x_low = low,
                              .x_high = high > low ? high : low + 1,
                              .reference = kind == KIND_REACH ? race->chance : NAN,
                              .reference_label = "chance",
                              .cursor = NAN,
                              .legend = r.w >= 60};
    const struct reach *reach = &race->contestants[widest(race, kind)].eval.reach;
    if (kind == KIND_REACH)
        snprintf(right, sizeof right, "trained on %d to %d", reach->low, reach->high);
    if (r.h >= 5 && r.w >= 24)
        r = canvas_box(f->canvas, r,
                       kind == KIND_REACH ? "copies by distance" : "representation difference",
                       kind == KIND_REACH ? right : "of a row of n, the shortest 1");
    curve_draw(f->canvas, r, lines, race->count, &o);
}

static void curve_reach(struct frame *f, struct rect r)
{
    curve(f, r, KIND_REACH);
}

static void curve_rows(struct frame *f, struct rect r)
{
    curve(f, r, KIND_ROWS);
}

/* --- the table ------------------------------------------------------------------------------- */

enum { NAME_W = 18, POINT_W = 6, TOTAL_W = 24 };

static void share_text(struct score s, char *out, size_t size)
{
    double low, high;
    char value[16], ends[2][16];
    score_wilson(s, &low, &high);
    format_share(value, sizeof value, score_value(s));
    format_share(ends[0], sizeof ends[0], low);
    format_share(ends[1], sizeof ends[1], high);
    if (s.count)
        snprintf(out, size, "%s [%s, %s]", value, ends[0], ends[1]);
    else
        text_copy(out, size, "-");
}

/* P_in and P_out (reconstructed): copies within the range of training, and outside it. */
static void totals(struct frame *f, struct rect r, int i)
{
    static const char *const names[] = {"P_in", "P_out", "P"};
    char text[64];
    for (int k = 0; k < 3; k++) {
        struct rect at = rect_cut_left(&r, TOTAL_W);
        if (at.w < TOTAL_W)
            return;
        const struct reach *reach = i >= 0 ? &f->race->contestants[i].eval.reach : NULL;
        if (reach) {
            struct score in = reach_inside(reach), out = reach_outside(reach);
            struct score all = {in.right + out.right, in.count + out.count};
            share_text(k == 0 ? in : k == 1 ? out : all, text, sizeof text);
        }
        canvas_text_fit(f->canvas, at.x, at.y, at.w - 1, i < 0 ? names[k] : text,
                        i < 0 ? ROLE_DIM : ROLE_TEXT, 0);
    }
}

static void point_row(struct frame *f, struct rect r, enum kind kind, int i, const struct evaluation *over)
{
    const struct evaluation *e = i >= 0 ? &f->race->contestants[i].eval : over;
    char text[24];
    for (int k = 0; k < points_of(e, kind) && r.w >= POINT_W; k++) {
        struct rect at = rect_cut_left(&r, POINT_W);
        int place = place_of(e, kind, k);
        bool inside = kind == KIND_REACH && place >= e->reach.low && place <= e->reach.high;
        if (i < 0)
            snprintf(text, sizeof text, "%d%s", place, inside ? "*" : "");
        else
            format_share(text, sizeof text, value_of(e, kind, k));
        canvas_text_fit(f->canvas, at.x, at.y, at.w - 1, text,
                        i >= 0     ? ROLE_TEXT
                        : inside ? ROLE_ACCENT
                                   : ROLE_DIM,
                        0);
    }
}

static void row_draw(struct frame *f, struct rect r, enum kind kind, int i, bool sums)
{
    const struct race_snapshot *race = f->race;
    char name[NAME_TEXT];
    struct rect left = rect_cut_left(&r, NAME_W);
    if (i >= 0) {
        chrome_short_name(name, sizeof name, race->contestants[i].name, NAME_W - 3);
        canvas_text_fit(f->canvas, left.x, left.y, 1, chrome_marker(f->canvas, i),
                        chrome_series_role(i), CELL_BOLD);
        canvas_text_fit(f->canvas, left.x + 2, left.y, left.w - 3, name, chrome_series_role(i),
                        i == ui_focus(f->ui, race, f->probe) ? CELL_BOLD : 0);
    } else {
        canvas_text_fit(f->canvas, left.x, left.y, left.w - 1,
                        sums                 ? "(reconstructed)"
                        : kind == KIND_REACH ? "distance"
                                             : "n",
                        ROLE_DIM, 0);
    }
    if (sums)
        totals(f, r, i);
    else
        point_row(f, r, kind, i, &race->contestants[widest(race, kind)].eval);
}

static void table(struct frame *f, struct rect r, enum kind kind)
{
    const struct race_snapshot *race = f->race;
    int blocks = kind == KIND_REACH ? 2 : 1;
    for (int block = 0; block < blocks; block++) {
        bool sums = blocks == 2 && block == 0;
        for (int i = -1; i < race->count && r.h > 0; i++)
            row_draw(f, rect_cut_top(&r, 1), kind, i, sums);
    }
}

static void note(struct frame *f, struct rect r, enum kind kind)
{
    const struct evaluation *e = &f->race->contestants[widest(f->race, kind)].eval;
    int64_t least = INT64_MAX;
    char line[256];
    bool wide = r.w >= 130;
    for (int i = 0; i < e->reach.count; i++)
        if (e->reach.acc[i].count > 0 && e->reach.acc[i].count < least)
            least = e->reach.acc[i].count;
    if (kind == KIND_REACH)
        snprintf(line, sizeof line, "step %lld · n %lld or more at each · %s", (long long)e->step,
                 (long long)(least == INT64_MAX ? 0 : least),
                 wide ? "*: distances of training · heed eval measures every one"
                      : "*: trained · heed eval: every one");
    else
        snprintf(line, sizeof line, "step %lld · %s", (long long)e->step,
                 wide ? "last position behind the final norm, first symbol of n changed "
                        "(reconstructed), largest of each head's width, mean"
                      : "how far the first symbol moves the last vector (reconstructed)");
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, ROLE_DIM, 0);
}

static void draw(struct frame *f, struct rect body)
{
    static const char *const nothing[] = {
        "This page measures beyond the training.",
        "A task with pairs a distance apart (heed delay-copy): copies by distance.",
        "A task that asks about a row (heed count-ones, heed find-zero): whether long rows differ.",
        "A sweep (heed sweep nt-ladder -o DIR; heed watch DIR): accuracy over two settings."};
    if (f->ui->sweep) {
        ladder_draw(f, body);
        return;
    }
    if (!f->race) {
        chrome_notice(f, body, "waiting for the first picture", ROLE_DIM);
        return;
    }
    enum kind kind = kind_of(f->race);
    if (kind == KIND_NONE) {
        rect_cut_top(&body, body.h > 8 ? 2 : 0);
        for (int i = 0; i < 4 && body.h > 0; i++) {
            int rows = chrome_wrap(f->canvas, body, nothing[i], i ? ROLE_DIM : ROLE_TEXT);
            rect_cut_top(&body, rows);
        }
        return;
    }
    int rows = (f->race->count + 1) * (kind == KIND_REACH ? 2 : 1);
    struct rect last = rect_cut_bottom(&body, body.h >= rows + 8 ? 1 : 0);
    struct rect under = rect_cut_bottom(&body, body.h >= rows + 6 ? rows : 0);
    chrome_part(f, body, kind == KIND_REACH ? curve_reach : curve_rows);
    table(f, under, kind);
    if (last.h)
        note(f, last, kind);
}

static void act(struct event *e)
{
    if (e->ui->sweep)
        ladder_act(e);
    else
        ui_say(e->ui, "these keys are for sweeps: heed watch DIR");
}

static void click(struct event *e, const struct ui_mouse *m, struct rect at)
{
    if (e->ui->sweep)
        ladder_click(e, m, at);
}

static const struct term terms[] = {
    {"P_in, P_out", "share of copied numbers that are right, at the distances of training and at all "
                    "others that are tested (reconstructed)"},
    {"representation difference", "how far the last position's vector moves when the first symbol of "
                                  "a row of n is changed, relative to the shortest row"},
    {"best of k", "the learning rate with the greatest mean accuracy of the k that were tried"},
    {NULL, NULL},
};

const struct view_ops view_measure = {.name = "measure",
                                      .title = "Measure",
                                      .draw = draw,
                                      .act = act,
                                      .click = click,
                                      .terms = terms};
