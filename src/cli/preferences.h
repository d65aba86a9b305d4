/* What the terminal program remembers of its person: $XDG_CONFIG_HOME/heed/heed.ini. */
#ifndef HEED_CLI_PREFERENCES_H
#define HEED_CLI_PREFERENCES_H

#include <stdbool.h>
#include <stddef.h>
#include "base/fail.h"
#include "base/text.h"
#include "view/ui.h"

enum { PREFERENCE_TEXT = 192 };

struct preferences {
    char theme[PREFERENCE_TEXT];
    int glyphs; /* index into "auto|" GLYPH_CHOICES */
    int colors; /* index into COLOR_CHOICES */
    int mouse;  /* 0 off, 1 on */
    double fps, max_kbps;
    int page; /* enum ui_page */
    struct ui_bindings keys;
    /* What is wrong with the file, in one line; "": nothing. All that could be read counts. */
    char problem[FAILURE_TEXT];
};

/* One line of the section [screen]. */
struct preference {
    const char *key;
    size_t offset;
    const char *choices; /* words divided by '|', an int at offset; NULL: see below */
    double low, high;    /* low < high: a double at offset; else a text */
    const char *initial, *help;
};
const struct preference *preferences_table(int *count);

/* The defaults, then the file over them. A file that is not there is no problem. */
void preferences_read(struct preferences *p);
/* The same from a text; `name` stands in the problem. */
void preferences_parse(struct preferences *p, const char *text, const char *name);
/* `text` with [screen] key = value set, everything else as it was. */
void preferences_edit(const char *text, const char *key, const char *value, struct text *out);
/* Remember a theme and a page (NULL: as before) in the file, which is replaced as a whole, or not
   touched if it says so already or has a problem. */
int preferences_keep(const char *theme, const char *page, struct failure *why);

#endif
