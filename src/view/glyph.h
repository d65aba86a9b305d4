/* What a character looks like where fonts or bytes are poor. Private to the view layer. */
#ifndef HEED_VIEW_GLYPH_H
#define HEED_VIEW_GLYPH_H

#include <stdint.h>

/* The character itself if it takes exactly one column, else '?'. */
uint32_t glyph_safe(uint32_t code);
/* The nearest ASCII character. */
uint32_t glyph_ascii(uint32_t code);

#endif
