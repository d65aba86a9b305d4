#include "cli/matching.h"

#include <assert.h>
#include "nn/attn.h"

enum { WIDTH = 2, SCORES = 2 };

static bool variant(int k, struct ui_variant *out)
{
    const struct attn_ops *const *a = attn_registry();

    for (int i = 0; i < k && *a; i++)
        a++;
    if (!*a)
        return false;
    *out = (struct ui_variant){.name = (*a)->name,
                               .formula = (*a)->formula,
                               .is_signed = (*a)->is_signed,
                               .reconstructed = (*a)->reconstructed,
                               .scale = attn_default_scale(*a, WIDTH)};
    return true;
}

static void weigh(int k, int n, const double *query, const double *keys, double *weight,
                  double *score)
{
    const struct attn_ops *ops = attn_registry()[k];
    real scratch[UI_MATCH_KEYS * ATTN_BLOCK * (1 + SCORES) + (UI_MATCH_KEYS + 1) * WIDTH];
    real q[WIDTH], all[UI_MATCH_KEYS * WIDTH], w[UI_MATCH_KEYS], z[UI_MATCH_KEYS];

    assert(n > 0 && n <= UI_MATCH_KEYS);
    for (int i = 0; i < WIDTH; i++)
        q[i] = (real)query[i];
    for (int i = 0; i < n * WIDTH; i++)
        all[i] = (real)keys[i];
    attn_weigh(ops, n, WIDTH, (real)attn_default_scale(ops, WIDTH), w, z, q, all, scratch);
    for (int j = 0; j < n; j++) {
        weight[j] = (double)w[j];
        score[j] = (double)z[j];
    }
}

const struct ui_matching cli_matching = {.variant = variant, .weigh = weigh};
