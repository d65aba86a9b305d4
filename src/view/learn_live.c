/* The race that trains, as a lesson shows it. */
#include "view/learn.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/curves.h"
#include "view/maps.h"
#include "view/pictures.h"
#include "view/step.h"
#include "view/step_tokens.h"

/* --- what a race has not ------------------------------------------------------------------------
 */

static bool has_rows(const struct race_snapshot *race)
{
    for (int i = 0; i < race->count; i++)
        if (race->contestants[i].rows.count > 0)
            return true;
    return false;
}

static bool is_evaluated(const struct race_snapshot *race)
{
    for (int i = 0; i < race->count; i++)
        if (race->contestants[i].eval.valid)
            return true;
    return false;
}

static const char *lacks_of_race(const struct frame *f, enum lesson_widget_kind kind)
{
    const struct race_snapshot *race = f->race;
    bool symbols = !pictures_race(race);

    if ((kind == LESSON_MAP || kind == LESSON_STEP || kind == LESSON_SWITCH) && !symbols)
        return "This race draws images. heed, without a word, starts one on symbols.";
    if (kind == LESSON_STEP && race->alphabet.subtasks == 0)
        return "The symbols of this race are characters, without control tokens. heed, without a "
               "word, "
               "starts a race that has them.";
    if (kind == LESSON_SWITCH && !is_evaluated(race))
        return "Nothing was evaluated yet: the profile comes with the first evaluation.";
    if (kind == LESSON_SWITCH && !curves_has_switches(race))
        return "No control token switches the rule in this race. heed, without a word, starts one "
               "where "
               "they do.";
    if (kind == LESSON_ROWS && !has_rows(race))
        return "Nobody is asked about long rows in this race. heed find-zero starts one that is, "
               "and heed "
               "count-ones another.";
    return NULL;
}

const char *learn_lacks(const struct frame *f, const struct lesson_widget *w, char *out,
                        size_t size)
{
    const char *why = NULL;

    if (w->kind == LESSON_MATCH || w->kind == LESSON_CROWD)
        why = f->ui->matching ? NULL : "There is no attention to ask here.";
    else if (!f->race || f->race->count == 0)
        why = f->ui->sweep
                  ? "A sweep is followed here, and no race. heed, without a word, starts one."
              : sitting_is_ready(f->ui) ? "The race has not begun: Space begins it."
                                        : "Waiting for the first picture of the race.";
    else
        why = lacks_of_race(f, w->kind);
    if (!why && w->kind == LESSON_STEP && (!f->probe || !f->probe->ready))
        return f->probe ? maps_message(f->probe, out, size)
                        : "Waiting for the first picture of a model.";
    if (!why && w->kind == LESSON_MAP)
        return maps_missing(f->probe, out, size);
    return why;
}

/* A note above a widget that has something to show nevertheless. */
static void note_draw(struct frame *f, struct rect *r, const char *text)
{
    int rows = chrome_wrap(f->canvas, (struct rect){r->x + 1, r->y, r->w - 2, r->h > 8 ? 2 : 1},
                           text, ROLE_WARN);
    rect_cut_top(r, rows);
}

/* Weights under this say nothing worth a word. */
static const float least_share = 0.005f;

/* --- the map ------------------------------------------------------------------------------------
 */

static bool is_signed(const struct ui *ui, const char *attention)
{
    struct ui_variant v;

    for (int k = 0; ui->matching && ui->matching->variant(k, &v); k++)
        if (strcmp(v.name, attention) == 0)
            return v.is_signed;
    return false;
}

/* "copies 13 +.471, 1 +.278": up to three keys of the newest query with the largest weights of a
 * sign. */
static int extremes_text(const struct probe_snapshot *p, const float *w, int sign, char *out,
                         size_t size)
{
    uint64_t taken[MAX_CONTEXT / 64] = {0};
    int used = snprintf(out, size, sign > 0 ? "copies" : "deletes"), found = 0;
    char number[16];

    for (; found < 3; found++) {
        int best = -1;
        for (int k = 0; k < p->positions; k++)
            if (!(taken[k / 64] >> k % 64 & 1) && (float)sign * w[k] > least_share &&
                (best < 0 || (float)sign * w[k] > (float)sign * w[best]))
                best = k;
        if (best < 0)
            break;
        taken[best / 64] |= (uint64_t)1 << best % 64;
        format_share(number, sizeof number, (double)w[best]);
        used += snprintf(out + used, size - (size_t)used, "%s %s %s%s", found ? "," : "",
                         step_symbol_name(&p->alphabet, p->sequence[p->start + best]),
                         sign > 0 ? "+" : "", number);
    }
    if (!found)
        used += snprintf(out + used, size - (size_t)used, " nothing");
    return used;
}

static void extremes_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    int layer, head, n = p->positions;
    char line[256];

    maps_chosen(f->ui, p, &layer, &head);
    const float *w = maps_weight(p, layer, head) + (size_t)(n - 1) * (size_t)n;
    int used = snprintf(line, sizeof line, "the newest query, %s, ",
                        step_symbol_name(&p->alphabet, p->sequence[p->start + n - 1]));
    used += extremes_text(p, w, 1, line + used, sizeof line - (size_t)used);
    used += snprintf(line + used, sizeof line - (size_t)used, "; ");
    extremes_text(p, w, -1, line + used, sizeof line - (size_t)used);
    canvas_text_fit(f->canvas, r.x + 1, r.y, r.w - 2, line, ROLE_TEXT, CELL_BOLD);
}

/* The newest query's weights as bars with their symbols, where they do not fit under the map. */
static void newest_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];
    double values[MAX_CONTEXT];
    char left[96], right[48];
    int layer, head, n = p->positions;

    maps_chosen(f->ui, p, &layer, &head);
    const float *w = maps_weight(p, layer, head) + (size_t)(n - 1) * (size_t)n;
    const struct map_extent *e = maps_extent(f->ui, p, layer, head, HEAT_SIGNED);
    double range = maps_range_of(e->late, HEAT_SIGNED, &f->ui->map.small);
    maps_labels(p, labels, roles);
    int first = n > r.w - 2 ? n - (r.w - 2) : 0;
    for (int k = first; k < n; k++)
        values[k] = (double)w[k];
    snprintf(left, sizeof left, "query %d \"%s\", full bar %.3g", n, labels[n - 1], range);
    snprintf(right, sizeof right, first ? "last %d keys" : "%d keys", n - first);
    r = canvas_box(f->canvas, r, left, right);
    bars_draw(f->canvas, r, values + first, n - first, range, labels + first, roles + first, -1);
}

void learn_map_draw(struct frame *f, struct rect r)
{
    const struct lesson_widget *w = learn_widget(f->ui);
    char line[NAME_TEXT + 128];

    if (w->is_signed && !f->probe->signed_weights) {
        int other = -1;
        for (int i = 0; i < f->race->count; i++)
            if (is_signed(f->ui, f->race->contestants[i].attention))
                other = i;
        if (other >= 0)
            snprintf(line, sizeof line,
                     "%s has no negative weights; %s has: c goes from contestant to contestant.",
                     f->probe->name, f->race->contestants[other].name);
        else
            snprintf(line, sizeof line,
                     "%s has no negative weights, nor has another one here: heed attention races "
                     "cog and "
                     "signed-ea.",
                     f->probe->name);
        note_draw(f, &r, line);
    }
    chrome_part(f, rect_cut_bottom(&r, r.h >= 8 ? 1 : 0), extremes_draw);
    if (r.w >= 64 && r.h >= 5 && r.h < 26)
        chrome_part(f, rect_cut_right(&r, r.w * 11 / 20), newest_draw);
    chrome_part(f, r, maps_small_draw);
}

/* --- before and after ---------------------------------------------------------------------------
 */

void learn_remember(struct ui *ui, const struct probe_snapshot *p)
{
    ui->learn.before.is = p && p->ready;
    if (!ui->learn.before.is)
        return;
    ui->learn.before.contestant = p->contestant;
    ui->learn.before.answer = p->next_answer;
    ui->learn.before.subtask = p->next_subtask;
    memcpy(ui->learn.before.probability, p->probability, sizeof p->probability);
}

/* The most probable symbols as bars, the rule's own answer marked. */
static void expected_draw(struct frame *f, struct rect r, const float *probability, int answer)
{
    const struct alphabet *a = &f->probe->alphabet;
    bool taken[MAX_SYMBOLS] = {false};
    int width = step_symbol_columns(a);
    char share[16];

    for (int row = 0; row < r.h && row < a->count; row++) {
        int best = -1;
        for (int i = 0; i < a->count; i++)
            if (!taken[i] && (best < 0 || probability[i] > probability[best]))
                best = i;
        taken[best] = true;
        int y = r.y + row, x = r.x + 1, bar = ui_clamp(r.w - width - 10, 0, 40);
        canvas_text(f->canvas, x + width - canvas_columns(a->name[best]), y, a->name[best],
                    chrome_symbol_role(a, best), CELL_BOLD);
        canvas_bar(f->canvas, x + width + 1, y, bar, (double)probability[best],
                   best == answer ? ROLE_GOOD : chrome_series_role(f->probe->contestant));
        format_share(share, sizeof share, (double)probability[best]);
        canvas_text(f->canvas, x + width + 2 + bar, y, share, ROLE_TEXT, 0);
        if (best == answer)
            canvas_text(f->canvas, x + width + 7 + bar, y, "✓", ROLE_GOOD, CELL_BOLD);
    }
}

static void rule_text(const struct alphabet *a, int subtask, int answer, char *out, size_t size)
{
    if (subtask < 0 || subtask >= a->subtasks)
        snprintf(out, size, "no rule yet");
    else
        snprintf(out, size, "rule %s: %s", a->name[a->control_id[subtask]],
                 answer >= 0 ? a->name[answer] : "any number");
}

static void side_draw(struct frame *f, struct rect r, bool now)
{
    const struct probe_snapshot *p = f->probe;
    const struct ui *ui = f->ui;
    int answer = now ? p->next_answer : ui->learn.before.answer;
    int subtask = now ? p->next_subtask : ui->learn.before.subtask;
    bool is = now || (ui->learn.before.is && ui->learn.before.contestant == p->contestant);
    char rule[64] = "";

    if (r.h <= 0 || r.w <= 0)
        return;
    if (is)
        rule_text(&p->alphabet, subtask, answer, rule, sizeof rule);
    if (r.h >= 4)
        r = canvas_box(f->canvas, r, now ? "now" : "before", rule);
    struct rect old = canvas_clip(f->canvas, r);
    if (is)
        expected_draw(f, r, now ? p->probability : ui->learn.before.probability, answer);
    else
        chrome_wrap(
            f->canvas, (struct rect){r.x + 1, r.y, r.w - 2, r.h},
            "What was expected before a press stays here, beside what is expected after it.",
            ROLE_DIM);
    f->canvas->clip = old;
}

void learn_step_draw(struct frame *f, struct rect r)
{
    int tokens = r.h >= 24 ? 12 : r.h - r.h / 2;

    chrome_part(f, rect_cut_top(&r, tokens), step_tokens_draw);
    side_draw(f, rect_cut_left(&r, r.w / 2), false);
    side_draw(f, r, true);
}

/* --- weights for each position -------------------------------------------------------------------
 */

enum { NAME, SETS, PARAMETERS, ACCURACY, INTERVAL, COUNT, COLUMNS };

static void positions_row(const struct race_snapshot *race, int i, struct table_cell *cells)
{
    const struct contestant_view *v = &race->contestants[i];
    char low_text[16], high_text[16];
    double low, high;

    for (int k = 0; k < COLUMNS; k++)
        cells[k] = (struct table_cell){.role = ROLE_TEXT};
    cells[NAME].role = chrome_series_role(i);
    text_copy(cells[NAME].text, TABLE_CELL, v->name);
    snprintf(cells[SETS].text, TABLE_CELL, *v->attention ? "%d" : "-", v->config.model.groups);
    text_thousands(cells[PARAMETERS].text, TABLE_CELL, v->parameters);
    if (!v->eval.valid || v->eval.acc.count == 0) {
        text_copy(cells[ACCURACY].text, TABLE_CELL, "-");
        return;
    }
    score_wilson(v->eval.acc, &low, &high);
    format_share(cells[ACCURACY].text, TABLE_CELL, score_value(v->eval.acc));
    format_share(low_text, sizeof low_text, low);
    format_share(high_text, sizeof high_text, high);
    snprintf(cells[INTERVAL].text, TABLE_CELL, "%s-%s", low_text, high_text);
    text_thousands(cells[COUNT].text, TABLE_CELL, v->eval.acc.count);
}

void learn_positions_draw(struct frame *f, struct rect r)
{
    bool wide = r.w >= 76;
    const struct table_column columns[COLUMNS] = {
        {"contestant", wide ? 20 : 18, false},
        {wide ? "weight sets" : "sets", wide ? 11 : 4, true},
        {"parameters", 10, true},
        {"accuracy", 8, true},
        {"95 %", 9, true},
        {"n", 6, true}};
    const struct race_snapshot *race = f->race;
    struct table_cell cells[MAX_CONTESTANTS * COLUMNS];
    bool has = false;

    for (int i = 0; i < race->count; i++) {
        has |= strcmp(race->contestants[i].model, "cisformer") == 0;
        positions_row(race, i, &cells[i * COLUMNS]);
    }
    if (!has)
        note_draw(f, &r,
                  "No cisformer is in this race: heed, without a word, races one against a "
                  "transformer.");
    int rows = race->count + (r.w >= 66 ? 1 : 2); /* columns out of sight are told of */
    struct rect table = rect_cut_top(&r, r.h >= rows + 7 ? rows : ui_clamp(r.h / 2, 1, rows));
    table_draw(f->canvas, table, columns, COLUMNS, cells, race->count, 0, 1,
               ui_focus(f->ui, race, f->probe), -1);
    if (r.h >= 3)
        curves_draw(f, r, curves_result(race), f->ui->curves.axis);
}

/* --- the ladder ----------------------------------------------------------------------------------
 */

enum { TAU_MOST = 9 };

static void level_row(struct frame *f, struct rect r, int tau)
{
    const struct ui *ui = f->ui;
    char count[32];
    bool chosen = tau == ui->learn.tau;
    double size = pow(ui->learn.base, tau), most = pow(ui->learn.base, TAU_MOST);
    int bar = ui_clamp(r.w - 34, 0, 40);

    text_thousands(count, sizeof count, (int64_t)size);
    canvas_textf(f->canvas, r.x + 1, r.y, chosen ? ROLE_ACCENT : ROLE_DIM, chosen ? CELL_BOLD : 0,
                 "tau %d", tau);
    canvas_bar(f->canvas, r.x + 8, r.y, bar, log(size) / log(most),
               chosen ? ROLE_ACCENT : ROLE_BORDER);
    canvas_text_fit(f->canvas, r.x + 9 + bar, r.y, r.w - 10 - bar, count,
                    chosen ? ROLE_TEXT : ROLE_DIM, 0);
}

static void levels_part(struct frame *f, struct rect r)
{
    char line[160];
    const struct ui *ui = f->ui;

    snprintf(line, sizeof line, "x(t) = x(t-1) + x(t-%d) mod %d", ui->learn.tau, ui->learn.base);
    if (r.h >= 5)
        r = canvas_box(f->canvas, r, line,
                       r.w >= 70 ? "(reconstructed) · beginnings: N^tau, bars logarithmic"
                                 : "N^tau");
    else
        canvas_text_fit(f->canvas, r.x, r.y, r.w, line, ROLE_TEXT, 0);
    int first = ui_clamp(ui->learn.tau - r.h + 1, 1, TAU_MOST);
    for (int tau = first; tau <= TAU_MOST && r.h > 0; tau++)
        level_row(f, rect_cut_top(&r, 1), tau);
}

void learn_ladder_draw(struct frame *f, struct rect r)
{
    bool climbs = strcmp(f->race->config.task.kind, "nt") == 0;

    if (!climbs)
        note_draw(f, &r,
                  "This race is not on the ladder: heed nt-16-5 trains the level N 16, tau 5; heed "
                  "sweep nt-ladder -o DIR climbs it.");
    chrome_part(
        f, rect_cut_top(&r, !climbs || r.h < 14 ? ui_clamp(r.h, 0, TAU_MOST + 2) : TAU_MOST + 2),
        levels_part);
    if (climbs && r.h >= 3)
        curves_draw(f, r, METRIC_ACC, f->ui->curves.axis);
}
