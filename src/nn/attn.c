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
