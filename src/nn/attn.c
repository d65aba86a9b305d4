#include "nn/attn.h"

#include <math.h>
#include <string.h>
#include "base/text.h"
#include "nn/attn/attn_ops.h"

static const struct attn_ops *const registry[] = {
#define ATTN(id) &attn_##id##_scalar,
#include "nn/attn/attn_list.h"
#undef ATTN
    NULL};

/* The same variants in the same order, compiled for each instruction set that this build has. */
static const struct attn_ops *const compiled[][sizeof registry / sizeof *registry - 1] = {
    [ISA_SCALAR] =
        {
#define ATTN(id) &attn_##id##_scalar,
#include "nn/attn/attn_list.h"
#undef ATTN
        },
#ifdef HEED_HAVE_AVX2
    [ISA_AVX2] =
        {
#define ATTN(id) &attn_##id##_avx2,
#include "nn/attn/attn_list.h"
#undef ATTN
        },
#endif
#ifdef HEED_HAVE_AVX512
    [ISA_AVX512] =
        {
#define ATTN(id) &attn_##id##_avx512,
#include "nn/attn/attn_list.h"
#undef ATTN
        },
#endif
#ifdef HEED_HAVE_NEON
    [ISA_NEON] =
        {
#define ATTN(id) &attn_##id##_neon,
#include "nn/attn/attn_list.h"
#undef ATTN
        },
#endif
};

const struct attn_ops *const *attn_registry(void)
{
    return registry;
}

int attn_by_name(const char *name, const struct attn_ops **out, struct failure *why)
{
    const char *words[2 * (sizeof registry / sizeof *registry)];
    int count = 0;
    for (int i = 0; registry[i]; i++) {
        if (!strcmp(name, registry[i]->name) ||
            (registry[i]->alias && !strcmp(name, registry[i]->alias))) {
            *out = registry[i];
            return 0;
        }
        words[count++] = registry[i]->name;
        if (registry[i]->alias)
            words[count++] = registry[i]->alias;
    }
    int near = text_nearest(name, words, count);
    if (near >= 0)
        return fail(why, ERR_USAGE, "attn.kind: no attention \"%s\": did you mean %s?", name,
                    words[near]);
    return fail(why, ERR_USAGE, "attn.kind: no attention \"%s\": `heed list attention` names them",
                name);
}

const struct attn_ops *attn_for(const struct attn_ops *ops, enum isa isa)
{
    int i = 0;
    while (strcmp(registry[i]->name, ops->name) != 0)
        i++;
    return compiled[isa == ISA_REF ? ISA_SCALAR : isa][i];
}

double attn_default_scale(const struct attn_ops *ops, int head_width)
{
    return ops->scale_by_root ? 1 / sqrt((double)head_width / attn_scores(ops)) : 1;
}

/* A single query in a block of its own; the other lanes score 0. */
void attn_weigh(const struct attn_ops *ops, int n, int width, real scale, real *w, real *z,
                const real *q, const real *k, real *scratch)
{
    int scores = attn_scores(ops), part = width / scores;
    size_t block = (size_t)n * ATTN_BLOCK;
    real *score = scratch, *weight = score + block * (size_t)scores;
    real *query = weight + block, *keys = query + width;

    for (int i = 0; i < width; i++)
        query[i] = scale * q[i];
    memcpy(keys, k, (size_t)n * (size_t)width * sizeof *keys);
    if (ops->feature) {
        ops->feature((size_t)width, query);
        ops->feature((size_t)n * (size_t)width, keys);
    }
    memset(score, 0, block * (size_t)scores * sizeof *score);
    for (int s = 0; s < scores; s++)
        for (int j = 0; j < n; j++)
            for (int i = s * part; i < (s + 1) * part; i++)
                score[(size_t)s * block + (size_t)j * ATTN_BLOCK] += query[i] * keys[j * width + i];
    ops->forward(n, attn_sees_all(n), weight, score);
    for (int j = 0; j < n; j++) {
        w[j] = weight[(size_t)j * ATTN_BLOCK];
        z[j] = score[(size_t)j * ATTN_BLOCK];
        if (scores == 2)
            z[j] -= score[block + (size_t)j * ATTN_BLOCK];
    }
}
