#include "view/beyond.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHART_LEAST = 24, CHART_HIGH = 7, WORDS_MOST = 12 };

/* --- what there is --------------------------------------------------------------------------- */

static void add_place(struct beyond_sight *s, int place)
{
    int at = s->count;
    for (int i = 0; i < s->count; i++)
        if (s->place[i] == place)
            return;
    for (; at > 0 && s->place[at - 1] > place; at--)
        s->place[at] = s->place[at - 1];
    s->place[at] = place;
    s->count++;
}

static void add_places(struct beyond_sight *s, int i, const struct reach *reach,
                       const struct collapse *rows)
{
    const int *at = s->kind == BEYOND_COPIES ? reach->at : rows->at;
    int count = s->kind == BEYOND_COPIES ? reach->count : rows->count;
    for (int k = 0; k < count; k++)
        add_place(s, at[k]);
    if (count == 0)
        return;
    s->who[s->whos++] = i;
    s->low = reach->low;
    s->high = reach->high;
}

void beyond_look(struct beyond_sight *s, const struct race_snapshot *race)
{
    *s = (struct beyond_sight){0};
    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *v = &race->contestants[i];
        bool copies = v->reach.count > 0, rows = v->rows.count > 0;
        bool copied = v->eval.valid && v->eval.reach.count > 0;
        bool read = v->eval.valid && v->eval.collapse.count > 0;
        if (copies || copied)
            s->kind = BEYOND_COPIES;
        else if ((rows || read) && s->kind == BEYOND_NOTHING)
            s->kind = BEYOND_ROWS;
        s->measured |= copied || read;
    }
    for (int i = 0; i < race->count && s->kind != BEYOND_NOTHING; i++) {
        const struct contestant_view *v = &race->contestants[i];
        if (!s->measured)
            add_places(s, i, &v->reach, &v->rows);
        else if (v->eval.valid)
            add_places(s, i, &v->eval.reach, &v->eval.collapse);
    }
}

static struct beyond_value of_score(struct score score)
{
    struct beyond_value v = {score_value(score), NAN, NAN, NAN, score.count};
    if (score.count > 0)
        score_wilson(score, &v.low, &v.high);
    return v;
}

struct beyond_value beyond_at(const struct beyond_sight *s, const struct race_snapshot *race, int i,
                              int place)
{
    const struct evaluation *e = &race->contestants[i].eval;
    const struct collapse *rows = &e->collapse;
    for (int k = 0; s->kind == BEYOND_COPIES && e->valid && k < e->reach.count; k++)
        if (e->reach.at[k] == place)
            return of_score(e->reach.acc[k]);
    for (int k = 0; s->kind == BEYOND_ROWS && e->valid && k < rows->count; k++)
        if (rows->at[k] == place)
            return (struct beyond_value){rows->difference[k] / rows->difference[0], NAN, NAN,
                                         rows->difference[k], 0};
    return (struct beyond_value){NAN, NAN, NAN, NAN, 0};
}

/* --- the chart ------------------------------------------------------------------------------- */

/* The points of one contestant; of a share with its interval, which is drawn as the spread. */
static void fill(struct series *to, const struct beyond_sight *s, const struct race_snapshot *race,
                 int i)
{
    series_reset(to);
    for (int k = 0; k < s->count; k++) {
        struct beyond_value v = beyond_at(s, race, i, s->place[k]);
        struct spread spread = {v.value, v.low, v.high, 1, 0};
        if (isnan(v.value))
            continue;
        if (isnan(v.low))
            spread.low = spread.high = v.value;
        series_merge(to, s->place[k], 0, &spread);
    }
}

static void frame_text(const struct beyond_sight *s, int w, const char **title, char right[64])
{
    bool copies = s->kind == BEYOND_COPIES;
    *title = copies ? "copies by distance" : w < 60 ? "difference" : "representation difference";
    if (!copies)
        snprintf(right, 64, w < 60 ? "n %d = 1" : "relative to n %d · both axes log",
                 s->count ? s->place[0] : 0);
    else if (s->low <= s->high && s->high > 0)
        snprintf(right, 64, w < 60 ? "%d-%d trained" : "trained on %d to %d · bars: 95 %%", s->low,
                 s->high);
}

static void chart(struct frame *f, const struct beyond_sight *s, struct rect r, bool legend)
{
    struct ui *ui = f->ui;
    const struct race_snapshot *race = f->race;
    struct curve_line lines[MAX_CONTESTANTS + 1];
    char names[MAX_CONTESTANTS][NAME_TEXT], right[64] = "";
    bool copies = s->kind == BEYOND_COPIES;
    const char *title;
    int count = 0;

    frame_text(s, r.w, &title, right);
    if (r.h >= 5 && r.w >= 24)
        r = canvas_box(f->canvas, r, title, right);
    for (; count < s->whos; count++) {
        int i = s->who[count];
        chrome_short_name(names[count], NAME_TEXT, race->contestants[i].name, r.w >= 100 ? 20 : 12);
        fill(&ui->curves.profile[count], s, race, i);
        lines[count] = (struct curve_line){&ui->curves.profile[count], names[count],
                                           chrome_series_role(i), i, ui->hidden[i], false, 0};
    }
    double low = s->count ? s->place[0] : 0, high = s->count ? s->place[s->count - 1] : 1;
    struct curve_options o = {.fix_y = copies,
                              .log_x = !copies,
                              .log_y = !copies,
                              .y_high = 1,
                              .x_low = low,
                              .x_high = high > low ? high : low + 1,
                              .reference = copies ? race->chance : NAN,
                              .reference_label = "chance",
                              .mark_low = copies ? s->low : 0,
                              .mark_high = copies ? s->high : 0,
                              .cursor = NAN,
                              .legend = legend};
    /* What a difference that is shared out among n symbols would do. */
    if (!copies && s->measured && count < MAX_CONTESTANTS) {
        series_reset(&ui->curves.profile[count]);
        for (int k = 0; k < s->count; k++)
            series_add(&ui->curves.profile[count], s->place[k], 0, low / s->place[k]);
        lines[count] =
            (struct curve_line){&ui->curves.profile[count], "1 / n", ROLE_DIM, 7, false, true, 0};
        count++;
    }
    curve_draw(f->canvas, r, lines, count, &o);
}

/* --- the page -------------------------------------------------------------------------------- */

static void note(struct frame *f, const struct beyond_sight *s, struct rect r)
{
    /* The first that fits is said. */
    static const char *const told[2][3] = {
        {"last position behind the final norm, first symbol of n changed (reconstructed), largest of "
         "each head's width, mean",
         "first symbol's trace at the end (reconstructed): share, raw",
         "trace (reconstructed): share, raw"},
        {"*: distances of training · P_in, P_out: all of them, all others (reconstructed) · heed eval "
         "RUN: every distance",
         "*: trained · P (reconstructed) · heed eval RUN: every distance",
         "*: trained · P (reconstructed)"}};
    const struct race_snapshot *race = f->race;
    int64_t first = INT64_MAX, last = 0;
    char steps[2][32], line[256];
    for (int k = 0; k < s->whos; k++) {
        int64_t step = race->contestants[s->who[k]].eval.step;
        first = step < first ? step : first;
        last = step > last ? step : last;
    }
    text_thousands(steps[0], sizeof steps[0], first);
    text_thousands(steps[1], sizeof steps[1], last);
    for (int k = 0; k < 3; k++) {
        snprintf(line, sizeof line, "step %s%s%s · %s", steps[0], first < last ? " to " : "",
                 first < last ? steps[1] : "", told[s->kind == BEYOND_COPIES][k]);
        if (canvas_columns(line) <= r.w)
            break;
    }
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, ROLE_DIM, 0);
}

/* Whose marker is whose, where the columns have no room for names; returns the rows that it takes. */
static int names(struct frame *f, const struct beyond_sight *s, struct rect r)
{
    int x = 0, y = 0;
    for (int k = 0; k < s->whos; k++) {
        const char *name = f->race->contestants[s->who[k]].name;
        int columns = 2 + canvas_columns(name);
        if (x > 0 && x + columns > r.w) {
            x = 0;
            y++;
        }
        if (y < r.h) {
            uint8_t role = chrome_series_role(s->who[k]);
            canvas_text(f->canvas, r.x + x, r.y + y, chrome_marker(f->canvas, s->who[k]), role,
                        CELL_BOLD);
            canvas_text_fit(f->canvas, r.x + x + 2, r.y + y, r.w - x - 2, name, role, 0);
        }
        x += columns + 2;
    }
    return s->whos ? y + 1 : 0;
}

/* Room that is left under the list tells what its numbers are. */
static void words(struct frame *f, const struct beyond_sight *s, struct rect r)
{
    static const char *const copies[] = {
        "In windows whose pairs are all one distance apart: of the numbers that a pair rules, the share "
        "that is right; n is how many there were, low-high the 95 % interval of Wilson.",
        "P_in: all distances of training together. P_out: all others. P: every one."};
    static const char *const rows[] = {
        "A row of n equal symbols, and the same with its first one changed: how far the last position's "
        "vector behind the final norm moves, in each head's width the largest difference, the mean over "
        "them. Relative to the shortest row; dim: the difference itself.",
        "The line 1 / n is what is left where a change is shared out among all n."};
    const char *const *text = s->kind == BEYOND_COPIES ? copies : rows;
    rect_cut_top(&r, 1);
    for (int i = 0; i < 2; i++) {
        struct rect most = {r.x, r.y, r.w, WORDS_MOST};
        struct rect old = canvas_clip(f->canvas, (struct rect){0, 0, 0, 0});
        int high = chrome_wrap(f->canvas, most, text[i], ROLE_DIM); /* once to count the rows */
        f->canvas->clip = old;
        if (high > r.h)
            return;
        chrome_wrap(f->canvas, r, text[i], ROLE_DIM);
        rect_cut_top(&r, high + 1);
    }
}

void beyond_draw(struct frame *f, const struct beyond_sight *s, struct rect r)
{
    int list = beyond_list_width(s, r.w), rows = beyond_list_rows(s);
    bool beside = r.w - list - 1 >= CHART_LEAST;
    if (r.h >= 6)
        note(f, s, rect_cut_bottom(&r, 1));
    if (beside) {
        struct rect right = rect_cut_right(&r, list);
        if (right.h >= rows + 8)
            right = canvas_box(f->canvas, right, "in numbers", "");
        beyond_list_draw(f, s, rect_cut_top(&right, rows));
        words(f, s, right);
        rect_cut_right(&r, 1);
        chart(f, s, r, beyond_list_is_narrow(s, list) || s->kind == BEYOND_ROWS);
        return;
    }
    /* Side by side there is no room: the chart above, if the list leaves it some rows. */
    if (beyond_list_is_narrow(s, r.w))
        names(f, s, rect_cut_bottom(&r, r.h > 4 ? names(f, s, (struct rect){r.x, r.y, r.w, 0}) : 0));
    if (r.h >= rows / 2 + CHART_HIGH)
        chart(f, s, rect_cut_top(&r, r.h - rows > CHART_HIGH ? r.h - rows : CHART_HIGH), false);
    beyond_list_draw(f, s, r);
}

/* --- before the first ------------------------------------------------------------------------ */

static void when_text(const struct race_snapshot *race, char *out, size_t size)
{
    char next[32], steps[32], wait[48] = "";
    bool ended = race->state == RACE_FINISHED || race->state == RACE_STOPPED ||
                 race->state == RACE_FAILED;
    text_thousands(next, sizeof next, race->next_evaluation);
    text_thousands(steps, sizeof steps, race->config.train.eval_every);
    if (race->steps_per_second > 0) {
        char left[32];
        text_duration(left, sizeof left,
                      (double)(race->next_evaluation - race->step) / race->steps_per_second);
        snprintf(wait, sizeof wait, ", in %s", left);
    }
    if (ended)
        snprintf(out, size, "the training ended before its first evaluation; heed eval RUN measures");
    else
        snprintf(out, size, "with each evaluation: the next at step %s%s, later every %s (train.eval_every)",
                 next, wait, steps);
}

static void row(struct frame *f, struct rect *r, const char *name, const char *text)
{
    if (r->h < 1)
        return;
    canvas_text_fit(f->canvas, r->x, r->y, r->w, name, ROLE_ACCENT, 0);
    struct rect at = {r->x + 7, r->y, r->w - 7, r->h < 4 ? r->h : 4};
    int rows = chrome_wrap(f->canvas, at, text, ROLE_TEXT);
    rect_cut_top(r, rows > 0 ? rows : 1);
}

/* Who has nothing to measure here. */
static void left_out(const struct beyond_sight *s, const struct race_snapshot *race, char *out,
                     size_t size)
{
    size_t used = 0;
    out[0] = 0;
    for (int i = 0, k = 0; i < race->count && used < size; i++) {
        if (k < s->whos && s->who[k] == i)
            k++;
        else
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "",
                                     race->contestants[i].name);
    }
}

void beyond_plan_draw(struct frame *f, const struct beyond_sight *s, struct rect r)
{
    const struct race_snapshot *race = f->race;
    bool copies = s->kind == BEYOND_COPIES;
    int first = s->count ? s->place[0] : 0, last = s->count ? s->place[s->count - 1] : 0;
    char text[320], more[160];

    canvas_text_fit(f->canvas, r.x, r.y, r.w,
                    copies ? "Copies by distance: nothing is measured yet."
                           : "Representation difference: nothing is measured yet.",
                    ROLE_TEXT, CELL_BOLD);
    rect_cut_top(&r, 1);
    when_text(race, text, sizeof text);
    row(f, &r, "when", text);
    if (copies)
        snprintf(text, sizeof text,
                 "of %s, the share of ruled numbers that is right in windows whose pairs are all one "
                 "distance apart: %d distances, %d to %d; %d to %d are trained on",
                 race->config.task.kind, s->count, first, last, s->low, s->high);
    else
        snprintf(text, sizeof text,
                 "of %s, how far the vector at the end of a row of n moves when its first symbol is "
                 "changed: %d lengths, n %d to %d",
                 race->config.task.kind, s->count, first, last);
    row(f, &r, "what", text);
    if (copies)
        snprintf(text, sizeof text, "%d windows of %d held-out symbols at each distance",
                 race->contestants[s->who[0]].reach.windows, race->config.task.context);
    else
        snprintf(text, sizeof text, "one pair of rows at each length: nothing random, no interval");
    row(f, &r, "n", text);
    left_out(s, race, more, sizeof more);
    if (*more) {
        snprintf(text, sizeof text, "%s: no such vector at the end of a row", more);
        row(f, &r, "not", text);
    }
    rect_cut_top(&r, 1);
    if (r.h >= CHART_HIGH)
        chart(f, s, r, false);
}
