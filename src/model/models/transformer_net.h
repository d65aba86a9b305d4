/* The network that transformer, cisformer and uvit share: blocks of attention and feed-forward maps
   whose weights come in G groups of positions. Of a model that reads images, patches come in and noise
   goes out, attention is not causal, and long skips join the blocks. */
#ifndef HEED_MODEL_TRANSFORMER_NET_H
#define HEED_MODEL_TRANSFORMER_NET_H

#include "model/model.h"
#include "model/models/patches.h"
#include "model/models/skips.h"
#include "nn/attention.h"
#include "nn/embed.h"
#include "nn/linear.h"
#include "nn/norm.h"
#include "nn/work.h"

/* A place between two maps where the stream x is handed on: out = norm(x). With norms after the
   maps (model.where = post) the stream itself goes on as `out`. */
struct stage {
    struct norm norm;
    bool replaces;             /* the stream continues as out */
    real *out, *hat, *inverse; /* (rows, C), (rows, C), (rows) */
    real *dout;                /* (rows, C) */
};

struct block {
    const struct attn_ops *ops;
    struct attention attention;
    struct attention_maps maps;
    struct linear qkv, o, up, down; /* up: gate and value side by side if gated */
    real *heads;                    /* (rows, 3 C): q, k, v */
    real *mixed;                    /* (rows, C) */
    real *pre, *act;                /* (rows, pieces F), (rows, F) */
};

struct transformer {
    struct work work;
    int layers, width, ffn; /* L, C, F */
    enum activation activation;
    struct embed embed;
    struct patches patches; /* in place of embed, if the model reads images */
    struct skips skips;     /* none for a model that reads symbols */
    struct attention attention; /* the scratch that all blocks share */
    struct block *blocks;       /* (L) */
    struct stage *stages; /* (2 L + 1): before attention, before feed-forward, ..., before head */
    struct linear head;
    real *x; /* (rows, C) the residual stream */
    /* Of a model that does not train: the stream at the last position, behind each stage, and room to
       read it with the head. */
    real *ends;                              /* (2 L + 1, B, C) */
    real *end_out, *end_hat, *end_inverse;   /* (B, C), (B, C), (B) */
    /* Gradients; layers take turns, so heads need two (see transformer_backward). */
    real *dx;                 /* (rows, C) of the stream */
    real *dstage[3];          /* (rows, C): before attention, before feed-forward, before head */
    real *dx_down, *dx_o;     /* (rows, C) what reached the outputs of down and o */
    real *dact, *dpre;        /* (rows, F), (rows, pieces F) */
    real *dmixed, *dheads[2]; /* (rows, C), (rows, 3 C) */
};

int transformer_build(struct model *model, struct failure *why);
void transformer_release(struct model *model);
void transformer_forward(struct model *model, const struct batch *batch);
void transformer_backward(struct model *model, const struct batch *batch);
void transformer_attention(const struct model *model, int layer, int head, int sequence,
                           float *weight, float *score);
const real *transformer_features(const struct model *model);
void transformer_lens(const struct model *model, int row, real *logits);
/* Checks of both kinds, and autos; `groups` where model.groups is auto. */
int transformer_resolve(struct config *config, int groups, struct failure *why);

#endif
