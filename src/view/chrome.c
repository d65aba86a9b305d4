#include "view/learn.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_WIDTH = 20, LEAST_HEIGHT = 6 };

uint8_t chrome_series_role(int contestant)
{
    return (uint8_t)(ROLE_SERIES_0 + contestant % 8);
}

const char *chrome_marker(const struct canvas *c, int contestant)
{
    static const char *const shapes[2][8] = {{"●", "▲", "◆", "■", "★", "○", "△", "□"},
                                             {"o", "^", "+", "x", "*", "@", "%", "&"}};
    return shapes[c->glyphs == GLYPHS_ASCII][contestant % 8];
}

uint8_t chrome_symbol_role(const struct alphabet *a, int symbol)
{
    if (symbol < 0 || symbol >= a->count)
        return ROLE_DIM;
    return a->control[symbol] >= 0 ? (uint8_t)(ROLE_CONTROL_0 + a->control[symbol] % 8) : ROLE_TEXT;
}

void chrome_part(struct frame *f, struct rect r, void (*draw)(struct frame *f, struct rect r))
{
    if (r.w <= 0 || r.h <= 0)
        return;
    struct rect old = canvas_clip(f->canvas, r);
    draw(f, r);
    f->canvas->clip = old;
}

void chrome_notice(struct frame *f, struct rect body, const char *text, uint8_t role)
{
    int columns = canvas_columns(text), x = body.x + (body.w - columns) / 2;
    if (body.h > 0)
        canvas_text_fit(f->canvas, x < body.x ? body.x : x, body.y + body.h / 2, body.w, text, role,
                        0);
}

int chrome_wrap(struct canvas *c, struct rect r, const char *text, uint8_t role)
{
    int rows = 0;
    while (*text && rows < r.h && r.w > 0) {
        char line[512];
        size_t fits = 0, at = 0;
        uint32_t code;
        /* As many whole words as fit; the last row keeps the rest, shortened. */
        for (int columns = 0, n; (n = text_decode(text + at, &code)) > 0; at += (size_t)n)
            if (++columns > r.w || at + 4 >= sizeof line)
                break;
            else if (text[at + (size_t)n] == ' ' || text[at + (size_t)n] == 0)
                fits = at + (size_t)n;
        if (fits == 0 || rows == r.h - 1) {
            canvas_text_fit(c, r.x, r.y + rows, r.w, text, role, 0);
            return rows + 1;
        }
        memcpy(line, text, fits);
        line[fits] = 0;
        canvas_text(c, r.x, r.y + rows++, line, role, 0);
        text += fits;
        text += *text == ' ';
    }
    return rows;
}

int chrome_path(struct canvas *c, struct rect r, const char *path, uint8_t role)
{
    int rows = 0;
    while (*path && rows < r.h && r.w > 0) {
        char part[512];
        size_t at = 0;
        uint32_t code;
        for (int columns = 0, n; columns < r.w && at + 4 < sizeof part; columns++, at += (size_t)n)
            if ((n = text_decode(path + at, &code)) == 0)
                break;
        snprintf(part, sizeof part, "%.*s", (int)at, path);
        /* What the last row has no room for is seen to be missing. */
        canvas_text_fit(c, r.x, r.y + rows, r.w, rows == r.h - 1 ? path : part, role, CELL_BOLD);
        path += at;
        rows++;
    }
    return rows;
}

/* --- title ----------------------------------------------------------------------------------- */

static const struct {
    const char *sign, *word;
} states[] = {
    [RACE_READY] = {"○", "not started"},
    [RACE_STARTING] = {"…", "starting"}, [RACE_RUNNING] = {"▶", ""},
    [RACE_PAUSED] = {"⏸", "paused"},   [RACE_FINISHED] = {"■", "finished"},
    [RACE_STOPPED] = {"■", "stopped"},   [RACE_WATCHING] = {"▶", "watching"},
    [RACE_QUIET] = {"○", "quiet"},       [RACE_FAILED] = {"✗", "failed"},
};

/* "step 12,340 / 20,000  62 %  0:41 left", less of it where `width` is small. */
static void progress_text(char *out, size_t size, const struct race_snapshot *race, int width)
{
    char step[32], steps[32], left[32] = "";
    double share = race->steps > 0 ? (double)race->step / (double)race->steps : 0;

    text_thousands(step, sizeof step, race->step);
    text_thousands(steps, sizeof steps, race->steps);
    if (race->seconds_left >= 0 && race->step < race->steps)
        text_duration(left, sizeof left, race->seconds_left);
    for (int detail = 3; detail >= 0; detail--) {
        snprintf(out, size, "%s%s%s%s  %.0f %%%s%s%s", detail >= 2 ? "step " : "", step,
                 detail >= 1 ? " / " : "", detail >= 1 ? steps : "", floor(100 * share),
                 *left && detail >= 3 ? "  " : "", detail >= 3 ? left : "",
                 *left && detail >= 3 ? " left" : "");
        if (canvas_columns(out) <= width)
            return;
    }
    snprintf(out, size, "%.0f %%", floor(100 * share));
}

/* The state in a word; of watched runs also which are silent, and for how long. */
static void state_text(char *out, size_t size, const struct race_snapshot *race)
{
    const char *word = states[race->state].word;
    char since[32];

    text_duration(since, sizeof since, race->quiet_seconds);
    if (race->quiet_runs == 0)
        snprintf(out, size, "%s", word);
    else if (race->state == RACE_QUIET)
        snprintf(out, size, "%s for %s", word, since);
    else
        snprintf(out, size, "%s, %d quiet for %s", word, race->quiet_runs, since);
}

static void title_right(struct frame *f, int y, int *right)
{
    struct canvas *c = f->canvas;
    const struct race_snapshot *race = f->race;
    char progress[192], word[80];
    int room = c->width - 8;

    if (f->ui->sweep) {
        const struct sweep_picture *s = f->ui->sweep;
        bool done = s->ended == s->sweep.runs;
        snprintf(progress, sizeof progress, "%s%d of %d runs", done ? "■ " : s->quiet ? "○ quiet, " : "▶ ",
                 s->ended, s->sweep.runs);
        if (canvas_columns(progress) <= room)
            canvas_text(c, *right = c->width - 1 - canvas_columns(progress), y, progress, ROLE_TITLE,
                        CELL_BOLD);
        return;
    }
    if (!race) {
        bool ready = sitting_is_ready(f->ui) && !f->ui->form->asked;
        if (c->width >= 24)
            canvas_text(c, *right = c->width - (ready ? 14 : 11), y,
                        ready ? "○ not started" : "… starting", ROLE_TITLE, CELL_BOLD);
        return;
    }
    state_text(word, sizeof word, race);
    int words = canvas_columns(word) + (*word ? 3 : 2);
    progress_text(progress, sizeof progress, race, room - words < 60 ? room - words : 60);
    int columns = canvas_columns(progress);
    int x = c->width - 1 - columns;
    if (columns <= room)
        canvas_text(c, *right = x, y, progress, ROLE_TITLE, 0);
    if (columns + words <= room) {
        x -= words;
        *right = x;
        canvas_textf(c, x, y, ROLE_TITLE, CELL_BOLD, "%s%s%s", states[race->state].sign,
                     *word ? " " : "", word);
    }
}

static void title_draw(struct frame *f, int y)
{
    struct canvas *c = f->canvas;
    const struct race_snapshot *race = f->race;
    int right = c->width;

    canvas_fill(c, (struct rect){0, y, c->width, 1}, ' ', ROLE_TITLE, ROLE_TITLE_BACKGROUND);
    title_right(f, y, &right);
    int x = 1 + canvas_text_fit(c, 1, y, right - 2, "heed", ROLE_TITLE, CELL_BOLD);
    if (f->ui->sweep) {
        canvas_text_fit(c, x + 2, y, right - 4 - x, f->ui->sweep->folder, ROLE_TITLE, 0);
        return;
    }
    if (!race) {
        sitting_title(f, x + 2, y, right);
        return;
    }
    const struct contestant_view *focus = NULL;
    if (race->count > 0)
        focus = &race->contestants[ui_focus(f->ui, race, f->probe)];
    char about[160];
    bool text = race->alphabet.kind != ALPHABET_WORDS; /* V symbols instead of N numbers */
    int size = text ? race->alphabet.count : race->alphabet.numbers;
    snprintf(about, sizeof about, "%s %c %d T %d · seed %lld", race->preset, text ? 'V' : 'N', size,
             race->config.task.context, (long long)race->config.train.seed);
    if (f->ui->draws)
        snprintf(about, sizeof about, "%s %d × %d · seed %lld", race->preset,
                 race->config.task.side, race->config.task.side,
                 (long long)race->config.train.seed);
    if (!f->ui->draws && x + 2 + canvas_columns(about) > right - 2)
        snprintf(about, sizeof about, "%s %c %d", race->preset, text ? 'V' : 'N', size);
    x += 2;
    x += canvas_text_fit(c, x, y, right - 2 - x, about, ROLE_TITLE, 0);
    if (focus && x + 4 + canvas_columns(focus->name) + 2 <= right - 2) {
        int i = (int)(focus - race->contestants);
        canvas_text(c, x + 3, y, chrome_marker(f->canvas, i), ROLE_TITLE, CELL_BOLD);
        canvas_text(c, x + 5, y, focus->name, ROLE_TITLE, CELL_BOLD);
    }
}

/* --- tabs ------------------------------------------------------------------------------------ */

/* Whether every tab can have its word. */
static bool tabs_have_words(const struct frame *f, bool digits)
{
    int columns = 1;

    for (int k = 0; ui_page_at(f->ui, k) != PAGE_COUNT; k++)
        columns += canvas_columns(view_of(ui_page_at(f->ui, k))->title) + (digits ? 4 : 2);
    return columns <= f->canvas->width;
}

static void tabs_draw(struct frame *f, int y)
{
    struct canvas *c = f->canvas;
    /* On Step the digits type numbers, so they do not stand in the tabs there. */
    bool digits = f->ui->page != PAGE_STEP;
    bool words = tabs_have_words(f, digits);
    int x = 1;

    for (int k = 0; ui_page_at(f->ui, k) != PAGE_COUNT; k++) {
        int i = (int)ui_page_at(f->ui, k);
        bool here = f->ui->page == (enum ui_page)i;
        const char *title = words || here ? view_of((enum ui_page)i)->title : "";
        char tab[64];
        if (digits)
            snprintf(tab, sizeof tab, " %d%s%s ", ui_page_number((enum ui_page)i),
                     *title ? " " : "", title);
        else
            snprintf(tab, sizeof tab, " %s ", *title ? title : "·");
        int columns = canvas_columns(tab);
        if (x + columns > c->width)
            return;
        canvas_text(c, x, y, tab, here ? ROLE_ACCENT : ROLE_DIM,
                    here ? CELL_BOLD | CELL_REVERSE : 0);
        ui_hit(f->ui, (struct rect){x, y, columns, 1}, HIT_PAGE, i, 0);
        x += columns;
    }
    const struct race_snapshot *race = f->race;
    if (!race)
        return;
    char number[24], speed[80] = "";
    if (race->steps_per_second > 0) {
        format_short(number, sizeof number, race->steps_per_second * 60);
        snprintf(speed, sizeof speed, "%s steps/min", number);
    }
    int columns = canvas_columns(speed), right = c->width - 1 - columns;
    if (*speed && right > x + 1)
        canvas_text(c, right, y, speed, ROLE_DIM, 0);
    else
        right = c->width;
    int bar = right - x - 3 < 40 ? right - x - 3 : 40;
    if (bar >= 8 && race->steps > 0) {
        int at = right - 2 - bar;
        for (int i = 0; i < bar; i++)
            canvas_put(c, at + i, y, c->glyphs == GLYPHS_ASCII ? '.' : 0x2500, ROLE_BORDER,
                       ROLE_BACKGROUND, 0);
        canvas_bar(c, at, y, bar, (double)race->step / (double)race->steps, ROLE_ACCENT);
    }
}

/* --- hints and messages ---------------------------------------------------------------------- */

/* The keys of one hint; on Step the letters are those of the task. */
static void hint_keys(const struct frame *f, enum action action, const struct ui_command *command,
                      char *out, size_t size)
{
    const struct alphabet *a = f->race ? &f->race->alphabet : NULL;
    if (action != ACTION_INJECT || !a || a->subtasks == 0) {
        command_show_keys(command, true, out, size);
        return;
    }
    out[0] = 0;
    for (int i = 0; i < a->subtasks && strlen(out) + SYMBOL_TEXT + 2 < size; i++) {
        strcat(out, i ? " " : "");
        strcat(out, a->name[a->control_id[i]]);
    }
}

/* What a hint says; on Step a text has other uses for some keys. NULL: nothing. */
static const char *hint_word(const struct frame *f, enum action action)
{
    if (command_idle(f->ui, action))
        return NULL;
    bool text = f->race && f->race->alphabet.kind != ALPHABET_WORDS;
    if (action == ACTION_ALL_MAPS && f->ui->map.all)
        return "one";
    if (f->ui->page == PAGE_LEARN)
        return learn_hint(f->ui, action);
    if (f->ui->page != PAGE_STEP || !text)
        return f->ui->commands[action].hint;
    switch (action) {
    case ACTION_INJECT:
    case ACTION_DIGIT:
        return NULL;
    case ACTION_RULE:
        return "model writes";
    case ACTION_MODEL:
        return "likeliest";
    case ACTION_STREAM:
        return "text's";
    case ACTION_TYPE:
        return "type";
    case ACTION_TEMPERATURE:
        return "temperature";
    default:
        return f->ui->commands[action].hint;
    }
}

/* One hint; returns the columns with the gap after it. */
static int hint_draw(struct canvas *c, int x, int y, const char *keys, const char *word)
{
    int used = canvas_text(c, x, y, keys, ROLE_ACCENT, 0) + 1;
    return used + canvas_text(c, x + used, y, word, ROLE_DIM, 0) + 2;
}

/* A hint that ends where the last one began, if it then begins at x or after; returns where this one
   begins. */
static int hint_before(struct frame *f, int x, int end, int y, enum action action, const char *word)
{
    char keys[64];
    command_show_keys(&f->ui->commands[action], true, keys, sizeof keys);
    end -= canvas_columns(keys) + 1 + canvas_columns(word) + 2;
    if (end >= x)
        hint_draw(f->canvas, end, y, keys, word);
    return end;
}

static void hints_draw(struct frame *f, int x, int y)
{
    struct canvas *c = f->canvas;
    int end = c->width + 1;
    const struct ui_command *commands = f->ui->commands;

    /* Pause, help and quit have their place at the right end, whatever else fits; and so has the way
       out of Step, where digits are numbers. */
    end = hint_before(f, x, end, y, ACTION_QUIT, "quit");
    end = hint_before(f, x, end, y, ACTION_HELP, "help");
    bool leaves = f->ui->page == PAGE_STEP && c->width >= 48;
    if (leaves)
        end = hint_before(f, x, end, y, ACTION_NEXT_PAGE, "page");
    if (c->width >= (leaves ? 96 : 60) && !f->ui->stepping_only &&
        !(f->race && f->race->state == RACE_FINISHED)) {
        bool paused = f->race && f->race->state == RACE_PAUSED;
        end = hint_before(f, x, end, y, ACTION_PAUSE, paused                        ? "go on"
                          : sitting_is_ready(f->ui) ? "start"
                                                    : "pause");
    }
    for (int i = 0; i < ACTION_COUNT; i++) {
        char keys[64];
        const char *word = hint_word(f, (enum action)i);
        if (!(commands[i].pages & 1u << f->ui->page) || !word || i == ACTION_HELP ||
            i == ACTION_QUIT || i == ACTION_PAUSE || (leaves && i == ACTION_NEXT_PAGE))
            continue;
        hint_keys(f, (enum action)i, &commands[i], keys, sizeof keys);
        int need = canvas_columns(keys) + 1 + canvas_columns(word);
        if (x + need + 2 <= end)
            x += hint_draw(c, x, y, keys, word);
    }
}

/* The keys of a list that lies over the page and takes them all. */
static void list_hints_draw(struct frame *f, int x, int y)
{
    x += hint_draw(f->canvas, x, y, "↑ ↓", f->ui->help ? "scroll" : "choose");
    if (!f->ui->help)
        x += hint_draw(f->canvas, x, y, "Enter", f->ui->palette.open ? "do it" : "take");
    hint_draw(f->canvas, x, y, "Esc", "close");
}

static void bottom_draw(struct frame *f, int y)
{
    struct canvas *c = f->canvas;
    if (f->ui->file.open) {
        static const char *const asks[] = {[UI_FILE_WRITE_SEQUENCE] = "write the sequence to: ",
                                           [UI_FILE_READ_SEQUENCE] = "read the sequence from: ",
                                           [UI_FILE_WRITE_SETTINGS] = "write the settings to: "};
        char shown[FILE_TEXT * 4];
        text_escape(shown, sizeof shown, f->ui->file.name);
        int x = 1 + canvas_text(c, 1, y, asks[f->ui->file.kind], ROLE_WARN, CELL_BOLD);
        /* The end of the name is what is being typed. */
        int room = c->width - 3 - x, columns = canvas_columns(shown);
        const char *tail = shown;
        uint32_t code;
        for (; columns > room && *tail; columns--)
            tail += text_decode(tail, &code);
        x += canvas_text(c, x, y, tail, ROLE_TEXT, 0);
        canvas_put(c, x, y, '_', ROLE_ACCENT, ROLE_BACKGROUND, CELL_BOLD);
    } else if (sitting_draw(f, y)) {
        return;
    } else if (f->ui->asks_quit) {
        char line[PATH_SHOWN + 96];
        quit_line(f, line, sizeof line);
        canvas_text_fit(c, 1, y, c->width - 2, line, ROLE_WARN, CELL_BOLD);
    } else if (f->ui->message[0]) {
        int x = changes_draw(f, y);
        canvas_text_fit(c, x, y, c->width - 1 - x, f->ui->message, ROLE_ACCENT, 0);
    } else if (f->race && f->race->message[0] && f->race->state == RACE_FAILED) {
        canvas_text_fit(c, 1, y, c->width - 2, f->race->message, ROLE_BAD, 0);
    } else if (f->ui->help || f->ui->palette.open || f->ui->picker.kind != PICKING_NONE) {
        list_hints_draw(f, changes_draw(f, y), y);
    } else {
        hints_draw(f, changes_draw(f, y), y);
    }
}

void chrome_message(struct frame *f)
{
    struct canvas *c = f->canvas;
    struct rect r = {1, 0, c->width - 2, c->height / 2};

    if (f->ui->asks_quit && !f->ui->file.open && f->ui->asks.kind == ASKS_NOTHING && !f->ui->busy)
        quit_draw(f);
    if (f->ui->asks_quit || canvas_columns(f->ui->message) <= r.w)
        return;
    struct rect old = canvas_clip(c, (struct rect){0, 0, 0, 0});
    r.h = chrome_wrap(c, r, f->ui->message, ROLE_ACCENT); /* once to count the rows */
    c->clip = old;
    r.y = c->height - r.h;
    canvas_fill(c, (struct rect){0, r.y, c->width, r.h}, ' ', ROLE_TEXT, ROLE_BACKGROUND);
    chrome_wrap(c, r, f->ui->message, ROLE_ACCENT);
}

struct rect chrome_draw(struct frame *f)
{
    struct canvas *c = f->canvas;
    struct rect body = {0, 0, c->width, c->height};

    if (c->width < LEAST_WIDTH || c->height < LEAST_HEIGHT) {
        chrome_notice(f, body,
                      c->width >= 15  ? "heed needs 20x6"
                      : c->width >= 4 ? "20x6"
                                      : "",
                      ROLE_WARN);
        return (struct rect){0};
    }
    title_draw(f, rect_cut_top(&body, 1).y);
    if (c->height >= 9)
        tabs_draw(f, rect_cut_top(&body, 1).y);
    if (c->height >= 8 || f->ui->asks_quit || f->ui->asks.kind != ASKS_NOTHING || f->ui->file.open || f->ui->message[0])
        bottom_draw(f, rect_cut_bottom(&body, 1).y);
    return body;
}
