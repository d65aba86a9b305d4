/* Weights that the run saved on its way: a bar of their steps, and the keys that choose among them. */
#include "view/timeline.h"

#include <inttypes.h>
#include <stdio.h>
#include "view/maps.h"

enum { LIVE = PROBE_TIMELINE, NAME = 24 };

/* The entry that is chosen; behind the last one stands "live". */
static int chosen_of(const struct probe_snapshot *p)
{
    for (int i = 0; i < p->timeline_count; i++)
        if (p->timeline[i] == p->past)
            return i;
    return p->timeline_count;
}

/* 5000 -> "5k"; exact, for steps that lie close together. */
static void step_name(int64_t step, char *out, size_t size)
{
    const char *unit = "";
    if (step > 0 && step % 1000000 == 0)
        unit = "M";
    else if (step > 0 && step % 1000 == 0)
        unit = "k";
    int64_t count = *unit == 'M' ? step / 1000000 : *unit ? step / 1000 : step;
    snprintf(out, size, "%" PRId64 "%s", count, unit);
}

static int entry_name(const struct probe_snapshot *p, int i, int chosen, char out[NAME])
{
    char step[NAME - 3] = "live";
    if (i < p->timeline_count)
        step_name(p->timeline[i], step, sizeof step);
    snprintf(out, NAME, i == chosen ? "[%s]" : "%s", step);
    return canvas_columns(out) + 1;
}

/* The entries that fit, the chosen one among them. */
static void choose_entries(const struct probe_snapshot *p, int chosen, int width, int *first,
                           int *last)
{
    char name[NAME];
    int used = entry_name(p, chosen, chosen, name);
    *first = *last = chosen;
    for (bool more = true; more;) {
        more = false;
        for (int side = 0; side < 2; side++) {
            int i = side ? *last + 1 : *first - 1;
            if (i < 0 || i > p->timeline_count)
                continue;
            int columns = entry_name(p, i, chosen, name);
            if (used + columns > width)
                continue;
            used += columns;
            *(side ? last : first) = i;
            more = true;
        }
    }
}

void timeline_draw(struct frame *f, struct rect box)
{
    const struct probe_snapshot *p = f->live ? f->live : f->probe;
    struct canvas *c = f->canvas;
    char name[NAME];
    int first, last, y = box.y + box.h - 1;

    if (!p || p->timeline_count == 0 || box.h < 3 || box.w < 20)
        return;
    int chosen = chosen_of(p), width = box.w - 8, x = box.x + 2;
    bool past = chosen < p->timeline_count;
    struct rect old = canvas_clip(c, (struct rect){box.x + 1, y, box.w - 2, 1});
    choose_entries(p, chosen, width, &first, &last);
    canvas_text(c, x++, y, first > 0 ? "‹" : " ", ROLE_DIM, 0);
    for (int i = first; i <= last; i++) {
        int columns = entry_name(p, i, chosen, name) - 1;
        uint8_t role = i != chosen ? ROLE_DIM : past ? ROLE_WARN : ROLE_ACCENT;
        canvas_text(c, x, y, name, role, i == chosen ? CELL_BOLD : 0);
        ui_hit(f->ui, (struct rect){x, y, columns, 1}, HIT_TIMELINE, i, 0);
        canvas_text(c, x + columns, y, " ", ROLE_DIM, 0);
        x += columns + 1;
    }
    if (last < p->timeline_count)
        canvas_text(c, x - 1, y, "›", ROLE_DIM, 0);
    c->clip = old;
}

void timeline_choose(struct event *e, int entry)
{
    struct ui *ui = e->ui;
    const struct probe_snapshot *p = e->probe;
    char line[96], step[32];

    if (!p || p->timeline_count == 0) {
        ui_say(ui, !e->race || e->race->folder[0] == '\0'
                       ? "no weights are saved: this race writes no files"
                       : "no weights were saved on the way yet");
        return;
    }
    entry = ui_clamp(entry, 0, p->timeline_count);
    bool live = entry == p->timeline_count;
    if (ui->map.frozen) { /* it would hide what is asked for */
        maps_forget(ui->map.frozen);
        ui->map.frozen = NULL;
        ui->map.subtracted = false;
    }
    ui->past = live ? -1 : p->timeline[entry];
    event_send(e, COMMAND_TIMELINE, live ? -1 : 0, live ? 0 : (double)ui->past);
    text_thousands(step, sizeof step, ui->past);
    snprintf(line, sizeof line, live ? "live: the newest weights" : "weights of step %s; l: live",
             step);
    ui_say(ui, line);
}

bool timeline_act(struct event *e)
{
    const struct probe_snapshot *p = e->probe;
    int at = 0;

    if (e->action != ACTION_TIMELINE && e->action != ACTION_LIVE)
        return false;
    if (e->action == ACTION_LIVE || !p) {
        timeline_choose(e, LIVE);
        return true;
    }
    /* From what was asked for last, which the picture may not show yet. */
    int64_t past = ui_is_answered(e->ui, p) ? p->past : e->ui->past;
    while (at < p->timeline_count && (past < 0 || p->timeline[at] < past))
        at++;
    timeline_choose(e, e->key == ',' ? at - 1 : at + 1);
    return true;
}
