#include "train/draw.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include "core/alphabet.h"

/* The most probable symbol that is not taken yet. */
static int best_left(const real *logits, int n, const bool *taken)
{
    int best = -1;
    for (int v = 0; v < n; v++)
        if (!taken[v] && (best < 0 || logits[v] > logits[best]))
            best = v;
    return best;
}

int draw_symbol(const struct drawing *d, const real *logits, int n, struct rng *rng)
{
    bool taken[MAX_SYMBOLS] = {false};
    double share[MAX_SYMBOLS], sum = 0;
    assert(n > 0 && n <= MAX_SYMBOLS);
    int top = best_left(logits, n, taken), last = top;
    if (d->temperature <= 0)
        return top;
    bool all = d->top_k <= 0 || d->top_k >= n;
    for (int k = 0; k < d->top_k && !all; k++)
        taken[best_left(logits, n, taken)] = true;
    for (int v = 0; v < n; v++) {
        bool open = all || taken[v];
        share[v] = open ? exp((double)(logits[v] - logits[top]) / d->temperature) : 0;
        sum += share[v];
        last = open ? v : last;
    }
    double at = rng_uniform(rng) * sum;
    for (int v = 0; v < n; v++) {
        at -= share[v];
        if (at < 0)
            return v;
    }
    return last; /* rounding */
}
