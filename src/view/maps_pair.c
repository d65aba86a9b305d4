/* Maps that are kept, and the difference of two contestants' maps. */
#include "view/maps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void maps_forget(struct probe_snapshot *p)
{
    if (!p)
        return;
    maps_forget(p->second);
    free(p->weight);
    free(p->score_z);
    free(p);
}

/* A picture without its second; NULL without memory. */
static struct probe_snapshot *copy_one(const struct probe_snapshot *p)
{
    struct probe_snapshot *copy = malloc(sizeof *copy);
    size_t bytes = p->map_floats * sizeof(float);
    if (!copy)
        return NULL;
    *copy = *p;
    copy->second = NULL;
    copy->weight = malloc(bytes + 1);
    copy->score_z = malloc(bytes + 1);
    if (!copy->weight || !copy->score_z) {
        maps_forget(copy);
        return NULL;
    }
    if (bytes > 0) {
        memcpy(copy->weight, p->weight, bytes);
        memcpy(copy->score_z, p->score_z, bytes);
    }
    return copy;
}

struct probe_snapshot *maps_keep(const struct probe_snapshot *p)
{
    struct probe_snapshot *copy = copy_one(p);
    if (copy && p->second_kind != SECOND_NONE) {
        copy->second = copy_one(p->second);
        if (!copy->second) {
            maps_forget(copy);
            return NULL;
        }
    }
    return copy;
}

/* Room for `floats` in each map. A window that grows is rare, so this hardly ever allocates. */
static bool make_room(struct ui *ui, size_t floats)
{
    struct probe_snapshot *d = ui->map.delta;
    if (d && ui->map.delta_floats >= floats)
        return true;
    maps_forget(d);
    ui->map.delta_floats = floats;
    d = ui->map.delta = calloc(1, sizeof *d);
    if (d) {
        d->weight = malloc(floats * sizeof(float));
        d->score_z = malloc(floats * sizeof(float));
    }
    if (d && d->weight && d->score_z)
        return true;
    maps_forget(d);
    ui->map.delta = NULL;
    return false;
}

const char *maps_no_difference(const struct probe_snapshot *p, char *out, size_t size)
{
    if (p->second_kind != SECOND_VERSUS)
        snprintf(out, size, "a difference needs two contestants: v chooses the second");
    else if (!p->second->ready)
        maps_message(p->second, out, size);
    else if (p->second->layers == 0 || p->second->positions != p->positions)
        snprintf(out, size, "%s has no attention: v chooses another", p->second->name);
    else
        return NULL;
    return out;
}

/* The maps that both pictures hold, numbered by the heads that both have. They lie side by side, for
   each picture holds a range of its own. */
static int common_maps(const struct probe_snapshot *a, const struct probe_snapshot *b, int layers,
                       int heads, int *first)
{
    int count = 0;
    for (int map = layers * heads - 1; map >= 0; map--) {
        if (!maps_has(a, map / heads, map % heads) || !maps_has(b, map / heads, map % heads))
            continue;
        *first = map;
        count++;
    }
    return count;
}

/* Layers and heads that both have; the first's less the second's. */
static const struct probe_snapshot *subtract(struct ui *ui, const struct probe_snapshot *a)
{
    const struct probe_snapshot *b = a->second;
    int layers = a->layers < b->layers ? a->layers : b->layers;
    int heads = a->heads < b->heads ? a->heads : b->heads;
    size_t one = (size_t)a->positions * (size_t)a->positions;
    int begin, count = common_maps(a, b, layers, heads, &begin);
    if (count == 0 || !make_room(ui, (size_t)count * one))
        return NULL;
    struct probe_snapshot *d = ui->map.delta;
    float *weight = d->weight, *score = d->score_z;
    *d = *a;
    d->second = NULL;
    d->second_kind = SECOND_NONE;
    d->weight = weight;
    d->score_z = score;
    d->layers = layers;
    d->heads = heads;
    d->map_first = begin;
    d->map_count = count;
    d->map_floats = (size_t)count * one;
    char first[NAME_TEXT], second[NAME_TEXT];
    chrome_short_name(first, sizeof first, a->name, 20);
    chrome_short_name(second, sizeof second, b->name, 20);
    snprintf(d->name, sizeof d->name, "%.20s less %.20s", first, second);
    for (int l = 0; l < layers; l++)
        if (strcmp(a->layer_attention[l], b->layer_attention[l]) != 0)
            d->layer_attention[l][0] = 0;
    for (int k = 0; k < count; k++) {
        size_t at = (size_t)k * one;
        int l = (begin + k) / heads, h = (begin + k) % heads;
        const float *wa = maps_weight(a, l, h), *wb = maps_weight(b, l, h);
        const float *za = maps_score(a, l, h), *zb = maps_score(b, l, h);
        for (size_t i = 0; i < one; i++) {
            weight[at + i] = wa[i] - wb[i];
            score[at + i] = za[i] - zb[i];
        }
    }
    d->signed_weights = true;
    return d;
}

const struct probe_snapshot *maps_shown(struct ui *ui, const struct probe_snapshot *live)
{
    const struct probe_snapshot *p = ui->map.frozen ? ui->map.frozen : live;
    char text[LOG_TEXT + NAME_TEXT + 8];
    ui->map.subtracted = false;
    if (!ui->map.difference || maps_missing(p, text, sizeof text) ||
        maps_no_difference(p, text, sizeof text))
        return p;
    const struct probe_snapshot *d = subtract(ui, p);
    ui->map.subtracted = d != NULL;
    return d ? d : p;
}
