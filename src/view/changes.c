/* What is done to heads in all that is shown, in words. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>

const char *changes_word(enum head_change change, bool brief)
{
    static const char *const words[HEAD_CHANGES][2] = {
        [HEAD_WHOLE] = {"", ""},
        [HEAD_REMOVED] = {"removed", "out"},
        [HEAD_POSITIVE] = {"no negatives", "w+"},
        [HEAD_UNIFORM] = {"uniform", "1/n"},
    };
    return words[change][brief];
}

const char *changes_of(const struct probe_snapshot *p, int layer, int head)
{
    int k = layer * p->heads + head;
    bool can = k < EXAM_HEADS && p->contestant >= 0 && p->contestant < MAX_CONTESTANTS;
    return changes_word(can ? (enum head_change)p->change[p->contestant][k] : HEAD_WHOLE, false);
}

/* "without L1H2 · L1H3 uniform" of contestant i; returns how many heads are changed. */
static int heads_text(const struct frame *f, int i, char *out, size_t size)
{
    int heads = f->race->contestants[i].config.model.heads, count = 0;
    size_t used = 0;

    heads = heads > 0 ? heads : 1;
    *out = 0;
    for (int k = 0; k < EXAM_HEADS; k++) {
        enum head_change change = (enum head_change)f->probe->change[i][k];
        if (change == HEAD_WHOLE)
            continue;
        bool out_of = change == HEAD_REMOVED;
        if (used + 40 < size)
            used += (size_t)snprintf(out + used, size - used, "%s%sL%dH%d%s%s", count ? " · " : "",
                                     out_of ? "without " : "", k / heads + 1, k % heads + 1,
                                     out_of ? "" : " ", out_of ? "" : changes_word(change, false));
        count++;
    }
    return count;
}

int changes_draw(struct frame *f, int y)
{
    struct canvas *c = f->canvas;
    char line[256] = "", heads[256], name[NAME_TEXT];
    size_t used = 0;
    int count = 0, room = c->width / 2;

    for (int i = 0; f->race && f->probe && i < f->race->count; i++) {
        int here = heads_text(f, i, heads, sizeof heads);
        if (here == 0)
            continue;
        chrome_short_name(name, sizeof name, f->race->contestants[i].name, 10);
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s%s%s", count ? " | " : "",
                                 f->race->count > 1 ? name : "", f->race->count > 1 ? ": " : "", heads);
        used = used < sizeof line ? used : sizeof line - 1;
        count += here;
    }
    if (count == 0)
        return 1;
    if (canvas_columns(line) > room)
        snprintf(line, sizeof line, "%d head%s changed", count, count > 1 ? "s" : "");
    int x = canvas_text_fit(c, 1, y, c->width - 2, line, ROLE_WARN, CELL_BOLD);
    return x + 3;
}
