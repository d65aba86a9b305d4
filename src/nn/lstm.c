#include "nn/lstm.h"

#include <stdio.h>
#include <string.h>

int lstm_add(struct lstm *l, struct param_table *table, struct work *work, int layer, int width,
             int positions, int sequences, bool training)
{
    static const char *const part[2] = {"ih", "hh"};
    *l = (struct lstm){.width = width};
    struct linear *maps[2] = {&l->ih, &l->hh};
    for (int i = 0; i < 2; i++) {
        char weight[PARAM_NAME], bias[PARAM_NAME];
        snprintf(weight, sizeof weight, "lstm.weight_%s_l%d", part[i], layer);
        snprintf(bias, sizeof bias, "lstm.bias_%s_l%d", part[i], layer);
        int code = linear_add_one(maps[i], table, work, weight, bias, width, 4 * width);
        if (code)
            return code;
    }
    size_t c = (size_t)width, b = (size_t)sequences, rows = (size_t)positions * b;
    work_want(work, &l->pre, rows * 4 * c);
    work_want(work, &l->gates, rows * 4 * c);
    work_want(work, &l->tanh_cell, rows * c);
    work_want(work, &l->cells, (rows + b) * c);
    work_want(work, &l->hiddens, (rows + b) * c);
    if (training) {
        work_want(work, &l->dgates, rows * 4 * c);
        work_want(work, &l->dhiddens, (rows + b) * c);
        work_want(work, &l->dcell, b * c);
    }
    return 0;
}

real *lstm_hidden(const struct lstm *l, const struct grid *g)
{
    return l->hiddens + (size_t)g->sequences * l->width;
}

real *lstm_dhidden(const struct lstm *l, const struct grid *g)
{
    return l->dhiddens + (size_t)g->sequences * l->width;
}

/* One row: cell and hidden state from the gates' inputs. */
static void cell_forward(struct lstm *l, const struct kern *k, size_t row, size_t sequences)
{
    size_t c = (size_t)l->width, at = row * c, next = (row + sequences) * c;
    k->lstm_cell(l->width, l->gates + 4 * at, l->cells + next, l->tanh_cell + at, l->hiddens + next,
                 l->pre + 4 * at, l->cells + at);
}

void lstm_forward(struct lstm *l, const struct kern *k, const real *weights, const struct grid *g,
                  int b0, int b1, const real *x)
{
    size_t at = (size_t)b0 * l->width, bytes = (size_t)(b1 - b0) * l->width * sizeof(real);
    memset(l->hiddens + at, 0, bytes);
    memset(l->cells + at, 0, bytes);
    for (int t = 0; t < g->positions; t++) {
        int first = t * g->sequences + b0, last = t * g->sequences + b1;
        linear_forward(&l->ih, k, weights, g, first, last, false, l->pre, x);
        linear_forward(&l->hh, k, weights, g, first, last, true, l->pre, l->hiddens);
        for (int r = first; r < last; r++)
            cell_forward(l, k, (size_t)r, (size_t)g->sequences);
    }
}

/* One row: dgates, and dcell handed to the position before. */
static void cell_backward(struct lstm *l, const struct kern *k, size_t row, size_t sequences)
{
    size_t c = (size_t)l->width, at = row * c;
    k->lstm_cell_back(l->width, l->dgates + 4 * at, l->dcell + row % sequences * c,
                      l->dhiddens + (row + sequences) * c, l->gates + 4 * at, l->tanh_cell + at,
                      l->cells + at);
}

void lstm_backward(struct lstm *l, const struct kern *k, const real *weights, const struct grid *g,
                   int b0, int b1, real *dx)
{
    memset(l->dcell + (size_t)b0 * l->width, 0, (size_t)(b1 - b0) * l->width * sizeof(real));
    for (int t = g->positions - 1; t >= 0; t--) {
        int first = t * g->sequences + b0, last = t * g->sequences + b1;
        for (int r = first; r < last; r++)
            cell_backward(l, k, (size_t)r, (size_t)g->sequences);
        if (t > 0) /* row r of dhiddens is the state before row r */
            linear_backward(&l->hh, k, weights, g, first, last, true, l->dhiddens, l->dgates);
        linear_backward(&l->ih, k, weights, g, first, last, false, dx, l->dgates);
    }
}

void lstm_gradient(const struct lstm *l, const struct kern *k, real *gradients,
                   const struct grid *g, const real *x, int part, int parts)
{
    linear_gradient(&l->ih, k, gradients, g, x, l->dgates, part, parts);
    linear_gradient(&l->hh, k, gradients, g, l->hiddens, l->dgates, part, parts);
}
