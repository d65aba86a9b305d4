#include "train/look.h"

#include <math.h>
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
    int n = stepper_window(s, place);
    if (n < 1 || (m->ops->last_only && n < s->context))
        return -1;
    for (int t = 0; t < n; t++)
        window[t] = s->now.sequence[place - n + t];
    model_forward(m, window, n, 1);
    return most_likely(m);
}

int look_draw(struct model *m, const struct stepper *s, int place, const struct drawing *d,
              struct rng *rng)
{
    if (look_expect(m, s, place) < 0)
        return -1;
    return draw_symbol(d, newest_logits(m), m->symbols, rng);
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

/* The range of `fit` of the maps that holds the chosen one: the same for its neighbours, so that most
   steps from head to head need no new picture. */
static int first_map(int maps, int fit, int chosen)
{
    int first = chosen / fit * fit;
    return first + fit > maps ? maps - fit : first;
}

static int within(int v, int count)
{
    return v < 0 ? 0 : v < count ? v : count - 1;
}

void look_maps(const struct model *m, int sequence, size_t capacity, struct look_choice choice,
               struct probe_snapshot *out)
{
    size_t n = (size_t)m->positions, one = n * n;
    int layers = model_attention_layers(m), heads = m->config.model.heads;
    out->signed_weights = false;
    out->layers = layers;
    out->heads = layers ? heads : 0;
    out->map_first = out->map_count = 0;
    if (layers > 0) {
        size_t room = capacity / one;
        int maps = layers * heads, fit = room < (size_t)maps ? (int)room : maps;
        int chosen = within(choice.layer, layers) * heads + within(choice.head, heads);
        out->map_count = fit;
        out->map_first = fit > 0 ? first_map(maps, fit, chosen) : 0;
    }
    for (int l = 0; l < layers; l++) {
        const struct attn_ops *variant = model_layer_attention(m, l);
        text_copy(out->layer_attention[l], KIND_TEXT, variant->name);
        out->layer_signs[l] = variant->is_signed;
        out->signed_weights |= variant->is_signed;
    }
    for (int k = 0; k < out->map_count; k++) {
        int map = out->map_first + k;
        size_t at = (size_t)k * one;
        m->ops->attention(m, map / heads, map % heads, sequence, out->weight + at,
                          out->score_z + at);
    }
    out->map_floats = (size_t)out->map_count * one;
}

/* The likeliest symbols of logits (V), and the probability of the rule's answer. */
static void read_row(const real *logits, int symbols, int answer, struct lens_row *out)
{
    double sum = 0;
    real top = logits[0];
    for (int v = 1; v < symbols; v++)
        top = logits[v] > top ? logits[v] : top;
    for (int v = 0; v < symbols; v++)
        sum += exp((double)logits[v] - (double)top);
    for (int k = 0; k < PROBE_TOP; k++) {
        int best = -1;
        for (int v = 0; v < symbols; v++) {
            bool taken = false;
            for (int i = 0; i < k; i++)
                taken |= out->symbol[i] == v;
            if (!taken && (best < 0 || logits[v] > logits[best]))
                best = v;
        }
        out->symbol[k] = (int16_t)best;
        out->share[k] = best < 0 ? 0 : (float)(exp((double)logits[best] - (double)top) / sum);
    }
    out->answer = answer < 0 ? NAN : (float)(exp((double)logits[answer] - (double)top) / sum);
}

static void show_lens(const struct model *m, struct probe_snapshot *out)
{
    real logits[MAX_SYMBOLS];
    out->lens = model_lens_rows(m);
    for (int row = 0; row < out->lens; row++) {
        model_lens(m, row, logits);
        read_row(logits, m->symbols, out->next_answer, &out->lens_row[row]);
    }
}

void look_show(const struct model *m, size_t capacity, struct look_choice choice,
               struct probe_snapshot *out)
{
    show_probabilities(m, out);
    show_lens(m, out);
    look_maps(m, 0, capacity, choice, out);
}
