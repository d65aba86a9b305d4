/* Contestants' names where there is little room. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>

/* Of "run/contestant" the run is cut first: the contestant is what a row is about. */
static void short_path(char *out, size_t size, const char *name, const char *slash, int width)
{
    char run[NAME_TEXT], own[NAME_TEXT];
    size_t end = 0;

    text_copy(run, (size_t)(slash - name) < sizeof run ? (size_t)(slash - name) + 1 : sizeof run, name);
    chrome_short_name(own, sizeof own, slash + 1, width - canvas_columns(run) - 1);
    int room = width - canvas_columns(own) - 1;
    if (canvas_columns(run) > room) {
        uint32_t code;
        for (int n, k = 0; k < room - 1 && (n = text_decode(run + end, &code)) > 0; k++)
            end += (size_t)n;
        text_copy(run + end, sizeof run - end, "…");
    }
    text_copy(out, size, run);
    size_t used = strlen(out);
    text_copy(out + used, size - used, "/");
    used = strlen(out);
    text_copy(out + used, size - used, own);
}

void chrome_short_name(char *out, size_t size, const char *name, int width)
{
    static const struct {
        const char *from, *to;
    } shorter[] = {
        {"transformer-", "transf·"}, {"cisformer-", "cisf·"}, {"transf·", "t·"}, {"cisf·", "c·"}};

    const char *slash = strrchr(name, '/');
    text_copy(out, size, name);
    if (slash && canvas_columns(name) > width) {
        short_path(out, size, name, slash, width);
        return;
    }
    for (size_t i = 0; i < sizeof shorter / sizeof *shorter && canvas_columns(out) > width; i++) {
        size_t n = strlen(shorter[i].from);
        if (strncmp(out, shorter[i].from, n) == 0) {
            char rest[NAME_TEXT];
            text_copy(rest, sizeof rest, out + n);
            snprintf(out, size, "%s%s", shorter[i].to, rest);
        }
    }
}
