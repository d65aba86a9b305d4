#include "core/snapshot.h"

#include <math.h>

size_t probe_map_capacity(const struct race_config *race)
{
    size_t largest = 0;
    for (int i = 0; i < race->count; i++) {
        const struct config *c = &race->contestants[i];
        if (!cast_has_attention(c->model.kind))
            continue;
        size_t layers = c->model.layers == SETTING_AUTO ? 1 : (size_t)c->model.layers;
        size_t context = (size_t)c->task.context;
        size_t need = layers * (size_t)c->model.heads * context * context;
        if (need > largest)
            largest = need;
    }
    return largest < PROBE_MAP_LIMIT ? largest : PROBE_MAP_LIMIT;
}

double exam_change_value(struct exam_change c, int64_t n, double *half)
{
    /* Paired shares: each window gives -1, 0 or +1. */
    double mean = n > 0 ? (double)(c.won - c.lost) / (double)n : NAN;
    double square = n > 0 ? (double)(c.won + c.lost) / (double)n : NAN;
    *half = 1.959963984540054 * sqrt((square - mean * mean) / (double)n);
    return mean;
}
