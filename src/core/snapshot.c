#include "core/snapshot.h"

#include <math.h>
#include <stdio.h>

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

size_t probe_map_need(const struct race_config *race, bool all)
{
    size_t capacity = probe_map_capacity(race), longest = 0;
    for (int i = 0; i < race->count; i++) {
        const struct config *c = &race->contestants[i];
        size_t context = cast_has_attention(c->model.kind) ? (size_t)c->task.context : 0;
        longest = context > longest ? context : longest;
    }
    return all || capacity <= PROBE_MAPS_AT_ONCE ? capacity : longest * longest;
}

double exam_change_value(struct exam_change c, int64_t n, double *half)
{
    if (n <= 0)
        return *half = NAN;
    /* Paired shares: each window gives -1, 0 or +1. Two windows more, half a one of each of the four
       kinds that a pair of answers has. */
    double most = (double)n + 2, mean = (double)(c.won - c.lost) / most;
    double square = (double)(c.won + c.lost + 1) / most;
    *half = 1.959963984540054 * sqrt((square - mean * mean) / most);
    return (double)(c.won - c.lost) / (double)n;
}

void lens_place(int row, char out[LENS_PLACE])
{
    if (row == 0)
        snprintf(out, LENS_PLACE, "embedding");
    else
        snprintf(out, LENS_PLACE, row % 2 ? "attention %d" : "layer %d", (row + 1) / 2);
}
