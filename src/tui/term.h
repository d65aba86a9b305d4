/* The terminal as a place to show a canvas. */
#ifndef HEED_TUI_TERM_H
#define HEED_TUI_TERM_H

#include <stdbool.h>
#include <stdio.h>
#include "base/fail.h"
#include "tui/color.h"
#include "tui/sgr.h"
#include "tui/signals.h"
#include "view/canvas.h"

struct screen;  /* ncurses' SCREEN */
struct _win_st; /* ncurses' WINDOW */

struct terminal {
    struct screen *screen;
    struct _win_st *keys; /* a pad: reading keys from it never draws */
    FILE *input, *output; /* the latter has a descriptor of its own, of standard output */
    bool own_input; /* /dev/tty, because standard input is something else */
    bool suspended;
    bool unicode; /* characters beyond ASCII get through */
    bool console; /* and of those only what the Linux console has */
    struct terminal_guard guard;
    struct palette palette;
    int theme_serial;   /* of the theme in `palette`; -1: none yet */
    struct cell *shown; /* width * height cells that the terminal shows */
    int width, height;
    size_t capacity;
    int frame; /* a file in memory that takes what curses makes of one frame */
    char *raw; /* the same, raw_capacity bytes, and behind it what the terminal gets */
    size_t raw_capacity;
    struct sgr sgr;
    long long sent; /* bytes of frames since it was opened */
};

/* Take the terminal: alternate screen, no echo, no cursor. On failure nothing is left to close. */
int term_open(struct terminal *t, int colors, bool mouse, struct failure *why);
/* Give it back exactly as it was found. */
void term_close(struct terminal *t);
/* Give it back for a while, and take it again; the next term_show then draws everything. */
void term_suspend(struct terminal *t);
void term_resume(struct terminal *t);
/* Ask for the size (columns, rows, each at least 1) and follow it; all is drawn anew next time. */
int term_measure(struct terminal *t, int *width, int *height, struct failure *why);
/* Forget what is shown: the next term_show repairs a screen that others wrote onto. */
void term_forget(struct terminal *t);
/* False while the terminal takes no more bytes. */
bool term_is_ready(const struct terminal *t);
/* Send the cells that differ from those shown; nothing at all if none does. The canvas must have
   the size that term_measure returned. */
void term_show(struct terminal *t, const struct canvas *canvas, const struct theme *theme,
               int serial);

#endif
