/* Learn: lessons, each a text, a live widget and something to press. */
#include "view/learn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "view/curves.h"
#include "view/maps.h"

const struct lesson *learn_lesson(const struct ui *ui)
{
    return ui->learn.count > 0 ? &ui->learn.list[ui->learn.at] : NULL;
}

const struct lesson_widget *learn_widget(const struct ui *ui)
{
    return &learn_lesson(ui)->widget[ui->learn.widget];
}

/* Begin a lesson, or a widget of it, as its file has it. */
static void show_widget(struct ui *ui, int widget)
{
    ui->learn.widget = widget;
    ui->learn.query = learn_widget(ui)->query;
    ui->learn.first = 0;
}

void learn_show(struct ui *ui, int at)
{
    ui->learn.at = at;
    ui->learn.press = ui->learn.scroll = 0;
    ui->learn.before.is = false;
    show_widget(ui, 0);
}

void learn_open(struct ui *ui)
{
    struct failure why;

    if (ui->learn.list)
        return;
    ui->learn.count = lesson_list(&ui->learn.list, ui->matching, &why);
    if (ui->learn.count < 0) {
        ui->learn.count = 0;
        ui_say(ui, why.text);
    }
    ui->learn.tau = 5;
    ui->learn.base = 16;
    if (ui->learn.count > 0)
        learn_show(ui, 0);
}

/* --- text ---------------------------------------------------------------------------------------
 */

/* The end of the row of at most `width` columns that begins at `s`, broken at a space if there is
 * one. */
static const char *row_end(const char *s, int width)
{
    const char *end = NULL, *at = s;
    uint32_t code;

    for (int columns = 0; *at && *at != '\n'; columns++) {
        if (*at == ' ')
            end = at;
        if (columns == width)
            return end ? end : at;
        at += text_decode(at, &code);
    }
    return at;
}

/* The rows of the lesson's text from row `first` on, an empty one between paragraphs; returns how
   many there are in all. A width of 0 counts nothing. */
static int text_rows(struct canvas *c, struct rect r, const char *text, int first)
{
    int row = 0;

    while (*text && r.w > 0) {
        const char *end = row_end(text, r.w);
        char line[LESSON_TEXT];
        if (c && row >= first && row - first < r.h) {
            snprintf(line, sizeof line, "%.*s", (int)(end - text), text);
            canvas_text_fit(c, r.x, r.y + row - first, r.w, line, ROLE_TEXT, 0);
        }
        row++;
        row += *end == '\n' && end[1]; /* between paragraphs */
        text = end + (*end == ' ' || *end == '\n'); /* else it goes on within a word */
    }
    return row;
}

static void text_part(struct frame *f, struct rect r)
{
    struct ui *ui = f->ui;
    const struct lesson *l = learn_lesson(ui);
    char left[160], right[64] = "";

    snprintf(left, sizeof left, "%d/%d · %s%s", ui->learn.at + 1, ui->learn.count, l->title,
             l->own ? " (your file)" : "");
    bool framed = r.w < f->canvas->width && r.h >= 5;
    struct rect inner = framed ? (struct rect){r.x + 2, r.y + 1, r.w - 4, r.h - 2}
                               : (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 1};
    const char *text = l->broken[0] ? l->broken : l->text;
    int rows = text_rows(NULL, inner, text, 0);
    ui->learn.most = rows > inner.h ? rows - inner.h : 0;
    ui->learn.scroll = ui_clamp(ui->learn.scroll, 0, ui->learn.most);
    if (ui->learn.most > 0)
        snprintf(right, sizeof right, r.w >= 38 ? "rows %d-%d of %d · ( )" : "%d-%d/%d",
                 ui->learn.scroll + 1, ui->learn.scroll + inner.h, rows);
    int used = canvas_columns(right);
    if (framed) { /* its place is the lower edge: the title needs the upper one */
        canvas_box(f->canvas, r, left, "");
        if (used)
            canvas_textf(f->canvas, r.x + r.w - used - 4, r.y + r.h - 1, ROLE_DIM, 0, " %s ",
                         right);
    } else {
        canvas_text_fit(f->canvas, r.x + 1, r.y, r.w - used - 3, left, ROLE_ACCENT, CELL_BOLD);
        canvas_text_fit(f->canvas, r.x + r.w - used - 1, r.y, used, right, ROLE_DIM, 0);
    }
    text_rows(f->canvas, inner, text, ui->learn.scroll);
}

/* --- what to press -------------------------------------------------------------------------------
 */

static const char *press_head(const struct ui *ui, int i, char *out, size_t size)
{
    bool next = i == ui->learn.press;
    snprintf(out, size, next ? "▸ Enter %d/%d " : "  %d ", i + 1, learn_lesson(ui)->presses);
    return out;
}

/* Rows of all of them at this width, and of the longest. */
static int press_rows(const struct ui *ui, int width, int *longest)
{
    const struct lesson *l = learn_lesson(ui);
    char head[48];
    int rows = 0;

    for (int i = 0; i < l->presses; i++) {
        int used = canvas_columns(press_head(ui, i, head, sizeof head));
        int one = text_rows(NULL, (struct rect){0, 0, width - used, 0}, l->press[i].words, 0);
        *longest = one > *longest ? one : *longest;
        rows += one;
    }
    return rows;
}

/* All of them with the next one marked, or where there is no room the next one alone. */
static void press_part(struct frame *f, struct rect r)
{
    const struct ui *ui = f->ui;
    const struct lesson *l = learn_lesson(ui);
    char head[48];

    bool all = r.h >= l->presses + 2;
    if (r.h >= 4)
        r = canvas_box(f->canvas, r, "to do", "");
    for (int i = all ? 0 : ui->learn.press; i < l->presses && r.h > 0; i++) {
        bool next = i == ui->learn.press;
        press_head(ui, i, head, sizeof head);
        int used = canvas_text_fit(f->canvas, r.x + 1, r.y, r.w - 1, head,
                                   next ? ROLE_ACCENT : ROLE_DIM, next ? CELL_BOLD : 0);
        int left = all ? l->presses - 1 - i : 0; /* each keeps a row */
        struct rect words = {r.x + 1 + used, r.y, r.w - used - 2, r.h - left};
        rect_cut_top(&r,
                     chrome_wrap(f->canvas, words, l->press[i].words, next ? ROLE_TEXT : ROLE_DIM));
        if (!all)
            break;
    }
}

static void list_part(struct frame *f, struct rect r)
{
    struct ui *ui = f->ui;

    r = canvas_box(f->canvas, r, "lessons", "");
    int first = ui_clamp(ui->learn.at - r.h + 1, 0, ui->learn.count);
    for (int i = first; i < ui->learn.count && r.h > 0; i++) {
        struct rect row = rect_cut_top(&r, 1);
        const struct lesson *l = &ui->learn.list[i];
        bool here = i == ui->learn.at;
        canvas_textf(f->canvas, row.x, row.y, here ? ROLE_ACCENT : ROLE_DIM, here ? CELL_BOLD : 0,
                     "%s%d", here ? "▸" : " ", i + 1);
        canvas_text_fit(f->canvas, row.x + 4, row.y, row.w - 4, l->title,
                        l->broken[0] ? ROLE_BAD
                        : here       ? ROLE_TEXT
                                     : ROLE_DIM,
                        here ? CELL_BOLD : 0);
        ui_hit(ui, row, HIT_LESSON, i, 0);
    }
}

/* --- the widget ----------------------------------------------------------------------------------
 */

static void rows_draw(struct frame *f, struct rect r)
{
    view_of(PAGE_MEASURE)->draw(f, r);
}

static void switch_draw(struct frame *f, struct rect r)
{
    curves_profile_draw(f, r);
}

static void (*const draws[LESSON_WIDGET_KINDS])(struct frame *f, struct rect r) = {
    [LESSON_MATCH] = learn_match_draw,   [LESSON_CROWD] = learn_crowd_draw,
    [LESSON_MAP] = learn_map_draw,       [LESSON_STEP] = learn_step_draw,
    [LESSON_SWITCH] = switch_draw,       [LESSON_POSITIONS] = learn_positions_draw,
    [LESSON_LADDER] = learn_ladder_draw, [LESSON_ROWS] = rows_draw};

static void widget_part(struct frame *f, struct rect r)
{
    const struct lesson_widget *w = learn_widget(f->ui);
    char text[LOG_TEXT + NAME_TEXT + 8];
    const char *lacks = learn_lacks(f, w, text, sizeof text);

    if (!lacks) {
        draws[w->kind](f, r);
        return;
    }
    if (r.h >= 3 && r.w >= 12)
        r = canvas_box(f->canvas, r, lesson_widget_name(w->kind), "");
    int rows = r.h > 4 ? r.h / 3 : 0;
    chrome_wrap(f->canvas, (struct rect){r.x + 2, r.y + rows, r.w - 4, r.h - rows}, lacks,
                ROLE_WARN);
}

static void draw(struct frame *f, struct rect body)
{
    struct layout l;
    const struct lesson *lesson = learn_lesson(f->ui);

    if (!lesson) {
        chrome_notice(f, body, "there are no lessons", ROLE_WARN);
        return;
    }
    bool broken = lesson->broken[0] != '\0';
    int width = layout_learn_width(body, f->ui->learn.count);
    int rows =
        text_rows(NULL, (struct rect){0, 0, width, 0}, broken ? lesson->broken : lesson->text, 0);
    int longest = 1, press = press_rows(f->ui, width, &longest);
    layout_learn(&l, body, rows, press, longest, f->ui->learn.count);
    if (l.part[LEARN_LIST].w > 0)
        chrome_part(f, l.part[LEARN_LIST], list_part);
    chrome_part(f, l.part[LEARN_TEXT], text_part);
    if (broken)
        return;
    chrome_part(f, l.part[LEARN_PRESS], press_part);
    chrome_part(f, l.part[LEARN_WIDGET], widget_part);
}

/* --- keys ----------------------------------------------------------------------------------------
 */

static void scroll(struct ui *ui, int rows)
{
    ui->learn.scroll = ui_clamp(ui->learn.scroll + rows, 0, ui->learn.most);
}

static void turn_query(struct ui *ui, uint32_t key)
{
    struct lesson_arrow *q = &ui->learn.query;
    int turn = key == UI_KEY_LEFT ? LEARN_TURN : key == UI_KEY_RIGHT ? -LEARN_TURN : 0;
    double longer = key == UI_KEY_UP ? 0.25 : key == UI_KEY_DOWN ? -0.25 : 0;

    q->angle = fmod(q->angle + turn + 360, 360);
    q->length = fmin(fmax(q->length + longer, 0), LEARN_LONGEST);
}

/* What keeps the widget from showing what a key does to it, said; false: nothing does. */
static bool says_lack(struct event *e)
{
    const struct frame f = {.ui = e->ui, .race = e->race, .probe = e->probe};
    char text[LOG_TEXT + NAME_TEXT + 8];
    const char *lacks = learn_lacks(&f, learn_widget(e->ui), text, sizeof text);

    if (lacks)
        ui_say(e->ui, lacks);
    return lacks != NULL;
}

/* A command of another page, done here where its widget is shown, else there; false: it could not be. */
static bool do_command(struct event *e, const struct lesson_press *p)
{
    static const enum ui_page pages[LESSON_WIDGET_KINDS] = {
        [LESSON_MATCH] = PAGE_LEARN,  [LESSON_CROWD] = PAGE_LEARN,  [LESSON_MAP] = PAGE_ATTENTION,
        [LESSON_STEP] = PAGE_STEP,    [LESSON_SWITCH] = PAGE_TRAIN, [LESSON_POSITIONS] = PAGE_TRAIN,
        [LESSON_LADDER] = PAGE_TRAIN, [LESSON_ROWS] = PAGE_MEASURE};
    struct ui *ui = e->ui;
    unsigned on = ui_commands(&(int){0})[p->command].pages;
    enum ui_page home = pages[learn_widget(ui)->kind];

    e->action = (enum action)p->command;
    e->key = p->key;
    if (on >> PAGE_LEARN & 1) {
        ui_act(e);
    } else if (on >> home & 1) {
        if (says_lack(e))
            return false;
        if (home == PAGE_STEP)
            learn_remember(ui, e->probe);
        view_of(home)->act(e);
    } else {
        if (!ui_page_bring(ui, on))
            return false;
        ui_act(e);
    }
    return true;
}

/* In the plane that is shown, else in the lesson's first. */
static void put_query(struct ui *ui, struct lesson_arrow query)
{
    const struct lesson *l = learn_lesson(ui);
    int at = ui->learn.widget;

    for (int i = 0; i < l->widgets && l->widget[at].kind > LESSON_CROWD; i++)
        at = i;
    if (at != ui->learn.widget)
        show_widget(ui, at);
    ui->learn.query = query;
}

static void do_press(struct event *e)
{
    struct ui *ui = e->ui;
    const struct lesson *l = learn_lesson(ui);

    if (l->broken[0]) {
        ui_say(ui, "this file is refused: there is nothing to press");
        return;
    }
    const struct lesson_press *p = &l->press[ui->learn.press];
    int at = ui->learn.press;
    ui->learn.press = (at + 1) % l->presses; /* before it is done: it may begin another lesson */
    if (p->kind == PRESS_SHOW)
        show_widget(ui, p->widget);
    else if (p->kind == PRESS_QUERY)
        put_query(ui, p->query);
    else if (!do_command(e, p))
        ui->learn.press = at;
}

/* Left, Right, Up, Down: what the widget does with them, else the text. */
static void turn(struct event *e)
{
    struct ui *ui = e->ui;
    const struct lesson *l = learn_lesson(ui);
    bool back = e->key == UI_KEY_LEFT || e->key == UI_KEY_UP,
         across = e->key == UI_KEY_LEFT || e->key == UI_KEY_RIGHT;
    enum lesson_widget_kind kind = l->broken[0] ? LESSON_ROWS : learn_widget(ui)->kind;

    if (kind == LESSON_MATCH || kind == LESSON_CROWD) {
        turn_query(ui, e->key);
    } else if (kind == LESSON_LADDER) {
        if (across)
            ui->learn.tau = ui_clamp(ui->learn.tau + (back ? -1 : 1), 1, 9);
        else
            ui->learn.base = ui_clamp(ui->learn.base + (back ? 1 : -1), 2, 64);
    } else if (!across) {
        scroll(ui, back ? -1 : 1);
    } else if (kind == LESSON_MAP) {
        e->action = ACTION_HEAD;
        e->key = back ? '[' : ']';
        maps_choose(e, e->probe);
    } else if (kind == LESSON_STEP) {
        if (says_lack(e))
            return;
        e->action = ACTION_MOVE;
        learn_remember(ui, e->probe);
        view_of(PAGE_STEP)->act(e);
    } else if (e->race && e->race->count > 1) {
        int n = e->race->count;
        ui_set_focus(e, (ui_focus(ui, e->race, e->probe) + (back ? n - 1 : 1)) % n);
    }
}

static bool has_heads(const struct ui *ui)
{
    enum lesson_widget_kind kind = learn_widget(ui)->kind;
    return kind == LESSON_MAP || kind == LESSON_STEP;
}

const char *learn_hint(const struct ui *ui, enum action action)
{
    static const char *const turns[LESSON_WIDGET_KINDS] = {[LESSON_MATCH] = "turn q",
                                                           [LESSON_CROWD] = "turn q",
                                                           [LESSON_MAP] = "head, text",
                                                           [LESSON_STEP] = "place, text",
                                                           [LESSON_SWITCH] = "contestant, text",
                                                           [LESSON_POSITIONS] = "contestant, text",
                                                           [LESSON_LADDER] = "tau, N",
                                                           [LESSON_ROWS] = "contestant, text"};
    const struct lesson *l = learn_lesson(ui);
    bool works = l && !l->broken[0];

    switch (action) {
    case ACTION_LESSON_PRESS:
        return works ? ui->commands[action].hint : NULL;
    case ACTION_LESSON_TURN:
        return works ? turns[learn_widget(ui)->kind] : NULL;
    case ACTION_LESSON_VARIANT:
        return works && learn_widget(ui)->kind <= LESSON_CROWD ? ui->commands[action].hint : NULL;
    case ACTION_HEAD:
        return works && has_heads(ui) ? ui->commands[action].hint : NULL;
    default:
        return ui->commands[action].hint;
    }
}

static void act(struct event *e)
{
    struct ui *ui = e->ui;
    struct ui_variant v;
    int all = 0;

    if (!learn_lesson(ui))
        return;
    bool plane = !learn_lesson(ui)->broken[0] && learn_widget(ui)->kind <= LESSON_CROWD;
    switch (e->action) {
    case ACTION_LESSON:
        learn_show(ui, (ui->learn.at +
                        (e->key == UI_KEY_PAGE_UP || e->key == 'p' ? ui->learn.count - 1 : 1)) %
                           ui->learn.count);
        break;
    case ACTION_LESSON_PRESS:
        do_press(e);
        break;
    case ACTION_LESSON_TURN:
        turn(e);
        break;
    case ACTION_LESSON_READ:
        scroll(ui, e->key == '(' ? -1 : 1);
        break;
    case ACTION_HEAD:
        if (!learn_lesson(ui)->broken[0] && has_heads(ui))
            maps_choose(e, e->probe);
        else
            ui_say(ui, "this lesson shows no head");
        break;
    case ACTION_LESSON_VARIANT:
        if (!plane) {
            ui_say(ui, "this lesson has no variants to choose from");
            break;
        }
        while (learn_variant(ui, learn_widget(ui), all, &v) >= 0)
            all++;
        ui->learn.first = all ? (ui->learn.first + (e->key == 'v' ? 1 : all - 1)) % all : 0;
        break;
    default:
        break;
    }
}

static const struct term terms[] = {
    {"Enter 2/5", "the lesson has five things to press; Enter does the second, then the third"},
    {"q, a, b, c", "the query, and the keys that it is matched with"},
    {"full bar 1",
     "the longest bar is a weight of 1; an arrow marks one beyond it, its number stands below"},
    {"weight sets", "1: every position uses the same weights; T: each position has its own"},
    {"beginnings",
     "N^tau sequences differ in their first tau numbers: the complexity of the ladder"},
    {NULL, NULL},
};

const struct view_ops view_learn = {"learn", "Learn", draw, act, NULL, terms};
