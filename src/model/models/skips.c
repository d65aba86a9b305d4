#include "model/models/skips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/fail.h"

int skips_init(struct skips *s, int layers, int width)
{
    *s = (struct skips){.count = (layers - 1) / 2, .layers = layers, .width = width};
    if (s->count == 0)
        return 0;
    s->list = calloc((size_t)s->count, sizeof *s->list);
    return s->list ? 0 : ERR_MEMORY;
}

void skips_release(struct skips *s)
{
    free(s->list);
    *s = (struct skips){0};
}

struct skip *skip_from(const struct skips *s, int layer)
{
    return layer >= 0 && layer < s->count ? &s->list[layer] : NULL;
}

struct skip *skip_into(const struct skips *s, int layer)
{
    return layer < s->layers ? skip_from(s, s->layers - 1 - layer) : NULL;
}

int skips_add(struct skips *s, struct param_table *table, struct work *work, int layer)
{
    struct skip *skip = skip_into(s, layer);
    char text[PARAM_NAME];
    const char *name = text;
    snprintf(text, sizeof text, "layers.%d.skip", layer);
    return skip ? linear_add(&skip->map, table, work, &name, 1, 1, 2 * s->width, s->width, true)
                : 0;
}

void skips_want(struct skips *s, struct work *work, size_t rows, bool training)
{
    size_t c = (size_t)s->width;
    for (int i = 0; i < s->count; i++) {
        struct skip *skip = &s->list[i];
        work_want(work, &skip->kept, rows * c);
        if (i == 0 || training)
            work_want(work, &skip->both, rows * 2 * c);
        if (!training)
            continue;
        work_want(work, &skip->dkept, rows * c);
        work_want(work, &skip->dy, rows * c);
    }
    if (s->count && training)
        work_want(work, &s->dboth, rows * 2 * c);
}

void skips_share(struct skips *s, bool training)
{
    for (int i = 1; i < s->count && !training; i++)
        s->list[i].both = s->list[0].both;
}

void skip_keep(const struct skips *s, struct skip *skip, int first, int last, const real *x)
{
    size_t at = (size_t)first * s->width, count = (size_t)(last - first) * s->width;
    memcpy(skip->kept + at, x + at, count * sizeof *x);
}

void skip_join(const struct skips *s, struct skip *skip, const struct kern *k, const real *weights,
               const struct grid *g, int first, int last, real *x)
{
    size_t c = (size_t)s->width;
    for (size_t r = (size_t)first; r < (size_t)last; r++) {
        memcpy(skip->both + 2 * r * c, x + r * c, c * sizeof *x);
        memcpy(skip->both + (2 * r + 1) * c, skip->kept + r * c, c * sizeof *x);
    }
    linear_forward(&skip->map, k, weights, g, first, last, false, x, skip->both);
}

void skip_divide(const struct skips *s, struct skip *skip, const struct kern *k,
                 const real *weights, const struct grid *g, int first, int last, real *dx)
{
    size_t c = (size_t)s->width, at = (size_t)first * c, count = (size_t)(last - first) * c;
    memcpy(skip->dy + at, dx + at, count * sizeof *dx);
    linear_backward(&skip->map, k, weights, g, first, last, false, s->dboth, skip->dy);
    for (size_t r = (size_t)first; r < (size_t)last; r++) {
        memcpy(dx + r * c, s->dboth + 2 * r * c, c * sizeof *dx);
        memcpy(skip->dkept + r * c, s->dboth + (2 * r + 1) * c, c * sizeof *dx);
    }
}

void skip_return(const struct skips *s, const struct skip *skip, const struct kern *k, int first,
                 int last, real *dx)
{
    for (int r = first; r < last; r++)
        k->add(s->width, dx + (size_t)r * s->width, skip->dkept + (size_t)r * s->width);
}
