#include "cli/plot_fill.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOSS_POINTS = 250 };

static int out_of_memory(struct failure *why)
{
    return fail(why, ERR_MEMORY, "out of memory: plot fewer runs");
}

/* --- records --------------------------------------------------------------------------------- */

/* A run that was resumed repeats steps: what it did before is not part of it. */
static void rewind_series(struct figure_series *s, int64_t step)
{
    while (s->count > 0 && s->points[s->count - 1].x > (double)step)
        s->count--;
}

static int take_record(struct plot *p, int i, const struct record *r)
{
    struct figure_series *s = &p->figure.series[i];
    struct figure_point point = {.x = (double)r->step};
    switch (r->kind) {
    case RECORD_RESUME:
        rewind_series(s, r->step);
        if (p->newest[i].valid && p->newest[i].step > r->step)
            p->newest[i].valid = false;
        p->step[i] = r->step;
        return 0;
    case RECORD_EVAL:
        p->newest[i] = r->eval;
        if (p->args->what == PLOT_BITS && r->eval.loss_count > 0) {
            point.y = loss_bits(r->eval.loss);
            point.low = point.high = NAN;
            break;
        }
        if (p->args->what != PLOT_ACCURACY || r->eval.acc.count == 0)
            return 0;
        point.y = score_value(r->eval.acc);
        score_wilson(r->eval.acc, &point.low, &point.high);
        break;
    case RECORD_STEP:
        p->step[i] = r->step;
        if (p->args->what != PLOT_LOSS)
            return 0;
        point.y = r->loss.mean;
        point.low = r->loss.low;
        point.high = r->loss.high;
        break;
    case RECORD_FAILURE:
        return 0;
    }
    /* An evaluation of a step that is known already is the same one, told again after a resume. */
    if (s->count > 0 && s->points[s->count - 1].x >= point.x)
        return 0;
    return figure_add_point(s, point);
}

/* A line that a full disk tore, or a stranger wrote, is told of and takes nothing else away. */
static int read_run(struct plot *p, int run, struct failure *why)
{
    struct record_reader reader;
    struct record r;
    int code = record_reader_init(&reader, p->runs.folder[run], why);
    if (code < 0)
        return code;
    int left_out = 0;
    while ((code = record_read(&reader, &p->task->alphabet, &r, why)) > 0 || code == ERR_INPUT) {
        if (code == ERR_INPUT && left_out++ == 0)
            fprintf(stderr, "heed: %s\n", why->text);
        for (int i = 0; i < p->race.count && code > 0; i++) {
            if (p->runs.run[i] == run && strcmp(p->runs.name[i], r.contestant) == 0 &&
                take_record(p, i, &r) < 0) {
                record_reader_release(&reader);
                return out_of_memory(why);
            }
        }
    }
    record_reader_release(&reader);
    if (left_out > 1)
        fprintf(stderr, "heed: %s: %d more lines are left out\n", p->runs.folder[run], left_out - 1);
    return code;
}

/* Neighbours together until at most LOSS_POINTS are left; each counts as much as it has steps. */
static void thin(struct figure_series *s)
{
    int each = (s->count + LOSS_POINTS - 1) / LOSS_POINTS, kept = 0;
    double before = 0;
    for (int from = 0; from < s->count; from += each) {
        struct figure_point sum = {.low = INFINITY, .high = -INFINITY};
        double weights = 0;
        for (int k = from; k < s->count && k < from + each; k++) {
            const struct figure_point *q = &s->points[k];
            double weight = q->x - before;
            before = sum.x = q->x;
            if (!isfinite(q->y))
                continue;
            sum.y += weight * q->y;
            sum.low = fmin(sum.low, q->low);
            sum.high = fmax(sum.high, q->high);
            weights += weight;
        }
        sum.y = weights > 0 ? sum.y / weights : NAN;
        s->points[kept++] = sum;
    }
    s->count = kept;
}

/* --- bars ------------------------------------------------------------------------------------ */

static int add_bar(struct plot *p, int i, int group, struct score score)
{
    struct figure_point point = {.x = group, .y = score_value(score), .low = NAN, .high = NAN};
    int64_t *least = p->figure.group_least, *most = p->figure.group_most;
    if (p->shown[i] && score.count) {
        if (least[group] == 0 || score.count < least[group])
            least[group] = score.count;
        most[group] = score.count > most[group] ? score.count : most[group];
    }
    if (score.count)
        score_wilson(score, &point.low, &point.high);
    return figure_add_point(&p->figure.series[i], point);
}

static int fill_subtasks(struct plot *p)
{
    struct figure *f = &p->figure;
    const struct alphabet *a = &p->task->alphabet;
    int code = 0;
    for (int k = 0; k < a->subtasks; k++)
        text_copy(f->group[k], SYMBOL_TEXT, a->name[a->control_id[k]]);
    text_copy(f->group[a->subtasks], SYMBOL_TEXT, "all");
    f->group_count = a->subtasks + 1;
    for (int i = 0; i < p->race.count && code == 0; i++) {
        for (int k = 0; k < a->subtasks && code == 0; k++)
            code = add_bar(p, i, k, p->newest[i].subtask[k]);
        if (code == 0)
            code = add_bar(p, i, a->subtasks, p->newest[i].acc);
    }
    return code;
}

static int fill_switch(struct plot *p)
{
    struct figure *f = &p->figure;
    int code = 0;
    for (int i = 0; i < p->race.count; i++) {
        for (int k = 0; k < MAX_SINCE; k++) {
            if (p->newest[i].since[k].count && f->group_count < k + 1)
                f->group_count = k + 1;
        }
    }
    for (int k = 0; k < f->group_count; k++) {
        char number[16];
        snprintf(number, sizeof number, "%d%s", k + 1, k == MAX_SINCE - 1 ? "+" : "");
        text_copy(f->group[k], SYMBOL_TEXT, number);
    }
    for (int i = 0; i < p->race.count; i++) {
        for (int k = 0; k < f->group_count && code == 0; k++)
            code = add_bar(p, i, k, p->newest[i].since[k]);
    }
    return code;
}

/* --- words ----------------------------------------------------------------------------------- */

static void label(struct plot *p)
{
    static const struct {
        const char *title, *x, *y;
    } words[] = {
        [PLOT_ACCURACY] = {"Accuracy on held-out sequences", "training steps", "accuracy"},
        [PLOT_LOSS] = {"Training loss", "training steps", "cross-entropy (nats)"},
        [PLOT_SWITCH] = {"Accuracy after a switch of rule", "number after the control token",
                         "accuracy"},
        [PLOT_SUBTASKS] = {"Accuracy of each rule", "rule", "accuracy"},
        [PLOT_DISTANCE] = {"Copies by distance", "numbers between the two tokens of a pair",
                           "accuracy"},
        [PLOT_REPRESENTATION] = {"Whether long rows still differ at their end", "length n of a row",
                                 "representation difference, the shortest 1"},
        [PLOT_BITS] = {"Loss on held-out text", "training steps", "bits a character"},
    };
    struct figure *f = &p->figure;
    int what = p->args->what;
    text_copy(f->title, sizeof f->title, words[what].title);
    text_copy(f->x_label, sizeof f->x_label, words[what].x);
    text_copy(f->y_label, sizeof f->y_label, words[what].y);
    if (what == PLOT_BITS && p->task->alphabet.kind == ALPHABET_BYTES)
        text_copy(f->y_label, sizeof f->y_label, "bits a byte");
    if (what == PLOT_LOSS && strcmp(p->race.contestants[0].task.kind, "images") == 0)
        text_copy(f->y_label, sizeof f->y_label, "mean squared error of the noise");
    f->log_y = what == PLOT_LOSS;
    f->fixed_y = what != PLOT_LOSS && what != PLOT_REPRESENTATION && what != PLOT_BITS;
    f->kind = what == PLOT_SWITCH || what == PLOT_SUBTASKS ? FIGURE_BARS : FIGURE_CURVES;
    f->reference = f->fixed_y ? p->task->chance : NAN;
    text_copy(f->reference_label, sizeof f->reference_label, "chance");
}

/* "3,000" or "2,900 to 3,000". */
static void range(char *out, size_t size, int64_t low, int64_t high)
{
    char a[32], b[32];
    text_thousands(a, sizeof a, low);
    text_thousands(b, sizeof b, high);
    snprintf(out, size, low == high ? "%s" : "%s to %s", a, b);
}

static void caption_counts(struct plot *p)
{
    int64_t windows[2] = {INT64_MAX, 0}, numbers[2] = {INT64_MAX, 0};
    char w[80], n[80];
    for (int i = 0; i < p->race.count; i++) {
        const struct evaluation *e = &p->newest[i];
        if (!e->valid || !p->shown[i])
            continue;
        windows[0] = e->windows < windows[0] ? e->windows : windows[0];
        windows[1] = e->windows > windows[1] ? e->windows : windows[1];
        numbers[0] = e->acc.count < numbers[0] ? e->acc.count : numbers[0];
        numbers[1] = e->acc.count > numbers[1] ? e->acc.count : numbers[1];
    }
    if (windows[0] == INT64_MAX) {
        figure_caption(&p->figure, "No evaluation has been recorded yet.");
        return;
    }
    range(w, sizeof w, windows[0], windows[1]);
    range(n, sizeof n, numbers[0], numbers[1]);
    figure_caption(&p->figure,
                   "Accuracy counts numbers only, at the last position of %s held-out windows (%s "
                   "numbers%s); %s: 95 %% Wilson interval.",
                   w, n, p->figure.kind == FIGURE_BARS ? ", n under each group" : "",
                   p->figure.kind == FIGURE_BARS ? "whiskers" : "shade");
}

/* What the newest bits are the mean of. */
static void caption_bits(struct plot *p)
{
    for (int i = 0; i < p->race.count; i++) {
        const struct evaluation *e = &p->newest[i];
        char n[32];
        if (!e->valid || !p->shown[i])
            continue;
        text_thousands(n, sizeof n, e->loss_count);
        figure_caption(&p->figure, "%s: %.3f at step %lld, mean over %s held-out %s.",
                       p->race.names[i], loss_bits(e->loss), (long long)e->step, n,
                       p->task->alphabet.kind == ALPHABET_BYTES ? "bytes" : "characters");
    }
}

/* Left-out contestants go, so that what remains has the first colours. */
static void drop_hidden(struct plot *p)
{
    struct figure *f = &p->figure;
    int kept = 0;
    for (int i = 0; i < f->series_count; i++) {
        if (p->shown[i]) {
            struct figure_series moved = f->series[i];
            f->series[i] = (struct figure_series){0};
            f->series[kept++] = moved;
        } else {
            free(f->series[i].points);
            f->series[i] = (struct figure_series){0};
        }
    }
    f->series_count = kept;
}

int plot_fill_records(struct plot *p, struct failure *why)
{
    struct figure *f = &p->figure;
    int code = 0, points = 0;
    f->series_count = p->race.count;
    for (int i = 0; i < p->race.count; i++)
        text_copy(f->series[i].label, NAME_TEXT, p->race.names[i]);
    for (int run = 0; run < p->runs.runs && code == 0; run++)
        code = read_run(p, run, why);
    if (code < 0)
        return code;
    label(p);
    if (p->args->what == PLOT_SUBTASKS)
        code = fill_subtasks(p);
    else if (p->args->what == PLOT_SWITCH)
        code = fill_switch(p);
    else if (p->args->what == PLOT_DISTANCE || p->args->what == PLOT_REPRESENTATION)
        code = plot_fill_reach(p);
    if (code < 0)
        return out_of_memory(why);
    for (int i = 0; i < f->series_count; i++) {
        points += p->shown[i] ? f->series[i].count : 0;
        if (p->args->what == PLOT_LOSS)
            thin(&f->series[i]);
    }
    if (points == 0)
        return fail(why, ERR_INPUT, "%s: has recorded nothing to plot yet: train it further",
                    p->runs.folder[0]);
    if (p->args->what == PLOT_LOSS)
        figure_caption(f, "Line: mean over the steps since the point before; shade: least and "
                          "greatest of them.");
    else if (p->args->what == PLOT_BITS)
        caption_bits(p);
    else if (p->args->what != PLOT_DISTANCE && p->args->what != PLOT_REPRESENTATION)
        caption_counts(p);
    drop_hidden(p);
    return 0;
}
