/* The terminal: the only user of ncurses. */
#ifndef HEED_TUI_TUI_H
#define HEED_TUI_TUI_H

#include "base/fail.h"
#include "core/feed.h"
#include "view/ui.h"

struct tui_options {
    int colors;         /* -1 detect, 0, 8, 16, 256, 1 << 24 */
    int glyphs;         /* -1 detect, else enum glyphs */
    bool mouse;
    double frames_per_second; /* 10; 30 while busy */
    double max_kbps;          /* kilobits a second at most, by fewer frames; 0: no limit */
};

/* What ended the loop. */
enum tui_end { TUI_QUIT, TUI_TERMINATED /* TERM */, TUI_HANGUP, TUI_INTERRUPTED /* INT */ };

/* Check that a terminal is there: ERR_USAGE naming TERM or the redirected stream and the remedy. */
int tui_check(struct failure *why);
/* Open the terminal, run until the person quits or a signal says so, give the terminal back as it was.
   *last gets the last frame as plain text if it is not NULL. On return INT, TERM and HUP are blocked in
   this thread, so that nothing cuts short what is left to be saved. */
int tui_run(struct ui *ui, struct feed *feed, const struct tui_options *options,
            enum tui_end *end, struct text *last, struct failure *why);
/* What the environment can do: colours, glyphs; honours NO_COLOR, TERM, COLORTERM, locale. */
void tui_detect(int *colors, int *glyphs);

#endif
