/* Probe: what each head of a contestant is for, measured; and what it takes to change one. */
#include "view/probe.h"

#include <stdio.h>
#include "view/maps.h"
#include "view/timeline.h"

/* Columns of the lens, and of a map that stands beside it at least. */
enum { LENS = 50, MAP = 30 };

/* Whose report it is not, or how to have one. */
static void missing_text(const struct frame *f, char *out, size_t size)
{
    const struct probe_snapshot *p = f->probe;
    if (p->exam.message[0])
        text_copy(out, size, p->exam.message);
    else
        snprintf(out, size,
                 "Enter measures what each head of %s is for: %d or more held-out windows, answered "
                 "whole, without each head, without its negative weights, and with each row uniform.",
                 p->name, EXAM_WINDOWS);
}

/* What is read from the stream, and the chosen head's map. */
static void below_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    int lens = probe_lens_height(p);
    bool maps = p->map_count > 0;

    if (r.h < 4)
        return;
    if (lens > 0 && maps && r.w >= LENS + MAP) {
        chrome_part(f, rect_cut_left(&r, LENS), probe_lens_draw);
    } else if (lens > 0) {
        bool both = maps && r.h >= lens + 8;
        chrome_part(f, rect_cut_top(&r, both ? lens : r.h), probe_lens_draw);
    }
    /* Beside a map that its cells leave room at, the other heads' rows. */
    int map = 2 * p->positions + 10;
    if (maps && p->map_count > 1 && r.h >= 12 && r.w - map >= maps_newest_width(p))
        chrome_part(f, rect_cut_right(&r, r.w - map), maps_newest_draw);
    if (maps && r.h >= 4)
        chrome_part(f, r, maps_small_draw);
}

static void draw(struct frame *f, struct rect body)
{
    const struct probe_snapshot *p = f->probe;
    char text[LOG_TEXT + 2 * NAME_TEXT + 240];

    if (!p || !p->ready) {
        maps_missing(p, text, sizeof text);
        chrome_notice(f, body, text, p && *p->message ? ROLE_BAD : ROLE_DIM);
        return;
    }
    if (p->layers == 0) {
        snprintf(text, sizeof text,
                 "%s has no attention heads to measure or to change, and no residual stream that its "
                 "head could read between the layers: this page says nothing of it. c shows the next "
                 "contestant.",
                 p->name);
        struct rect note = rect_cut_top(&body, ui_clamp(body.h, 0, 4));
        chrome_wrap(f->canvas, (struct rect){note.x + 1, note.y, note.w - 2, note.h}, text, ROLE_WARN);
    }
    const struct exam_report *e = probe_report(p);
    bool mine = e && e->contestant == p->contestant;
    if (p->layers > 0 && (!mine || p->exam.message[0])) {
        missing_text(f, text, sizeof text);
        struct rect note = rect_cut_top(&body, ui_clamp(body.h / 4, 0, body.w >= 100 ? 2
                                                                    : body.w >= 72  ? 3
                                                                                    : 4));
        chrome_wrap(f->canvas, (struct rect){note.x + 1, note.y, note.w - 2, note.h}, text, ROLE_WARN);
    }
    if (e && e->count > 0) {
        int lens = probe_lens_height(p), spare = body.h - 3 - (lens < body.h / 3 ? lens : body.h / 3);
        int table = probe_table_height(p, body.w);
        struct rect top = rect_cut_top(&body, body.h < 10 ? body.h : table < spare ? table : spare);
        chrome_part(f, top, probe_table_draw);
        timeline_draw(f, top);
        chrome_part(f, rect_cut_top(&body, 3), probe_words_draw);
    }
    if (p->layers > 0)
        below_draw(f, body);
    if (!e || e->count == 0)
        timeline_draw(f, body);
}

/* Do something to the chosen head in what is shown, or take it back. */
static void change(struct event *e, enum head_change change)
{
    const struct probe_snapshot *p = e->probe;
    int layer, head;

    if (!p || !p->ready || p->layers == 0 || p->map_count == 0) {
        ui_say(e->ui, "there is no head to change: c shows the next contestant");
        return;
    }
    maps_chosen(e->ui, p, &layer, &head);
    if (layer * p->heads + head >= EXAM_HEADS)
        ui_say(e->ui, "only one of the first 64 heads can be changed");
    else if (change == HEAD_POSITIVE && !p->layer_signs[layer])
        ui_say(e->ui, "this head's attention has no negative weights");
    else
        event_send(e, COMMAND_CHANGE_HEAD, layer * p->heads + head, change);
}

static void lift(struct event *e)
{
    const struct probe_snapshot *p = e->probe;
    bool any = false;
    for (int i = 0; p && i < MAX_CONTESTANTS; i++)
        for (int k = 0; k < EXAM_HEADS; k++)
            any |= p->change[i][k] != HEAD_WHOLE;
    if (any)
        event_send(e, COMMAND_CHANGE_HEAD, -1, 0);
    else
        ui_say(e->ui, "no head is changed");
}

static void act(struct event *e)
{
    const struct probe_snapshot *p = e->probe;
    switch (e->action) {
    case ACTION_EXAMINE:
        if (!p || !p->ready)
            ui_say(e->ui, "there are no weights yet");
        else if (p->layers == 0)
            ui_say(e->ui, "this contestant has no attention: c shows the next one");
        else
            event_send(e, COMMAND_EXAMINE, p->contestant, 0);
        break;
    case ACTION_CUT:
        change(e, HEAD_REMOVED);
        break;
    case ACTION_POSITIVE:
        change(e, HEAD_POSITIVE);
        break;
    case ACTION_UNIFORM:
        change(e, HEAD_UNIFORM);
        break;
    case ACTION_LIFT:
        lift(e);
        break;
    case ACTION_PART:
        probe_next_part(e);
        break;
    case ACTION_PROBE_COLUMNS:
        probe_scroll(e, e->key == UI_KEY_LEFT ? -1 : 1);
        break;
    case ACTION_HEAD:
    case ACTION_LAYER:
    case ACTION_CHOOSE_HEAD:
        maps_choose(e, p);
        break;
    default:
        break;
    }
}

static const struct term terms[] = {
    {"L1H2", "head 2 of layer 1"},
    {"now", "what is done to the head in every picture; the figures are of the whole model"},
    {"entr", "entropy in nats of the last position's weights, without their signs: 0 for one key alone, "
             "ln n for n keys alike"},
    {"back", "how many places back its keys lie, weighted by them"},
    {"ctrl", "mean weight on the control token in force"},
    {"prev", "mean weight on the symbol before the newest"},
    {"read", "mean weight on the symbol that the rule reads"},
    {"removed", "change of the accuracy when all the head's weights are 0"},
    {"no neg.", "the same when its weights below 0 are 0 and the others stay; none: its attention has no "
                "such weights"},
    {"uniform", "the same when each of the n keys that a query sees weighs 1/n"},
    {"-.123±.031", "half of the 95 % interval, from windows that are answered otherwise: paired, by "
                   "Agresti and Min (2005)"},
    {"query 32", "at the right, of that query alone: entr, dist (symbols back), ctrl, neg (share of |w| below 0)"},
    {"n=515", "held-out windows that end before a number; s: those of one control token alone"},
    {"stream after", "final norm and head applied to the residual stream there (logit lens): the embedding, "
                     "the attention and the whole of each layer; the last row is the model's answer"},
    {"top", "the likeliest symbol as read there, and its probability"},
    {"rule's", "probability of the number that the rule asks for"},
    {"accuracy", "of the measured windows as read there, with its 95 % interval"},
    {"cisformer", "has weights of its own at each position: what is measured is the last one's"},
    {NULL, NULL},
};

const struct view_ops view_probe = {"probe", "Probe", draw, act, NULL, terms};
