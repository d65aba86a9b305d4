/* Small models and batches for tests, the same in float and in double. */
#ifndef HEED_TESTS_SMALL_MODEL_H
#define HEED_TESTS_SMALL_MODEL_H

#include <stdio.h>
#include <string.h>
#include "base/rng.h"
#include "base/team.h"
#include "core/batch.h"
#include "model/model.h"
#include "stop_test.h"

enum { SMALL_SYMBOLS = 7 };

/* Apply "key=value key=value". */
static inline void set_options(struct config *c, const char *options)
{
    struct failure why;
    char text[512], *rest = NULL;
    snprintf(text, sizeof text, "%s", options);
    for (char *key = strtok_r(text, " ", &rest); key; key = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(key, '=');
        *value++ = '\0';
        if (config_set(c, key, value, "test", &why))
            stop_test("%s\n", why.text);
    }
}

/* Whether the position that `options` ask for, if any, goes with a variant. */
static inline bool position_fits(const struct attn_ops *ops, const char *options)
{
    return !(strstr(options, "=rope") && ops->feature) &&
           !(strstr(options, "=alibi") && !ops->grows);
}

/* Whether a model takes `options` with a variant at all. */
static inline bool options_fit(const struct model_ops *model, const struct attn_ops *ops,
                               const char *options)
{
    bool moves = strstr(options, "=rope") || strstr(options, "=alibi");
    bool groups = strstr(options, "model.groups=") && !strstr(options, "model.groups=1");
    bool post = strstr(options, "=post");
    return position_fits(ops, options) && !(model->reads_images && (moves || groups || post));
}

/* The settings of a small model of two layers, resolved. */
static inline struct config small_config(const char *kind, const char *attention,
                                         const char *options)
{
    struct config c;
    struct failure why;
    char kinds[128];
    config_defaults(&c);
    set_options(&c, "model.dim=8 model.heads=2 model.layers=2 model.ffn=12 model.hidden=9 "
                    "task.context=8 task.side=6 train.seed=5");
    snprintf(kinds, sizeof kinds, "model.kind=%s attn.kind=%s", kind, attention);
    set_options(&c, kinds);
    set_options(&c, options);
    if (model_resolve(&c, &why))
        stop_test("%s\n", why.text);
    return c;
}

/* With its initial weights. */
static inline struct model *small_model(const char *kind, const char *attention,
                                        const char *options, int sequences, bool training,
                                        const struct kern *kern, struct team *team)
{
    struct config c = small_config(kind, attention, options);
    struct failure why;
    struct model *m;
    if (model_new(&m, &c, SMALL_SYMBOLS, sequences, training, kern, team, &why))
        stop_test("%s\n", why.text);
    model_init(m);
    return m;
}

static inline struct batch small_images(const struct model *m, int sequences, uint64_t seed)
{
    struct batch b;
    struct rng rng;
    if (batch_init_images(&b, m->max_positions, m->symbols, sequences))
        stop_test("no memory\n");
    rng_seed(&rng, seed, RNG_TEST, 1);
    for (int i = 0; i < sequences; i++)
        b.time[i] = 1 + (int32_t)rng_below(&rng, IMAGE_TIMES);
    for (int i = 0; i < b.pixels * sequences; i++) {
        b.noise[i] = (float)rng_normal(&rng);
        b.image[i] = (float)rng_normal(&rng);
    }
    return b;
}

/* Random windows of the model's full length; three of four targets are scored. Random images and
   noise for a model that reads images. */
static inline struct batch small_batch(const struct model *m, int sequences, uint64_t seed)
{
    struct batch b;
    struct rng rng;
    if (m->ops->reads_images)
        return small_images(m, sequences, seed);
    if (batch_init(&b, m->max_positions, sequences))
        stop_test("no memory\n");
    rng_seed(&rng, seed, RNG_TEST, 1);
    for (int i = 0; i < b.positions * b.sequences; i++) {
        b.tokens[i] = (int32_t)rng_below(&rng, (uint32_t)m->symbols);
        b.targets[i] = (int32_t)rng_below(&rng, (uint32_t)m->symbols);
        b.scored[i] = i % 4 != 1;
    }
    return b;
}

#endif
