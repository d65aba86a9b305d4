/* Logits of every model with every attention, computed alike by the float and the double program.
 */
#ifndef HEED_TESTS_PRECISION_H
#define HEED_TESTS_PRECISION_H

#include "small_model.h"

enum { PRECISION_SEQUENCES = 3 };

static const char *const precision_options[] = {
    "",
    "model.layers=3",
    "model.norm=rms model.activation=silu-gated model.position=sinusoidal",
    "model.where=post model.activation=relu model.embedding=onehot model.groups=5",
    "model.norm=none model.activation=tanh model.position=none",
};
enum { PRECISION_OPTIONS = sizeof precision_options / sizeof *precision_options };

/* Call back with each case's model after a forward pass over random windows. */
static inline void precision_walk(const struct kern *kern, struct team *team,
                                  void (*done)(void *ctx, const char *name, const struct model *m),
                                  void *ctx)
{
    for (int i = 0; model_registry()[i]; i++)
        for (int j = 0; attn_registry()[j]; j++)
            for (int o = 0; o < PRECISION_OPTIONS; o++) {
                const struct model_ops *ops = model_registry()[i];
                if (!options_fit(ops, attn_registry()[j], precision_options[o]) ||
                    (j && !ops->has_attention) ||
                    (!ops->has_attention && strstr(precision_options[o], "silu")))
                    continue;
                char options[256], name[512];
                snprintf(
                    options, sizeof options,
                    "model.dim=32 model.heads=4 model.ffn=40 model.hidden=50 task.context=20 %s",
                    precision_options[o]);
                snprintf(name, sizeof name, "%s-%s-%d", ops->name, attn_registry()[j]->name, o);
                struct model *m = small_model(ops->name, attn_registry()[j]->name, options,
                                              PRECISION_SEQUENCES, false, kern, team);
                for (size_t w = 0; w < m->params.total; w++)
                    m->weights[w] = (real)(float)m->weights[w];
                struct batch b = small_batch(m, PRECISION_SEQUENCES, 11);
                model_forward_batch(m, &b);
                done(ctx, name, m);
                batch_release(&b);
                model_free(m);
            }
}

static inline int precision_logits(const struct model *m)
{
    return m->logit_positions * m->sequences * m->symbols;
}

#endif
