/* What models expected at places of the sequence that were passed before. */
#include <stdio.h>
#include "base/clock.h"
#include "train/prober_state.h"

/* How long asking at every place may take, and at those that a second picture is compared at. */
static const double ASK_SECONDS = 2, BOTH_SECONDS = 0.5;

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

void prober_ask_both(struct prober *p)
{
    struct sight *a = &p->sights[0], *b = &p->sights[1];
    double end = clock_now() + BOTH_SECONDS;
    int length = a->stepper->now.length, first = first_place(a->stepper);
    int window = length - a->stepper->context;

    if (!has_weights(p, a->contestant) || !has_weights(p, b->contestant))
        return;
    p->owes = false;
    for (int at = length - 1; at >= first && clock_now() < end; at--) {
        int16_t *one = &a->stepper->guess[a->contestant][at], *other = &b->stepper->guess[b->contestant][at];
        if (at < window && *one < 0 && *other < 0)
            continue;
        if (*one < 0)
            *one = (int16_t)look_expect(p->models[a->contestant], a->stepper, at);
        if (*other < 0)
            *other = (int16_t)look_expect(p->models[b->contestant], b->stepper, at);
    }
}
