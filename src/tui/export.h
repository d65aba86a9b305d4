/* A page kept as files. */
#ifndef HEED_TUI_EXPORT_H
#define HEED_TUI_EXPORT_H

#include <stddef.h>
#include "view/canvas.h"
#include "view/ui.h"

enum { EXPORT_SAID = 640 };

/* What the person sees now. */
struct export_from {
    const struct canvas *canvas;
    const struct ui *ui;
    const struct race_snapshot *race; /* or NULL, as the next */
    const struct probe_snapshot *probe;
};

/* Write heed-<n>.txt, heed-<n>.ans (with the colours of this terminal, for cat) and heed-<n>.svg, the
   picture, and heed-<n>.csv, the numbers behind it, to the working directory, n the first free number.
   said[size] gets one line for the person: the names, or what went wrong. */
void export_page(const struct export_from *from, char *said, size_t size);

#endif
