#include "nn/linear.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/team.h"

enum { GRAIN = 8 }; /* output rows that one thread takes at least: a tile of the product */

static int group_of(const struct linear *l, const struct grid *g, int position)
{
    return (int)((long)position * l->groups / g->span);
}

/* First position of a group: the smallest t with t * G / T >= group, at most T'. */
static int group_first(const struct linear *l, const struct grid *g, int group)
{
    int t = (int)(((long)group * g->span + l->groups - 1) / l->groups);
    return t < g->positions ? t : g->positions;
}

/* Parameters of piece i; bias NULL: none. */
static int add_piece(struct linear *l, struct param_table *table, int i, const char *weight,
                     const char *bias)
{
    double std = 1 / sqrt(l->in);
    l->weight[i] = l->groups > 1
                       ? param_add(table, weight, l->groups, l->width, l->in, 0, std, true)
                       : param_add(table, weight, l->width, l->in, 0, 0, std, true);
    l->bias[i] = -1;
    if (l->weight[i] < 0 || !bias)
        return l->weight[i] < 0 ? (int)l->weight[i] : 0;
    l->bias[i] = l->groups > 1 ? param_add(table, bias, l->groups, l->width, 0, 0, 0, false)
                               : param_add(table, bias, l->width, 0, 0, 0, 0, false);
    return l->bias[i] < 0 ? (int)l->bias[i] : 0;
}

static void start(struct linear *l, struct work *work, int pieces, int groups, int in, int width)
{
    *l = (struct linear){
        .groups = groups, .in = in, .out = pieces * width, .pieces = pieces, .width = width};
    work_want(work, &l->packed, (size_t)groups * (size_t)in * (size_t)l->out);
}

int linear_add(struct linear *l, struct param_table *table, struct work *work,
               const char *const *names, int pieces, int groups, int in, int width, bool bias)
{
    start(l, work, pieces, groups, in, width);
    int code = 0;
    for (int i = 0; i < pieces && !code; i++) {
        char weight_name[PARAM_NAME], bias_name[PARAM_NAME];
        snprintf(weight_name, sizeof weight_name, "%s.weight", names[i]);
        snprintf(bias_name, sizeof bias_name, "%s.bias", names[i]);
        code = add_piece(l, table, i, weight_name, bias ? bias_name : NULL);
    }
    return code;
}

int linear_add_one(struct linear *l, struct param_table *table, struct work *work,
                   const char *weight, const char *bias, int in, int width)
{
    start(l, work, 1, 1, in, width);
    return add_piece(l, table, 0, weight, bias);
}

void linear_pack(const struct linear *l, const struct kern *k, const real *weights, int part,
                 int parts)
{
    size_t matrix = (size_t)l->width * (size_t)l->in;
    int lines = l->groups * l->out;
    int first = team_first(part, parts, lines, GRAIN);
    int last = team_first(part + 1, parts, lines, GRAIN);
    while (first < last) {
        int group = first / l->out, row = first % l->out;
        int piece = row / l->width, inner = row % l->width;
        int rows = l->width - inner < last - first ? l->width - inner : last - first;
        k->transpose(rows, l->in, l->packed + (size_t)group * l->in * l->out + row, l->out,
                     weights + l->weight[piece] + group * matrix + (size_t)inner * l->in, l->in);
        first += rows;
    }
}

static void start_row(const struct linear *l, const struct kern *k, const real *weights, int group,
                      bool accumulate, real *y)
{
    for (int i = 0; i < l->pieces; i++) {
        const real *bias = weights + l->bias[i] + (size_t)group * l->width;
        if (accumulate)
            k->add(l->width, y + i * l->width, bias);
        else
            memcpy(y + i * l->width, bias, (size_t)l->width * sizeof *y);
    }
}

void linear_forward(const struct linear *l, const struct kern *k, const real *weights,
                    const struct grid *g, int first, int last, bool accumulate, real *y,
                    const real *x)
{
    while (first < last) {
        int group = group_of(l, g, first / g->sequences);
        int end = group_first(l, g, group + 1) * g->sequences;
        if (end > last)
            end = last;
        bool biased = l->bias[0] >= 0;
        if (biased)
            for (int r = first; r < end; r++)
                start_row(l, k, weights, group, accumulate, y + (size_t)r * l->out);
        k->gemm(end - first, l->out, l->in, accumulate || biased, y + (size_t)first * l->out,
                l->out, x + (size_t)first * l->in, l->in, 1,
                l->packed + (size_t)group * l->in * l->out, l->out);
        first = end;
    }
}

void linear_backward(const struct linear *l, const struct kern *k, const real *weights,
                     const struct grid *g, int first, int last, bool accumulate, real *dx,
                     const real *dy)
{
    size_t matrix = (size_t)l->width * (size_t)l->in;
    while (first < last) {
        int group = group_of(l, g, first / g->sequences);
        int end = group_first(l, g, group + 1) * g->sequences;
        if (end > last)
            end = last;
        for (int i = 0; i < l->pieces; i++)
            k->gemm(end - first, l->in, l->width, accumulate || i > 0, dx + (size_t)first * l->in,
                    l->in, dy + (size_t)first * l->out + i * l->width, l->out, 1,
                    weights + l->weight[i] + group * matrix, l->in);
        first = end;
    }
}

void linear_gradient(const struct linear *l, const struct kern *k, real *gradients,
                     const struct grid *g, const real *x, const real *dy, int part, int parts)
{
    size_t matrix = (size_t)l->width * (size_t)l->in;
    int lines = l->groups * l->out;
    int first = team_first(part, parts, lines, GRAIN);
    int last = team_first(part + 1, parts, lines, GRAIN);
    while (first < last) {
        int group = first / l->out, column = first % l->out;
        int piece = column / l->width, inner = column % l->width;
        int m = l->width - inner < last - first ? l->width - inner : last - first;
        size_t row = (size_t)group_first(l, g, group) * g->sequences;
        int rows = (int)((size_t)group_first(l, g, group + 1) * g->sequences - row);
        if (rows > 0)
            k->gemm(m, l->in, rows, 1,
                    gradients + l->weight[piece] + group * matrix + (size_t)inner * l->in, l->in,
                    dy + row * l->out + column, 1, l->out, x + row * l->in, l->in);
        first += m;
    }
}

void linear_bias_gradient(const struct linear *l, const struct kern *k, real *gradients,
                          const struct grid *g, const real *dy, int part, int parts)
{
    if (l->bias[0] < 0)
        return;
    int lines = l->groups * l->out;
    int first = team_first(part, parts, lines, GRAIN);
    int last = team_first(part + 1, parts, lines, GRAIN);
    while (first < last) {
        int group = first / l->out, column = first % l->out;
        int piece = column / l->width, inner = column % l->width;
        int n = l->width - inner < last - first ? l->width - inner : last - first;
        real *sum = gradients + l->bias[piece] + (size_t)group * l->width + inner;
        int end = group_first(l, g, group + 1) * g->sequences;
        for (int r = group_first(l, g, group) * g->sequences; r < end; r++)
            k->add(n, sum, dy + (size_t)r * l->out + column);
        first += n;
    }
}
