/* What a character looks like where fonts or bytes are poor. Private to the view layer. */
#ifndef HEED_VIEW_GLYPH_H
#define HEED_VIEW_GLYPH_H

#include <stdint.h>

/* Columns a character takes on a terminal: 1, 2 (East Asian wide, emoji), 0 (combining), or -1 for
   control characters and what is not a character. Independent of the locale (Unicode 15 TR 11). */
int glyph_width(uint32_t code);
/* The character itself if it takes exactly one column, else '?'. */
uint32_t glyph_safe(uint32_t code);
/* The nearest ASCII character. */
uint32_t glyph_ascii(uint32_t code);

#endif
