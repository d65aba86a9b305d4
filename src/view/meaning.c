/* All about the setting that is chosen on Run: what it means, what it may be, what it is, and when it
   may change, and why not now. */
#include "view/sheet.h"

#include <stdio.h>
#include <string.h>

enum { LINES = 6, LINE = 512 };

/* Paragraphs, each with its colour. */
struct meaning {
    char title[64];
    int count;
    struct {
        char text[LINE];
        uint8_t role;
    } line[LINES];
};

static void add(struct meaning *m, uint8_t role, const char *text)
{
    if (m->count == LINES || !text[0])
        return;
    text_copy(m->line[m->count].text, LINE, text);
    m->line[m->count++].role = role;
}

/* The words of a list that only other layers know: tasks, models, attentions. */
static bool words_of(const struct ui *ui, const struct setting *s, char *out, size_t size)
{
    char word[NAME_TEXT];
    const char *help;
    size_t used = 0;
    for (int k = 0; ui->form && ui->form->setup.word(s->key, k, word, &help); k++)
        if (used + strlen(word) + 3 < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s", k ? ", " : "", word);
    return used > 0;
}

/* "1 to 8192 or auto", "layer, rms, none", "a path of at most 1023 bytes". */
static void range_of(const struct ui *ui, const struct setting *s, char *out, size_t size)
{
    char low[24], high[24];
    if (s->choices) {
        size_t used = 0;
        for (const char *at = s->choices; *at && used + 2 < size; at++) {
            if (*at == '|')
                out[used++] = ',';
            out[used++] = *at == '|' ? ' ' : *at;
        }
        out[used] = '\0';
        return;
    }
    if (s->type == SETTING_NAME && !(s->flags & SETTING_PATH) && words_of(ui, s, out, size))
        return;
    if (s->type == SETTING_NAME && s->bytes) {
        snprintf(out, size, "1 to %.0f of %s", s->high, s->bytes);
        return;
    }
    if (s->type == SETTING_NAME) {
        snprintf(out, size, s->flags & SETTING_PATH ? "a path, or none" : "1 to %.0f letters, digits, - or _",
                 s->high);
        return;
    }
    snprintf(low, sizeof low, "%.10g", s->low);
    snprintf(high, sizeof high, "%.10g", s->high);
    sheet_tidy(low);
    sheet_tidy(high);
    snprintf(out, size, "%s to %s%s", low, high, s->flags & SETTING_MAY_BE_AUTO ? " or auto" : "");
}

/* When an edit counts, and why not at once. */
static const char *when_of(const struct ui *ui, const struct race_snapshot *race,
                           const struct setting *s)
{
    bool task = strncmp(s->key, "task.", 5) == 0, train = strncmp(s->key, "train.", 6) == 0;
    bool rate = strcmp(s->key, "train.learning_rate") == 0;
    if (!ui->form)
        return rate && !ui->stepping_only ? "- and + change it at once" : "as the run was begun";
    if (sitting_is_ready(ui))
        return s->flags & SETTING_SHARED ? "one value for all contestants"
                                         : "for all, or (i) for the marked one alone";
    if (!sitting_goes_on(race))
        return "this race is over: an edit is for the next start, R";
    if (rate)
        return "changes at once: - and + by a factor, Enter to a value";
    if (s->flags & SETTING_LIVE)
        return "changes at once, as long as this session lasts";
    if (strcmp(s->key, "train.threads") == 0)
        return "fixed while it trains: threads are made when a race is built";
    if (task)
        return "fixed while it trains: all curves are about it";
    if (train)
        return "fixed while it trains: same settings, same run";
    if (strncmp(s->key, "sample.", 7) == 0)
        return "for the next start; the page Step has keys of its own";
    return "fixed while it trains: the weights have this shape";
}

/* "transformer-dpa 64, cisformer-ea 32": values that the table has no room for, exactly. */
static void values_of(const struct ui *ui, const struct race_snapshot *race,
                      const struct setting *s, char *out, size_t size)
{
    enum { IN_SIGHT = 4 };
    char value[SETTING_TEXT], shown[SETTING_TEXT];
    size_t used = 0;
    int count = sheet_count(ui, race);
    bool each = sheet_differs(ui, race, s), needed = each && count > IN_SIGHT;
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        sheet_value(ui, race, i, s, shown, sizeof shown);
        sheet_exact(ui, race, i, s, value, sizeof value);
        needed |= strcmp(shown, "-") != 0 && !strstr(shown, value);
        needed |= each && canvas_columns(shown) > SHEET_VALUE;
        if (strcmp(shown, "-") != 0 && used + 2 * NAME_TEXT < size && (each || used == 0))
            used += (size_t)snprintf(out + used, size - used, "%s%s %.40s", used ? ", " : "",
                                     each ? sheet_name(ui, race, i) : "exactly", value);
    }
    if (!needed)
        out[0] = '\0';
}

static void unread_of(const struct ui *ui, const struct race_snapshot *race,
                      const struct setting *s, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    if (sheet_reader(ui, race, s) < 0) {
        snprintf(out, size, "nobody in this race reads it");
        return;
    }
    for (int i = 0; i < sheet_count(ui, race); i++)
        if (!sheet_reads(ui, race, i, s) && used + NAME_TEXT + 24 < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "not read by ",
                                     sheet_name(ui, race, i));
}

static void meaning_of(struct meaning *m, const struct ui *ui, const struct race_snapshot *race,
                       int chosen)
{
    char line[LINE], range[LINE - 96], initial[64], change[200];

    *m = (struct meaning){0};
    sheet_change(ui, race, chosen, change, sizeof change);
    if (chosen == SHEET_CAST) {
        text_copy(m->title, sizeof m->title, "race");
        add(m, ROLE_ACCENT, "who races: model-attention or model, divided by commas");
        add(m, ROLE_TEXT, "A adds one, X drops the marked one, Enter types");
        add(m, ROLE_WARN, change);
        form_cast(ui->form, line, sizeof line);
        for (char *comma = line; (comma = strchr(comma, ',')) != NULL;) /* where it may be wrapped */
            memmove(comma + 2, comma + 1, strlen(comma)), comma[1] = ' ', comma += 2;
        add(m, ROLE_TEXT, line);
        return;
    }
    const struct setting *s = &config_settings(&(int){0})[chosen];
    text_copy(m->title, sizeof m->title, s->key);
    add(m, ROLE_ACCENT, s->help);
    range_of(ui, s, range, sizeof range);
    text_copy(initial, sizeof initial, s->initial);
    if (s->type == SETTING_REAL)
        sheet_tidy(initial);
    snprintf(line, sizeof line, "%s · default %s", range, initial);
    add(m, ROLE_TEXT, line);
    add(m, ROLE_WARN, change);
    values_of(ui, race, s, line, sizeof line);
    add(m, ROLE_TEXT, line);
    if (!change[0] || sitting_is_ready(ui))
        add(m, ROLE_DIM, when_of(ui, race, s));
    unread_of(ui, race, s, line, sizeof line);
    add(m, ROLE_DIM, line);
}

/* What it means, then the rest in one piece; returns the rows used. */
static int pieces_draw(struct canvas *c, struct rect r, const struct meaning *m)
{
    char text[3 * LINE];
    size_t used = 0;
    uint8_t role = ROLE_DIM;
    int rows;

    rect_cut_left(&r, 1);
    r.w--;
    snprintf(text, sizeof text, "%s: %s", m->title, m->line[0].text);
    struct rect first = r;
    first.h = r.h > 1 ? r.h - 1 : r.h;
    rows = chrome_wrap(c, first, text, m->line[0].role);
    rect_cut_top(&r, rows);
    text[0] = '\0';
    for (int i = 1; i < m->count && used + LINE < sizeof text; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i > 1 ? " · " : "",
                                 m->line[i].text);
        role = m->line[i].role == ROLE_WARN ? ROLE_WARN : role;
    }
    return rows + chrome_wrap(c, r, text, role);
}

int meaning_rows(struct frame *f, int width, int chosen)
{
    struct meaning m;
    if (chosen == SHEET_NONE)
        return 0;
    meaning_of(&m, f->ui, f->race, chosen);
    struct rect old = canvas_clip(f->canvas, (struct rect){0, 0, 0, 0});
    int rows = pieces_draw(f->canvas, (struct rect){0, 0, width, 2 * LINES}, &m);
    f->canvas->clip = old;
    return rows;
}

void meaning_draw(struct frame *f, struct rect r, int chosen, bool framed)
{
    struct meaning m;
    if (chosen == SHEET_NONE || r.h < 1)
        return;
    meaning_of(&m, f->ui, f->race, chosen);
    if (!framed) {
        pieces_draw(f->canvas, r, &m);
        return;
    }
    r = canvas_box(f->canvas, r, m.title, f->ui->form ? "Enter edits" : "");
    for (int i = 0; i < m.count && r.h > 0; i++)
        rect_cut_top(&r, chrome_wrap(f->canvas, r, m.line[i].text, m.line[i].role));
}
