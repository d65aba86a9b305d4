/* Roles become colour pairs of the terminal. */
#ifndef HEED_TUI_COLOR_H
#define HEED_TUI_COLOR_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fail.h"
#include "view/canvas.h"
#include "view/theme.h"

/* Foregrounds beside the roles: whatever can be read on the background, and each role mixed into
 * it. */
enum { CONTRAST = ROLE_COUNT, DIMMED_0, FOREGROUNDS = DIMMED_0 + ROLE_COUNT };

/* One pair that the terminal was told about. */
struct color_pair {
    int fg, bg;
    uint32_t used; /* palette.frame when a cell last asked for it */
};

struct palette {
    int colors;    /* 0, 8, 16, 256 or 1 << 24 */
    bool defaults; /* the terminal's own foreground and background may be asked for */
    uint32_t frame;
    int limit, count;               /* pairs are 1..limit - 1, the first `count` - 1 are in use */
    struct color_pair *pairs;       /* [limit] */
    struct color roles[ROLE_COUNT]; /* of the theme */
    int fg[ROLE_COUNT], bg[ROLE_COUNT]; /* colour numbers, -1 the terminal's default */
    int contrast[ROLE_COUNT];           /* as a background: what can be read on it */
    bool bright[ROLE_COUNT];            /* 8 colours: bold makes the foreground bright */
    /* 0: not asked for yet; negative: the pair is to be shown in reverse. */
    int16_t pair_of[FOREGROUNDS][ROLE_COUNT];
};

/* A look for ncurses: attributes and an (extended) pair number. */
struct style {
    unsigned attributes; /* attr_t */
    int pair;
};

/* After newterm. `colors` is what is wanted; palette.colors becomes what this terminal can do. */
int palette_init(struct palette *p, int colors, struct failure *why);
void palette_release(struct palette *p);
/* A new theme: every cell is to be looked up again. */
void palette_theme(struct palette *p, const struct theme *theme);
/* A cell of which only the background can be seen becomes a plain space: fewer pairs and fewer
 * bytes. */
struct cell palette_simplify(const struct palette *p, const struct cell *cell);
/* The look of a simplified cell. When all pairs are taken, the one unseen for longest and not among
   the `count` cells in `shown` is given a new meaning; without such a one the swapped pair is used
   in reverse, else the cell keeps its background and borrows a readable foreground. */
struct style palette_style(struct palette *p, const struct cell *cell, const struct cell *shown,
                           size_t count);

#endif
