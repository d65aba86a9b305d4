/* Measure: what a model does beyond its training: copies by distance, rows that grow too long; and of
   a sweep the ladder. */
#include "view/beyond.h"
#include "view/ladder.h"

static void draw(struct frame *f, struct rect body)
{
    static const char *const nothing[] = {
        "This page measures beyond the training, and this race has nothing of that kind.",
        "A task with pairs a distance apart (heed delay-copy): copies by distance.",
        "A task that asks about a row (heed count-ones, heed find-zero): whether long rows differ.",
        "A sweep (heed sweep nt-ladder -o DIR; heed watch DIR): accuracy over two settings."};
    if (f->ui->sweep) {
        ladder_draw(f, body);
        return;
    }
    if (!f->race) {
        chrome_notice(f, body, "waiting for the first picture", ROLE_DIM);
        return;
    }
    struct beyond_sight sight;
    beyond_look(&sight, f->race);
    if (sight.kind == BEYOND_NOTHING) {
        rect_cut_top(&body, body.h > 8 ? 2 : 0);
        for (int i = 0; i < 4 && body.h > 0; i++) {
            int rows = chrome_wrap(f->canvas, body, nothing[i], i ? ROLE_DIM : ROLE_TEXT);
            rect_cut_top(&body, rows);
        }
        return;
    }
    struct rect old = canvas_clip(f->canvas, body);
    if (sight.measured)
        beyond_draw(f, &sight, body);
    else
        beyond_plan_draw(f, &sight, body);
    f->canvas->clip = old;
}

static void act(struct event *e)
{
    if (e->ui->sweep)
        ladder_act(e);
    else if (e->action == ACTION_CELL)
        beyond_list_scroll(e);
    else
        ui_say(e->ui, "these keys are for sweeps: heed watch DIR");
}

static void click(struct event *e, const struct ui_mouse *m, struct rect at)
{
    if (e->ui->sweep)
        ladder_click(e, m, at);
}

static const struct term terms[] = {
    {"P_in, P_out", "share of copied numbers that are right, at the distances of training and at all "
                    "others that are tested (reconstructed)"},
    {"representation difference", "how far the last position's vector moves when the first symbol of "
                                  "a row of n is changed, relative to the shortest row"},
    {"best of k", "the learning rate with the greatest mean accuracy of the k that were tried"},
    {NULL, NULL},
};

const struct view_ops view_measure = {.name = "measure",
                                      .title = "Measure",
                                      .draw = draw,
                                      .act = act,
                                      .click = click,
                                      .terms = terms};
