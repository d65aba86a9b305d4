/* The sequence of Step playing by itself: who chooses its symbols, and how fast. */
#include "view/step.h"

#include <stdio.h>
#include "base/clock.h"

/* Who plays: chosen, or the stream, or of a text the model as it writes. */
static enum action player_of(const struct ui *ui, const struct alphabet *a)
{
    if (ui->step.player != ACTION_NONE)
        return ui->step.player;
    return step_is_text(a) ? ACTION_RULE : ACTION_STREAM;
}

void step_begin_play(struct event *e)
{
    struct ui *ui = e->ui;
    ui->step.play = !ui->step.play;
    ui->step.edit = EDIT_NONE;
    ui->step.due = clock_now();
}

bool step_choose_player(struct event *e)
{
    if (!e->ui->step.play)
        return false;
    e->ui->step.player = e->action;
    return true;
}

void step_change_speed(struct event *e)
{
    struct ui *ui = e->ui;
    char line[48];
    double next = ui->step.per_second * (e->key == '-' ? 0.5 : 2);
    if (next >= 0.5 && next <= 16)
        ui->step.per_second = next;
    snprintf(line, sizeof line, "play: %g symbols a second", ui->step.per_second);
    ui_say(ui, line);
}

static void stop(struct ui *ui, const char *why)
{
    ui->step.play = false;
    ui_say(ui, why);
}

void step_play(struct event *e)
{
    const struct probe_snapshot *p = e->probe;

    if (!p || !p->ready) {
        event_send(e, COMMAND_STEP_STREAM, 0, 0);
        return;
    }
    enum action player = player_of(e->ui, &p->alphabet);
    bool full = p->fresh && p->cursor >= p->longest;
    if (full && p->second_kind == SECOND_BRANCH)
        stop(e->ui, "play stops: both sequences are as long as this task's are");
    else if (full) /* the stream begins the next one */
        event_send(e, COMMAND_STEP_STREAM, 0, 0);
    else if (player == ACTION_MODEL)
        event_send(e, COMMAND_STEP_MODEL, 0, 0);
    else if (player == ACTION_STREAM)
        event_send(e, COMMAND_STEP_STREAM, 0, 0);
    else if (step_is_text(&p->alphabet))
        step_write(e);
    else if (p->next_answer < 0 || (p->second_kind == SECOND_BRANCH && p->second->next_answer < 0))
        stop(e->ui, "play stops: the rule asks for no number here");
    else
        event_send(e, COMMAND_STEP_RULE, 0, 0);
}

void step_play_text(const struct ui *ui, const struct probe_snapshot *p, char *out, size_t size)
{
    bool text = step_is_text(&p->alphabet);
    enum action player = player_of(ui, &p->alphabet);
    const char *now = player == ACTION_MODEL    ? "its choice"
                      : player == ACTION_STREAM ? "stream"
                      : text                    ? "it writes"
                                                : "rule";
    const char *others = player == ACTION_MODEL ? (text ? "Enter it writes" : "s stream, Enter rule")
                         : text                 ? "m its choice"
                         : player == ACTION_RULE ? "s stream, m its choice"
                                                 : "m its choice, Enter rule";
    snprintf(out, size, "▶ %s, %g a second · %s, p stops", now, ui->step.per_second, others);
}
