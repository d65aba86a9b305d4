#include "model/models/patches.h"

#include <math.h>
#include "base/team.h"

int patches_add(struct patches *p, struct param_table *table, struct work *work, int side,
                int patch, int width, int sequences, enum position_kind position)
{
    int across = side / patch, area = patch * patch;
    *p = (struct patches){.side = side, .patch = patch, .count = across * across, .width = width};
    const char *in = "patch", *time = "time";
    int code = linear_add(&p->in, table, work, &in, 1, 1, area, width, true);
    if (!code)
        code = linear_add(&p->time, table, work, &time, 1, 1, width, width, true);
    if (!code) /* no symbols: only what tells positions apart */
        code = embed_add(&p->place, table, work, 0, width, p->count + 1, EMBEDDING_ONEHOT, position);
    size_t numbers = (size_t)p->count * (size_t)sequences * (size_t)area;
    work_want(work, &p->sines, (size_t)sequences * (size_t)width);
    work_want(work, &p->pixels, numbers);
    work_want(work, &p->noise, numbers);
    return code;
}

void patches_pack(const struct patches *p, const struct kern *k, const real *weights, int part,
                  int parts)
{
    linear_pack(&p->in, k, weights, part, parts);
    linear_pack(&p->time, k, weights, part, parts);
}

/* Where patch row r = patch * B + b begins in images (B, side^2). */
static size_t corner_of(const struct patches *p, int sequences, int r)
{
    int patch = r / sequences, across = p->side / p->patch;
    size_t image = (size_t)(r % sequences) * p->side * p->side;
    return image + (size_t)(patch / across * p->side + patch % across) * p->patch;
}

static void take_sines(const struct patches *p, int time, real *row)
{
    for (int j = 0; j < p->width; j++) {
        double angle = time / pow(10000, (j - j % 2) / (double)p->width);
        row[j] = (real)(j % 2 ? cos(angle) : sin(angle));
    }
}

static void take_pixels(const struct patches *p, const struct batch *batch, int r)
{
    const float *from = batch->image + corner_of(p, batch->sequences, r);
    real *to = p->pixels + (size_t)r * p->patch * p->patch;
    for (int y = 0; y < p->patch; y++, from += p->side)
        for (int x = 0; x < p->patch; x++)
            *to++ = (real)from[x];
}

void patches_forward(const struct patches *p, const struct kern *k, const real *weights,
                     const struct batch *batch, int first, int last, real *x)
{
    int B = batch->sequences, times = last < B ? last : B, r = first > B ? first : B;
    for (int b = first; b < times; b++)
        take_sines(p, batch->time[b], p->sines + (size_t)b * p->width);
    if (first < times)
        linear_forward(&p->time, k, weights, &(struct grid){1, B, 1}, first, times, false, x,
                       p->sines);
    for (int at = r; at < last; at++)
        take_pixels(p, batch, at - B);
    if (r < last)
        linear_forward(&p->in, k, weights, &(struct grid){p->count, B, p->count}, r - B, last - B,
                       false, x + (size_t)B * p->width, p->pixels);
    const real *place = p->place.pos >= 0 ? weights + p->place.pos : p->place.table;
    for (int at = first; at < last && place; at++)
        k->add(p->width, x + (size_t)at * p->width, place + (size_t)(at / B) * p->width);
}

void patches_gradient(const struct patches *p, const struct kern *k, real *gradients,
                      int sequences, const real *dx, int part, int parts)
{
    size_t c = (size_t)p->width, B = (size_t)sequences;
    linear_gradient(&p->time, k, gradients, &(struct grid){1, sequences, 1}, p->sines, dx, part,
                 parts);
    linear_gradient(&p->in, k, gradients, &(struct grid){p->count, sequences, p->count}, p->pixels,
                 dx + B * c, part, parts);
    embed_gradient(&p->place, k, gradients, NULL, p->count + 1, sequences, dx,
                   (struct embed_layout){B * c, c}, part, parts);
}

void patches_to_images(const struct patches *p, int sequences, int first, int last, real *images)
{
    for (int r = first; r < last; r++) {
        real *to = images + corner_of(p, sequences, r);
        const real *from = p->noise + (size_t)r * p->patch * p->patch;
        for (int y = 0; y < p->patch; y++, to += p->side)
            for (int x = 0; x < p->patch; x++)
                to[x] = *from++;
    }
}

void patches_from_images(const struct patches *p, int sequences, int first, int last,
                         const real *images)
{
    for (int r = first; r < last; r++) {
        const real *from = images + corner_of(p, sequences, r);
        real *to = p->noise + (size_t)r * p->patch * p->patch;
        for (int y = 0; y < p->patch; y++, from += p->side)
            for (int x = 0; x < p->patch; x++)
                *to++ = from[x];
    }
}
