/* The command palette: every command of the one table, found by a part of its name, its key or what
   it does. */
#include "view/ui_state.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { ENTRIES = 256, WIDTH = 90, WIDEST = 132, HEIGHT = 20, WORD = 32, KEY_COLUMN = 10, NAME_COLUMN = 22 };

/* A command, or one of its directions: zooming in and out are two. */
struct entry {
    enum action action;
    uint32_t key; /* of the table, for pages that tell directions by it */
    int score;
    char keys[24], name[40];
};

static bool starts_word(const char *text, size_t at)
{
    return at == 0 || !isalnum((unsigned char)text[at - 1]);
}

/* Where `word` stands in `text`, upper and lower case alike, best at the start of a word; -1:
 * nowhere.
 */
static int find_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    int found = -1;

    for (size_t at = 0; text[at]; at++) {
        size_t i = 0;
        while (i < n && tolower((unsigned char)text[at + i]) == tolower((unsigned char)word[i]))
            i++;
        if (i == n && starts_word(text, at))
            return (int)at;
        if (i == n && found < 0)
            found = (int)at;
    }
    return found;
}

/* Letters of `word` in their order anywhere in `text`: 20 less the letters left out between them,
   at least 1; 0: not all are there. */
static int find_letters(const char *text, const char *word)
{
    int skipped = 0;
    bool begun = false;

    for (; *word; text++) {
        if (!*text)
            return 0;
        bool same = tolower((unsigned char)*text) == tolower((unsigned char)*word);
        word += same;
        skipped += begun && !same;
        begun |= same;
    }
    return skipped < 20 ? 20 - skipped : 1;
}

static int word_score(const struct entry *e, const char *help, const char *word)
{
    int at = find_word(e->name, word), score = find_letters(e->name, word);

    if (strcmp(e->keys, word) == 0)
        score = 100;
    else if (at >= 0)
        score = starts_word(e->name, (size_t)at) ? 80 : 60;
    at = find_word(help, word);
    int helped = at < 0 ? 0 : starts_word(help, (size_t)at) ? 30 : 15;
    return score > helped ? score : helped;
}

/* How well an entry answers the query; each of its words must be found. 0: not at all. */
static int query_score(const struct entry *e, const char *help, const char *query)
{
    char word[WORD];
    int total = 1;

    while (*(query += strspn(query, " "))) {
        size_t n = strcspn(query, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, query);
        int score = word_score(e, help, word);
        if (score == 0)
            return 0;
        total += score;
        query += n;
    }
    return total;
}

/* Second keys that mean the same as the first, and letters that no rule of this task has. */
static bool is_entry(const struct alphabet *a, enum action action, int k, uint32_t key)
{
    if (action == ACTION_PALETTE)
        return false;
    if (action == ACTION_INJECT) {
        for (int i = 0; a && i < a->subtasks; i++)
            if ((unsigned char)a->name[a->control_id[i]][0] == key)
                return true;
        return false;
    }
    return k == 0 || (key != '=' && key != UI_KEY_ENTER && key != UI_KEY_BACKSPACE);
}

/* Among equals the page's own commands come first, then those of everywhere, then other pages'. */
static int nearness(const struct ui_command *command, enum ui_page page)
{
    return (command->pages | ON_STEP) == ON_ALL ? 1 : command->pages >> page & 1 ? 2 : 0;
}

/* The entries that answer the query, best first; returns their number. */
static int collect(const struct ui *ui, const struct race_snapshot *race,
                   struct entry list[ENTRIES])
{
    const struct ui_command *table = ui_commands(&(int){0});
    int count = 0;

    for (int i = 0; i < ACTION_COUNT; i++) {
        uint32_t key, own;
        for (int k = 0; count < ENTRIES && command_key(&table[i], k, &key); k++) {
            struct entry e = {(enum action)i, key, 0, "", ""};
            enum ui_page page =
                i == ACTION_PAGE ? ui_page_of_number((int)(key - '0')) : PAGE_COUNT;
            if (!is_entry(race ? &race->alphabet : NULL, e.action, k, key) ||
                (i == ACTION_PAGE && (page == PAGE_COUNT || ui_page_lacks(ui, page))))
                continue;
            if (command_key(&ui->commands[i], k, &own) && own)
                command_key_text(own, e.keys, sizeof e.keys);
            snprintf(e.name, sizeof e.name, "%s%s%s", table[i].name, i == ACTION_PAGE ? " " : "",
                     page != PAGE_COUNT ? view_of(page)->title : "");
            e.score = query_score(&e, table[i].help, ui->palette.query);
            if (e.score == 0)
                continue;
            e.score = 4 * e.score + nearness(&table[i], ui->page);
            int at = count++;
            for (; at > 0 && list[at - 1].score < e.score; at--)
                list[at] = list[at - 1];
            list[at] = e;
        }
    }
    return count;
}

void palette_draw(struct frame *f, struct rect body)
{
    struct ui *ui = f->ui;
    struct canvas *c = f->canvas;
    struct entry list[ENTRIES];
    int count = collect(ui, f->race, list);
    char right[48];

    int width = ui_clamp(body.w * 2 / 3, WIDTH, WIDEST);
    if (body.w > width) {
        body.x += (body.w - width) / 2;
        body.w = width;
    }
    if (body.h > HEIGHT + 2) /* no frame's last row alone below it */
        body.h = HEIGHT;
    canvas_fill(c, body, ' ', ROLE_TEXT, ROLE_BACKGROUND);
    snprintf(right, sizeof right, "Enter runs · Esc closes · %d", count);
    struct rect r = canvas_box(c, body, "command", right);
    struct rect line = rect_cut_top(&r, 1);
    int x = line.x + canvas_text(c, line.x, line.y, ": ", ROLE_ACCENT, CELL_BOLD);
    x += canvas_text_fit(c, x, line.y, line.w - 3, ui->palette.query, ROLE_TEXT, 0);
    canvas_put(c, x, line.y, ' ', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND, CELL_REVERSE);
    ui->palette.row = ui_clamp(ui->palette.row, 0, count - 1);
    int top = ui_clamp(ui->palette.row - r.h + 1, 0, count > r.h ? count - r.h : 0);
    for (int i = top; i < count && i - top < r.h; i++) {
        const struct ui_command *command = &ui->commands[list[i].action];
        bool chosen = i == ui->palette.row, here = command->pages >> ui->page & 1;
        int y = r.y + i - top, left = KEY_COLUMN + NAME_COLUMN;
        uint8_t attr = chosen ? CELL_BOLD : 0, role = here || chosen ? ROLE_TEXT : ROLE_DIM;
        canvas_text(c, r.x, y, chosen ? "▸" : " ", ROLE_ACCENT, CELL_BOLD);
        canvas_text_fit(c, r.x + 2, y, KEY_COLUMN - 3, list[i].keys, ROLE_ACCENT, attr);
        canvas_text_fit(c, r.x + KEY_COLUMN, y, NAME_COLUMN - 1, list[i].name, role, attr);
        canvas_text_fit(c, r.x + left, y, r.w - left, command->help, role, 0);
        ui_hit(ui, (struct rect){r.x, y, r.w, 1}, HIT_ENTRY, i, 0);
    }
    if (count == 0)
        canvas_text_fit(c, r.x + 2, r.y, r.w - 2, "no command has these words", ROLE_WARN, 0);
}

bool palette_choose(struct event *e, int row)
{
    struct entry list[ENTRIES];
    int count = collect(e->ui, e->race, list);

    if (row < 0 || row >= count)
        return false;
    e->ui->palette.open = false;
    e->action = list[row].action;
    e->key = list[row].key;
    /* A command of other pages brings its page along. */
    return ui_page_bring(e->ui, e->ui->commands[e->action].pages);
}

static void type(struct ui *ui, uint32_t key)
{
    char *query = ui->palette.query;
    size_t n = strlen(query);

    if (key == UI_KEY_BACKSPACE) {
        while (n > 0 && ((unsigned char)query[n - 1] & 0xc0) == 0x80)
            n--;
        query[n > 0 ? n - 1 : 0] = '\0';
    } else if (n + 5 < sizeof ui->palette.query) {
        query[n + (size_t)text_encode(key, query + n)] = '\0';
    }
    ui->palette.row = 0;
}

bool palette_key(struct event *e, uint32_t key)
{
    struct ui *ui = e->ui;

    switch (key) {
    case UI_KEY_ENTER:
        return palette_choose(e, ui->palette.row);
    case UI_KEY_ESCAPE:
        ui->palette.open = false;
        break;
    default:
        if (!list_key(&ui->palette.row, key) &&
            (key == UI_KEY_BACKSPACE || (key >= ' ' && key != 127 && key < KEY_CODE_BASE)))
            type(ui, key);
        break;
    }
    return false;
}
