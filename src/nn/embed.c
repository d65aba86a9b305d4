#include "nn/embed.h"

#include <math.h>
#include <string.h>
#include "base/team.h"

int embed_add(struct embed *e, struct param_table *table, struct work *work, int symbols, int width,
              int span, enum embedding_kind embedding, enum position_kind position)
{
    *e = (struct embed){.symbols = symbols, .width = width, .span = span, .weight = -1, .pos = -1};
    if (embedding == EMBEDDING_LEARNED) {
        e->weight = param_add(table, "embed.weight", symbols, width, 0, 0, 1, true);
        if (e->weight < 0)
            return (int)e->weight;
    }
    if (position == POSITION_LEARNED) {
        /* N(0, 0.01) names the variance: a standard deviation of 0.1. */
        e->pos = param_add(table, "pos.weight", span, width, 0, 0, 0.1, true);
        if (e->pos < 0)
            return (int)e->pos;
    }
    if (position == POSITION_SINUSOIDAL)
        work_want_kept(work, &e->table, (size_t)span * (size_t)width);
    return 0;
}

void embed_prepare(struct embed *e)
{
    if (!e->table)
        return;
    for (int t = 0; t < e->span; t++)
        for (int j = 0; j < e->width; j++) {
            double angle = t / pow(10000, (j - j % 2) / (double)e->width);
            e->table[(size_t)t * e->width + j] = (real)(j % 2 ? cos(angle) : sin(angle));
        }
}

void embed_forward(const struct embed *e, const struct kern *k, const real *weights,
                   const int32_t *tokens, int sequences, int t0, int t1, int b0, int b1, real *x,
                   struct embed_layout at)
{
    size_t bytes = (size_t)e->width * sizeof *x;
    for (int t = t0; t < t1; t++) {
        const real *pos = e->pos >= 0 ? weights + e->pos : e->table;
        for (int b = b0; b < b1; b++) {
            real *row = x + t * at.by_position + b * at.by_sequence;
            int32_t symbol = tokens[(size_t)t * sequences + b];
            if (e->weight >= 0) {
                memcpy(row, weights + e->weight + (size_t)symbol * e->width, bytes);
            } else {
                memset(row, 0, bytes);
                row[symbol] = 1;
            }
            if (pos)
                k->add(e->width, row, pos + (size_t)t * e->width);
        }
    }
}

void embed_gradient(const struct embed *e, const struct kern *k, real *gradients,
                    const int32_t *tokens, int positions, int sequences, const real *dx,
                    struct embed_layout at, int part, int parts)
{
    if (e->weight >= 0) {
        int c0 = team_first(part, parts, e->width, 4);
        int c1 = team_first(part + 1, parts, e->width, 4);
        for (int t = 0; t < positions && c0 < c1; t++)
            for (int b = 0; b < sequences; b++)
                k->add(c1 - c0,
                       gradients + e->weight +
                           (size_t)tokens[(size_t)t * sequences + b] * e->width + c0,
                       dx + t * at.by_position + b * at.by_sequence + c0);
    }
    if (e->pos >= 0) {
        int t1 = team_first(part + 1, parts, positions, 1);
        for (int t = team_first(part, parts, positions, 1); t < t1; t++)
            for (int b = 0; b < sequences; b++)
                k->add(e->width, gradients + e->pos + (size_t)t * e->width,
                       dx + t * at.by_position + b * at.by_sequence);
    }
}
