#include "view/plot.h"

#include <math.h>

void points_take(struct points *out, const struct series *s, const struct curve_options *o)
{
    double average = 0, weight = 0, keep = 0;
    uint32_t samples = 0; /* that `keep` is for: most buckets hold equally many */
    out->count = 0;
    for (int i = 0; i < s->count; i++) {
        const struct bucket *b = &s->buckets[i];
        if (b->samples == 0 && b->lost == 0)
            continue;
        double step = (double)i * (double)s->span + (double)(s->span - 1) / 2;
        if (i == s->count - 1 && step > (double)s->last_step)
            step = (double)s->last_step; /* the newest bucket is not full yet */
        struct point *p = &out->at[out->count++];
        p->x = o->axis == AXIS_SECONDS   ? b->seconds
               : o->axis == AXIS_SAMPLES ? step * o->per_step
                                         : step;
        p->lost = b->lost > 0;
        if (b->samples == 0) {
            p->low = p->high = p->mean = p->smooth = NAN;
            continue;
        }
        p->low = b->low;
        p->high = b->high;
        p->mean = b->mean;
        if (b->samples != samples)
            keep = o->smooth > 0 ? pow(o->smooth, samples = b->samples) : 0;
        average = keep * average + (1 - keep) * b->mean;
        weight = keep * weight + (1 - keep);
        p->smooth = average / weight;
    }
}

const struct point *points_nearest(const struct points *all, double x)
{
    const struct point *best = NULL;
    for (int i = 0; i < all->count; i++)
        if (!best || fabs(all->at[i].x - x) < fabs(best->x - x))
            best = &all->at[i];
    return best;
}
