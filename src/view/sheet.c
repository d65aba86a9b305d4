/* The settings as a table: of the form where there is one, else of the race that is drawn. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_WIDTH = 11, LEAST_MEANING = 24 };

static int count_of(const struct ui *ui, const struct race_snapshot *race)
{
    return ui->form ? ui->form->race.count : race ? race->count : 0;
}

static const char *name_of(const struct ui *ui, const struct race_snapshot *race, int i)
{
    return ui->form ? ui->form->race.names[i] : race->contestants[i].name;
}

/* As written, autos in place. */
static const struct config *config_of(const struct ui *ui, const struct race_snapshot *race, int i)
{
    return ui->form ? &ui->form->race.contestants[i] : &race->contestants[i].config;
}

int sheet_focus(const struct ui *ui, const struct race_snapshot *race,
                const struct probe_snapshot *probe)
{
    return ui->form ? ui->form->chosen : ui_focus(ui, race, probe);
}

/* A model without attention has settings of attention that nothing reads. */
static bool is_used(const struct config *config, const struct setting *s)
{
    return strncmp(s->key, "attn.", 5) != 0 || cast_has_attention(config->model.kind);
}

/* "-" where the contestant has no such thing; "0.001 auto" where it was not chosen. */
static void value_of(const struct ui *ui, const struct race_snapshot *race, int i,
                     const struct setting *s, char *out, size_t size)
{
    const struct config *config = config_of(ui, race, i);
    if (!is_used(config, s)) {
        text_copy(out, size, "-");
        return;
    }
    config_value(config, s, out, size);
    if (!ui->form || strcmp(out, "auto") != 0)
        return;
    const struct config *resolved = &ui->form->resolved.contestants[i];
    char value[32];
    config_value(resolved, s, value, sizeof value);
    if (s->type == SETTING_REAL && strlen(value) + strlen(" auto") > VALUE_WIDTH)
        snprintf(value, sizeof value, "%.4g", *(const double *)((const char *)resolved + s->offset));
    if (strcmp(value, "auto") != 0) /* where this task has no use for it, it stays so */
        snprintf(out, size, strlen(value) + strlen(" auto") <= VALUE_WIDTH ? "%s auto" : "%s", value);
}

static bool differs(const struct ui *ui, const struct race_snapshot *race, const struct setting *s)
{
    char first[80] = "-", other[80];
    for (int i = 0; i < count_of(ui, race); i++) {
        value_of(ui, race, i, s, other, sizeof other);
        if (strcmp(other, "-") == 0)
            continue;
        if (strcmp(first, "-") != 0 && strcmp(first, other) != 0)
            return true;
        text_copy(first, sizeof first, other);
    }
    return false;
}

/* The first contestant that has a use for it, 0 if none has. */
static int first_user(const struct ui *ui, const struct race_snapshot *race,
                      const struct setting *s)
{
    for (int i = 0; i < count_of(ui, race); i++)
        if (is_used(config_of(ui, race, i), s))
            return i;
    return 0;
}

/* Whether somebody's value is not the default. */
static bool changed(const struct ui *ui, const struct race_snapshot *race, const struct setting *s)
{
    char value[80];
    for (int i = 0; i < count_of(ui, race); i++) {
        const struct config *config = config_of(ui, race, i);
        if (!is_used(config, s))
            continue;
        config_value(config, s, value, sizeof value);
        if (strcmp(value, s->initial) != 0)
            return true;
    }
    return false;
}

int sheet_rows(const struct ui *ui, const struct race_snapshot *race, int list[SHEET_ROWS])
{
    int count, n = 0;
    const struct setting *settings = config_settings(&count);
    if (ui->form && strstr("race", ui->run.find))
        list[n++] = SHEET_CAST;
    for (int i = 0; i < count && n < SHEET_ROWS; i++) {
        bool found = !ui->run.find[0] || strstr(settings[i].key, ui->run.find) ||
                     strstr(settings[i].help, ui->run.find);
        if (found && (!ui->run.different || changed(ui, race, &settings[i])))
            list[n++] = i;
    }
    return n;
}

/* --- what a restart would change ------------------------------------------------------------- */

/* The contestant of the race that has the form's i-th name; NULL: nobody. */
static const struct contestant_view *running(const struct ui *ui, const struct race_snapshot *race,
                                             int i)
{
    for (int k = 0; k < race->count; k++)
        if (strcmp(race->contestants[k].name, ui->form->race.names[i]) == 0)
            return &race->contestants[k];
    return NULL;
}

static bool cast_changes(const struct ui *ui, const struct race_snapshot *race)
{
    bool other = race->count != ui->form->race.count;
    for (int i = 0; i < race->count && !other; i++)
        other = strcmp(race->contestants[i].name, ui->form->race.names[i]) != 0;
    return other;
}

/* The first of the form's contestants whose value is another one in the race; -1: none. */
static int first_change(const struct ui *ui, const struct race_snapshot *race,
                        const struct setting *s)
{
    char now[80], then[80];
    for (int i = 0; ui->form && race && i < ui->form->race.count; i++) {
        const struct contestant_view *v = running(ui, race, i);
        if (!v || !is_used(&v->config, s))
            continue;
        config_value(&v->config, s, now, sizeof now);
        config_value(&ui->form->resolved.contestants[i], s, then, sizeof then);
        if (strcmp(now, then) != 0)
            return i;
    }
    return -1;
}

int sheet_changes(const struct ui *ui, const struct race_snapshot *race)
{
    int count, n = 0;
    const struct setting *settings = config_settings(&count);
    if (!ui->form || !race)
        return 0;
    for (int i = 0; i < count; i++)
        n += first_change(ui, race, &settings[i]) >= 0;
    return n + cast_changes(ui, race);
}

void sheet_change(const struct ui *ui, const struct race_snapshot *race, int setting, char *out,
                  size_t size)
{
    char now[80], then[80];
    int count, i;
    const struct setting *settings = config_settings(&count);

    out[0] = '\0';
    if (!ui->form || !race)
        return;
    if (setting == SHEET_CAST) {
        if (cast_changes(ui, race))
            snprintf(out, size, "R restarts with this cast");
        return;
    }
    i = first_change(ui, race, &settings[setting]);
    if (i < 0)
        return;
    config_value(&running(ui, race, i)->config, &settings[setting], now, sizeof now);
    config_value(&ui->form->resolved.contestants[i], &settings[setting], then, sizeof then);
    snprintf(out, size, "%s runs with %s, R restarts with %s", ui->form->race.names[i], now, then);
}

/* --- drawing --------------------------------------------------------------------------------- */

static int key_width(int width)
{
    return width >= 90 ? 24 : 20;
}

/* How many value columns fit, and where the meaning begins (0: no room). */
static int value_columns(int width, int count, int *meaning)
{
    int fit = (width - key_width(width) - 1) / (VALUE_WIDTH + 1);
    int columns = ui_clamp(fit, 1, count);
    *meaning = key_width(width) + 1 + columns * (VALUE_WIDTH + 1);
    if (width - *meaning < LEAST_MEANING)
        *meaning = 0;
    return columns;
}

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

static void cast_row(struct frame *f, struct rect r, bool selected)
{
    char cast[FORM_LINE];
    uint8_t role = selected ? ROLE_CURSOR : ROLE_TEXT;
    form_cast(f->ui->form, cast, sizeof cast);
    canvas_text_fit(f->canvas, r.x, r.y, key_width(r.w), "race", role, 0);
    canvas_text_fit(f->canvas, r.x + key_width(r.w) + 1, r.y, r.w - key_width(r.w) - 1,
                    cast, role, CELL_BOLD);
}

static void setting_row(struct frame *f, struct rect r, const struct setting *s, bool selected)
{
    const struct ui *ui = f->ui;
    struct canvas *c = f->canvas;
    char value[80];
    int count = count_of(ui, f->race), meaning, columns = value_columns(r.w, count, &meaning);
    int focus = sheet_focus(ui, f->race, f->probe),
        first = focus >= columns ? focus - columns + 1 : 0;
    bool each = differs(ui, f->race, s), other = changed(ui, f->race, s);
    uint8_t role = selected ? ROLE_CURSOR : other ? ROLE_ACCENT : ROLE_TEXT;

    canvas_text_fit(c, r.x, r.y, key_width(r.w), s->key, role, 0);
    if (first_change(ui, f->race, s) >= 0)
        canvas_put(c, r.x + key_width(r.w), r.y, '*', selected ? ROLE_CURSOR : ROLE_WARN,
                   selected ? ROLE_CURSOR_BACKGROUND : ROLE_BACKGROUND, CELL_BOLD);
    for (int k = 0; k < (each ? columns : 1); k++) {
        int x = r.x + key_width(r.w) + 1 + k * (VALUE_WIDTH + 1);
        value_of(ui, f->race, each ? first + k : first_user(ui, f->race, s), s, value, sizeof value);
        canvas_text_fit(c, x, r.y, ui_clamp(r.x + r.w - x, 0, VALUE_WIDTH), value,
                        selected ? ROLE_CURSOR
                        : each   ? chrome_series_role(first + k)
                                 : role,
                        other ? CELL_BOLD : 0);
    }
    if (meaning)
        canvas_text_fit(c, r.x + meaning, r.y, r.w - meaning, s->help,
                        selected ? ROLE_CURSOR : ROLE_DIM, 0);
}

static void names_row(struct frame *f, struct rect r)
{
    const struct ui *ui = f->ui;
    int meaning, columns = value_columns(r.w, count_of(ui, f->race), &meaning);
    int focus = sheet_focus(ui, f->race, f->probe),
        first = focus >= columns ? focus - columns + 1 : 0;

    if (ui->form && r.w > 8)
        canvas_text_fit(f->canvas, r.x, r.y, key_width(r.w),
                        ui->form->own ? "for the marked alone" : "for all", ROLE_DIM, 0);
    for (int k = 0; k < columns; k++) {
        char name[NAME_TEXT];
        bool alone = ui->form && ui->form->own && first + k == focus;
        chrome_short_name(name, sizeof name, name_of(ui, f->race, first + k), VALUE_WIDTH - 2);
        int x = r.x + key_width(r.w) + 1 + k * (VALUE_WIDTH + 1);
        if (ui->form && first + k == focus)
            canvas_text(f->canvas, x - 1, r.y, "▸", ROLE_ACCENT, CELL_BOLD);
        canvas_text_fit(f->canvas, x, r.y, 2, chrome_marker(f->canvas, first + k),
                        chrome_series_role(first + k), 0);
        canvas_text_fit(f->canvas, x + 2, r.y, ui_clamp(r.x + r.w - x - 2, 0, VALUE_WIDTH - 2),
                        name, first + k == focus ? ROLE_TEXT : ROLE_DIM,
                        (uint8_t)(CELL_BOLD | (alone ? CELL_REVERSE : 0)));
    }
}

static void row_draw(struct frame *f, struct rect r, int index, bool selected)
{
    const struct setting *settings = config_settings(&(int){0});
    bool typing = selected && (f->ui->typing.kind == TYPING_VALUE ||
                               f->ui->typing.kind == TYPING_CAST);

    if (selected)
        canvas_fill(f->canvas, r, ' ', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND);
    if (index == SHEET_CAST)
        cast_row(f, r, selected);
    else
        setting_row(f, r, &settings[index], selected);
    if (typing)
        typed_draw(f->canvas, r.x + key_width(r.w) + 1, r.y, r.w - key_width(r.w) - 1,
                   f->ui->typing.text);
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
        snprintf(right, right_size, "* %d to restart with: R", changes);
    else if (ui->run.find[0])
        snprintf(right, right_size, "/%.20s: %d of %d", ui->run.find, n, all);
    else
        snprintf(right, right_size, ui->run.different ? "%d changed of %d" : "%d of %d", n, all);
}

void sheet_draw(struct frame *f, struct rect r, int *chosen)
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
        chrome_notice(f, r, ui->run.find[0] ? "no setting has this word"
                                            : "every setting has its default", ROLE_DIM);
        return;
    }
    ui->run.row = ui_clamp(ui->run.row, 0, n - 1);
    *chosen = list[ui->run.row];
    if (r.h >= 4)
        names_row(f, rect_cut_top(&r, 1));
    int top = ui_clamp(ui->run.row - r.h / 2, 0, n > r.h ? n - r.h : 0);
    if (framed && n > r.h)
        canvas_textf(f->canvas, r.x + 1, r.y + r.h, ROLE_DIM, 0, " lines %d to %d of %d ", top + 1,
                     top + r.h, n);
    for (int i = 0; i < r.h && top + i < n; i++) {
        struct rect row = {r.x, r.y + i, r.w, 1};
        row_draw(f, row, list[top + i], top + i == ui->run.row);
        ui_hit(ui, row, HIT_SETTING, top + i, 0);
    }
}
