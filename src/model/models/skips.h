/* The long skips of a U-ViT (Bao 2023): what leaves block s goes, beside the stream, into block
   L - 1 - s, where one linear map makes a stream of both. */
#ifndef HEED_MODEL_SKIPS_H
#define HEED_MODEL_SKIPS_H

#include <stdbool.h>
#include "kern/kern.h"
#include "nn/linear.h"
#include "nn/param.h"
#include "nn/work.h"

struct skip {
    struct linear map;  /* 2 C -> C */
    real *kept, *dkept; /* (rows, C) what left block s */
    real *both, *dy;    /* (rows, 2 C) the map's input: stream, then kept; (rows, C) */
};

struct skips {
    int count, layers, width; /* (L - 1) / 2, or 0 */
    struct skip *list;        /* list[s] */
    real *dboth;              /* (rows, 2 C) */
};

/* 0 or ERR_MEMORY. */
int skips_init(struct skips *s, int layers, int width);
void skips_release(struct skips *s);
/* The skip that begins after block `layer`, or that ends before it; NULL: none. */
struct skip *skip_from(const struct skips *s, int layer);
struct skip *skip_into(const struct skips *s, int layer);
/* Add layers.<layer>.skip where one ends. 0 or a negative enum err. */
int skips_add(struct skips *s, struct param_table *table, struct work *work, int layer);
/* Want the buffers; skips_share after work_take. */
void skips_want(struct skips *s, struct work *work, size_t rows, bool training);
void skips_share(struct skips *s, bool training);
/* x (rows, C), rows first..last-1: keep them; or join them with what was kept. */
void skip_keep(const struct skips *s, struct skip *skip, int first, int last, const real *x);
void skip_join(const struct skips *s, struct skip *skip, const struct kern *k, const real *weights,
               const struct grid *g, int first, int last, real *x);
/* Backwards: dx of the joined stream becomes that of the stream before, and adds up where kept. */
void skip_divide(const struct skips *s, struct skip *skip, const struct kern *k,
                 const real *weights, const struct grid *g, int first, int last, real *dx);
void skip_return(const struct skips *s, const struct skip *skip, const struct kern *k, int first,
                 int last, real *dx);

#endif
