#include "model/models/model_ops.h"

#include "model/models/transformer_net.h"

/* Weights of their own at every position unless model.groups says how many groups. */
static int resolve(struct config *config, struct failure *why)
{
    return transformer_resolve(config, config->task.context, why);
}

const struct model_ops model_cisformer_ops = {
    .name = "cisformer",
    .help = "the transformer with weights of its own at every position (reconstructed)",
    .has_attention = true,
    .resolve = resolve,
    .build = transformer_build,
    .release = transformer_release,
    .forward = transformer_forward,
    .backward = transformer_backward,
    .attention = transformer_attention,
    .features = transformer_features,
    .lens = transformer_lens,
};
