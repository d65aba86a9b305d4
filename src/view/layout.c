#include "view/learn.h"

static int least(int a, int b)
{
    return a < b ? a : b;
}

struct rect rect_cut_top(struct rect *r, int h)
{
    h = ui_clamp(h, 0, r->h);
    struct rect cut = {r->x, r->y, r->w, h};
    r->y += h;
    r->h -= h;
    return cut;
}

struct rect rect_cut_bottom(struct rect *r, int h)
{
    h = ui_clamp(h, 0, r->h);
    r->h -= h;
    return (struct rect){r->x, r->y + r->h, r->w, h};
}

struct rect rect_cut_left(struct rect *r, int w)
{
    w = ui_clamp(w, 0, r->w);
    struct rect cut = {r->x, r->y, w, r->h};
    r->x += w;
    r->w -= w;
    return cut;
}

struct rect rect_cut_right(struct rect *r, int w)
{
    w = ui_clamp(w, 0, r->w);
    r->w -= w;
    return (struct rect){r->x + r->w, r->y, w, r->h};
}

bool rect_holds(struct rect r, int x, int y)
{
    return x >= r.x && y >= r.y && x < r.x + r.w && y < r.y + r.h;
}

int layout_grid(int w, int h, int box_w, int box_h, int n, int *columns)
{
    *columns = least(w / box_w, n);
    if (*columns < 1)
        return 0;
    int rows = least(h / box_h, (n + *columns - 1) / *columns);
    return least(rows * *columns, n);
}

/* The right column of Train: the table, what a switch costs, and a map if rows are left. */
static void train_column(struct layout *l, struct rect side, int count, int positions)
{
    int now = count + 3, after = count + (side.h >= 20 ? 3 : 2);

    if (side.h < now + after) { /* of many contestants: the table, and a map if it then has rows */
        bool map = side.h - now >= 8;
        l->part[TRAIN_NOW] = map ? rect_cut_top(&side, now) : side;
        l->part[TRAIN_MAP] = map ? side : (struct rect){0};
        return;
    }
    l->part[TRAIN_NOW] = rect_cut_top(&side, now);
    l->part[TRAIN_SWITCH] = rect_cut_top(&side, side.h - after < 5 ? side.h : after);
    if (side.h == 0)
        return;
    l->part[TRAIN_MAP] = side;
    /* A map taller than its whole window and scale would only show emptiness: the table gets the rest. */
    int spare = side.h - (positions + 5);
    if (spare > 0) {
        l->part[TRAIN_SWITCH].h += spare;
        l->part[TRAIN_MAP].y += spare;
        l->part[TRAIN_MAP].h -= spare;
    }
}

void layout_train(struct layout *l, struct rect body, int count, int subtasks, int positions,
                  bool two)
{
    *l = (struct layout){0};
    if (body.w < 64) {
        l->part[TRAIN_NOW] = rect_cut_top(&body, body.h < count + 7 ? body.h : count + 1);
    } else {
        int wide = body.w >= 160 ? ui_clamp(2 * positions + 8, 46, 76) : body.w >= 104 ? 46 : 36;
        train_column(l, rect_cut_right(&body, wide), count, positions);
    }
    if (body.h >= 42 && body.w >= 100 && subtasks > 1 && two)
        l->part[TRAIN_SUBTASKS] = rect_cut_bottom(&body, ui_clamp(body.h / 4, 11, 16));
    if (two && body.h >= 14)
        l->part[TRAIN_SECOND] = rect_cut_bottom(&body, body.h * 9 / 20);
    l->part[TRAIN_FIRST] = body;
}

/* Two maps side by side, each over its query's bars. */
static void attention_pair(struct layout *l, struct rect body, int rows)
{
    struct rect left = rect_cut_left(&body, body.w / 2);
    int spare = body.h - rows, bars = spare >= 4 ? least(spare, 18) : spare < 0 && body.h >= 20 ? 5 : 0;
    l->part[ATTENTION_ROW] = rect_cut_bottom(&left, bars);
    l->part[ATTENTION_SECOND_ROW] = rect_cut_bottom(&body, bars);
    l->part[ATTENTION_MAP] = left;
    l->part[ATTENTION_SECOND] = body;
}

void layout_attention(struct layout *l, struct rect body, int positions, int maps, int small_h,
                      bool pair)
{
    *l = (struct layout){0};
    if (body.h >= 4)
        l->part[ATTENTION_LINE] = rect_cut_bottom(&body, 1);
    /* Square cells of two columns where the whole map fits so, else half blocks. */
    int full = 2 * positions + 8, narrow = positions + 8;
    if (pair) {
        bool wide = full <= body.w / 2 && body.h >= positions + 4;
        attention_pair(l, body, wide ? positions + 4 : small_h + 2);
        return;
    }
    if (body.w < 64) {
        if (body.h >= 16)
            l->part[ATTENTION_ROW] = rect_cut_bottom(&body, 6);
        l->part[ATTENTION_MAP] = body;
        return;
    }
    bool wide = full <= body.w - 30 && body.h >= positions + 4;
    int rows = wide ? positions + 4 : small_h + 2;
    int map = wide ? full : narrow <= body.w - 30 ? narrow : body.w * 11 / 20;
    /* The query's bars stand under the map, key under key, the other heads at the right of both. */
    struct rect left = rect_cut_left(&body, map);
    bool whole = wide || (narrow <= map && left.h >= rows);
    if (left.h >= rows + 5)
        l->part[ATTENTION_ROW] = rect_cut_bottom(&left, least(left.h - rows, 18));
    else if (!whole && left.h >= 26)
        l->part[ATTENTION_ROW] = rect_cut_bottom(&left, left.h / 4);
    l->part[ATTENTION_MAP] = left;
    if (maps > 1 && l->part[ATTENTION_ROW].h == 0) {
        /* Small maps, or if they are too high one line for each. */
        int others = body.h - small_h >= 8 ? small_h : least(maps + 2, body.h - 8);
        if (others >= 4)
            l->part[ATTENTION_OTHERS] = rect_cut_top(&body, others);
    }
    if (l->part[ATTENTION_ROW].h == 0)
        l->part[ATTENTION_ROW] = body;
    else if (maps > 1)
        l->part[ATTENTION_OTHERS] = body;
}

/* The right column of a wide Step: the whole map, the rules and keys. */
static void step_column(struct layout *l, struct rect side, int positions, int subtasks)
{
    l->part[STEP_MAP] = rect_cut_top(&side, least(side.h, positions + 4));
    if (side.h < subtasks + 2)
        l->part[STEP_MAP].h += side.h;
    else
        l->part[STEP_HELP] = side;
}

enum {
    STEP_FRAME = 2 + 3,   /* of the symbols: border, right or wrong, symbols, what the rule reads */
    STEP_BARS = 12,       /* rows of bars beyond which more say nothing new */
    STEP_SMALL = 4, STEP_SMALL_ROWS = 16, /* of small bars: of a head, and at most of all */
    STEP_TOKENS_LEAST = 106, STEP_TOKENS_MOST = 124, STEP_COLUMN = 74,
    STEP_MIDDLE = 7       /* what comes next */
};

/* Columns of the symbols beside the right column of a wide Step. */
static int step_tokens_width(int w)
{
    return ui_clamp(w - STEP_COLUMN, STEP_TOKENS_LEAST, STEP_TOKENS_MOST);
}

void layout_step(struct layout *l, struct rect body, int positions, int maps, int subtasks,
                 bool text)
{
    *l = (struct layout){0};
    int heads = STEP_SMALL * maps <= STEP_SMALL_ROWS ? STEP_SMALL * maps : maps;
    int wanted = STEP_FRAME + (maps > 0 ? STEP_BARS + heads : 3);

    if (body.w >= STEP_TOKENS_LEAST + 60 && body.h >= 20)
        step_column(l, rect_cut_right(&body, body.w - step_tokens_width(body.w)), positions, subtasks);
    if (body.h >= 4)
        l->part[STEP_STATUS] = rect_cut_top(&body, 1);
    bool tall = body.h >= 44;
    if (body.h >= 9 && !tall)
        l->part[STEP_SCORE] = rect_cut_bottom(&body, body.h < 24 ? (text ? 4 : 2) : text ? body.h / 4 : 4);
    int middle = body.h >= 14 ? STEP_MIDDLE : body.h >= 9 ? body.h / 2 : body.h / 3;
    bool help = l->part[STEP_HELP].h == 0 && subtasks > 0 &&
                body.h - middle - subtasks - 2 >= STEP_FRAME + least(maps, 8) + 3;
    l->part[STEP_TOKENS] = rect_cut_top(&body, least(body.h - middle - (help ? subtasks + 2 : 0), wanted));
    if (help)
        l->part[STEP_HELP] = rect_cut_bottom(&body, subtasks + 2);
    if (body.w >= 50) {
        struct rect left = rect_cut_left(&body, body.w / 2);
        if (tall && left.h >= 15)
            l->part[STEP_SCORE] = rect_cut_bottom(&left, left.h - STEP_MIDDLE);
        l->part[STEP_RULE] = left;
        l->part[STEP_TOP] = body;
    } else {
        l->part[STEP_RULE] = rect_cut_top(&body, body.h >= 7 ? 3 : least(body.h, 2));
        l->part[STEP_TOP] = body;
    }
}

/* One picture of a wide pair: symbols at the left, what comes next over the score at the right. */
static void step_band(struct layout *l, struct rect band, bool second)
{
    l->part[second ? STEP_SECOND_TOKENS : STEP_TOKENS] =
        rect_cut_left(&band, step_tokens_width(band.w));
    l->part[second ? STEP_SECOND_SCORE : STEP_SCORE] = rect_cut_bottom(&band, band.h * 2 / 5);
    l->part[second ? STEP_SECOND_TOP : STEP_TOP] = band;
}

void layout_step_pair(struct layout *l, struct rect body)
{
    *l = (struct layout){0};
    bool wide = body.w >= STEP_TOKENS_LEAST + 60 && body.h >= 30;
    if (body.h >= 12)
        l->part[STEP_STATUS] = rect_cut_top(&body, 1);
    if (wide) {
        step_band(l, rect_cut_top(&body, body.h / 2), false);
        step_band(l, body, true);
        return;
    }
    if (body.h >= 11) {
        struct rect score = rect_cut_bottom(&body, 2);
        l->part[STEP_SCORE] = rect_cut_top(&score, 1);
        l->part[STEP_SECOND_SCORE] = score;
    }
    int next = body.h < 18 ? 6 : ui_clamp(body.h / 3, 6, 8);
    int tokens = ui_clamp((body.h - next) / 2, 1, 24);
    l->part[STEP_TOKENS] = rect_cut_top(&body, tokens);
    l->part[STEP_SECOND_TOKENS] = rect_cut_top(&body, tokens);
    l->part[STEP_TOP] = rect_cut_left(&body, body.w / 2);
    l->part[STEP_SECOND_TOP] = body;
}

void layout_compare(struct layout *l, struct rect body, int count, int note, bool bars)
{
    *l = (struct layout){0};
    if (body.h >= 10)
        l->part[COMPARE_NOTE] = rect_cut_bottom(&body, least(note, body.h / 5));
    l->part[COMPARE_TABLE] = rect_cut_top(&body, body.h < count + 9 ? body.h : count + 4);
    if (bars) {
        l->part[COMPARE_BARS] = body;
        return;
    }
    if (body.h >= count + 18)
        l->part[COMPARE_BARS] = rect_cut_bottom(&body, count + 2);
    if (body.w >= 120)
        l->part[COMPARE_SECOND] = rect_cut_right(&body, body.w / 2);
    l->part[COMPARE_CURVES] = body;
}

static bool learn_is_wide(struct rect body)
{
    return body.w >= 100 && body.h >= 12;
}

static int learn_list(struct rect body, int lessons)
{
    return body.w >= 150 && body.h >= lessons + 2 ? 36 : 0;
}

static int learn_column(int w)
{
    return ui_clamp(w * 2 / 5, 46, 66);
}

int layout_learn_width(struct rect body, int lessons)
{
    return learn_is_wide(body) ? learn_column(body.w - learn_list(body, lessons)) - 4 : body.w - 2;
}

void layout_learn(struct layout *l, struct rect body, int text, int press, int one, int lessons)
{
    *l = (struct layout){0};
    int list = learn_list(body, lessons);
    if (list)
        l->part[LEARN_LIST] = rect_cut_left(&body, list);
    if (learn_is_wide(body)) { /* text above what to press, and the widget beside both */
        struct rect side = rect_cut_left(&body, learn_column(body.w));
        int spare = side.h - text - 2;
        l->part[LEARN_PRESS] = rect_cut_bottom(&side, ui_clamp(press + 2, 4, spare > side.h / 2 ? spare : side.h / 2));
        l->part[LEARN_TEXT] = side;
        l->part[LEARN_WIDGET] = body;
        return;
    }
    /* One under the other: the widget keeps half of the rows. */
    bool three = body.h >= 10;
    one = three ? least(one, 2) : 1;
    l->part[LEARN_TEXT] = rect_cut_top(&body, least(text + 1, three ? body.h * 9 / 20 - one : body.h - 1));
    l->part[LEARN_PRESS] = rect_cut_top(&body, one);
    l->part[LEARN_WIDGET] = body;
}

/* Rows of the files: the path, config.ini and metrics.jsonl, a heading, the contestants, the frame. */
static int run_files(const struct run_wants *w, int width)
{
    return w->racing + 5 + ui_clamp((w->path + width - 3) / ui_clamp(width - 2, 1, width), 1, 3);
}

/* The chosen setting, the contestants, the files and the log under one another. */
static void run_column(struct layout *l, struct rect side, const struct run_wants *w)
{
    int own = side.h < 45 ? 0 : w->own;
    l->part[RUN_MEANING] = rect_cut_top(&side, ui_clamp(side.h / 4, 7, 10));
    if (!w->begun) {
        l->part[RUN_FACTS] = side;
        return;
    }
    l->part[RUN_FACTS] = rect_cut_top(&side, least(side.h, w->racing + own + 5));
    if (side.h >= run_files(w, side.w) + 3)
        l->part[RUN_FILES] = rect_cut_top(&side, run_files(w, side.w));
    l->part[RUN_LOG] = side;
}

void layout_run(struct layout *l, struct rect body, const struct run_wants *w)
{
    enum { WIDE = 110, VERY_WIDE = 140, TABLE = 25, COLUMN = 12, MOST_COLUMNS = 4 };
    *l = (struct layout){0};
    if (body.w >= WIDE && body.h >= 20) {
        int table = ui_clamp(TABLE + COLUMN * least(w->count, MOST_COLUMNS), 61, body.w);
        struct rect side = rect_cut_right(&body, body.w >= VERY_WIDE ? body.w / 3 : body.w - table);
        run_column(l, side, w);
        l->part[RUN_SETTINGS] = body;
        return;
    }
    int whole = body.h, few = whole >= 14 ? 3 : 1;
    if (w->begun && whole >= 18)
        l->part[RUN_LOG] = rect_cut_bottom(&body, whole < 27 ? 1 : ui_clamp(w->log, 1, whole / 6) + 2);
    if (whole >= 6)
        l->part[RUN_MEANING] = rect_cut_bottom(&body, whole >= 20 ? ui_clamp(w->meaning, few, 5) : few);
    if (w->begun && whole >= w->racing + 36)
        l->part[RUN_FILES] = rect_cut_bottom(&body, run_files(w, body.w));
    l->part[RUN_SETTINGS] = body;
}
