/* How images enter a transformer and noise leaves it: a token for the time, then one for every patch,
   row by row (Dosovitskiy 2021, Bao 2023). */
#ifndef HEED_MODEL_PATCHES_H
#define HEED_MODEL_PATCHES_H

#include "core/batch.h"
#include "nn/embed.h"
#include "nn/linear.h"

/* Rows of the stream are position-major: those of the time first, then patch by patch. */
struct patches {
    int side, patch, count; /* pixels along an image and along a patch; patches P of an image */
    int width;              /* C */
    struct linear in, time; /* p^2 -> C, C -> C */
    struct embed place;     /* positions alone */
    real *sines;            /* (B, C) of the times (Vaswani 2017) */
    real *pixels;           /* (P, B, p^2) */
    real *noise;            /* (P, B, p^2) the head's output, or its gradient */
};

/* Add patch.weight, patch.bias, time.weight, time.bias and pos.weight as asked; want the buffers for
   `sequences` images. 0 or a negative enum err. */
int patches_add(struct patches *p, struct param_table *table, struct work *work, int side,
                int patch, int width, int sequences, enum position_kind position);
void patches_pack(const struct patches *p, const struct kern *k, const real *weights, int part,
                  int parts);
/* The stream x (1 + P, B, C) of a batch, rows first..last-1. */
void patches_forward(const struct patches *p, const struct kern *k, const real *weights,
                     const struct batch *batch, int first, int last, real *x);
/* This part's share of the gradients from dx. */
void patches_gradient(const struct patches *p, const struct kern *k, real *gradients,
                      int sequences, const real *dx, int part, int parts);
/* Patches that are rows first..last-1 of p->noise, to or from images (B, side^2). */
void patches_to_images(const struct patches *p, int sequences, int first, int last, real *images);
void patches_from_images(const struct patches *p, int sequences, int first, int last,
                         const real *images);

#endif
