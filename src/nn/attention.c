#include "nn/attention.h"

#include <string.h>
#include "base/team.h"

/* Queries are taken QUERIES at a time; a block sees the keys up to its last query, so the masked
   half is left out except inside the block. */
enum { QUERIES = 16 };

/* One thread's scratch: vectors of one head, contiguous, for one sequence of T' positions. */
struct bench {
    real *q, *k, *kt, *v, *vt; /* (T', D), (D, T') */
    real *y, *dq, *dk, *dv;    /* (T', D); y is dy in backward */
    real *z, *w;               /* (T', T') */
    real *dw;                  /* (QUERIES, T') */
};

static size_t vector_size(const struct attention *a)
{
    return ((size_t)a->span * a->width + 15) / 16 * 16;
}

static size_t map_size(const struct attention *a)
{
    return ((size_t)a->span * a->span + 15) / 16 * 16;
}

void attention_plan(struct attention *a, struct work *work, int heads, int width, int span,
                    int max_parts, double scale)
{
    *a = (struct attention){
        .heads = heads, .width = width, .span = span, .max_parts = max_parts, .scale = (real)scale};
    a->scratch_part = 9 * vector_size(a) + 2 * map_size(a) + (size_t)QUERIES * span;
    a->scratch_part = (a->scratch_part + 15) / 16 * 16;
    work_want(work, &a->scratch, a->scratch_part * (size_t)max_parts);
}

void attention_want_maps(const struct attention *a, struct attention_maps *maps, struct work *work,
                         int sequences, size_t limit)
{
    *maps = (struct attention_maps){0};
    size_t count = (size_t)sequences * a->heads * a->span * a->span;
    if (2 * count * sizeof(real) > limit)
        return;
    work_want(work, &maps->z, count);
    work_want(work, &maps->w, count);
}

static struct bench bench_of(const struct attention *a, int part)
{
    real *s = a->scratch + a->scratch_part * (size_t)part;
    size_t n = vector_size(a);
    return (struct bench){s,
                          s + n,
                          s + 2 * n,
                          s + 3 * n,
                          s + 4 * n,
                          s + 5 * n,
                          s + 6 * n,
                          s + 7 * n,
                          s + 8 * n,
                          s + 9 * n,
                          s + 9 * n + map_size(a),
                          s + 9 * n + 2 * map_size(a)};
}

/* Rows of width D that stand `stride` apart -> contiguous, times factor. */
static void gather(int n, int d, real *restrict out, const real *restrict in, size_t stride,
                   real factor)
{
    for (int t = 0; t < n; t++)
        for (int j = 0; j < d; j++)
            out[(size_t)t * d + j] = in[t * stride + j] * factor;
}

static void scatter(int n, int d, real *restrict out, size_t stride, const real *restrict in,
                    real factor)
{
    for (int t = 0; t < n; t++)
        for (int j = 0; j < d; j++)
            out[t * stride + j] = in[(size_t)t * d + j] * factor;
}

/* Gather q (scaled), k, v of one sequence and head. */
static void take_head(const struct attention *a, const struct kern *k, const struct grid *g,
                      const struct bench *s, const real *qkv, int sequence, int head)
{
    int n = g->positions, d = a->width, c = a->heads * d;
    size_t stride = (size_t)g->sequences * 3 * c;
    const real *at = qkv + (size_t)sequence * 3 * c + (size_t)head * d;
    gather(n, d, s->q, at, stride, a->scale);
    gather(n, d, s->k, at + c, stride, 1);
    gather(n, d, s->v, at + 2 * c, stride, 1);
    k->transpose(n, d, s->kt, n, s->k, d);
}

/* z and w of the queries i0..i1-1; pairs above the diagonal get weight 0. */
static void weigh(const struct attn_ops *ops, const struct kern *k, int n, int d,
                  const struct bench *s, int i0, int i1)
{
    k->gemm(i1 - i0, i1, d, 0, s->z + (size_t)i0 * n, n, s->q + (size_t)i0 * d, d, 1, s->kt, n);
    for (int i = i0; i < i1; i++) {
        real *w = s->w + (size_t)i * n;
        ops->forward(k, i + 1, w, s->z + (size_t)i * n);
        memset(w + i + 1, 0, (size_t)(i1 - i - 1) * sizeof *w);
    }
}

/* The saved maps of this pair, or the thread's own. */
static void place_maps(struct bench *s, const struct attention_maps *maps, int n, int pair)
{
    if (!maps || !maps->z)
        return;
    s->z = maps->z + (size_t)pair * n * n;
    s->w = maps->w + (size_t)pair * n * n;
}

void attention_forward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                       const struct grid *g, const struct attention_maps *maps, real *mixed,
                       const real *qkv, int part, int parts)
{
    int n = g->positions, d = a->width, c = a->heads * d, pairs = g->sequences * a->heads;
    struct bench s = bench_of(a, part);
    int last = team_first(part + 1, parts, pairs, 1);
    for (int pair = team_first(part, parts, pairs, 1); pair < last; pair++) {
        int sequence = pair / a->heads, head = pair % a->heads;
        place_maps(&s, maps, n, pair);
        take_head(a, k, g, &s, qkv, sequence, head);
        for (int i0 = 0; i0 < n; i0 += QUERIES) {
            int i1 = i0 + QUERIES < n ? i0 + QUERIES : n;
            weigh(ops, k, n, d, &s, i0, i1);
            k->gemm(i1 - i0, d, i1, 0, s.y + (size_t)i0 * d, d, s.w + (size_t)i0 * n, n, 1, s.v, d);
        }
        scatter(n, d, mixed + (size_t)sequence * c + (size_t)head * d, (size_t)g->sequences * c,
                s.y, 1);
    }
}

/* From dy = s->y: dq (of the scaled query), dk, dv of one pair. */
static void pair_backward(const struct attn_ops *ops, const struct kern *k, int n, int d,
                          const struct bench *s, bool again)
{
    memset(s->dk, 0, (size_t)n * d * sizeof(real));
    memset(s->dv, 0, (size_t)n * d * sizeof(real));
    k->transpose(n, d, s->vt, n, s->v, d);
    for (int i0 = 0; i0 < n; i0 += QUERIES) {
        int i1 = i0 + QUERIES < n ? i0 + QUERIES : n, m = i1 - i0;
        if (again)
            weigh(ops, k, n, d, s, i0, i1);
        const real *dy = s->y + (size_t)i0 * d;
        k->gemm(m, i1, d, 0, s->dw, n, dy, d, 1, s->vt, n);
        k->gemm(i1, d, m, 1, s->dv, d, s->w + (size_t)i0 * n, 1, n, dy, d);
        for (int i = i0; i < i1; i++) {
            real *dw = s->dw + (size_t)(i - i0) * n;
            ops->backward(k, i + 1, dw, dw, s->z + (size_t)i * n, s->w + (size_t)i * n);
            memset(dw + i + 1, 0, (size_t)(i1 - i - 1) * sizeof *dw);
        }
        k->gemm(m, d, i1, 0, s->dq + (size_t)i0 * d, d, s->dw, n, 1, s->k, d);
        k->gemm(i1, d, m, 1, s->dk, d, s->dw, 1, n, s->q + (size_t)i0 * d, d);
    }
}

void attention_backward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                        const struct grid *g, const struct attention_maps *maps, real *dqkv,
                        const real *dmixed, const real *qkv, int part, int parts)
{
    int n = g->positions, d = a->width, c = a->heads * d, pairs = g->sequences * a->heads;
    size_t stride = (size_t)g->sequences * 3 * c;
    struct bench s = bench_of(a, part);
    int last = team_first(part + 1, parts, pairs, 1);
    for (int pair = team_first(part, parts, pairs, 1); pair < last; pair++) {
        int sequence = pair / a->heads, head = pair % a->heads;
        place_maps(&s, maps, n, pair);
        take_head(a, k, g, &s, qkv, sequence, head);
        gather(n, d, s.y, dmixed + (size_t)sequence * c + (size_t)head * d,
               (size_t)g->sequences * c, 1);
        pair_backward(ops, k, n, d, &s, !maps->z);
        real *out = dqkv + (size_t)sequence * 3 * c + (size_t)head * d;
        scatter(n, d, out, stride, s.dq, a->scale);
        scatter(n, d, out + c, stride, s.dk, 1);
        scatter(n, d, out + 2 * c, stride, s.dv, 1);
    }
}

void attention_show(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                    const struct grid *g, const real *qkv, int sequence, int head, float *weight,
                    float *score)
{
    int n = g->positions;
    struct bench s = bench_of(a, 0);
    take_head(a, k, g, &s, qkv, sequence, head);
    for (int i0 = 0; i0 < n; i0 += QUERIES)
        weigh(ops, k, n, a->width, &s, i0, i0 + QUERIES < n ? i0 + QUERIES : n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            size_t at = (size_t)i * n + j;
            weight[at] = j <= i ? (float)s.w[at] : 0;
            if (score)
                score[at] = j <= i ? (float)s.z[at] : 0;
        }
}
