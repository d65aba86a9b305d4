#include "tui/export.h"

#include <stdio.h>
#include <unistd.h>
#include "base/fsio.h"

enum { EXPORT_MOST = 9999, NAME_SIZE = 32 };

/* The first number for which neither file is there; 0: all are taken. */
static int free_number(char text_name[NAME_SIZE], char svg_name[NAME_SIZE])
{
    for (int n = 1; n <= EXPORT_MOST; n++) {
        snprintf(text_name, NAME_SIZE, "heed-%d.txt", n);
        snprintf(svg_name, NAME_SIZE, "heed-%d.svg", n);
        if (access(text_name, F_OK) != 0 && access(svg_name, F_OK) != 0) {
            return n;
        }
    }
    return 0;
}

static int write_one(const char *name, const struct text *content, struct failure *why)
{
    if (content->broken) {
        return fail(why, ERR_MEMORY, "%s: out of memory", name);
    }
    return fsio_replace(name, text_string(content), content->length, why);
}

void export_canvas(const struct canvas *canvas, const struct theme *theme, char *said, size_t size)
{
    char text_name[NAME_SIZE], svg_name[NAME_SIZE];
    if (!free_number(text_name, svg_name)) {
        snprintf(said, size, "not exported: heed-1 to heed-%d are all there: remove some",
                 EXPORT_MOST);
        return;
    }
    struct text text = {0}, svg = {0};
    struct failure why;
    canvas_write_text(canvas, &text);
    canvas_write_svg(canvas, theme, "heed", &svg);
    int err = write_one(text_name, &text, &why);
    if (err == 0) {
        err = write_one(svg_name, &svg, &why);
    }
    if (err < 0) {
        snprintf(said, size, "not exported: %s", why.text);
    } else {
        snprintf(said, size, "exported: %s, %s", text_name, svg_name);
    }
    text_release(&text);
    text_release(&svg);
}
