/* Between the weights of a saved step and the newest ones. */
#include "train/prober_state.h"

#include "base/clock.h"

/* How long the way back to the newest weights waits for a training step to end. */
static const double LIVE_SECONDS = 0.5;

void prober_go_back(struct prober *p)
{
    for (int k = p->kind == SECOND_VERSUS ? 1 : 0; k >= 0; k--) {
        int i = k ? p->versus : p->focus;
        struct failure why;
        if (p->weights_step[i] == p->past.step || !prober_open_model(p, i))
            continue;
        if (past_load(&p->past, i, p->models[i], &why) == 0) {
            p->weights_step[i] = p->past.step;
            continue;
        }
        p->weights_step[i] = -1;
        text_copy(p->message, sizeof p->message, why.text);
    }
}

void prober_go_live(struct prober *p)
{
    p->past.step = -1;
    for (int i = 0; i < p->race->count; i++)
        p->weights_step[i] = -1;
    for (int k = p->kind == SECOND_VERSUS ? 1 : 0; k >= 0; k--) {
        int i = k ? p->versus : p->focus;
        double end = clock_now() + LIVE_SECONDS;
        weight_box_ask(p->box, i);
        while (prober_open_model(p, i) && clock_now() < end &&
               !weight_box_take(p->box, i, p->models[i]->weights, &p->weights_step[i]))
            clock_sleep(0.001);
    }
    p->asked = -1;
    p->refresh_at = 0;
}
