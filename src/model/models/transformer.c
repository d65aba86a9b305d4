#include "model/models/model_ops.h"

#include "model/models/transformer_net.h"

static int resolve(struct config *config, struct failure *why)
{
    return transformer_resolve(config, 1, why);
}

const struct model_ops model_transformer_ops = {
    .name = "transformer",
    .help = "attention and feed-forward blocks, the same weights at every position",
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
