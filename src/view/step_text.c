/* The page Step where the task is a text: typing, writing on, and the text as it reads. */
#include "view/step.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/step_tokens.h"

bool step_is_text(const struct alphabet *a)
{
    return a && a->count > 0 && a->kind != ALPHABET_WORDS;
}

/* --- keys ------------------------------------------------------------------------------------ */

static void type_code(struct event *e, const struct alphabet *a, uint32_t code)
{
    char utf8[8] = "", line[96];
    int n = text_encode(code, utf8), symbols[4];

    utf8[n] = '\0';
    for (int i = 0; i < n; i++)
        symbols[i] = alphabet_find_code(a, a->kind == ALPHABET_BYTES ? (unsigned char)utf8[i] : code);
    if (a->kind != ALPHABET_BYTES)
        n = 1;
    for (int i = 0; i < n; i++) {
        if (symbols[i] >= 0)
            continue;
        snprintf(line, sizeof line, "%s does not occur in this text: no model knows it",
                 code == '\n'   ? "a new line"
                 : code == '\t' ? "a tab"
                                : utf8);
        ui_say(e->ui, line);
        return;
    }
    for (int i = 0; i < n; i++)
        step_give(e, symbols[i]);
}

/* A change waits for its symbol: any character is one, what moves or leaves is none. */
static bool change_key(struct event *e, const struct alphabet *a)
{
    bool character = e->key >= ' ' && e->key != 127 && e->key < KEY_CODE_BASE;
    if (character && a->kind == ALPHABET_BYTES && e->key > 127)
        ui_say(e->ui, "that character has several bytes, and one is changed here");
    else if (character || e->key == UI_KEY_ENTER)
        type_code(e, a, e->key == UI_KEY_ENTER ? '\n' : e->key);
    return character || e->key == UI_KEY_ENTER;
}

bool step_type_key(struct event *e)
{
    struct ui *ui = e->ui;
    const struct alphabet *a = e->probe ? &e->probe->alphabet : NULL;

    if (ui->page != PAGE_STEP || !step_is_text(a))
        return false;
    if (ui->step.edit != EDIT_NONE)
        return change_key(e, a);
    if (!ui->step.typing)
        return false;
    switch (e->key) {
    case UI_KEY_ESCAPE:
        ui->step.typing = false;
        break;
    case UI_KEY_ENTER:
        type_code(e, a, '\n');
        break;
    case UI_KEY_TAB:
        type_code(e, a, '\t');
        break;
    case UI_KEY_BACKSPACE:
        event_send(e, COMMAND_STEP_UNDO, 0, 0);
        break;
    case UI_KEY_LEFT:
    case UI_KEY_RIGHT:
        event_send(e, e->key == UI_KEY_LEFT ? COMMAND_STEP_LEFT : COMMAND_STEP_RIGHT, 1, 0);
        break;
    default:
        if (e->key >= ' ' && e->key != 127 && e->key < KEY_CODE_BASE)
            type_code(e, a, e->key);
    }
    return true;
}

void step_begin_typing(struct event *e)
{
    struct ui *ui = e->ui;
    if (!e->probe || !step_is_text(&e->probe->alphabet)) {
        ui_say(ui, "this task is no text: its symbols are typed at once, without this key");
        return;
    }
    ui->step.typing = true;
    ui->step.play = false;
    ui->step.edit = EDIT_NONE;
}

static double temperature(const struct ui *ui, const struct race_snapshot *race)
{
    double set = race ? race->config.sample.temperature : 1;
    return ui->step.temperature >= 0 ? ui->step.temperature : set;
}

void step_change_temperature(struct event *e)
{
    struct ui *ui = e->ui;
    char line[64];
    double next = temperature(ui, e->race) + (e->key == '(' ? -0.1 : 0.1);

    ui->step.temperature = next < 0.05 ? 0 : next > 3 ? 3 : floor(next * 10 + 0.5) / 10;
    snprintf(line, sizeof line, "temperature %g%s", ui->step.temperature,
             ui->step.temperature > 0 ? "" : ": always the most probable");
    ui_say(ui, line);
}

void step_write(struct event *e)
{
    event_send(e, COMMAND_STEP_WRITE, e->race ? e->race->config.sample.top_k : 0,
               temperature(e->ui, e->race));
}

/* --- drawing --------------------------------------------------------------------------------- */

/* What stands here in place of a rule: the symbol after the cursor if there is one, with the bits that
   it costs this model, and how the model writes. */
void step_text_next_draw(struct frame *f, struct rect r)
{
    struct canvas *c = f->canvas;
    const struct probe_snapshot *p = f->probe;
    const struct alphabet *a = &p->alphabet;
    const struct race_snapshot *race = f->race;
    char share[16];

    if (r.h >= 5)
        r = canvas_box(c, r, "what comes next", "");
    struct rect old = canvas_clip(c, r);
    int x = r.x + 1 + canvas_text(c, r.x + 1, r.y, "text   ", ROLE_DIM, 0);
    if (p->cursor < p->length) {
        int here = p->sequence[p->cursor];
        double bits = -log2((double)p->probability[here]);
        x += canvas_text(c, x, r.y, step_symbol_name(a, here), ROLE_TEXT, CELL_BOLD) + 1;
        canvas_textf(c, x, r.y, bits <= 1 ? ROLE_GOOD : ROLE_TEXT, 0, "costs this model %.2f bits",
                     bits);
    } else {
        static const char all[] = "nothing yet: Enter lets the model write, a types";
        int room = r.x + r.w - x;
        canvas_text_fit(c, x, r.y, room,
                        canvas_columns(all) <= room ? all : "Enter: model writes, a: you", ROLE_DIM,
                        0);
    }
    x = r.x + 1 + canvas_text(c, r.x + 1, r.y + 1, "model  ", ROLE_DIM, 0);
    x += canvas_text(c, x, r.y + 1, step_symbol_name(a, p->predicted), ROLE_TEXT, CELL_BOLD) + 1;
    if (p->predicted >= 0 && p->predicted < a->count) {
        format_share(share, sizeof share, (double)p->probability[p->predicted]);
        canvas_text(c, x, r.y + 1, share, ROLE_TEXT, 0);
    }
    if (r.h >= 3) {
        int k = race ? race->config.sample.top_k : 0;
        x = r.x + 1 + canvas_text(c, r.x + 1, r.y + 2, "writes ", ROLE_DIM, 0);
        x += canvas_textf(c, x, r.y + 2, ROLE_TEXT, 0, "at temperature %g",
                          temperature(f->ui, race));
        x += k > 0 ? canvas_textf(c, x, r.y + 2, ROLE_TEXT, 0, ", top %d", k) : 0;
        int left = r.x + r.w - x - 2;
        canvas_text_fit(c, x + 2, r.y + 2, left, left < 13 ? "( )" : "( ) change it", ROLE_DIM, 0);
    }
    c->clip = old;
}

/* Where lines of at most `width` columns begin; returns their number. */
static int break_lines(const struct probe_snapshot *p, int width, int16_t first[PROBE_HISTORY + 1])
{
    const struct alphabet *a = &p->alphabet;
    int lines = 0, column = width;
    bool ended = false;
    for (int at = 0; at < p->length; at++) {
        uint32_t code = a->code[p->sequence[at]];
        int columns = code == ' ' || code == '\n' ? 1 : canvas_columns(a->name[p->sequence[at]]);
        if (ended || lines == 0 || column + columns > width) {
            first[lines++] = (int16_t)at;
            column = 0;
        }
        column += columns;
        ended = code == '\n';
    }
    first[lines] = (int16_t)p->length;
    return lines;
}

static void line_draw(struct frame *f, int x, int y, int from, int to)
{
    const struct probe_snapshot *p = f->probe;
    const struct alphabet *a = &p->alphabet;
    for (int at = from; at < to; at++) {
        int symbol = p->sequence[at];
        uint32_t code = a->code[symbol];
        const char *name = code == ' ' ? " " : a->name[symbol];
        bool plain = code >= ' ' && code != 127 && name[0] != '\\';
        uint8_t role = at >= p->cursor || !plain ? ROLE_DIM : ROLE_TEXT;
        uint8_t attr = at == p->cursor ? CELL_REVERSE : at >= p->start && at < p->cursor ? CELL_BOLD : 0;
        x += canvas_text(f->canvas, x, y, name, role, attr);
    }
    if (p->cursor == p->length && to == p->length)
        canvas_put(f->canvas, x, y, 0x258c, ROLE_ACCENT, ROLE_BACKGROUND, CELL_BOLD);
}

void step_text_line_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const struct alphabet *a = &p->alphabet;
    int from = p->cursor, to = p->cursor, room = r.w - 1, columns; /* the cursor takes one */

    while (from > 0 && (columns = canvas_columns(a->name[p->sequence[from - 1]])) <= room)
        room -= columns, from--;
    while (to < p->length && (columns = canvas_columns(a->name[p->sequence[to]])) <= room)
        room -= columns, to++;
    line_draw(f, r.x, r.y, from, to);
}

/* The lines around the cursor, what the model sees in bold. */
void step_text_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    int16_t first[PROBE_HISTORY + 1];
    char right[48];

    snprintf(right, sizeof right, "the model sees %d", p->positions);
    if (r.h >= 3)
        r = canvas_box(f->canvas, r, f->ui->step.typing ? "text · typing, Esc ends" : "text", right);
    struct rect old = canvas_clip(f->canvas, r);
    int lines = r.w > 3 ? break_lines(p, r.w - 3, first) : 0, at = lines - 1;
    while (at > 0 && first[at] > p->cursor)
        at--;
    int from = ui_clamp(at - r.h + 1 + (lines - 1 - at < 2 ? lines - 1 - at : 2), 0, lines);
    for (int row = 0; row < r.h && from + row < lines; row++)
        line_draw(f, r.x + 1, r.y + row, first[from + row], first[from + row + 1]);
    f->canvas->clip = old;
}
