#include "model/models/transformer_net.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model/models/model_ops.h"
#include "nn/ffn.h"

/* Maps (z and w) of a layer that are kept for backward; above this they are computed again. */
static const size_t maps_limit = (size_t)64 << 20;

/* What attn.kind and model.position ask of each other and of a head's width. Kept ends are dpa,
   which asks less than any variant. */
static int check_heads(const struct config *c, struct failure *why)
{
    const struct attn_ops *ops;
    int code = attn_by_name(c->attn.kind, &ops, why);
    if (code)
        return code;
    int width = c->model.dim / c->model.heads, scores = attn_scores(ops);
    if (width % scores)
        return fail(why, ERR_USAGE,
                    "attn.kind: %s halves a head, whose width model.dim / model.heads is %d: "
                    "choose an even one",
                    ops->name, width);
    bool turns = c->model.position == POSITION_ROPE, leans = c->model.position == POSITION_ALIBI;
    if (turns && width / scores % 2)
        return fail(why, ERR_USAGE,
                    "model.position: rope turns pairs of numbers, and the queries of %d heads are "
                    "%d wide: choose model.dim and model.heads so that this is even",
                    c->model.heads, width / scores);
    if (turns && ops->feature)
        return fail(why, ERR_USAGE,
                    "model.position: rope turns queries and keys, which attention %s bends: choose "
                    "learned, sinusoidal or none",
                    ops->name);
    if (leans && !ops->grows)
        return fail(why, ERR_USAGE,
                    "model.position: alibi lowers the scores of far keys, and a lower score does "
                    "not always weigh less in attention %s: choose another position",
                    ops->name);
    return 0;
}

int transformer_resolve(struct config *c, int groups, struct failure *why)
{
    if (c->model.dim % c->model.heads)
        return fail(why, ERR_USAGE,
                    "model.heads: %d does not divide model.dim %d: choose a divisor",
                    c->model.heads, c->model.dim);
    int code = check_heads(c, why);
    if (code)
        return code;
    if (c->model.groups == SETTING_AUTO)
        c->model.groups = groups;
    if (c->model.groups > c->task.context)
        return fail(
            why, ERR_USAGE,
            "model.groups: %d is more than the %d positions of task.context: choose 1 to %d",
            c->model.groups, c->task.context, c->task.context);
    return 0;
}

/* attn.scale belongs to attn.kind; a kept end has dpa's own. */
static double layer_scale(const struct model *m, int layer)
{
    const struct attn_ops *ops = model_layer_attention(m, layer);
    if (strcmp(ops->name, m->config.attn.kind) == 0)
        return m->config.attn.scale;
    return attn_default_scale(ops, m->config.model.dim / m->config.model.heads);
}

/* Queries and keys start so that scores z = scale q.k of normalised inputs have variance 1,
   whatever the scale: N(0, 1/fan_in) for the usual 1/sqrt(D), narrower for scale 1, where z^2 / (1
   + z^2) would begin on its flat part. var z = scale^2 D var(q)^2. */
static void balance_scores(struct param *query, double scale, int query_width)
{
    double shrink = sqrt(scale * sqrt(query_width));
    for (int i = 0; i < 2; i++)
        query[i].std /= shrink; /* the query's weight, and the key's that follows it */
}

static int add_attention(const struct model *m, struct transformer *n, struct param_table *t,
                         int layer, int groups)
{
    char names[4][PARAM_NAME];
    const char *qkv[3] = {names[0], names[1], names[2]}, *o = names[3];
    for (int i = 0; i < 4; i++)
        snprintf(names[i], sizeof names[i], "layers.%d.attn.%c", layer, "qkvo"[i]);
    struct block *b = &n->blocks[layer];
    int query = t->count, heads = m->config.model.heads;
    int width = n->width / heads / attn_scores(model_layer_attention(m, layer));
    int code = linear_add(&b->qkv, t, &n->work, qkv, 3, groups, n->width, n->width, false);
    if (!code)
        balance_scores(&t->list[query], layer_scale(m, layer), width);
    return code ? code : linear_add(&b->o, t, &n->work, &o, 1, groups, n->width, n->width, false);
}

static int add_ffn(struct transformer *n, struct param_table *t, int layer, int groups)
{
    char names[3][PARAM_NAME];
    const char *in[2] = {names[0], names[1]}, *down = names[2];
    int pieces = activation_pieces(n->activation);
    snprintf(names[0], sizeof names[0], "layers.%d.ffn.%s", layer, pieces == 2 ? "gate" : "up");
    snprintf(names[1], sizeof names[1], "layers.%d.ffn.up", layer);
    snprintf(names[2], sizeof names[2], "layers.%d.ffn.down", layer);
    struct block *b = &n->blocks[layer];
    int code = linear_add(&b->up, t, &n->work, in, pieces, groups, n->width, n->ffn, true);
    return code ? code
                : linear_add(&b->down, t, &n->work, &down, 1, groups, n->ffn, n->width, true);
}

/* Stage s normalises before map s; with norms after the maps, what map s - 1 gave. */
static int add_norm(struct transformer *n, struct param_table *t, const struct config *c, int layer,
                    bool ffn)
{
    char name[PARAM_NAME];
    bool post = c->model.where == NORM_POST;
    struct stage *s = &n->stages[2 * layer + ffn + post];
    snprintf(name, sizeof name, "layers.%d.%s_norm", layer, ffn ? "ffn" : "attn");
    s->replaces = post;
    return norm_add(&s->norm, t, name, (enum norm_kind)c->model.norm, n->width);
}

static int add_entrance(struct model *m, struct transformer *n)
{
    const struct config *c = &m->config;
    enum position_kind position = (enum position_kind)c->model.position;
    if (m->ops->reads_images)
        return patches_add(&n->patches, &m->params, &n->work, c->task.side, c->model.patch,
                           n->width, m->max_sequences, position);
    return embed_add(&n->embed, &m->params, &n->work, m->symbols, n->width, m->max_positions,
                     (enum embedding_kind)c->model.embedding, position);
}

static int add_parameters(struct model *m, struct transformer *n)
{
    const struct config *c = &m->config;
    struct param_table *t = &m->params;
    int in_attn = c->model.groups_in != GROUPS_IN_FFN ? c->model.groups : 1;
    int in_ffn = c->model.groups_in != GROUPS_IN_ATTN ? c->model.groups : 1;
    int code = add_entrance(m, n);
    for (int l = 0; l < n->layers && !code; l++) {
        if (!(code = skips_add(&n->skips, t, &n->work, l)) &&
            !(code = add_attention(m, n, t, l, in_attn)) && !(code = add_norm(n, t, c, l, false)) &&
            !(code = add_ffn(n, t, l, in_ffn)))
            code = add_norm(n, t, c, l, true);
    }
    /* Without a norm of its own a stage hands the stream on; after post-norm blocks the last one
       has normalised it already. */
    bool post = c->model.where == NORM_POST;
    struct stage *bare = &n->stages[post ? 0 : 2 * n->layers];
    enum norm_kind kind = post ? NORM_NONE : (enum norm_kind)c->model.norm;
    if (!code)
        code = norm_add(&bare->norm, t, "norm", kind, n->width);
    const char *head = "head";
    int out = m->ops->reads_images ? c->model.patch * c->model.patch : m->symbols;
    return code ? code : linear_add(&n->head, t, &n->work, &head, 1, 1, n->width, out, true);
}

/* A forward-only model keeps what it shows (q, k, v of each layer) and reuses the rest. */
static void want_forward(const struct model *m, struct transformer *n, size_t rows)
{
    struct work *w = &n->work;
    size_t c = (size_t)n->width, f = (size_t)n->ffn;
    work_want(w, &n->x, rows * c);
    attention_plan(&n->attention, w, m->config.model.heads, n->width / m->config.model.heads,
                   m->max_positions, team_size(m->team), m->config.attn.scale);
    attention_place(&n->attention, w, (enum position_kind)m->config.model.position);
    n->attention.full = m->ops->reads_images;
    skips_want(&n->skips, w, rows, m->training);
    for (int s = 0; s <= 2 * n->layers && (m->training || s == 0); s++) {
        work_want(w, &n->stages[s].out, rows * c);
        work_want(w, &n->stages[s].hat, rows * c);
        work_want(w, &n->stages[s].inverse, rows);
    }
    for (int l = 0; l < n->layers; l++) {
        struct block *b = &n->blocks[l];
        work_want(w, &b->heads, rows * 3 * c);
        if (!m->training && l > 0)
            continue;
        work_want(w, &b->mixed, rows * c);
        work_want(w, &b->pre, rows * f * activation_pieces(n->activation));
        work_want(w, &b->act, rows * f);
        if (m->training)
            attention_want_maps(&n->attention, model_layer_attention(m, l), &b->maps, w,
                                m->max_sequences, maps_limit);
    }
}

static void want_ends(const struct model *m, struct transformer *n)
{
    size_t rows = (size_t)m->max_sequences, c = (size_t)n->width;
    work_want(&n->work, &n->ends, (2 * (size_t)n->layers + 1) * rows * c);
    work_want(&n->work, &n->end_out, rows * c);
    work_want(&n->work, &n->end_hat, rows * c);
    work_want(&n->work, &n->end_inverse, rows);
}

static void want_backward(struct transformer *n, size_t rows)
{
    struct work *w = &n->work;
    size_t c = (size_t)n->width, f = (size_t)n->ffn;
    work_want(w, &n->dx, rows * c);
    for (int i = 0; i < 3; i++)
        work_want(w, &n->dstage[i], rows * c);
    work_want(w, &n->dx_down, rows * c);
    work_want(w, &n->dx_o, rows * c);
    work_want(w, &n->dact, rows * f);
    work_want(w, &n->dpre, rows * f * activation_pieces(n->activation));
    work_want(w, &n->dmixed, rows * c);
    work_want(w, &n->dheads[0], rows * 3 * c);
    work_want(w, &n->dheads[1], rows * 3 * c);
}

static void share(const struct model *m, struct transformer *n)
{
    skips_share(&n->skips, m->training);
    for (int s = 0; s <= 2 * n->layers; s++) {
        struct stage *to = &n->stages[s];
        to->dout = n->dstage[s == 2 * n->layers ? 2 : s % 2];
        if (m->training)
            continue;
        to->out = n->stages[0].out;
        to->hat = n->stages[0].hat;
        to->inverse = n->stages[0].inverse;
    }
    for (int l = 0; l < n->layers; l++) {
        struct block *b = &n->blocks[l];
        b->ops = attn_for(model_layer_attention(m, l), m->kern->isa);
        b->attention = n->attention;
        b->attention.scale = (real)layer_scale(m, l);
        if (m->training)
            continue;
        b->mixed = n->blocks[0].mixed;
        b->pre = n->blocks[0].pre;
        b->act = n->blocks[0].act;
    }
}

int transformer_build(struct model *m, struct failure *why)
{
    struct transformer *n = calloc(1, sizeof *n);
    if (!n)
        return model_fail(m, ERR_MEMORY, why);
    m->state = n;
    n->layers = m->config.model.layers;
    n->width = m->config.model.dim;
    n->ffn = m->config.model.ffn;
    n->activation = (enum activation)m->config.model.activation;
    n->blocks = calloc((size_t)n->layers, sizeof *n->blocks);
    n->stages = calloc(2 * (size_t)n->layers + 1, sizeof *n->stages);
    bool long_skips = m->ops->reads_images;
    if (!n->blocks || !n->stages || (long_skips && skips_init(&n->skips, n->layers, n->width)))
        return model_fail(m, ERR_MEMORY, why);
    size_t rows = (size_t)m->max_positions * (size_t)m->max_sequences;
    int code = add_parameters(m, n);
    want_forward(m, n, rows);
    if (m->training)
        want_backward(n, rows);
    else if (m->ops->lens)
        want_ends(m, n);
    if (!code)
        code = work_take(&n->work, m->share);
    if (code)
        return model_fail(m, code, why);
    embed_prepare(m->ops->reads_images ? &n->patches.place : &n->embed);
    attention_prepare(&n->attention);
    share(m, n);
    return 0;
}

void transformer_release(struct model *m)
{
    struct transformer *n = m->state;
    if (!n)
        return;
    work_release(&n->work);
    skips_release(&n->skips);
    free(n->blocks);
    free(n->stages);
    free(n);
    m->state = NULL;
}
