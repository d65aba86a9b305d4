/* A list to pick from: presets, contestants, runs. What is typed narrows it. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>
#include "base/embed.h"

enum { WIDTH = 90, WIDEST = 132, HEIGHT = 20, NAME_COLUMN = 30 };

static void add(struct ui *ui, const char *name, const char *about)
{
    if (ui->picker.count == PICKS)
        return;
    struct pick *p = &ui->picker.list[ui->picker.count++];
    text_copy(p->name, sizeof p->name, name);
    text_copy(p->about, sizeof p->about, about);
}

/* A preset's first comment says what it is. */
static void add_presets(struct ui *ui)
{
    for (const struct embedded *p = embedded_presets; p->name; p++) {
        char about[sizeof ui->picker.list->about] = "";
        const char *text = p->text + strspn(p->text, "; ");
        if (p->text[0] == ';')
            snprintf(about, sizeof about, "%.*s", (int)strcspn(text, "\n"), text);
        add(ui, p->name, about);
    }
}

static void add_words(struct ui *ui, const char *key)
{
    char word[NAME_TEXT];
    const char *help;
    for (int k = 0; ui->form->setup.word(key, k, word, &help); k++)
        add(ui, word, help);
}

void picker_open(struct event *e, enum picking kind)
{
    struct ui *ui = e->ui;
    struct ui_run runs[PICKS];

    ui->picker.kind = kind;
    ui->picker.count = ui->picker.row = 0;
    ui->picker.query[0] = '\0';
    if (kind == PICKING_PRESET)
        add_presets(ui);
    else if (kind == PICKING_MEMBER)
        add_words(ui, "race");
    else
        for (int i = 0, n = ui->form->setup.runs(runs, PICKS); i < n; i++)
            add(ui, runs[i].folder, runs[i].about);
}

static const char *shown(const struct ui *ui, const struct pick *p)
{
    const char *slash = ui->picker.kind == PICKING_RUN ? strrchr(p->name, '/') : NULL;
    return slash ? slash + 1 : p->name;
}

/* Where what was typed stands: 0 at the beginning of the name, 1 in it, 2 in what is said about it, 3
   nowhere. */
static int place_of(const struct ui *ui, const struct pick *p)
{
    const char *name = shown(ui, p), *query = ui->picker.query;
    return strncmp(name, query, strlen(query)) == 0 ? 0
           : strstr(p->name, query)                 ? 1
           : strstr(p->about, query)                ? 2
                                                    : 3;
}

/* Indices of the entries that answer what was typed, by their names first; returns their number. */
static int answers(const struct ui *ui, int list[PICKS])
{
    int n = 0;
    for (int place = 0; place < 3; place++)
        for (int i = 0; i < ui->picker.count; i++)
            if (place_of(ui, &ui->picker.list[i]) == place)
                list[n++] = i;
    return n;
}

void picker_draw(struct frame *f, struct rect body)
{
    static const char *const titles[] = {[PICKING_PRESET] = "load a preset into the form",
                                         [PICKING_MEMBER] = "add a contestant",
                                         [PICKING_RUN] = "open a run"};
    struct ui *ui = f->ui;
    struct canvas *c = f->canvas;
    int list[PICKS], count = answers(ui, list);
    char right[48];

    int width = ui_clamp(body.w * 2 / 3, WIDTH, WIDEST);
    if (body.w > width) {
        body.x += (body.w - width) / 2;
        body.w = width;
    }
    body.h = body.h < HEIGHT ? body.h : HEIGHT;
    canvas_fill(c, body, ' ', ROLE_TEXT, ROLE_BACKGROUND);
    snprintf(right, sizeof right, "Enter takes · Esc closes · %d", count);
    struct rect r = canvas_box(c, body, titles[ui->picker.kind], right);
    struct rect line = rect_cut_top(&r, 1);
    int x = line.x + canvas_text(c, line.x, line.y,
                                 ui->picker.kind == PICKING_RUN ? "word or path: " : "word: ",
                                 ROLE_ACCENT, CELL_BOLD);
    x += canvas_text_fit(c, x, line.y, line.x + line.w - 1 - x, ui->picker.query, ROLE_TEXT, 0);
    canvas_put(c, x, line.y, '_', ROLE_ACCENT, ROLE_BACKGROUND, CELL_BOLD);
    ui->picker.row = ui_clamp(ui->picker.row, 0, count - 1);
    int top = ui_clamp(ui->picker.row - r.h + 1, 0, count > r.h ? count - r.h : 0);
    int name = r.w < 2 * NAME_COLUMN ? r.w / 2 : ui->picker.kind == PICKING_RUN ? 44 : NAME_COLUMN;
    int widest = 0;
    for (int i = 0; i < count; i++)
        widest = canvas_columns(shown(ui, &ui->picker.list[list[i]])) > widest
                     ? canvas_columns(shown(ui, &ui->picker.list[list[i]]))
                     : widest;
    name = widest + 2 < name ? widest + 2 : name;
    for (int i = top; i < count && i - top < r.h; i++) {
        const struct pick *p = &ui->picker.list[list[i]];
        bool chosen = i == ui->picker.row;
        int y = r.y + i - top;
        canvas_text(c, r.x, y, chosen ? "▸" : " ", ROLE_ACCENT, CELL_BOLD);
        canvas_text_fit(c, r.x + 2, y, name - 1, shown(ui, p), ROLE_TEXT, chosen ? CELL_BOLD : 0);
        canvas_text_fit(c, r.x + 2 + name, y, r.w - name - 2, p->about, ROLE_DIM, 0);
        ui_hit(ui, (struct rect){r.x, y, r.w, 1}, HIT_PICK, i, 0);
    }
    /* What is cut in its row stands whole at the foot, where that is free. */
    if (count > 0 && count + 4 <= r.h) {
        const char *about = ui->picker.list[list[ui->picker.row]].about;
        if (canvas_columns(about) > r.w - name - 2)
            chrome_wrap(c, (struct rect){r.x + 2, r.y + r.h - 3, r.w - 3, 3}, about, ROLE_TEXT);
    }
    if (count == 0)
        canvas_text_fit(c, r.x + 2, r.y, r.w - 2,
                        ui->picker.kind == PICKING_PRESET ? "no preset has this word"
                        : ui->picker.count == 0 && ui->picker.kind == PICKING_RUN
                            ? "no runs yet: type the path of a run's folder"
                            : "Enter takes what was typed",
                        ROLE_WARN, 0);
}

/* Take an entry, or what was typed where none answers. */
void picker_choose(struct event *e, int row)
{
    struct ui *ui = e->ui;
    int list[PICKS], count = answers(ui, list), code = 0;
    enum picking kind = ui->picker.kind;
    bool path = kind == PICKING_RUN && strchr(ui->picker.query, '/');
    const char *name = count > 0 && !path ? ui->picker.list[list[ui_clamp(row, 0, count - 1)]].name
                                          : ui->picker.query;
    struct failure why;
    char change[200];

    if (!name[0])
        return;
    if (kind == PICKING_RUN) {
        ui->picker.kind = PICKING_NONE;
        sitting_begin(e, ASKS_OPEN, name);
        return;
    }
    code = kind == PICKING_PRESET ? form_preset(ui->form, name, &why)
                                  : form_add(ui->form, name, &why);
    if (code < 0) {
        ui_say(ui, why.text);
        return;
    }
    ui->picker.kind = PICKING_NONE;
    sheet_change(ui, e->race, SHEET_CAST, change, sizeof change);
    if (change[0])
        ui_say(ui, change);
}

static void type(struct ui *ui, uint32_t key)
{
    char *query = ui->picker.query;
    size_t n = strlen(query);

    if (key == UI_KEY_BACKSPACE || key == UI_KEY_DELETE) {
        while (n > 0 && ((unsigned char)query[--n] & 0xc0) == 0x80)
            ;
        query[n] = '\0';
    } else if (n + 5 < sizeof ui->picker.query) {
        query[n + (size_t)text_encode(key, query + n)] = '\0';
    }
    ui->picker.row = 0;
}

void picker_key(struct event *e, uint32_t key)
{
    struct ui *ui = e->ui;

    ui->message[0] = '\0';
    switch (key) {
    case UI_KEY_ENTER:
        picker_choose(e, ui->picker.row);
        break;
    case UI_KEY_ESCAPE:
        ui->picker.kind = PICKING_NONE;
        break;
    default:
        if (!list_key(&ui->picker.row, key) &&
            (key == UI_KEY_BACKSPACE || key == UI_KEY_DELETE ||
             (key >= ' ' && key != 127 && key < KEY_CODE_BASE)))
            type(ui, key);
        break;
    }
}
