#include "nn/param.h"

#include <stdlib.h>
#include <string.h>
#include "base/text.h"

enum { PARAM_GRAIN = 16 }; /* numbers: 64 bytes of float, so that no vector straddles two tensors */

void param_table_release(struct param_table *t)
{
    free(t->list);
    *t = (struct param_table){0};
}

ptrdiff_t param_add(struct param_table *t, const char *name, int d0, int d1, int d2, double mean,
                    double std, bool decay)
{
    if (t->count == PARAM_MAX)
        return ERR_USAGE;
    if (t->count == t->capacity) {
        int capacity = t->capacity ? 2 * t->capacity : 32;
        struct param *list = realloc(t->list, (size_t)capacity * sizeof *list);
        if (!list)
            return ERR_MEMORY;
        t->list = list;
        t->capacity = capacity;
    }
    struct param *p = &t->list[t->count];
    *p = (struct param){
        .shape = {d0, d1, d2}, .mean = mean, .std = std, .decay = decay, .offset = t->total};
    if (!text_copy(p->name, sizeof p->name, name))
        return ERR_USAGE;
    p->rank = d2 ? 3 : d1 ? 2 : 1;
    p->size = (size_t)d0 * (size_t)(d1 ? d1 : 1) * (size_t)(d2 ? d2 : 1);
    t->total += (p->size + PARAM_GRAIN - 1) / PARAM_GRAIN * PARAM_GRAIN;
    t->count++;
    return (ptrdiff_t)p->offset;
}

const struct param *param_find(const struct param_table *t, const char *name)
{
    for (int i = 0; i < t->count; i++)
        if (!strcmp(t->list[i].name, name))
            return &t->list[i];
    return NULL;
}

size_t param_learned(const struct param_table *t)
{
    size_t n = 0;
    for (int i = 0; i < t->count; i++)
        n += t->list[i].size;
    return n;
}

void param_init(const struct param_table *t, real *weights, struct rng *rng)
{
    memset(weights, 0, t->total * sizeof *weights);
    for (int i = 0; i < t->count; i++) {
        const struct param *p = &t->list[i];
        for (size_t j = 0; j < p->size; j++)
            weights[p->offset + j] = (real)(p->mean + (p->std > 0 ? p->std * rng_normal(rng) : 0));
    }
}
