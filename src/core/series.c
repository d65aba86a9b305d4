#include "core/series.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void series_reset(struct series *s)
{
    memset(s, 0, sizeof *s);
    s->span = 1;
}

static bool is_used(const struct bucket *b)
{
    return b->samples > 0 || b->lost > 0;
}

static struct bucket merged(const struct bucket *a, const struct bucket *b)
{
    struct bucket both = a->samples ? *a : *b;
    both.seconds = is_used(b) ? b->seconds : a->seconds;
    both.samples = a->samples + b->samples;
    both.lost = a->lost + b->lost;
    if (a->samples && b->samples) {
        both.low = fminf(a->low, b->low);
        both.high = fmaxf(a->high, b->high);
        both.mean = (float)(((double)a->mean * a->samples + (double)b->mean * b->samples) /
                            ((double)a->samples + b->samples));
    }
    return both;
}

static void double_span(struct series *s)
{
    static const struct bucket empty;
    for (int i = 0; i < SERIES_BUCKETS / 2; i++)
        s->buckets[i] = merged(&s->buckets[2 * i], &s->buckets[2 * i + 1]);
    for (int i = SERIES_BUCKETS / 2; i < SERIES_BUCKETS; i++)
        s->buckets[i] = empty;
    s->span *= 2;
}

/* The bucket of `step`, which becomes the newest. */
static struct bucket *reach(struct series *s, int64_t step)
{
    assert(step >= 0 && (s->samples == 0 || step >= s->last_step));
    while (step / s->span >= SERIES_BUCKETS)
        double_span(s);
    int index = (int)(step / s->span);
    s->last_step = step;
    s->count = index + 1;
    return &s->buckets[index];
}

void series_add(struct series *s, int64_t step, double seconds, double value)
{
    struct bucket *b = reach(s, step);
    float v = (float)value;
    if (isfinite(v)) {
        b->low = b->samples ? fminf(b->low, v) : v;
        b->high = b->samples ? fmaxf(b->high, v) : v;
        b->samples++;
        b->mean += (float)(((double)v - b->mean) / b->samples);
    } else {
        b->lost++;
    }
    b->seconds = (float)seconds;
    s->samples++;
    s->last = value;
}

void spread_add(struct spread *s, double value)
{
    if (!isfinite(value)) {
        s->lost++;
        return;
    }
    s->low = s->samples ? fmin(s->low, value) : value;
    s->high = s->samples ? fmax(s->high, value) : value;
    s->samples++;
    s->mean += (value - s->mean) / (double)s->samples;
}

void series_merge(struct series *s, int64_t step, double seconds, const struct spread *many)
{
    if (many->samples + many->lost == 0)
        return;
    struct bucket *b = reach(s, step);
    struct bucket more = {.low = (float)many->low,
                          .high = (float)many->high,
                          .mean = (float)many->mean,
                          .seconds = (float)seconds,
                          .samples = (uint32_t)many->samples,
                          .lost = (uint32_t)many->lost};
    *b = merged(b, &more);
    s->samples += many->samples + many->lost;
    s->last = many->samples ? many->mean : NAN;
}

void series_rewind(struct series *s, int64_t step)
{
    if (s->samples == 0 || step >= s->last_step)
        return;
    int keep = step < 0 ? 0 : (int)(step / s->span) + 1;
    while (keep > 0 && !is_used(&s->buckets[keep - 1]))
        keep--;
    if (keep == 0) {
        series_reset(s);
        return;
    }
    memset(&s->buckets[keep], 0, sizeof s->buckets[0] * (size_t)(SERIES_BUCKETS - keep));
    s->count = keep;
    s->samples = 0;
    for (int i = 0; i < keep; i++)
        s->samples += (int64_t)s->buckets[i].samples + s->buckets[i].lost;
    s->last_step = step;
    /* The single values are gone: the last bucket's mean stands for the newest of them. */
    const struct bucket *end = &s->buckets[keep - 1];
    s->last = end->samples ? end->mean : NAN;
}

double score_value(struct score s)
{
    return s.count > 0 ? (double)s.right / (double)s.count : NAN;
}

void score_wilson(struct score s, double *low, double *high)
{
    const double z = 1.959963984540054; /* 97.5 % point of the normal distribution */
    *low = 0;
    *high = 1;
    if (s.count <= 0)
        return;
    double n = (double)s.count, p = score_value(s), share = z * z / n;
    double middle = p + share / 2;
    double half = z * sqrt(p * (1 - p) / n + share / (4 * n));
    /* At 0 and at n the ends are exact; rounding must not move them past. */
    *low = s.right == 0 ? 0 : (middle - half) / (1 + share);
    *high = s.right == s.count ? 1 : (middle + half) / (1 + share);
}

double loss_bits(double nats)
{
    static const double ln2 = 0.693147180559945309417232;
    return nats / ln2;
}

bool evaluation_of_images(const struct evaluation *e)
{
    for (int level = 0; level < MAX_LEVELS; level++)
        if (e->level_count[level])
            return true;
    return false;
}

static struct score sum_reach(const struct reach *r, bool inside)
{
    struct score sum = {0};
    for (int i = 0; i < r->count; i++) {
        if ((r->at[i] >= r->low && r->at[i] <= r->high) != inside)
            continue;
        sum.right += r->acc[i].right;
        sum.count += r->acc[i].count;
    }
    return sum;
}

struct score reach_inside(const struct reach *r)
{
    return sum_reach(r, true);
}

struct score reach_outside(const struct reach *r)
{
    return sum_reach(r, false);
}
