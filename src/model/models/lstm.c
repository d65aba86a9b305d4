#include "model/models/model_ops.h"

#include <stdlib.h>
#include "nn/embed.h"
#include "nn/linear.h"
#include "nn/lstm.h"

struct net {
    struct work work;
    int layers;
    struct embed embed;
    struct lstm *lstm; /* (L) */
    struct linear head;
    real *x, *dx; /* (rows, C) embedded symbols */
};

struct job {
    struct model *m;
    struct net *n;
    struct grid grid;
    struct embed_layout at;
    const int32_t *tokens;
};

static int resolve(struct config *config, struct failure *why)
{
    (void)config, (void)why;
    return 0;
}

static void release(struct model *m)
{
    struct net *n = m->state;
    if (!n)
        return;
    work_release(&n->work);
    free(n->lstm);
    free(n);
    m->state = NULL;
}

static int build(struct model *m, struct failure *why)
{
    struct net *n = calloc(1, sizeof *n);
    if (!n)
        return model_fail(m, ERR_MEMORY, why);
    m->state = n;
    int c = m->config.model.dim;
    n->layers = m->config.model.layers;
    n->lstm = calloc((size_t)n->layers, sizeof *n->lstm);
    if (!n->lstm)
        return model_fail(m, ERR_MEMORY, why);
    int code = embed_add(&n->embed, &m->params, &n->work, m->symbols, c, m->max_positions,
                         (enum embedding_kind)m->config.model.embedding, POSITION_NONE);
    for (int l = 0; l < n->layers && !code; l++)
        code = lstm_add(&n->lstm[l], &m->params, &n->work, l, c, m->max_positions, m->max_sequences,
                        m->training);
    const char *head = "head";
    if (!code)
        code = linear_add(&n->head, &m->params, &n->work, &head, 1, 1, c, m->symbols, true);
    size_t rows = (size_t)m->max_positions * (size_t)m->max_sequences;
    work_want(&n->work, &n->x, rows * (size_t)c);
    if (m->training)
        work_want(&n->work, &n->dx, rows * (size_t)c);
    if (!code)
        code = work_take(&n->work, m->share);
    return code ? model_fail(m, code, why) : 0;
}

static struct job job_of(struct model *m, const int32_t *tokens)
{
    size_t c = (size_t)m->config.model.dim;
    return (struct job){m,
                        m->state,
                        {m->positions, m->sequences, m->max_positions},
                        {(size_t)m->sequences * c, c},
                        tokens};
}

static void pack_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    for (int l = 0; l < j->n->layers; l++) {
        linear_pack(&j->n->lstm[l].ih, j->m->kern, j->m->weights, part, parts);
        linear_pack(&j->n->lstm[l].hh, j->m->kern, j->m->weights, part, parts);
    }
    linear_pack(&j->n->head, j->m->kern, j->m->weights, part, parts);
}

/* Input of layer l; of the head for l = L. */
static const real *input_of(const struct job *j, int l)
{
    return l ? lstm_hidden(&j->n->lstm[l - 1], &j->grid) : j->n->x;
}

/* A thread takes its sequences from the symbols to the logits without waiting for another. */
static void forward_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    const struct kern *k = j->m->kern;
    const real *w = j->m->weights;
    int sequences = j->grid.sequences;
    int b0 = team_first(part, parts, sequences, 1), b1 = team_first(part + 1, parts, sequences, 1);
    if (b0 == b1)
        return;
    embed_forward(&j->n->embed, k, w, j->tokens, sequences, 0, j->grid.positions, b0, b1, j->n->x,
                  j->at);
    for (int l = 0; l < j->n->layers; l++)
        lstm_forward(&j->n->lstm[l], k, w, &j->grid, b0, b1, input_of(j, l));
    for (int t = 0; t < j->grid.positions; t++)
        linear_forward(&j->n->head, k, w, &j->grid, t * sequences + b0, t * sequences + b1, false,
                       j->m->logits, input_of(j, j->n->layers));
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
    int sequences = j->grid.sequences;
    int b0 = team_first(part, parts, sequences, 1), b1 = team_first(part + 1, parts, sequences, 1);
    if (b0 == b1)
        return;
    for (int t = 0; t < j->grid.positions; t++)
        linear_backward(&n->head, k, w, &j->grid, t * sequences + b0, t * sequences + b1, false,
                        lstm_dhidden(&n->lstm[n->layers - 1], &j->grid), j->m->dlogits);
    for (int l = n->layers - 1; l >= 0; l--)
        lstm_backward(&n->lstm[l], k, w, &j->grid, b0, b1,
                      l ? lstm_dhidden(&n->lstm[l - 1], &j->grid) : n->dx);
}

static void gradient_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    struct net *n = j->n;
    const struct kern *k = j->m->kern;
    real *gradients = j->m->gradients;
    for (int l = 0; l < n->layers; l++)
        lstm_gradient(&n->lstm[l], k, gradients, &j->grid, input_of(j, l), part, parts);
    linear_gradient(&n->head, k, gradients, &j->grid, input_of(j, n->layers), j->m->dlogits, part,
                    parts);
    embed_gradient(&n->embed, k, gradients, j->tokens, j->grid.positions, j->grid.sequences, n->dx,
                   j->at, part, parts);
}

static void backward(struct model *m, const struct batch *batch)
{
    struct job j = job_of(m, batch->tokens);
    team_run(m->team, backward_part, &j);
    team_run(m->team, gradient_part, &j);
}

const struct model_ops model_lstm_ops = {
    .name = "lstm",
    .help = "embedding, long short-term memory, head",
    .learning_rate = 1e-2,
    .resolve = resolve,
    .build = build,
    .release = release,
    .forward = forward,
    .backward = backward,
};
