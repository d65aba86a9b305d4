#include "view/pictures.h"

#include <math.h>
#include <stdio.h>
#include "core/batch.h"

/* Times of a level of noise. */
enum { TIMES = IMAGE_TIMES / MAX_LEVELS };

/* The largest loss of any level, to scale the bars. */
static double largest(const struct race_snapshot *race)
{
    double most = 0;
    for (int i = 0; i < race->count; i++)
        for (int k = 0; k < MAX_LEVELS; k++)
            if (race->contestants[i].eval.valid && race->contestants[i].eval.level_count[k] &&
                race->contestants[i].eval.level_loss[k] > most)
                most = race->contestants[i].eval.level_loss[k];
    return most;
}

/* Images a level of the first contestant that was measured; 0: none was. */
static int64_t level_images(const struct race_snapshot *race)
{
    for (int i = 0; i < race->count; i++)
        if (race->contestants[i].eval.valid)
            return race->contestants[i].eval.level_count[MAX_LEVELS - 1];
    return 0;
}

/* "all ● .054 ±.004  ▲ .055 ±.004": means over every level with their 95 % intervals. */
static void totals_draw(struct frame *f, struct rect r)
{
    int x = r.x + canvas_text_fit(f->canvas, r.x, r.y, r.w, "all ", ROLE_DIM, 0);
    for (int i = 0; i < f->race->count; i++) {
        const struct evaluation *e = &f->race->contestants[i].eval;
        char loss[24], half[24], line[64];
        if (!e->valid)
            continue;
        format_share(loss, sizeof loss, e->loss);
        format_share(half, sizeof half, 1.96 * e->loss_error);
        snprintf(line, sizeof line, " %s %s%s  ", loss,
                 f->canvas->glyphs == GLYPHS_ASCII ? "+-" : "±", half);
        x += canvas_text_fit(f->canvas, x, r.y, r.x + r.w - x, chrome_marker(f->canvas, i),
                             chrome_series_role(i), CELL_BOLD);
        x += canvas_text_fit(f->canvas, x, r.y, r.x + r.w - x, line, ROLE_TEXT, 0);
    }
}

void pictures_losses_draw(struct frame *f, struct rect r)
{
    enum { LEAST = 6, TOTALS = 9 };
    const struct race_snapshot *race = f->race;
    struct curve_line lines[MAX_CONTESTANTS];
    char names[MAX_CONTESTANTS][NAME_TEXT], right[80] = "", count[24];
    bool any = false;
    if (r.h < LEAST) {
        pictures_level_line_draw(f, (struct rect){r.x, r.y, r.w, 1});
        return;
    }
    for (int i = 0; i < race->count; i++) {
        const struct evaluation *e = &race->contestants[i].eval;
        struct series *s = &f->ui->curves.profile[i];
        chrome_short_name(names[i], sizeof names[i], race->contestants[i].name, 12);
        series_reset(s);
        for (int k = 0; k < MAX_LEVELS; k++)
            if (e->valid && e->level_count[k] && e->level_loss[k] > 0 && isfinite(e->level_loss[k]))
                series_add(s, k * TIMES + TIMES / 2, 0, e->level_loss[k]);
        any = any || s->samples > 0;
        lines[i] = (struct curve_line){s, names[i], chrome_series_role(i), i,
                                       f->ui->hidden[i] || s->samples == 0, false, 0};
    }
    struct curve_options o = {.log_y = true,
                              .x_low = 0,
                              .x_high = IMAGE_TIMES,
                              .reference = NAN,
                              .cursor = NAN,
                              .legend = r.w >= 60};
    text_thousands(count, sizeof count, level_images(race));
    if (any)
        snprintf(right, sizeof right, r.w >= 60 ? "8 levels, held out, n %s each · log" : "n %s · log",
                 count);
    r = canvas_box(f->canvas, r, "loss by noise t", right);
    if (any && r.h >= TOTALS - 2)
        totals_draw(f, rect_cut_bottom(&r, 1));
    if (any)
        curve_draw(f->canvas, r, lines, race->count, &o);
    else
        chrome_notice(f, r, "not measured yet", ROLE_DIM);
}

void pictures_levels_draw(struct frame *f, struct rect r, int contestant)
{
    const struct evaluation *e = &f->race->contestants[contestant].eval;
    double most = largest(f->race);
    char loss[24], count[48];
    if (!e->valid)
        return;
    format_share(loss, sizeof loss, e->loss);
    snprintf(count, sizeof count, "%s n %lld", loss, (long long)e->loss_count);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, count, ROLE_TEXT, 0);
    rect_cut_top(&r, 1);
    for (int k = 0; k < MAX_LEVELS && k < r.h; k++) {
        if (k < MAX_LEVELS - 1)
            canvas_textf(f->canvas, r.x, r.y + k, ROLE_DIM, 0, "%3d", (k + 1) * TIMES);
        else
            canvas_text(f->canvas, r.x, r.y + k, " 1k", ROLE_DIM, 0);
        if (e->level_count[k] == 0)
            continue;
        format_share(loss, sizeof loss, e->level_loss[k]);
        canvas_textf(f->canvas, r.x + 4, r.y + k, ROLE_TEXT, 0, "%4s", loss);
        if (most > 0)
            canvas_bar(f->canvas, r.x + 9, r.y + k, r.w - 9, e->level_loss[k] / most,
                       chrome_series_role(contestant));
    }
}

void pictures_level_line_draw(struct frame *f, struct rect r)
{
    enum { FIGURE = 12, GAP = 2 };
    double most = largest(f->race);
    bool bars = f->race->count * (FIGURE + MAX_LEVELS + GAP) - GAP <= r.w;
    int x = r.x;
    for (int i = 0; i < f->race->count && x < r.x + r.w; i++) {
        const struct contestant_view *v = &f->race->contestants[i];
        char loss[24];
        double share[MAX_LEVELS];
        if (!v->eval.valid)
            continue;
        format_share(loss, sizeof loss, v->eval.loss);
        for (int k = 0; k < MAX_LEVELS; k++)
            share[k] = v->eval.level_count[k] && most > 0 ? v->eval.level_loss[k] / most : NAN;
        x += canvas_text(f->canvas, x, r.y, chrome_marker(f->canvas, i), chrome_series_role(i), 0);
        x += canvas_textf(f->canvas, x, r.y, ROLE_TEXT, 0, " loss %s ", loss);
        if (bars)
            spark_draw(f->canvas, x, r.y, share, MAX_LEVELS, chrome_series_role(i));
        x += bars ? MAX_LEVELS + GAP : 1;
    }
    if (bars)
        canvas_text_fit(f->canvas, x, r.y, r.x + r.w - x, "by noise, least first", ROLE_DIM, 0);
}

/* --- Frechet distances --------------------------------------------------------------------------- */

static bool has_ends(const struct quality_report *q)
{
    return q->asked && isfinite(q->floor) && isfinite(q->ceiling);
}

/* "5.31", or how far the measurement has come. */
static void state_text(const struct frame *f, const struct quality_report *q, char *out, size_t size)
{
    char key[24];
    command_show_keys(&f->ui->commands[ACTION_QUALITY], true, key, sizeof key);
    if (!q->asked)
        snprintf(out, size, "not measured: %s measures it", key);
    else if (q->message[0])
        snprintf(out, size, "%s", q->message);
    else if (q->done)
        snprintf(out, size, "%.2f", q->distance);
    else if (!has_ends(q))
        snprintf(out, size, "a classifier is trained for it");
    else
        snprintf(out, size, "sampling, %d of %d", q->samples, q->of);
}

/* "● 5.31  ▲ 6.02 · real images 1.21, noise 95 · n 512" */
static void quality_line(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe, *second = pictures_second(p);
    const struct quality_report *q = &p->gallery->quality;
    char line[256], state[LOG_TEXT + 16], other[LOG_TEXT + 16];
    state_text(f, q, state, sizeof state);
    int used = snprintf(line, sizeof line, "Frechet distance %s %s",
                        chrome_marker(f->canvas, p->contestant), state);
    if (second && q->asked && !q->message[0]) {
        state_text(f, &second->gallery->quality, other, sizeof other);
        used += snprintf(line + used, sizeof line - (size_t)used, "  %s %s",
                         chrome_marker(f->canvas, second->contestant), other);
    }
    if (has_ends(q))
        snprintf(line + used, sizeof line - (size_t)used, " · held out %.2f, noise %.1f · n %d", q->floor,
                 q->ceiling, q->of);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, q->done ? ROLE_TEXT : ROLE_DIM, 0);
}

/* A contestant's distance as a bar that begins at the floor and ends at the ceiling. */
static void quality_row(struct frame *f, struct rect r, const struct probe_snapshot *p)
{
    enum { NAME_W = 14, FIGURE_W = 9 };
    const struct quality_report *q = &p->gallery->quality;
    char name[NAME_TEXT], state[LOG_TEXT + 16], step[32];
    uint8_t role = chrome_series_role(p->contestant);
    canvas_text(f->canvas, r.x, r.y, chrome_marker(f->canvas, p->contestant), role, CELL_BOLD);
    chrome_short_name(name, sizeof name, p->name, NAME_W - 3);
    canvas_text_fit(f->canvas, r.x + 2, r.y, NAME_W - 3, name, role, CELL_BOLD);
    state_text(f, q, state, sizeof state);
    int x = r.x + NAME_W;
    if (!q->done) {
        canvas_text_fit(f->canvas, x, r.y, r.x + r.w - x, state, q->message[0] ? ROLE_WARN : ROLE_DIM, 0);
        return;
    }
    canvas_text_fit(f->canvas, x, r.y, FIGURE_W, state, ROLE_TEXT, CELL_BOLD);
    x += FIGURE_W;
    text_thousands(step, sizeof step, q->step);
    int noted = r.w >= 100 ? canvas_columns(step) + 7 : 0, room = r.x + r.w - x - noted;
    double share = (q->distance - q->floor) / (q->ceiling - q->floor);
    canvas_bar(f->canvas, x, r.y, room, share, role);
    if (share > 1 && room > 0) /* worse than noise: the bar would be longer */
        canvas_put(f->canvas, x + room - 1, r.y, 0x25b6, ROLE_WARN, ROLE_BACKGROUND, CELL_BOLD);
    if (noted)
        canvas_textf(f->canvas, r.x + r.w - noted + 1, r.y, ROLE_DIM, 0, "step %s", step);
}

void pictures_quality_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe, *second = pictures_second(p);
    const struct quality_report *q = &p->gallery->quality;
    char line[256];
    if (r.h < 2) {
        quality_line(f, r);
        return;
    }
    int used = snprintf(line, sizeof line, "Frechet distance");
    if (has_ends(q))
        used += snprintf(line + used, sizeof line - (size_t)used,
                         ": held-out images %.2f (bar's left end), noise %.1f (right)", q->floor,
                         q->ceiling);
    if (has_ends(q))
        snprintf(line + used, sizeof line - (size_t)used, " · n %d each, %d DDIM steps", q->of, q->denoise);
    else
        snprintf(line + used, sizeof line - (size_t)used, " of samples from training images");
    if (has_ends(q) && canvas_columns(line) > r.w)
        snprintf(line + used, sizeof line - (size_t)used, " · n %d", q->of);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, ROLE_DIM, 0);
    quality_row(f, (struct rect){r.x, r.y + 1, r.w, 1}, p);
    if (second && r.h > 2)
        quality_row(f, (struct rect){r.x, r.y + 2, r.w, 1}, second);
}
