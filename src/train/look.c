#include "train/look.h"

#include <math.h>
#include <stdio.h>
#include "base/text.h"

static const real *newest_logits(const struct model *m)
{
    return m->logits + (size_t)(m->logit_positions - 1) * (size_t)m->symbols;
}

static int most_likely(const struct model *m)
{
    const real *last = newest_logits(m);
    int best = 0;
    for (int v = 1; v < m->symbols; v++) {
        if (last[v] > last[best])
            best = v;
    }
    return best;
}

int look_expect(struct model *m, const struct stepper *s, int place)
{
    int32_t window[MAX_CONTEXT];
    int T = s->context;
    for (int t = 0; t < T; t++)
        window[t] = s->now.sequence[place - T + t];
    model_forward(m, window, T, 1);
    return most_likely(m);
}

static void show_probabilities(const struct model *m, struct probe_snapshot *out)
{
    const real *last = newest_logits(m);
    double sum = 0, top = (double)last[most_likely(m)];
    for (int v = 0; v < m->symbols; v++)
        sum += exp((double)last[v] - top);
    for (int v = 0; v < m->symbols; v++)
        out->probability[v] = (float)(exp((double)last[v] - top) / sum);
}

void look_show(const struct model *m, const struct stepper *s, size_t capacity,
               struct probe_snapshot *out)
{
    size_t T = (size_t)s->context, one = T * T;
    int layers = model_attention_layers(m), heads = m->config.model.heads;
    show_probabilities(m, out);
    out->signed_weights = false;
    for (int l = 0; l < layers; l++) {
        size_t at = (size_t)l * (size_t)heads * one;
        if (at + (size_t)heads * one > capacity) {
            snprintf(out->message, sizeof out->message,
                     "maps of layers 1 to %d of %d: more would be too large", l, layers);
            layers = l;
            break;
        }
        const struct attn_ops *variant = model_layer_attention(m, l);
        text_copy(out->layer_attention[l], KIND_TEXT, variant->name);
        out->signed_weights |= variant->is_signed;
        for (int h = 0; h < heads; h++, at += one)
            m->ops->attention(m, l, h, 0, out->weight + at, out->score_z + at);
    }
    out->layers = layers;
    out->heads = layers ? heads : 0;
    out->map_floats = (size_t)out->layers * (size_t)out->heads * one;
}
