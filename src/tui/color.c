#include "tui/color.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

enum { PAIRS_WANTED = FOREGROUNDS * ROLE_COUNT + 1 };

int palette_init(struct palette *p, int colors, struct failure *why)
{
    memset(p, 0, sizeof *p);
    if (colors < 8 || !has_colors() || start_color() == ERR || COLORS < 8) {
        return 0;
    }
    bool direct = COLORS >= 1 << 24 && tigetflag("RGB") > 0;
    int able = direct ? 1 << 24 : COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
    int wanted = colors >= 1 << 24 ? 1 << 24 : colors >= 256 ? 256 : colors >= 16 ? 16 : 8;
    /* On a direct terminal numbers are components of light, so the palette steps are not there. */
    p->colors = direct ? able : wanted < able ? wanted : able;
    p->limit = COLOR_PAIRS < PAIRS_WANTED ? COLOR_PAIRS : PAIRS_WANTED;
    p->count = 1;
    p->pairs = calloc((size_t)p->limit, sizeof *p->pairs);
    return p->pairs ? 0 : fail(why, ERR_MEMORY, "colour pairs: out of memory");
}

void palette_release(struct palette *p)
{
    free(p->pairs);
    p->pairs = NULL;
}

/* Numbers below 256 name palette entries in some terminal descriptions: one step of green is not
   seen and leads out of there. */
static int direct_number(struct color c)
{
    int number = c.r << 16 | c.g << 8 | c.b;
    return number < 256 ? number | 256 : number;
}

static void set_role(struct palette *p, int role, struct color c)
{
    bool light = 299 * c.r + 587 * c.g + 114 * c.b > 127500, unused;
    p->contrast[role] = p->colors < 256 ? theme_coarse_contrast(c) : light ? 0 : 7;
    p->bright[role] = false;
    if (p->colors >= 1 << 24) {
        p->fg[role] = p->bg[role] = direct_number(c);
    } else if (p->colors >= 256) {
        p->fg[role] = p->bg[role] = theme_to_256(c);
    } else {
        if (c.ansi < 0 && !p->defaults) {
            c.ansi = (int8_t)theme_to_16(c);
        }
        p->fg[role] = theme_coarse(c, p->colors, false, &p->bright[role]);
        p->bg[role] = theme_coarse(c, p->colors, true, &unused);
    }
}

void palette_theme(struct palette *p, const struct theme *theme)
{
    memset(p->pair_of, 0, sizeof p->pair_of);
    if (p->colors == 0) {
        return;
    }
    /* Only a theme with "/default" among its stand-ins needs this. */
    for (int role = 0; role < ROLE_COUNT && !p->defaults && p->colors < 256; role++) {
        p->defaults = theme->roles[role].ansi < 0 && use_default_colors() == OK;
    }
    for (int role = 0; role < ROLE_COUNT; role++) {
        p->roles[role] = theme->roles[role];
        set_role(p, role, theme->roles[role]);
    }
}

static bool is_block(const struct cell *cell)
{
    return cell->code >= 0x2580 && cell->code <= 0x259f;
}

/* A map's colours may be the ground's: that is a level. Other blocks, a bar's, are seen on any ground. */
static bool may_vanish(const struct cell *cell)
{
    return is_block(cell) && (cell->fg >= ROLE_DIVERGING_0 || cell->bg != ROLE_BACKGROUND);
}

struct cell palette_simplify(const struct palette *p, const struct cell *cell)
{
    struct cell c = *cell;
    bool one_role = c.fg == c.bg;
    bool one_color = p->fg[c.fg % ROLE_COUNT] == p->bg[c.bg % ROLE_COUNT];
    bool solid = p->colors > 0 && (one_role || (one_color && may_vanish(cell)));
    bool blank = c.code == ' ' && !(c.attr & (CELL_REVERSE | CELL_UNDERLINE));
    if (solid || blank) {
        c = (struct cell){' ', ROLE_TEXT, c.bg, 0};
    }
    return c;
}

/* Many colours show dim text by mixing, few by the terminal's own attribute. */
static bool mixes(const struct palette *p, const struct cell *cell)
{
    return p->colors >= 256 && (cell->attr & CELL_DIM);
}

/* The foreground a cell is looked up by: its role, the role mixed into the background, or CONTRAST
   where a coarse palette made text vanish. */
static int foreground_of(const struct palette *p, const struct cell *cell)
{
    int role = cell->fg % ROLE_COUNT, ground = cell->bg % ROLE_COUNT;
    bool seen = cell->code != ' ' && !may_vanish(cell);
    if (seen && role != ground && p->bg[ground] >= 0 && p->fg[role] == p->bg[ground]) {
        return CONTRAST;
    }
    return mixes(p, cell) ? DIMMED_0 + role : role;
}

static int foreground_number(const struct palette *p, int foreground, int ground)
{
    if (foreground == CONTRAST) {
        return p->contrast[ground];
    }
    if (foreground < CONTRAST) {
        return p->fg[foreground];
    }
    struct color c = p->roles[foreground - DIMMED_0];
    c = theme_mix(p->roles[ground], c, CANVAS_DIM_SHARE);
    return p->colors >= 1 << 24 ? direct_number(c) : theme_to_256(c);
}

static int find_defined(const struct palette *p, int fg, int bg)
{
    for (int i = 1; i < p->count; i++) {
        if (p->pairs[i].fg == fg && p->pairs[i].bg == bg) {
            return i;
        }
    }
    return 0;
}

/* The pair to be given a new meaning: longest unused, not on screen and not of this frame; or 0. */
static int stale_pair(struct palette *p, const struct cell *shown, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int pair = p->pair_of[foreground_of(p, &shown[i])][shown[i].bg % ROLE_COUNT];
        p->pairs[abs(pair)].used = p->frame;
    }
    int oldest = 0;
    for (int i = 1; i < p->count; i++) {
        bool older = oldest == 0 || p->frame - p->pairs[i].used > p->frame - p->pairs[oldest].used;
        if (p->pairs[i].used != p->frame && older) {
            oldest = i;
        }
    }
    for (int i = 0; oldest && i < FOREGROUNDS * ROLE_COUNT; i++) {
        int16_t *pair = &p->pair_of[i / ROLE_COUNT][i % ROLE_COUNT];
        *pair = abs(*pair) == oldest ? 0 : *pair;
    }
    return oldest;
}

static int define_pair(struct palette *p, int pair, int fg, int bg)
{
    p->pairs[pair] = (struct color_pair){fg, bg, p->frame};
    init_extended_pair(pair, fg, bg);
    return pair;
}

/* Any pair on the same background whose foreground can be told from it; 0: plain. */
static int readable_pair(const struct palette *p, int bg)
{
    for (int i = 1; i < p->count; i++) {
        if (p->pairs[i].bg == bg && p->pairs[i].fg != bg) {
            return i;
        }
    }
    return 0;
}

/* A pair for two colour numbers, negative if it is to be shown in reverse. */
static int obtain_pair(struct palette *p, int fg, int bg, const struct cell *shown, size_t count)
{
    int pair = find_defined(p, fg, bg);
    if (pair) {
        return pair;
    }
    if (p->count < p->limit) {
        return define_pair(p, p->count++, fg, bg);
    }
    pair = stale_pair(p, shown, count);
    if (pair) {
        return define_pair(p, pair, fg, bg);
    }
    pair = find_defined(p, bg, fg);
    return pair ? -pair : readable_pair(p, bg);
}

static struct style look_up(struct palette *p, const struct cell *cell, const struct cell *shown,
                            size_t count)
{
    int foreground = foreground_of(p, cell), ground = cell->bg % ROLE_COUNT;
    int16_t *known = &p->pair_of[foreground][ground];
    if (*known == 0) {
        int fg = foreground_number(p, foreground, ground);
        *known = (int16_t)obtain_pair(p, fg, p->bg[ground], shown, count);
    }
    int pair = abs(*known);
    p->pairs[pair].used = p->frame;
    return (struct style){.pair = pair, .attributes = *known < 0 ? A_REVERSE : 0};
}

/* Of few colours bold makes the bright one on many terminals: on a light ground that is the paler one. */
static bool bold_fades(const struct palette *p, const struct cell *cell)
{
    return p->colors > 0 && p->colors < 256 && p->contrast[cell->bg % ROLE_COUNT] == 0;
}

struct style palette_style(struct palette *p, const struct cell *cell, const struct cell *shown,
                           size_t count)
{
    struct style s = {0};
    uint8_t attr = cell->attr;
    if (p->colors == 0) {
        attr = canvas_plain_attr(cell);
    } else {
        s = look_up(p, cell, shown, count);
        if (p->bright[cell->fg % ROLE_COUNT] && !bold_fades(p, cell)) {
            s.attributes |= A_BOLD;
        }
    }
    if ((attr & CELL_BOLD) && !bold_fades(p, cell)) {
        s.attributes |= A_BOLD;
    }
    if ((attr & CELL_DIM) && !mixes(p, cell)) {
        s.attributes |= A_DIM;
    }
    if (attr & CELL_REVERSE) {
        s.attributes ^= A_REVERSE;
    }
    if (attr & CELL_UNDERLINE) {
        s.attributes |= A_UNDERLINE;
    }
    return s;
}
