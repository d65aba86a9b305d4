/* A model: parameters, forward, backward. Everything about one kind stands in models/<kind>.c. */
#ifndef HEED_MODEL_MODEL_H
#define HEED_MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/fail.h"
#include "base/real.h"
#include "base/team.h"
#include "core/batch.h"
#include "core/config.h"
#include "kern/kern.h"
#include "nn/attn.h"
#include "nn/param.h"
#include "nn/work.h"

struct model;

struct model_ops {
    const char *name, *help;
    bool has_attention;   /* uses attn.* */
    bool last_only;       /* predicts the symbol after a full window only (mlp) */
    bool reads_images;    /* finds the noise in images, instead of reading symbols */
    double learning_rate; /* default rate; 0: the attention's */
    /* Autos of config.model that depend on the kind, and what the kind cannot do. */
    int (*resolve)(struct config *config, struct failure *why);
    /* Fill model->params and model->state; take workspace from the heap once. */
    int (*build)(struct model *model, struct failure *why);
    void (*release)(struct model *model);
    /* tokens (T', B'), or images and times -> model->logits. */
    void (*forward)(struct model *model, const struct batch *batch);
    /* From model->dlogits; adds to model->gradients. */
    void (*backward)(struct model *model, const struct batch *batch);
    /* weights and scores (T', T') of one sequence after a forward pass; NULL without attention.
       Masked pairs are 0. score may be NULL. */
    void (*attention)(const struct model *model, int layer, int head, int sequence, float *weight,
                      float *score);
    /* What the head reads after a forward pass, (T', B', C): the final norm's vectors. NULL where
       there is none. */
    const real *(*features)(const struct model *model);
    /* As model_lens; NULL where nothing stands between the layers that the head could read. */
    void (*lens)(const struct model *model, int row, real *logits);
};

struct model {
    const struct model_ops *ops;
    struct config config; /* resolved */
    int symbols;          /* V; of a model that reads images, their pixels */
    int max_positions, max_sequences;
    bool training; /* gradients are allocated */
    const unsigned char *changes; /* (layers, heads) enum head_change of the next forward; NULL: none.
                                     Not owned; never of a model that trains */
    const struct kern *kern;
    struct team *team; /* not owned */
    struct work_share *share; /* workspace in common with others; NULL: its own. Not owned */
    struct param_table params;
    real *weights, *gradients; /* params.total each */
    int positions, sequences;  /* T', B' of the last forward */
    int logit_positions;       /* T', or 1 if last_only or reads_images */
    real *logits, *dlogits;    /* (logit_positions, B', V); the noise seen in images */
    real *row_loss;            /* (logit_positions, B') */
    void *state;               /* the kind's own */
};

const struct model_ops *const *model_registry(void);
int model_by_name(const char *name, const struct model_ops **out, struct failure *why);

/* Replace every auto of config->model, attn and train.learning_rate, and check what only the
   registries know (kinds, dim % heads, groups <= T ...). ERR_USAGE naming the key. */
int model_resolve(struct config *config, struct failure *why);

/* Build with zeroed weights for windows up to T = config->task.context, B <= max_sequences. */
int model_new(struct model **out, const struct config *config, int symbols, int max_sequences,
              bool training, const struct kern *kern, struct team *team, struct failure *why);
/* Models that take turns can have their workspace in common: note the need of each, open the share,
   then build them in it. */
int model_note_need(const struct config *config, int symbols, int max_sequences, bool training,
                    const struct kern *kern, struct team *team, struct work_share *share,
                    struct failure *why);
int model_new_sharing(struct model **out, const struct config *config, int symbols,
                      int max_sequences, bool training, const struct kern *kern, struct team *team,
                      struct work_share *share, struct failure *why);
void model_free(struct model *model);
/* Draw the initial weights from (seed, RNG_INIT). */
void model_init(struct model *model);
/* Numbers learned. */
int64_t model_parameters(const struct model *model);

/* Logits for tokens (positions, sequences). positions <= T; last_only models need positions == T. */
void model_forward(struct model *model, const int32_t *tokens, int positions, int sequences);
/* The same for a batch, which may be one of images. */
void model_forward_batch(struct model *model, const struct batch *batch);
/* Mean cross-entropy in nats over the scored targets after a forward pass; *scored gets their number.
   Of images, the mean squared error of the noise, and row_loss that of each image. With training also
   writes dlogits. The sum runs in a fixed order. */
double model_loss(struct model *model, const struct batch *batch, int *scored);
/* gradients += d loss / d weights. */
void model_backward(struct model *model, const struct batch *batch);
void model_zero_gradients(struct model *model);

/* Multiplications of all attention in one training step of one sequence: attention_products. */
double model_attention_products(const struct model *model, int positions);
/* What the final norm and the head make of the residual stream on its way ("logit lens", nostalgebraist
   2020): row 0 is the embedding, 2 l - 1 the stream after the attention of layer l, 2 l after all of
   it, counted from 1; the last row is the logits to the bit. How many rows there are; 0 for a model that
   trains or has no such stream. */
int model_lens_rows(const struct model *model);
/* logits (B', V) of one row at the last position of the newest forward pass. */
void model_lens(const struct model *model, int row, real *logits);
/* Layers and heads with attention maps; the variant's name per layer. 0 layers if none. */
int model_attention_layers(const struct model *model);
const struct attn_ops *model_layer_attention(const struct model *model, int layer);

#endif
