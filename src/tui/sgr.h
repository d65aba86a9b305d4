/* Fewer bytes for the same picture: what curses sends, without the changes of colour that nobody sees. */
#ifndef HEED_TUI_SGR_H
#define HEED_TUI_SGR_H

#include <stdbool.h>
#include <stddef.h>

enum { SGR_COLOR = 24, SGR_SEQUENCE = 96 };

/* How characters are drawn. A colour is its parameters, as in "38;5;117"; "" is the terminal's own. */
struct sgr_pen {
    char fg[SGR_COLOR], bg[SGR_COLOR];
    unsigned attributes; /* bit k: parameter k (1 bold, 2 dim ... 9) */
};

struct sgr {
    struct sgr_pen shown, wanted; /* what the terminal has; what it was last told by curses */
    bool known;                   /* false: what the terminal has is not known */
    char sequence[SGR_SEQUENCE];  /* a control sequence that is being read */
    int length;                   /* of it, 0: text */
};

/* Nothing is known of the terminal. */
void sgr_forget(struct sgr *s);
/* Write into out[] (room for SGR_MOST(n) bytes) what does the same as the n bytes of `in`, which begin
   where the last ones ended; returns how many. Changes of colour and attribute (ECMA-48, "select
   graphic rendition") wait for a character that shows them; a blank shows its background alone. A
   sequence that is not understood goes through as it is. */
size_t sgr_thin(struct sgr *s, const char *in, size_t n, char *out);
#define SGR_MOST(n) ((n) * 2 + 4 * SGR_SEQUENCE)

#endif
