/* The key list over every page, made from the one table of commands. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>

enum { KEYS_WIDTH = 18 };

/* A list that is drawn from some row on. */
struct list {
    struct frame *f;
    struct rect r;
    int row; /* next line's row in the list */
    int top; /* first shown row */
};

static bool visible(const struct list *l)
{
    return l->row >= l->top && l->row < l->top + l->r.h;
}

static void heading(struct list *l, const char *text)
{
    if (visible(l))
        canvas_text_fit(l->f->canvas, l->r.x, l->r.y + l->row - l->top, l->r.w, text, ROLE_ACCENT,
                        CELL_BOLD);
    l->row++;
}

/* Keys or a name, and what they mean, in as many rows as that needs. */
static void entry(struct list *l, const char *keys, const char *help, uint8_t role)
{
    enum { MOST = 5 };
    int y = l->r.y + l->row - l->top, left = l->r.w < 50 ? 12 : KEYS_WIDTH;
    if (canvas_columns(keys) > left - 2 && canvas_columns(keys) < l->r.w) { /* a row of their own */
        canvas_text_fit(l->f->canvas, l->r.x + 1, y++, l->r.w - 1, keys, role, 0);
        l->row++;
    } else {
        canvas_text_fit(l->f->canvas, l->r.x + 1, y, left - 2, keys, role, 0);
    }
    struct rect words = {l->r.x + left, y, l->r.w - left, MOST};
    int rows = chrome_wrap(l->f->canvas, words, help, ROLE_TEXT);
    l->row += rows > 0 ? rows : 1;
}

static void commands_of(struct list *l, bool everywhere)
{
    const struct ui_command *commands = l->f->ui->commands;
    unsigned page = 1u << l->f->ui->page;

    for (int i = 0; i < ACTION_COUNT; i++) {
        char keys[64];
        /* What works on nearly every page counts as everywhere. */
        bool common = (commands[i].pages | ON_STEP) == ON_ALL;
        if (!(commands[i].pages & page) || common != everywhere)
            continue;
        command_show_keys(&commands[i], false, keys, sizeof keys);
        entry(l, keys, commands[i].help, ROLE_ACCENT);
    }
}

static void rules(struct list *l, const struct alphabet *a)
{
    heading(l, "The rules of the control tokens");
    for (int k = 0; k < a->subtasks; k++) {
        char help[96];
        snprintf(help, sizeof help, "%s%s", a->subtask_help[k],
                 a->subtask_reconstructed[k] ? " (reconstructed)" : "");
        entry(l, a->name[a->control_id[k]], help, chrome_symbol_role(a, a->control_id[k]));
    }
    l->row++;
}

static void terms(struct list *l, const struct term *term)
{
    heading(l, "Its figures");
    for (; term->name; term++)
        entry(l, term->name, term->meaning, ROLE_TEXT);
    l->row++;
}

static void list_draw(struct list *l)
{
    char title[64];

    snprintf(title, sizeof title, "On the page %s", view_of(l->f->ui->page)->title);
    heading(l, title);
    commands_of(l, false);
    l->row++;
    if (view_of(l->f->ui->page)->terms)
        terms(l, view_of(l->f->ui->page)->terms);
    if (l->f->race && l->f->race->alphabet.subtasks > 0)
        rules(l, &l->f->race->alphabet);
    heading(l, "Everywhere");
    commands_of(l, true);
}

void help_draw(struct frame *f, struct rect body)
{
    struct ui *ui = f->ui;
    struct rect r = body;

    if (r.w > 96) {
        r.x += (r.w - 96) / 2;
        r.w = 96;
    }
    r = canvas_box(f->canvas, r, "keys", "Esc closes · ↑ ↓ scroll");
    r.x++;
    r.w--;
    struct list l = {f, r, 0, ui->help_row};
    struct canvas *c = f->canvas;
    struct rect old = canvas_clip(c, (struct rect){0, 0, 0, 0});
    list_draw(&l); /* once to count the rows */
    c->clip = rect_common(old, r);
    ui->help_row = ui_clamp(ui->help_row, 0, l.row > r.h ? l.row - r.h : 0);
    l = (struct list){f, r, 0, ui->help_row};
    list_draw(&l);
    c->clip = old;
    if (l.row > ui->help_row + r.h)
        canvas_textf(c, r.x + r.w - 12, r.y + r.h, ROLE_WARN, CELL_BOLD, " ↓ %d more ",
                     l.row - ui->help_row - r.h);
}

void help_key(struct ui *ui, uint32_t key)
{
    switch (key) {
    case ' ':
        list_key(&ui->help_row, UI_KEY_PAGE_DOWN);
        break;
    case UI_KEY_ESCAPE:
    case UI_KEY_ENTER:
    case '?':
    case 'q':
        ui->help = false;
        break;
    default:
        list_key(&ui->help_row, key);
        break;
    }
    if (ui->help_row < 0)
        ui->help_row = 0;
}
