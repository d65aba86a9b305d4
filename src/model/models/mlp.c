#include "model/models/model_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include "nn/embed.h"
#include "nn/ffn.h"
#include "nn/linear.h"

struct layer {
    struct linear map;
    real *pre, *act, *dact, *dpre; /* (B, hidden) */
};

struct net {
    struct work work;
    int layers, hidden;
    enum activation activation;
    struct embed embed;
    struct layer *layer; /* (L) */
    struct linear head;
    real *x, *dx; /* (B, T C): the window's embeddings side by side */
};

struct job {
    struct model *m;
    struct net *n;
    struct grid grid; /* one position: a row is a whole window */
    struct embed_layout at;
    const int32_t *tokens;
};

static int resolve(struct config *c, struct failure *why)
{
    if (c->model.activation == ACT_SILU_GATED)
        return fail(why, ERR_USAGE,
                    "model.activation: silu-gated needs a gate, which the mlp has "
                    "not: choose gelu, relu or tanh");
    if (c->model.layers == SETTING_AUTO)
        c->model.layers = 2;
    return 0;
}

static void release(struct model *m)
{
    struct net *n = m->state;
    if (!n)
        return;
    work_release(&n->work);
    free(n->layer);
    free(n);
    m->state = NULL;
}

static int add_layer(struct model *m, struct net *n, int i, size_t rows)
{
    char name[PARAM_NAME];
    snprintf(name, sizeof name, "mlp.%d", i);
    const char *names[] = {name};
    struct layer *l = &n->layer[i];
    size_t count = rows * (size_t)n->hidden;
    work_want(&n->work, &l->pre, count);
    work_want(&n->work, &l->act, count);
    if (m->training) {
        work_want(&n->work, &l->dact, count);
        work_want(&n->work, &l->dpre, count);
    }
    int in = i ? n->hidden : m->max_positions * m->config.model.dim;
    return linear_add(&l->map, &m->params, &n->work, names, 1, 1, in, n->hidden, true);
}

static int build(struct model *m, struct failure *why)
{
    struct net *n = calloc(1, sizeof *n);
    if (!n)
        return model_fail(m, ERR_MEMORY, why);
    m->state = n;
    n->layers = m->config.model.layers;
    n->hidden = m->config.model.hidden;
    n->activation = (enum activation)m->config.model.activation;
    n->layer = calloc((size_t)n->layers, sizeof *n->layer);
    if (!n->layer)
        return model_fail(m, ERR_MEMORY, why);
    int c = m->config.model.dim;
    size_t rows = (size_t)m->max_sequences, wide = (size_t)m->max_positions * (size_t)c;
    int code = embed_add(&n->embed, &m->params, &n->work, m->symbols, c, m->max_positions,
                         (enum embedding_kind)m->config.model.embedding, POSITION_NONE);
    for (int i = 0; i < n->layers && !code; i++)
        code = add_layer(m, n, i, rows);
    const char *head = "head";
    if (!code)
        code = linear_add(&n->head, &m->params, &n->work, &head, 1, 1, n->hidden, m->symbols, true);
    work_want(&n->work, &n->x, rows * wide);
    if (m->training)
        work_want(&n->work, &n->dx, rows * wide);
    if (!code)
        code = work_take(&n->work, m->share);
    return code ? model_fail(m, code, why) : 0;
}

static struct job job_of(struct model *m, const int32_t *tokens)
{
    size_t c = (size_t)m->config.model.dim;
    return (struct job){m, m->state, {1, m->sequences, 1}, {c, (size_t)m->positions * c}, tokens};
}

static void pack_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    for (int i = 0; i < j->n->layers; i++)
        linear_pack(&j->n->layer[i].map, j->m->kern, j->m->weights, part, parts);
    linear_pack(&j->n->head, j->m->kern, j->m->weights, part, parts);
}

/* Input of layer i; of the head for i = L. */
static const real *input_of(const struct job *j, int i)
{
    return i ? j->n->layer[i - 1].act : j->n->x;
}

static void forward_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    struct net *n = j->n;
    const struct kern *k = j->m->kern;
    const real *w = j->m->weights;
    int b0 = team_first(part, parts, j->grid.sequences, 8);
    int b1 = team_first(part + 1, parts, j->grid.sequences, 8);
    embed_forward(&n->embed, k, w, j->tokens, j->grid.sequences, 0, j->m->positions, b0, b1, n->x,
                  j->at);
    for (int i = 0; i < n->layers; i++) {
        struct layer *l = &n->layer[i];
        linear_forward(&l->map, k, w, &j->grid, b0, b1, false, l->pre, input_of(j, i));
        activation_forward(n->activation, k, b0, b1, n->hidden, j->m->training, l->act, l->pre);
    }
    linear_forward(&n->head, k, w, &j->grid, b0, b1, false, j->m->logits, input_of(j, n->layers));
}

static void forward(struct model *m, const struct batch *batch)
{
    struct job j = job_of(m, batch->tokens);
    team_run(m->team, pack_part, &j);
    team_run(m->team, forward_part, &j);
}

static void backward_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    struct net *n = j->n;
    const struct kern *k = j->m->kern;
    const real *w = j->m->weights;
    int b0 = team_first(part, parts, j->grid.sequences, 8);
    int b1 = team_first(part + 1, parts, j->grid.sequences, 8);
    linear_backward(&n->head, k, w, &j->grid, b0, b1, false, n->layer[n->layers - 1].dact,
                    j->m->dlogits);
    for (int i = n->layers - 1; i >= 0; i--) {
        struct layer *l = &n->layer[i];
        activation_backward(n->activation, k, b0, b1, n->hidden, l->dpre, l->dact, l->pre, l->act);
        linear_backward(&l->map, k, w, &j->grid, b0, b1, false, i ? l[-1].dact : n->dx, l->dpre);
    }
}

static void gradient_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    struct net *n = j->n;
    const struct kern *k = j->m->kern;
    real *gradients = j->m->gradients;
    for (int i = 0; i < n->layers; i++) {
        const struct layer *l = &n->layer[i];
        linear_gradient(&l->map, k, gradients, &j->grid, input_of(j, i), l->dpre, part, parts);
    }
    linear_gradient(&n->head, k, gradients, &j->grid, input_of(j, n->layers), j->m->dlogits, part,
                    parts);
    embed_gradient(&n->embed, k, gradients, j->tokens, j->m->positions, j->m->sequences, n->dx,
                   j->at, part, parts);
}

static void backward(struct model *m, const struct batch *batch)
{
    struct job j = job_of(m, batch->tokens);
    team_run(m->team, backward_part, &j);
    team_run(m->team, gradient_part, &j);
}

const struct model_ops model_mlp_ops = {
    .name = "mlp",
    .help = "the window's embeddings side by side through hidden layers; next symbol only",
    .last_only = true,
    .learning_rate = 1e-2,
    .resolve = resolve,
    .build = build,
    .release = release,
    .forward = forward,
    .backward = backward,
};
