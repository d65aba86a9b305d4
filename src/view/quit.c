/* The question before the program is left, with the command that opens the run again. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>

/* "heed 'my runs/a'" opens the run again from a shell; false where that would not be true: a path that was
   cut, or one that needs more than quotes. */
static bool again_text(const struct race_snapshot *race, char *out, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./+,:@%=";
    char shown[4 * PATH_SHOWN];
    size_t length = strlen(race->folder);
    bool bare = strspn(race->folder, plain) == length;
    text_escape(shown, sizeof shown, race->folder);
    if (length == 0 || length + 1 >= sizeof race->folder || strcmp(shown, race->folder) != 0 ||
        (!bare && strchr(race->folder, '\'')))
        return false;
    snprintf(out, size, bare ? "heed %s" : "heed '%s'", race->folder);
    return true;
}

static const char *const saved = "quit? q or y: yes; training stops and is saved";

void quit_line(const struct frame *f, char *out, size_t size)
{
    char again[PATH_SHOWN + 16];
    if (f->ui->asks_quit_form)
        snprintf(out, size, "quit? q or y: yes; the form was edited, W writes it to a file");
    else if (!f->race || !f->race->folder[0])
        snprintf(out, size, "quit? q or y: yes; training stops, and this run keeps no files");
    else if (again_text(f->race, again, sizeof again))
        snprintf(out, size, "%s; %s goes on", saved, again);
    else
        snprintf(out, size, "%s; how to go on is printed then", saved);
}

void quit_draw(struct frame *f)
{
    struct canvas *c = f->canvas;
    char line[PATH_SHOWN + 96], again[PATH_SHOWN + 16];

    quit_line(f, line, sizeof line);
    if (canvas_columns(line) <= c->width - 2)
        return;
    bool command = !f->ui->asks_quit_form && f->race && again_text(f->race, again, sizeof again);
    if (command)
        snprintf(line, sizeof line, "%s; to go on:", saved);
    struct rect old = canvas_clip(c, (struct rect){0, 0, 0, 0}), r = {1, 0, c->width - 2, c->height};
    r.h = chrome_wrap(c, r, line, ROLE_WARN) + (command ? chrome_path(c, r, again, ROLE_WARN) : 0);
    c->clip = old;
    r.h = r.h < c->height ? r.h : c->height;
    r.y = c->height - r.h;
    canvas_fill(c, (struct rect){0, r.y, c->width, r.h}, ' ', ROLE_TEXT, ROLE_BACKGROUND);
    rect_cut_top(&r, chrome_wrap(c, r, line, ROLE_WARN));
    if (command)
        chrome_path(c, r, again, ROLE_WARN);
}
