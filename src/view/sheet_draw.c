/* The settings as a table, in groups, a column for each contestant. */
#include "view/sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_MEANING = 24, MARKS = 2, SHORT_KEY = 18, WHOLE_KEY = 24, LEAST_HEADED = 8 };

/* Where things stand in a row. */
struct columns {
    int key;            /* width of a key */
    int value;          /* where the values begin, from the left */
    int first, count;   /* contestants that are shown */
    int meaning, width; /* where the meaning begins (0: no room), of how much */
    bool headed;        /* settings stand under headings, their keys without the section */
};

static const struct {
    const char *section, *name, *fixed, *about;
} groups[] = {
    {"model.", "model", "fixed: the weights have this shape", "the shape of the network"},
    {"attn.", "attention", "fixed: the weights were learned with it", "how keys are weighted"},
    {"task.", "task", "fixed: all curves are about it", "what is learned, the same for all"},
    {"train.", "training", "fixed, but ~ changes at once", "how it is learned"},
    {"sample.", "writing", "fixed: the form's is for the next start", "how a model writes text"},
};
enum { GROUPS = sizeof groups / sizeof *groups };

static int group_of(int setting)
{
    const char *key = setting >= 0 ? config_settings(&(int){0})[setting].key : "";
    for (int i = 0; i < GROUPS; i++)
        if (strncmp(key, groups[i].section, strlen(groups[i].section)) == 0)
            return i;
    return -1;
}

static struct columns columns_of(const struct frame *f, struct rect r, bool headed)
{
    int count = sheet_count(f->ui, f->race), focus = sheet_focus(f->ui, f->race, f->probe);
    struct columns c = {.key = headed ? SHORT_KEY : WHOLE_KEY, .headed = headed, .width = r.w};

    c.value = MARKS + c.key + 1;
    c.count = ui_clamp((r.w - c.value) / (SHEET_VALUE + 1), 1, count);
    c.first = focus >= c.count ? focus - c.count + 1 : 0;
    c.meaning = c.value + c.count * (SHEET_VALUE + 1);
    if (r.w - c.meaning < LEAST_MEANING)
        c.meaning = 0;
    return c;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* What is typed stands where the value was, its end in sight. */
static void typed_draw(struct canvas *c, int x, int y, int width, const char *text)
{
    int columns = canvas_columns(text);
    uint32_t code;
    canvas_fill(c, (struct rect){x, y, width, 1}, ' ', ROLE_TEXT, ROLE_BACKGROUND);
    for (; columns > width - 1 && *text; columns--)
        text += text_decode(text, &code);
    x += canvas_text_fit(c, x, y, width - 1, text, ROLE_TEXT, CELL_BOLD);
    canvas_put(c, x, y, '_', ROLE_ACCENT, ROLE_BACKGROUND, CELL_BOLD);
}

static void cast_row(struct frame *f, struct rect r, const struct columns *c, bool selected)
{
    char cast[FORM_LINE];
    uint8_t role = selected ? ROLE_CURSOR : ROLE_TEXT;
    form_cast(f->ui->form, cast, sizeof cast);
    canvas_text_fit(f->canvas, r.x + MARKS, r.y, c->key, "race", role, 0);
    canvas_text_fit(f->canvas, r.x + c->value, r.y, r.w - c->value, cast, role, CELL_BOLD);
}

/* "*" not the default, "R" waits for a restart, "~" changes at once. */
static void marks_draw(struct frame *f, struct rect r, const struct setting *s, bool selected)
{
    bool waits = sheet_first_change(f->ui, f->race, s) >= 0;
    bool live = f->ui->form && sitting_goes_on(f->race) && s->flags & SETTING_LIVE;
    uint8_t bg = selected ? ROLE_CURSOR_BACKGROUND : ROLE_BACKGROUND;

    if (sheet_changed(f->ui, f->race, s))
        canvas_put(f->canvas, r.x, r.y, '*', selected ? ROLE_CURSOR : ROLE_ACCENT, bg, CELL_BOLD);
    if (waits || live)
        canvas_put(f->canvas, r.x + 1, r.y, waits ? 'R' : '~',
                   selected ? ROLE_CURSOR : waits ? ROLE_WARN : ROLE_GOOD, bg, CELL_BOLD);
}

static void setting_row(struct frame *f, struct rect r, const struct columns *c,
                        const struct setting *s, bool selected)
{
    const struct ui *ui = f->ui;
    char value[SETTING_TEXT];
    int reader = sheet_reader(ui, f->race, s);
    bool each = sheet_differs(ui, f->race, s);
    uint8_t role = selected ? ROLE_CURSOR : reader < 0 ? ROLE_DIM : ROLE_TEXT;
    const char *key = c->headed ? strchr(s->key, '.') + 1 : s->key;

    marks_draw(f, r, s, selected);
    canvas_text_fit(f->canvas, r.x + MARKS, r.y, c->key, key, role, 0);
    for (int k = 0; k < (each ? c->count : 1); k++) {
        int i = each ? c->first + k : reader < 0 ? 0 : reader;
        int x = r.x + c->value + k * (SHEET_VALUE + 1);
        /* What all have in common may be long: a path. */
        int room = each ? SHEET_VALUE : c->count * (SHEET_VALUE + 1) - 1;
        bool own = sheet_own(ui, f->race, i, s);
        sheet_value(ui, f->race, i, s, value, sizeof value);
        canvas_text_fit(f->canvas, x, r.y, ui_clamp(r.x + r.w - x, 0, room), value,
                        selected                    ? ROLE_CURSOR
                        : each && value[0] != '-' ? chrome_series_role(sheet_series(ui, f->race, i))
                        : own                       ? ROLE_ACCENT
                                                    : role,
                        own ? CELL_BOLD : 0);
    }
    if (c->meaning)
        canvas_text_fit(f->canvas, r.x + c->meaning, r.y, r.w - c->meaning, s->help,
                        selected ? ROLE_CURSOR : ROLE_DIM, 0);
}

static void names_row(struct frame *f, struct rect r, const struct columns *c)
{
    const struct ui *ui = f->ui;
    int focus = sheet_focus(ui, f->race, f->probe);

    if (ui->form && r.w > 8)
        canvas_text_fit(f->canvas, r.x, r.y, c->value - 2,
                        ui->form->own ? "for the marked one" : "for all", ROLE_DIM, 0);
    for (int k = 0; k < c->count; k++) {
        int i = c->first + k, x = r.x + c->value + k * (SHEET_VALUE + 1);
        char name[NAME_TEXT];
        bool alone = ui->form && ui->form->own && i == focus;
        chrome_short_name(name, sizeof name, sheet_name(ui, f->race, i), SHEET_VALUE - 2);
        if (i == focus || ui->run.all)
            canvas_text(f->canvas, x - 1, r.y, "▸", ROLE_ACCENT, CELL_BOLD);
        int series = sheet_series(ui, f->race, i);
        canvas_text_fit(f->canvas, x, r.y, 2, chrome_marker(f->canvas, series),
                        chrome_series_role(series), 0);
        canvas_text_fit(f->canvas, x + 2, r.y, ui_clamp(r.x + r.w - x - 2, 0, SHEET_VALUE - 2), name,
                        i == focus ? ROLE_TEXT : ROLE_DIM,
                        (uint8_t)(CELL_BOLD | (alone ? CELL_REVERSE : 0)));
    }
}

/* --- what is measured ------------------------------------------------------------------------ */

enum fact { FACT_RATE, FACT_FACTOR, FACT_SPEED, FACT_NORM, FACTS };

static double factor_of(const struct contestant_view *v)
{
    return v->config.train.learning_rate / v->own_rate;
}

static bool has_factor(const struct race_snapshot *race)
{
    for (int i = 0; i < race->count; i++)
        if (race->contestants[i].config.train.learning_rate != race->contestants[i].own_rate)
            return true;
    return false;
}

static int failures_of(const struct race_snapshot *race)
{
    int failed = 0;
    for (int i = 0; i < race->count; i++)
        failed += race->contestants[i].failed;
    return failed;
}

int sheet_facts(const struct race_snapshot *race)
{
    return race ? failures_of(race) + FACTS - !has_factor(race) : 0;
}

static void fact_value(const struct contestant_view *v, enum fact fact, char *out, size_t size)
{
    char factor[24];
    switch (fact) {
    case FACT_RATE:
        sheet_figure(out, size, v->learning_rate, v->step > 0 && isfinite(v->learning_rate));
        break;
    case FACT_FACTOR:
        sheet_figure(factor, sizeof factor, factor_of(v), isfinite(factor_of(v)));
        snprintf(out, size, "x%s", factor);
        break;
    case FACT_SPEED:
        sheet_figure(out, size, v->steps_per_second, v->steps_per_second > 0);
        break;
    default:
        sheet_figure(out, size, v->grad_norm, v->step > 0);
        break;
    }
}

static void facts_rows(struct frame *f, struct rect r, const struct columns *c)
{
    static const char *const names[] = {"rate of this step", "x its schedule", "steps/s",
                                        "gradient norm"};
    int y = r.y;
    for (int i = 0; i < f->race->count && y < r.y + r.h; i++) {
        const struct contestant_view *v = &f->race->contestants[i];
        if (!v->failed)
            continue;
        canvas_text(f->canvas, r.x, y, chrome_marker(f->canvas, i), chrome_series_role(i), CELL_BOLD);
        canvas_text_fit(f->canvas, r.x + MARKS, y++, r.w - MARKS, v->failure, ROLE_BAD, 0);
    }
    for (int fact = 0; fact < FACTS && y < r.y + r.h; fact++) {
        if (fact == FACT_FACTOR && !has_factor(f->race))
            continue;
        canvas_text_fit(f->canvas, r.x + MARKS, y, c->key, names[fact], ROLE_DIM, 0);
        for (int k = 0; k < c->count; k++) {
            int at = sheet_in_race(f->ui, f->race, c->first + k);
            const struct contestant_view *v = at >= 0 ? &f->race->contestants[at] : NULL;
            char value[32];
            int x = r.x + c->value + k * (SHEET_VALUE + 1);
            text_copy(value, sizeof value, "-");
            if (v && v->failed)
                text_copy(value, sizeof value, fact == FACT_RATE ? "failed" : "-");
            else if (v)
                fact_value(v, (enum fact)fact, value, sizeof value);
            canvas_text_fit(f->canvas, x, y, ui_clamp(r.x + r.w - x, 0, SHEET_VALUE), value,
                            v && v->failed ? ROLE_BAD : ROLE_TEXT, 0);
        }
        y++;
    }
}

/* --- the table ------------------------------------------------------------------------------- */

/* A line of the table: a row of the list, or the heading over the rows of a group. */
struct line {
    int row, group; /* row -1: a heading */
};

static int lines_of(const int *list, int n, bool headed, struct line lines[SHEET_ROWS + GROUPS])
{
    int count = 0, last = -1;
    for (int i = 0; i < n; i++) {
        int group = group_of(list[i]);
        if (headed && group >= 0 && group != last)
            lines[count++] = (struct line){-1, group};
        last = group;
        lines[count++] = (struct line){i, group};
    }
    return count;
}

static void heading_draw(struct frame *f, struct rect r, const struct columns *c, int group)
{
    bool fixed = f->ui->form && sitting_goes_on(f->race);
    canvas_text_fit(f->canvas, r.x, r.y, c->value - 1, groups[group].name, ROLE_ACCENT, CELL_BOLD);
    canvas_text_fit(f->canvas, r.x + c->value, r.y, r.w - c->value,
                    fixed ? groups[group].fixed : groups[group].about, ROLE_DIM, 0);
}

static void row_draw(struct frame *f, struct rect r, const struct columns *c, int index,
                     bool selected)
{
    bool typing = selected &&
                  (f->ui->typing.kind == TYPING_VALUE || f->ui->typing.kind == TYPING_CAST);

    if (selected)
        canvas_fill(f->canvas, r, ' ', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND);
    if (index == SHEET_CAST)
        cast_row(f, r, c, selected);
    else
        setting_row(f, r, c, &config_settings(&(int){0})[index], selected);
    if (typing)
        typed_draw(f->canvas, r.x + c->value, r.y, r.w - c->value, f->ui->typing.text);
}

static void title(const struct ui *ui, const struct race_snapshot *race, int n, char *left,
                  size_t left_size, char *right, size_t right_size)
{
    int all, changes = sheet_changes(ui, race);

    config_settings(&all);
    n -= ui->form && strstr("race", ui->run.find);
    snprintf(left, left_size, "settings%s%s%s", ui->form ? " · " : "",
             ui->form ? ui->form->race.preset : "", sitting_is_ready(ui) ? " · R starts" : "");
    if (changes > 0)
        snprintf(right, right_size, "R restarts with %d edit%s", changes, changes == 1 ? "" : "s");
    else if (ui->run.find[0])
        snprintf(right, right_size, "/%.20s: %d of %d", ui->run.find, n, all);
    else
        snprintf(right, right_size,
                 ui->run.shown == SHOWN_CHANGED ? "%d of %d are changed"
                 : ui->run.shown == SHOWN_READ  ? "%d of %d are read here"
                                                : "%d of %d",
                 n, all);
}

/* The lower edge: which rows are in sight, and what the marks say. */
static void foot_draw(struct frame *f, struct rect r, int from, int to, int n)
{
    bool going = f->ui->form && sitting_goes_on(f->race);
    const char *marks = going ? " * not the default  ~ at once  R at a restart "
                        : f->ui->form ? " * not the default "
                                      : " * not the default, autos not judged ";
    int x = r.x + 1;
    if (to - from < n)
        x += canvas_textf(f->canvas, x, r.y + r.h, ROLE_DIM, 0, " %d to %d of %d ", from + 1, to, n);
    int start = r.x + r.w - 1 - canvas_columns(marks);
    if (start > x)
        canvas_text(f->canvas, start, r.y + r.h, marks, ROLE_DIM, 0);
}

/* On the frame's right edge, as much of it as is in sight. */
static void scroll_bar(struct canvas *c, struct rect r, int top, int shown, int n)
{
    int from = r.h * top / n, to = (r.h * (top + shown) + n - 1) / n;
    for (int y = from; y < to && y < r.h; y++)
        canvas_put(c, r.x + r.w, r.y + y, c->glyphs == GLYPHS_ASCII ? '#' : 0x2503, ROLE_ACCENT,
                   ROLE_BACKGROUND, 0);
}

static void lines_draw(struct frame *f, struct rect r, const struct columns *c, const int *list,
                       int n, bool framed)
{
    struct line lines[SHEET_ROWS + GROUPS];
    struct ui *ui = f->ui;
    int count = lines_of(list, n, c->headed, lines), at = 0, from = n, to = 0;

    while (at < count - 1 && lines[at].row != ui->run.row)
        at++;
    int top = ui_clamp(at - r.h / 2, 0, count > r.h ? count - r.h : 0);
    for (int i = 0; i < r.h && top + i < count; i++) {
        struct rect row = {r.x, r.y + i, r.w, 1};
        int k = lines[top + i].row;
        if (k < 0) {
            heading_draw(f, row, c, lines[top + i].group);
            continue;
        }
        row_draw(f, row, c, list[k], k == ui->run.row);
        ui_hit(ui, row, HIT_SETTING, k, 0);
        from = k < from ? k : from;
        to = k + 1;
    }
    if (!framed)
        return;
    foot_draw(f, r, from, to, n);
    if (count > r.h)
        scroll_bar(f->canvas, r, top, r.h, count);
}

void sheet_draw(struct frame *f, struct rect r, int facts, int *chosen)
{
    struct ui *ui = f->ui;
    int list[SHEET_ROWS], n = sheet_rows(ui, f->race, list);
    char left[64], right[64];

    title(ui, f->race, n, left, sizeof left, right, sizeof right);
    bool framed = r.h >= 5;
    if (framed)
        r = canvas_box(f->canvas, r, left, right);
    *chosen = SHEET_NONE;
    if (n == 0) {
        chrome_notice(f, r,
                      ui->run.find[0] ? "no setting has this word"
                                      : "every setting has its default: d shows them all",
                      ROLE_DIM);
        return;
    }
    ui->run.row = ui_clamp(ui->run.row, 0, n - 1);
    *chosen = list[ui->run.row];
    struct columns c = columns_of(f, r, r.h - facts >= LEAST_HEADED);
    if (r.h >= 4)
        names_row(f, rect_cut_top(&r, 1), &c);
    if (facts > 0 && r.h > facts)
        facts_rows(f, rect_cut_top(&r, facts), &c);
    lines_draw(f, r, &c, list, n, framed);
}
