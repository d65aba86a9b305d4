/* The characters of the Linux console, whose font ends with those of code page 437. */
#ifndef HEED_TUI_CONSOLE_H
#define HEED_TUI_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether TERM names the console. */
bool console_is_named(const char *term);
/* The sign that the console has for one that heed draws; another character is returned as it is. */
uint32_t console_glyph(uint32_t code);

#endif
