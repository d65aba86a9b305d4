#include "nn/linear.h"

#include <math.h>
#include <stdio.h>
#include "base/team.h"

enum {
    GRAIN = 8,                  /* output rows that one thread takes at least: a tile */
    PANEL = 2 * KERN_LANES_MAX, /* columns of the widest instruction set's panels */
    BACK_PACKED = 32            /* inputs beyond which the way back is packed too */
};

/* Numbers of (rows, cols) in panels. */
static size_t panels_size(int rows, int cols)
{
    return (size_t)rows * (size_t)((cols + PANEL - 1) / PANEL * PANEL);
}

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
    if (l->weight[i] < 0 || !bias || table->no_biases)
        return l->weight[i] < 0 ? (int)l->weight[i] : 0;
    l->bias[i] = l->groups > 1 ? param_add(table, bias, l->groups, l->width, 0, 0, 0, false)
                               : param_add(table, bias, l->width, 0, 0, 0, 0, false);
    return l->bias[i] < 0 ? (int)l->bias[i] : 0;
}

static void start(struct linear *l, struct work *work, int pieces, int groups, int in, int width)
{
    *l = (struct linear){
        .groups = groups, .in = in, .out = pieces * width, .pieces = pieces, .width = width};
    work_want(work, &l->packed, (size_t)groups * panels_size(in, l->out));
    if (groups == 1 && in > BACK_PACKED)
        work_want(work, &l->back, panels_size(l->out, in));
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

/* Rows row.. of all pieces' (out, in), which are rows inner.. of w: columns of the forward panels.
 */
static void pack_rows(const struct linear *l, const struct kern *k, int group, int row, int rows,
                      const real *w)
{
    int panel = 2 * k->lanes, column = row % panel;
    real *packed = l->packed + (size_t)group * panels_size(l->in, l->out);
    k->transpose(rows, l->in, packed + (size_t)(row - column) * l->in + column, panel, w, l->in);
    if (!l->back)
        return;
    for (int j = 0; j < l->in; j += panel)
        k->copy_scaled(rows, l->in - j < panel ? l->in - j : panel,
                       l->back + (size_t)j * l->out + (size_t)row * panel, panel, w + j, l->in, 1);
}

void linear_pack(const struct linear *l, const struct kern *k, const real *weights, int part,
                 int parts)
{
    int lines = l->groups * l->out, panel = 2 * k->lanes;
    int first = team_first(part, parts, lines, GRAIN);
    int last = team_first(part + 1, parts, lines, GRAIN);
    while (first < last) {
        int group = first / l->out, row = first % l->out;
        int inner = row % l->width, rows = l->width - inner;
        size_t at = ((size_t)group * l->width + (size_t)inner) * l->in;
        if (rows > panel - row % panel)
            rows = panel - row % panel;
        if (rows > last - first)
            rows = last - first;
        pack_rows(l, k, group, row, rows, weights + l->weight[row / l->width] + at);
        first += rows;
    }
}

/* How many of the rows first..last-1 follow each other in the group of the first. */
static int rows_together(const struct linear *l, const struct grid *g, int first, int last,
                         int *group)
{
    *group = group_of(l, g, first / g->sequences);
    int end = group_first(l, g, *group + 1) * g->sequences;
    return (end < last ? end : last) - first;
}

/* y of rows that share a group; the biases of several pieces do not stand side by side. */
static void group_forward(const struct linear *l, const struct kern *k, const real *weights,
                          int group, int rows, bool accumulate, real *y, const real *x)
{
    const real *packed = l->packed + (size_t)group * panels_size(l->in, l->out);
    const real *start = NULL;
    if (l->bias[0] >= 0 && l->pieces == 1)
        start = weights + l->bias[0] + (size_t)group * l->width;
    k->gemm_panels(rows, l->out, l->in, accumulate, y, l->out, x, l->in, 1, packed, start);
    if (l->bias[0] < 0 || l->pieces == 1)
        return;
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < l->pieces; i++)
            k->add(l->width, y + (size_t)r * l->out + i * l->width,
                   weights + l->bias[i] + (size_t)group * l->width);
}

void linear_forward(const struct linear *l, const struct kern *k, const real *weights,
                    const struct grid *g, int first, int last, bool accumulate, real *y,
                    const real *x)
{
    for (int rows, group; first < last; first += rows) {
        rows = rows_together(l, g, first, last, &group);
        group_forward(l, k, weights, group, rows, accumulate, y + (size_t)first * l->out,
                      x + (size_t)first * l->in);
    }
}

static void group_backward(const struct linear *l, const struct kern *k, const real *weights,
                           int group, int rows, bool accumulate, real *dx, const real *dy)
{
    size_t matrix = (size_t)l->width * (size_t)l->in;
    if (l->back) {
        k->gemm_panels(rows, l->in, l->out, accumulate, dx, l->in, dy, l->out, 1, l->back, NULL);
        return;
    }
    for (int i = 0; i < l->pieces; i++)
        k->gemm(rows, l->in, l->width, accumulate || i > 0, dx, l->in, dy + i * l->width, l->out, 1,
                weights + l->weight[i] + group * matrix, l->in);
}

void linear_backward(const struct linear *l, const struct kern *k, const real *weights,
                     const struct grid *g, int first, int last, bool accumulate, real *dx,
                     const real *dy)
{
    for (int rows, group; first < last; first += rows) {
        rows = rows_together(l, g, first, last, &group);
        group_backward(l, k, weights, group, rows, accumulate, dx + (size_t)first * l->in,
                       dy + (size_t)first * l->out);
    }
}

/* The weights' gradient of `count` outputs from `column` on, and the biases', over the group's
 * rows. */
static void lines_gradient(const struct linear *l, const struct kern *k, real *gradients,
                           const struct grid *g, const real *x, const real *dy, int group,
                           int column, int count)
{
    int piece = column / l->width;
    size_t line = (size_t)group * l->width + (size_t)(column % l->width);
    size_t row = (size_t)group_first(l, g, group) * g->sequences;
    int rows = (int)((size_t)group_first(l, g, group + 1) * g->sequences - row);
    if (rows == 0)
        return;
    dy += row * l->out + column;
    k->gemm(count, l->in, rows, 1, gradients + l->weight[piece] + line * l->in, l->in, dy, 1,
            l->out, x + row * l->in, l->in);
    if (l->bias[0] >= 0)
        k->column_sums(rows, count, gradients + l->bias[piece] + line, dy, l->out);
}

void linear_gradient(const struct linear *l, const struct kern *k, real *gradients,
                     const struct grid *g, const real *x, const real *dy, int part, int parts)
{
    int lines = l->groups * l->out;
    int first = team_first(part, parts, lines, GRAIN);
    int last = team_first(part + 1, parts, lines, GRAIN);
    for (int count; first < last; first += count) {
        int column = first % l->out, rest = l->width - column % l->width;
        count = rest < last - first ? rest : last - first;
        lines_gradient(l, k, gradients, g, x, dy, first / l->out, column, count);
    }
}
