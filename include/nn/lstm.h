/* One LSTM layer (Hochreiter 1997, with a forget gate), weights as PyTorch's nn.LSTM. */
#ifndef HEED_NN_LSTM_H
#define HEED_NN_LSTM_H

#include <stdbool.h>
#include "base/real.h"
#include "kern/kern.h"
#include "nn/linear.h"
#include "nn/param.h"
#include "nn/work.h"

/* i, f, o = sigmoid, g = tanh of x W_ih^T + b_ih + h' W_hh^T + b_hh (gate order i f g o);
   c = f c' + i g; h = o tanh(c). States before the first position are 0. The buffers with one
   position more begin with that zero state; B is that of the forward pass. */
struct lstm {
    int width;                     /* hidden size C, also of the input */
    struct linear ih, hh;          /* (4 C, C) each */
    real *pre, *gates, *tanh_cell; /* (rows, 4 C) before and after the functions; (rows, C) */
    real *cells, *hiddens;         /* (T + 1, B, C) */
    real *dgates, *dhiddens;       /* (rows, 4 C), (T + 1, B, C) */
    real *dcell;                   /* (B, C) */
};

/* Add lstm.weight_ih_l<layer>, weight_hh, bias_ih, bias_hh and want the buffers. */
int lstm_add(struct lstm *l, struct param_table *table, struct work *work, int layer, int width,
             int positions, int sequences, bool training);
/* The outputs (T', B', C). */
real *lstm_hidden(const struct lstm *l, const struct grid *g);
/* Where the gradient of the outputs (T', B', C) is expected; lstm_backward overwrites it. */
real *lstm_dhidden(const struct lstm *l, const struct grid *g);
/* All positions of the sequences b0..b1-1. */
void lstm_forward(struct lstm *l, const struct kern *k, const real *weights, const struct grid *g,
                  int b0, int b1, const real *x);
/* dx (rows, C) from lstm_dhidden. */
void lstm_backward(struct lstm *l, const struct kern *k, const real *weights, const struct grid *g,
                   int b0, int b1, real *dx);
/* This part's share of the weights' gradients. */
void lstm_gradient(const struct lstm *l, const struct kern *k, real *gradients,
                   const struct grid *g, const real *x, int part, int parts);

#endif
