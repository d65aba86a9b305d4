#include "model/model.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "model/models/model_ops.h"
#include "nn/attention.h"
#include "nn/loss.h"

static const struct model_ops *const registry[] = {
#define MODEL(id) &model_##id##_ops,
#include "model/models/model_list.h"
#undef MODEL
    NULL};

const struct model_ops *const *model_registry(void)
{
    return registry;
}

int model_by_name(const char *name, const struct model_ops **out, struct failure *why)
{
    const char *words[sizeof registry / sizeof *registry];
    int count = 0;
    for (int i = 0; registry[i]; i++) {
        if (!strcmp(name, registry[i]->name)) {
            *out = registry[i];
            return 0;
        }
        words[count++] = registry[i]->name;
    }
    int near = text_nearest(name, words, count);
    if (near >= 0)
        return fail(why, ERR_USAGE, "model.kind: no model \"%s\": did you mean %s?", name,
                    words[near]);
    return fail(why, ERR_USAGE, "model.kind: no model \"%s\": `heed list models` names them", name);
}

int model_resolve(struct config *config, struct failure *why)
{
    const struct model_ops *ops;
    const struct attn_ops *attn;
    int code = model_by_name(config->model.kind, &ops, why);
    if (code || (code = attn_by_name(config->attn.kind, &attn, why)))
        return code;
    text_copy(config->attn.kind, sizeof config->attn.kind, attn->name);
    if ((code = ops->resolve(config, why)))
        return code;
    if (config->model.layers == SETTING_AUTO)
        config->model.layers = 1;
    if (config->model.ffn == SETTING_AUTO)
        config->model.ffn = 4 * config->model.dim;
    if (config->model.groups == SETTING_AUTO)
        config->model.groups = 1;
    if (config->attn.keep_ends == KEEP_ENDS_AUTO)
        config->attn.keep_ends =
            !strcmp(attn->name, "cog") && config->model.layers >= 3 ? KEEP_ENDS_YES : KEEP_ENDS_NO;
    if (config->attn.scale == SETTING_AUTO) {
        int width = config->model.dim / config->model.heads;
        config->attn.scale = attn_default_scale(attn, width > 0 ? width : 1);
    }
    if (config->train.learning_rate == SETTING_AUTO)
        config->train.learning_rate =
            ops->learning_rate > 0 ? ops->learning_rate : attn->learning_rate;
    return 0;
}

int model_fail(const struct model *model, int code, struct failure *why)
{
    if (code == ERR_USAGE)
        return fail(why, ERR_USAGE,
                    "model.layers: %d layers need more than %d tensors: choose fewer",
                    model->config.model.layers, PARAM_MAX);
    return fail(why, code,
                "model %s: not enough memory for %d windows of %d: choose a smaller "
                "train.batch, task.context or model.dim",
                model->ops->name, model->max_sequences, model->max_positions);
}

/* Whether each sequence has one row of logits instead of one for every position. */
static bool has_one_row(const struct model *m)
{
    return m->ops->last_only || m->ops->reads_images;
}

/* What the built parameters and sizes decide: the blocks. */
static int take_blocks(struct model *m)
{
    size_t rows = (size_t)m->max_sequences * (has_one_row(m) ? 1 : (size_t)m->max_positions);
    m->weights = aligned_zeroed(m->params.total, sizeof(real));
    m->logits = aligned_zeroed(rows * m->symbols, sizeof(real));
    m->row_loss = aligned_zeroed(rows, sizeof(real));
    if (!m->weights || !m->logits || !m->row_loss)
        return ERR_MEMORY;
    if (!m->training)
        return 0;
    m->gradients = m->share ? m->share->gradients : aligned_zeroed(m->params.total, sizeof(real));
    m->dlogits = aligned_zeroed(rows * m->symbols, sizeof(real));
    return m->gradients && m->dlogits ? 0 : ERR_MEMORY;
}

static int create(struct model **out, const struct config *config, int symbols, int max_sequences,
                  bool training, const struct kern *kern, struct team *team,
                  struct work_share *share, struct failure *why)
{
    const struct model_ops *ops;
    *out = NULL;
    int code = model_by_name(config->model.kind, &ops, why);
    if (code)
        return code;
    if (!ops->reads_images && config->model.embedding == EMBEDDING_ONEHOT &&
        config->model.dim < symbols)
        return fail(why, ERR_USAGE,
                    "model.dim: %d is less than the %d symbols that model.embedding = onehot feeds "
                    "in as they are: choose %d or more",
                    config->model.dim, symbols, symbols);
    struct model *m = calloc(1, sizeof *m);
    if (!m)
        return fail(why, ERR_MEMORY, "model %s: not enough memory", ops->name);
    *m = (struct model){.ops = ops,
                        .config = *config,
                        .symbols = symbols,
                        .max_positions = config->task.context,
                        .max_sequences = max_sequences,
                        .training = training,
                        .kern = kern,
                        .team = team,
                        .share = share};
    m->params.no_biases = config->model.bias == BIAS_NO;
    code = ops->build(m, why);
    if (code) {
        model_free(m);
        return code;
    }
    *out = m;
    return 0;
}

int model_new_sharing(struct model **out, const struct config *config, int symbols,
                      int max_sequences, bool training, const struct kern *kern, struct team *team,
                      struct work_share *share, struct failure *why)
{
    int code = create(out, config, symbols, max_sequences, training, kern, team, share, why);
    if (!code && (code = take_blocks(*out))) {
        model_fail(*out, code, why);
        model_free(*out);
        *out = NULL;
    }
    return code;
}

int model_new(struct model **out, const struct config *config, int symbols, int max_sequences,
              bool training, const struct kern *kern, struct team *team, struct failure *why)
{
    return model_new_sharing(out, config, symbols, max_sequences, training, kern, team, NULL, why);
}

int model_note_need(const struct config *config, int symbols, int max_sequences, bool training,
                    const struct kern *kern, struct team *team, struct work_share *share,
                    struct failure *why)
{
    struct model *m;
    int code = create(&m, config, symbols, max_sequences, training, kern, team, share, why);
    if (code)
        return code;
    if (training && m->params.total > share->most_gradients)
        share->most_gradients = m->params.total;
    model_free(m);
    return 0;
}

void model_free(struct model *m)
{
    if (!m)
        return;
    m->ops->release(m);
    param_table_release(&m->params);
    free(m->weights);
    if (!m->share)
        free(m->gradients);
    free(m->logits);
    free(m->dlogits);
    free(m->row_loss);
    free(m);
}

void model_init(struct model *m)
{
    struct rng rng;
    rng_seed(&rng, (uint64_t)m->config.train.seed, RNG_INIT, 0);
    param_init(&m->params, m->weights, &rng);
}

int64_t model_parameters(const struct model *m)
{
    return (int64_t)param_learned(&m->params);
}

void model_forward_batch(struct model *m, const struct batch *batch)
{
    int positions = m->ops->reads_images ? m->max_positions : batch->positions;
    assert(positions > 0 && positions <= m->max_positions);
    assert(batch->sequences > 0 && batch->sequences <= m->max_sequences);
    assert(!m->ops->last_only || positions == m->max_positions);
    assert(batch->pixels == (m->ops->reads_images ? m->symbols : 0));
    assert(!m->changes || !m->training);
    m->positions = positions;
    m->sequences = batch->sequences;
    m->logit_positions = has_one_row(m) ? 1 : positions;
    m->ops->forward(m, batch);
}

void model_forward(struct model *m, const int32_t *tokens, int positions, int sequences)
{
    struct batch window = {
        .positions = positions, .sequences = sequences, .tokens = (int32_t *)tokens};
    model_forward_batch(m, &window);
}

double model_loss(struct model *m, const struct batch *batch, int *scored)
{
    assert(batch->sequences == m->sequences);
    if (m->ops->reads_images) {
        *scored = m->sequences;
        return loss_squared_error(m->team, m->sequences, m->symbols, m->row_loss, m->dlogits,
                                  m->logits, batch->noise);
    }
    assert(batch->positions == m->positions);
    size_t first = (size_t)(m->positions - m->logit_positions) * m->sequences;
    return loss_cross_entropy(m->kern, m->team, m->logit_positions * m->sequences, m->symbols,
                              m->row_loss, m->dlogits, m->logits, batch->targets + first,
                              batch->scored + first, scored);
}

void model_backward(struct model *m, const struct batch *batch)
{
    assert(m->training);
    m->ops->backward(m, batch);
}

void model_zero_gradients(struct model *m)
{
    memset(m->gradients, 0, m->params.total * sizeof *m->gradients);
}

int model_attention_layers(const struct model *m)
{
    return m->ops->has_attention ? m->config.model.layers : 0;
}

const struct attn_ops *model_layer_attention(const struct model *m, int layer)
{
    bool end = layer == 0 || layer == m->config.model.layers - 1;
    const struct attn_ops *ops = NULL;
    attn_by_name(end && m->config.attn.keep_ends == KEEP_ENDS_YES ? "dpa" : m->config.attn.kind,
                 &ops, NULL);
    assert(ops);
    return ops;
}

int model_lens_rows(const struct model *m)
{
    return m->ops->lens && !m->training ? 2 * m->config.model.layers + 1 : 0;
}

void model_lens(const struct model *m, int row, real *logits)
{
    assert(row >= 0 && row < model_lens_rows(m));
    m->ops->lens(m, row, logits);
}

double model_attention_products(const struct model *m, int positions)
{
    const struct attention shape = {.heads = m->config.model.heads,
                                    .width = m->config.model.dim / m->config.model.heads,
                                    .span = m->max_positions,
                                    .full = m->ops->reads_images};
    double products = 0;
    for (int l = 0; l < model_attention_layers(m); l++)
        products += attention_products(&shape, model_layer_attention(m, l), positions);
    return products;
}
