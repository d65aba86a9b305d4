#include "model/models/model_ops.h"

#include "model/models/transformer_net.h"

enum { SIDE = 16, LAYERS = 5 };

static int resolve(struct config *c, struct failure *why)
{
    if (c->task.side == SETTING_AUTO)
        c->task.side = SIDE;
    if (c->model.layers == SETTING_AUTO)
        c->model.layers = LAYERS;
    if (c->task.side % c->model.patch)
        return fail(why, ERR_USAGE,
                    "model.patch: patches of %d pixels do not fill the %d of task.side: choose a "
                    "divisor",
                    c->model.patch, c->task.side);
    int across = c->task.side / c->model.patch;
    if (across * across + 1 > MAX_CONTEXT)
        return fail(why, ERR_USAGE,
                    "model.patch: %d makes %d patches of an image, more than %d: choose a larger "
                    "one",
                    c->model.patch, across * across, MAX_CONTEXT - 1);
    if (across * across + 1 < MIN_CONTEXT)
        return fail(why, ERR_USAGE,
                    "model.patch: %d makes %d patch%s of an image of side %d, fewer than %d: choose "
                    "a smaller one",
                    c->model.patch, across * across, across == 1 ? "" : "es", c->task.side,
                    MIN_CONTEXT - 1);
    if (c->model.position == POSITION_ROPE || c->model.position == POSITION_ALIBI)
        return fail(why, ERR_USAGE,
                    "model.position: rope and alibi count steps along a line, patches lie in rows: "
                    "choose learned, sinusoidal or none for uvit");
    if (c->model.where == NORM_POST)
        return fail(why, ERR_USAGE,
                    "model.where: the long skips of uvit join streams that no norm has changed: "
                    "choose pre");
    if (c->model.groups != SETTING_AUTO && c->model.groups != 1)
        return fail(why, ERR_USAGE,
                    "model.groups: uvit has one group of weights for all patches: choose 1");
    c->task.context = across * across + 1;
    return transformer_resolve(c, 1, why);
}

static int build(struct model *m, struct failure *why)
{
    m->symbols = m->config.task.side * m->config.task.side;
    return transformer_build(m, why);
}

const struct model_ops model_uvit_ops = {
    .name = "uvit",
    .help = "finds the noise in images: patches, a time token, long skips (Bao 2023)",
    .has_attention = true,
    .reads_images = true,
    .learning_rate = 8e-3,
    .resolve = resolve,
    .build = build,
    .release = transformer_release,
    .forward = transformer_forward,
    .backward = transformer_backward,
    .attention = transformer_attention,
};
