/* What models expected at places of the sequence that were passed before. */
#include <stdio.h>
#include "base/clock.h"
#include "train/prober_state.h"

/* How long asking at every place may take, and at those of a window. */
static const double ASK_SECONDS = 2, WINDOW_SECONDS = 0.5;

/* Of a stream, full windows alone: evaluations measure those. */
static int first_place(const struct stepper *s)
{
    return s->fresh ? 1 : s->context;
}

void prober_settle(struct prober *p, struct stepper *s)
{
    for (int i = 0; i < p->race->count; i++) {
        bool shown = i == p->focus || (p->kind == SECOND_VERSUS && i == p->versus);
        for (int at = s->stale_from; at < s->stale_to; at++) {
            if (s->guess[i][at] < 0)
                continue;
            bool can = shown && has_weights(p, i);
            stepper_guess(s, at, i, can ? look_expect(p->models[i], s, at) : -1);
        }
    }
    s->stale_from = s->stale_to = 0;
}

void prober_ask_everywhere(struct prober *p)
{
    double end = clock_now() + ASK_SECONDS;
    int first = first_place(p->stepper);
    int asked = 0, places = p->stepper->now.length - first;
    for (int at = p->stepper->now.length - 1; at >= first; at--) {
        if (clock_now() > end)
            break;
        for (int k = p->kind == SECOND_NONE ? 0 : 1; k >= 0; k--) {
            const struct sight *s = &p->sights[k];
            if (at < s->stepper->now.length && has_weights(p, s->contestant))
                stepper_guess(s->stepper, at, s->contestant,
                              look_expect(p->models[s->contestant], s->stepper, at));
        }
        asked++;
    }
    if (asked < places)
        snprintf(p->message, sizeof p->message,
                 "asked at the newest %d of %d places: more would take too long", asked, places);
}

void prober_ask_window(struct prober *p)
{
    struct stepper *both[] = {p->stepper, p->branch};
    double end = clock_now() + WINDOW_SECONDS;
    int length = p->stepper->now.length, first = first_place(p->stepper);
    int from = length - p->stepper->context > first ? length - p->stepper->context : first;

    if (!has_weights(p, p->focus))
        return;
    for (int at = length - 1; at >= from && clock_now() < end; at--)
        for (int k = 0; k < 2; k++)
            if (both[k]->guess[p->focus][at] < 0)
                stepper_guess(both[k], at, p->focus, look_expect(p->models[p->focus], both[k], at));
}
