#include "tui/export.h"

#include <stdio.h>
#include <unistd.h>
#include "base/fsio.h"

enum { EXPORT_MOST = 9999, NAME_SIZE = 32, KINDS = 4 };

static const char *const endings[KINDS] = {"txt", "ans", "svg", "csv"};

/* The first number for which none of the files is there; 0: all are taken. */
static int free_number(char names[KINDS][NAME_SIZE])
{
    for (int n = 1; n <= EXPORT_MOST; n++) {
        bool taken = false;
        for (int i = 0; i < KINDS; i++) {
            snprintf(names[i], NAME_SIZE, "heed-%d.%s", n, endings[i]);
            taken |= access(names[i], F_OK) == 0;
        }
        if (!taken) {
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

void export_page(const struct export_from *from, char *said, size_t size)
{
    char names[KINDS][NAME_SIZE];
    int number = free_number(names);
    if (!number) {
        snprintf(said, size, "not exported: heed-1 to heed-%d are all there: remove some",
                 EXPORT_MOST);
        return;
    }
    struct text content[KINDS] = {{0}};
    struct failure why;
    int serial, err = 0;
    const struct theme *theme = ui_theme(from->ui, &serial);
    canvas_write_text(from->canvas, &content[0]);
    canvas_write_ansi(from->canvas, theme, &content[1]);
    canvas_write_svg(from->canvas, theme, "heed", &content[2]);
    ui_csv(from->ui, from->race, from->probe, &content[3]);
    for (int i = 0; i < KINDS; i++) {
        if (err == 0) {
            err = write_one(names[i], &content[i], &why);
        }
        text_release(&content[i]);
    }
    if (err < 0) {
        snprintf(said, size, "not exported: %s", why.text);
    } else {
        snprintf(said, size, "exported: %s, .ans, .svg, .csv", names[0]);
    }
}
