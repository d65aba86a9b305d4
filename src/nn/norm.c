#include "nn/norm.h"

#include <stdio.h>
#include <string.h>
#include "base/team.h"

static const real norm_eps = (real)1e-5;

int norm_add(struct norm *n, struct param_table *table, const char *name, enum norm_kind kind,
             int width)
{
    *n = (struct norm){.kind = kind, .width = width, .gain = -1, .bias = -1};
    char full[PARAM_NAME];
    if (kind == NORM_NONE)
        return 0;
    snprintf(full, sizeof full, "%s.weight", name);
    n->gain = param_add(table, full, width, 0, 0, 1, 0, false);
    if (n->gain < 0 || kind == NORM_RMS || table->no_biases)
        return n->gain < 0 ? (int)n->gain : 0;
    snprintf(full, sizeof full, "%s.bias", name);
    n->bias = param_add(table, full, width, 0, 0, 0, 0, false);
    return n->bias < 0 ? (int)n->bias : 0;
}

void norm_forward(const struct norm *n, const struct kern *k, const real *weights, int first,
                  int last, real *y, real *hat, real *inverse, const real *x)
{
    int c = n->width;
    if (n->kind == NORM_NONE) {
        memcpy(y + (size_t)first * c, x + (size_t)first * c,
               (size_t)(last - first) * c * sizeof *y);
        return;
    }
    for (int r = first; r < last; r++) {
        size_t at = (size_t)r * c;
        if (n->kind == NORM_LAYER)
            k->layer_norm(c, y + at, hat + at, inverse + r, x + at, weights + n->gain,
                          n->bias >= 0 ? weights + n->bias : NULL, norm_eps);
        else
            k->rms_norm(c, y + at, hat + at, inverse + r, x + at, weights + n->gain, norm_eps);
    }
}

void norm_backward(const struct norm *n, const struct kern *k, const real *weights, int first,
                   int last, real *dx, const real *dy, const real *hat, const real *inverse)
{
    int c = n->width;
    for (int r = first; r < last; r++) {
        size_t at = (size_t)r * c;
        if (n->kind == NORM_LAYER)
            k->layer_norm_back(c, dx + at, dy + at, hat + at, inverse[r], weights + n->gain);
        else if (n->kind == NORM_RMS)
            k->rms_norm_back(c, dx + at, dy + at, hat + at, inverse[r], weights + n->gain);
        else
            k->add(c, dx + at, dy + at);
    }
}

void norm_gradient(const struct norm *n, const struct kern *k, real *gradients, int rows,
                   const real *dy, const real *hat, int part, int parts)
{
    if (n->kind == NORM_NONE)
        return;
    int c = n->width, first = team_first(part, parts, c, 4);
    int width = team_first(part + 1, parts, c, 4) - first;
    k->column_dots(rows, width, gradients + n->gain + first, dy + first, hat + first, c);
    if (n->bias >= 0)
        k->column_sums(rows, width, gradients + n->bias + first, dy + first, c);
}
