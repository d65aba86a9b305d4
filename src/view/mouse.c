/* What the wheel and a click mean. */
#include "view/ui_state.h"
#include "view/learn.h"
#include "view/maps.h"
#include "view/step.h"
#include "view/timeline.h"

/* The wheel zooms curves and is the arrow keys elsewhere, also in a list over the page. */
static void wheel(struct event *e, bool up)
{
    struct ui *ui = e->ui;
    bool zooms = command_of_key(ui->page, '+') == ACTION_ZOOM;

    if (ui->palette.open) {
        palette_key(e, up ? UI_KEY_UP : UI_KEY_DOWN);
        return;
    }
    if (ui->picker.kind != PICKING_NONE) {
        picker_key(e, up ? UI_KEY_UP : UI_KEY_DOWN);
        return;
    }
    e->key = zooms ? (up ? '+' : '-') : up ? UI_KEY_UP : UI_KEY_DOWN;
    e->action = command_of_key(ui->page, e->key); /* whatever the keys are bound to */
    if (e->action != ACTION_NONE)
        view_of(ui->page)->act(e);
}

/* A click is what stands there. */
void mouse_act(struct event *e, const struct ui_mouse *m)
{
    struct ui *ui = e->ui;
    if (m->button == 4 || m->button == 5)
        wheel(e, m->button == 4);
    if (m->button != 1)
        return;
    /* The part drawn last lies on top. */
    for (int i = ui->hit_count - 1; i >= 0; i--) {
        const struct hit *hit = &ui->hits[i];
        if (!rect_holds(hit->at, m->x, m->y))
            continue;
        switch (hit->kind) {
        case HIT_PAGE:
            ui_set_page(ui, (enum ui_page)hit->a);
            break;
        case HIT_OPEN_MAP:
            ui_set_page(ui, PAGE_ATTENTION);
            break;
        case HIT_MAP:
            maps_set(e, hit->a, hit->b);
            break;
        case HIT_CELL:
            if (view_of(ui->page)->click)
                view_of(ui->page)->click(e, m, hit->at);
            break;
        case HIT_CONTESTANT:
            ui_set_focus(e, hit->a);
            break;
        case HIT_SYMBOL:
            step_give(e, hit->a);
            break;
        case HIT_PICK:
            picker_choose(e, hit->a);
            break;
        case HIT_SETTING:
            ui->run.row = hit->a;
            break;
        case HIT_LESSON:
            learn_show(ui, hit->a);
            break;
        case HIT_TIMELINE:
            timeline_choose(e, hit->a);
            break;
        case HIT_ENTRY:
            if (palette_choose(e, hit->a))
                ui_act(e);
            break;
        }
        return;
    }
}
