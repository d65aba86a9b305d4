/* A page kept as files. */
#ifndef HEED_TUI_EXPORT_H
#define HEED_TUI_EXPORT_H

#include <stddef.h>
#include "view/canvas.h"
#include "view/theme.h"

enum { EXPORT_SAID = 640 };

/* Write the canvas to heed-<n>.txt and heed-<n>.svg in the working directory, n the first free
   number. said[size] gets one line for the person: the names, or what went wrong. */
void export_canvas(const struct canvas *canvas, const struct theme *theme, char *said, size_t size);

#endif
