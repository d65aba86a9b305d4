#include "nn/attention.h"

#include <math.h>
#include "base/team.h"
#include "nn/attention_sums.h"

/* Queries are taken ATTN_BLOCK at a time and lie side by side in the maps, so that every sum over
   keys runs lane by lane. A causal block sees the keys up to its last query: the masked half is left
   out except inside the block. Lanes beyond the last query hold numbers that nothing reads. */

/* One thread's scratch: a few heads of one sequence of T' positions; D is their width together and
   T'' is T' in whole blocks. */
struct bench {
    real *q, *k, *v, *dy; /* (T', D), q times the scale */
    real *qt, *dyt;       /* (D, T'') */
    real *dk, *dv;        /* (T', D) */
    real *yt;             /* (D, ATTN_BLOCK): y, then dq, of one block */
    real *dw, *w;         /* (T'', ATTN_BLOCK): one block of one head */
    real *dz, *z;         /* (1 or 2 scores, T'', ATTN_BLOCK) */
    const struct attention *a;
    const struct attn_ops *ops;
    const struct attention_maps *maps;
    int pair;         /* of the first head, in the maps */
    int n, d, padded; /* T', D, T'' */
    int width;        /* of one head */
    int scores, part; /* of a pair of query and key; the width that each has of a head */
};

static int padded_of(int n)
{
    return (n + ATTN_BLOCK - 1) / ATTN_BLOCK * ATTN_BLOCK;
}

/* Heads taken together: gathering a row then takes whole cache lines. */
static int heads_together(const struct attention *a)
{
    int most = 32 / a->width, together = most < a->heads ? most : a->heads;
    while (together > 1 && a->heads % together)
        together--;
    return together > 1 ? together : 1;
}

static size_t vector_size(const struct attention *a)
{
    size_t size = (size_t)padded_of(a->span) * a->width * heads_together(a);
    return (size + 15) / 16 * 16;
}

static size_t map_size(int n)
{
    return (size_t)padded_of(n) * padded_of(n);
}

void attention_plan(struct attention *a, struct work *work, int heads, int width, int span,
                    int max_parts, double scale)
{
    *a = (struct attention){
        .heads = heads, .width = width, .span = span, .max_parts = max_parts, .scale = (real)scale};
    size_t together = (size_t)heads_together(a);
    size_t block = (together * width + 6 * (size_t)padded_of(span)) * ATTN_BLOCK;
    size_t maps = 8 * vector_size(a) + block, sums = sums_scratch(width, span);
    a->scratch_part = (maps > sums ? maps : sums + 15) / 16 * 16;
    work_want(work, &a->scratch, a->scratch_part * (size_t)max_parts);
}

void attention_place(struct attention *a, struct work *work, enum position_kind position)
{
    a->leans = position == POSITION_ALIBI;
    if (position == POSITION_ROPE)
        work_want_kept(work, &a->turns, (size_t)a->span * a->width);
}

/* Position t turns pair i of a query or key by t 10000^(-2 i / D). */
void attention_prepare(struct attention *a)
{
    for (int t = 0; t < a->span && a->turns; t++)
        for (int i = 0; i + 1 < a->width; i += 2) {
            double angle = t * pow(10000, -(double)i / a->width);
            a->turns[(size_t)t * a->width + i] = (real)cos(angle);
            a->turns[(size_t)t * a->width + i + 1] = (real)sin(angle);
        }
}

void attention_want_maps(const struct attention *a, const struct attn_ops *ops,
                         struct attention_maps *maps, struct work *work, int sequences,
                         size_t limit)
{
    *maps = (struct attention_maps){0};
    size_t count = (size_t)sequences * a->heads * map_size(a->span);
    size_t scores = (size_t)attn_scores(ops);
    if (sums_apply(a, ops) || (1 + scores) * count * sizeof(real) > limit)
        return;
    work_want(work, &maps->z, scores * count);
    work_want(work, &maps->w, count);
}

static real *cut(real **from, size_t size)
{
    real *start = *from;
    *from += size;
    return start;
}

static struct bench bench_of(const struct attention *a, const struct attn_ops *ops,
                             const struct attention_maps *maps, int n, int part)
{
    real *at = a->scratch + a->scratch_part * (size_t)part;
    size_t vector = vector_size(a), block = (size_t)padded_of(a->span) * ATTN_BLOCK;
    size_t together = (size_t)heads_together(a);
    struct bench s = {.n = n,
                      .d = (int)together * a->width,
                      .padded = padded_of(n),
                      .width = a->width,
                      .scores = attn_scores(ops),
                      .part = a->width / attn_scores(ops),
                      .a = a,
                      .ops = ops,
                      .maps = maps};
    real **const vectors[] = {&s.q, &s.k, &s.v, &s.dy, &s.qt, &s.dyt, &s.dk, &s.dv};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        *vectors[i] = cut(&at, vector);
    s.yt = cut(&at, (size_t)s.d * ATTN_BLOCK);
    s.dw = cut(&at, block);
    s.w = cut(&at, block);
    s.dz = cut(&at, 2 * block);
    s.z = cut(&at, 2 * block);
    return s;
}

/* Turn every pair of neighbours of x (T', D) by its position's angle, forth or back. With two scores
   each part of a head takes every other angle. */
static void turn(const struct kern *k, const struct bench *s, real *x, ptrdiff_t stride, bool back)
{
    for (int first = 0; first < s->d && s->scores == 1; first += s->width)
        k->rotate(s->n, s->width, x + first, stride, s->a->turns, s->width, back);
    if (s->scores == 1)
        return;
    for (int t = 0; t < s->n; t++, x += stride) {
        const real *turns = s->a->turns + (size_t)t * s->width;
        for (int first = 0; first < s->d; first += s->part)
            for (int i = 0; i < s->part; i += 2) {
                real cosine = turns[i * s->scores], sine = turns[i * s->scores + 1];
                real *pair = x + first + i, along = pair[0], across = pair[1];
                sine = back ? -sine : sine;
                pair[0] = along * cosine - across * sine;
                pair[1] = along * sine + across * cosine;
            }
    }
}

/* Gather q (scaled), k, v of one sequence's heads from `head` on, q and k as the product takes
   them. */
static void take_heads(const struct kern *k, const struct grid *g, const struct bench *s,
                       const real *qkv, int sequence, int head)
{
    const struct attention *a = s->a;
    int n = s->n, d = s->d, c = a->heads * a->width;
    ptrdiff_t stride = (ptrdiff_t)g->sequences * 3 * c;
    const real *at = qkv + (size_t)sequence * 3 * c + (size_t)head * a->width;
    k->copy_scaled(n, d, s->q, d, at, stride, a->scale);
    k->copy_scaled(n, d, s->k, d, at + c, stride, 1);
    k->copy_scaled(n, d, s->v, d, at + 2 * c, stride, 1);
    if (a->turns) {
        turn(k, s, s->q, d, false);
        turn(k, s, s->k, d, false);
    }
    if (s->ops->feature) {
        s->ops->feature((size_t)n * d, s->q);
        s->ops->feature((size_t)n * d, s->k);
    }
    k->transpose(n, d, s->qt, s->padded, s->q, d);
}

/* One head and the queries from i0 on; z and w lie in the kept maps if there are any. */
struct place {
    int i0, keys, queries; /* keys that the last query sees */
    int first;             /* i0, or that all keys are seen */
    size_t column;         /* of this head in (T', D); its row in a transpose */
    real slope;            /* what a score loses for each position between query and key */
    enum head_change change;
    real *z, *w;           /* (scores, keys, ATTN_BLOCK), (keys, ATTN_BLOCK) */
};

/* Head h of 1..H: 2^(-8 h / H). */
static real slope_of(const struct bench *s, int head)
{
    int h = (s->pair + head) % s->a->heads + 1;
    return s->a->leans ? (real)exp2(-8.0 * h / s->a->heads) : 0;
}

static enum head_change change_of(const struct bench *s, int head)
{
    int h = (s->pair + head) % s->a->heads;
    return s->a->changes ? (enum head_change)s->a->changes[h] : HEAD_WHOLE;
}

static struct place place_of(const struct bench *s, int head, int i0)
{
    int end = i0 + ATTN_BLOCK < s->n ? i0 + ATTN_BLOCK : s->n;
    int keys = s->a->full ? s->n : end;
    size_t at = (size_t)(s->pair + head) * map_size(s->n) + (size_t)i0 * s->padded;
    bool kept = s->maps && s->maps->z;
    return (struct place){.i0 = i0,
                          .keys = keys,
                          .queries = end - i0,
                          .first = s->a->full ? attn_sees_all(s->n) : i0,
                          .column = (size_t)head * s->width,
                          .slope = slope_of(s, head),
                          .change = change_of(s, head),
                          .z = kept ? s->maps->z + (size_t)s->scores * at : s->z,
                          .w = kept ? s->maps->w + at : s->w};
}

static void lean(const struct place *p, real *z)
{
    for (int j = 0; j < p->keys; j++, z += ATTN_BLOCK)
        for (int lane = 0; lane < ATTN_BLOCK; lane++)
            z[lane] -= p->slope * (real)(p->i0 + lane - j);
}

static void change_weights(const struct bench *s, const struct place *p)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane++) {
        int seen = s->a->full ? s->n : p->i0 + lane + 1;
        for (int j = 0; j < p->keys; j++) {
            real *w = p->w + (size_t)j * ATTN_BLOCK + lane;
            if (p->change == HEAD_UNIFORM)
                *w = j < seen ? 1 / (real)seen : 0;
            else if (p->change == HEAD_REMOVED || *w < 0)
                *w = 0;
        }
    }
}

static void weigh(const struct kern *k, const struct bench *s, const struct place *p)
{
    for (int i = 0; i < s->scores; i++) {
        size_t column = p->column + (size_t)i * s->part;
        real *z = p->z + (size_t)i * p->keys * ATTN_BLOCK;
        k->gemm(p->keys, ATTN_BLOCK, s->part, 0, z, ATTN_BLOCK, s->k + column, s->d, 1,
                s->qt + column * s->padded + p->i0, s->padded);
        if (s->a->leans)
            lean(p, z);
    }
    s->ops->forward(p->keys, p->first, p->w, p->z);
    if (p->change != HEAD_WHOLE)
        change_weights(s, p);
}

void attention_forward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                       const struct grid *g, const struct attention_maps *maps, real *mixed,
                       const real *qkv, int part, int parts)
{
    if (sums_apply(a, ops) && !a->changes) {
        sums_forward(a, ops, k, g, mixed, qkv, part, parts);
        return;
    }
    int c = a->heads * a->width, together = heads_together(a), groups = a->heads / together;
    ptrdiff_t stride = (ptrdiff_t)g->sequences * c;
    struct bench s = bench_of(a, ops, maps, g->positions, part);
    int units = g->sequences * groups, last = team_first(part + 1, parts, units, 1);
    for (int unit = team_first(part, parts, units, 1); unit < last; unit++) {
        int sequence = unit / groups, head = unit % groups * together;
        real *out = mixed + (size_t)sequence * c + (size_t)head * a->width;
        s.pair = unit * together;
        take_heads(k, g, &s, qkv, sequence, head);
        for (int i0 = 0; i0 < s.n; i0 += ATTN_BLOCK) {
            struct place p;
            for (int h = 0; h < together; h++) {
                p = place_of(&s, h, i0);
                weigh(k, &s, &p);
                k->gemm(s.width, ATTN_BLOCK, p.keys, 0, s.yt + p.column * ATTN_BLOCK, ATTN_BLOCK,
                        s.v + p.column, 1, s.d, p.w, ATTN_BLOCK);
            }
            k->transpose(s.d, p.queries, out + i0 * stride, stride, s.yt, ATTN_BLOCK);
        }
    }
}

/* c (keys, width) = [c +] map (keys, queries) . rows (queries, width), from `column` on. Keys that an
   earlier block has seen have sums already, the others begin theirs. */
static void onto_keys(const struct kern *k, const struct bench *s, const struct place *p,
                      size_t column, int width, real *c, const real *map, const real *rows)
{
    const real *b = rows + (size_t)p->i0 * s->d + column;
    c += column;
    int seen = s->a->full && p->i0 > 0 ? p->keys : p->i0, rest = p->keys - seen;
    if (seen > 0)
        k->gemm(seen, width, p->queries, 1, c, s->d, map, ATTN_BLOCK, 1, b, s->d);
    if (rest > 0)
        k->gemm(rest, width, p->queries, 0, c + (size_t)seen * s->d, s->d,
                map + (size_t)seen * ATTN_BLOCK, ATTN_BLOCK, 1, b, s->d);
}

/* From dy: dk, dv, and dq into s->yt, of one place. */
static void place_backward(const struct kern *k, const struct bench *s, const struct place *p)
{
    k->gemm(p->keys, ATTN_BLOCK, s->width, 0, s->dw, ATTN_BLOCK, s->v + p->column, s->d, 1,
            s->dyt + p->column * s->padded + p->i0, s->padded);
    s->ops->backward(p->keys, p->first, s->dz, s->dw, p->z, p->w);
    onto_keys(k, s, p, p->column, s->width, s->dv, p->w, s->dy);
    for (int i = 0; i < s->scores; i++) {
        size_t column = p->column + (size_t)i * s->part;
        const real *dz = s->dz + (size_t)i * p->keys * ATTN_BLOCK;
        k->gemm(s->part, ATTN_BLOCK, p->keys, 0, s->yt + column * ATTN_BLOCK, ATTN_BLOCK,
                s->k + column, 1, s->d, dz, ATTN_BLOCK);
        onto_keys(k, s, p, column, s->part, s->dk, dz, s->q);
    }
}

void attention_backward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                        const struct grid *g, const struct attention_maps *maps, real *dqkv,
                        const real *dmixed, const real *qkv, int part, int parts)
{
    if (sums_apply(a, ops)) {
        sums_backward(a, ops, k, g, dqkv, dmixed, qkv, part, parts);
        return;
    }
    int c = a->heads * a->width, together = heads_together(a), groups = a->heads / together;
    ptrdiff_t stride = (ptrdiff_t)g->sequences * 3 * c;
    struct bench s = bench_of(a, ops, maps, g->positions, part);
    int units = g->sequences * groups, last = team_first(part + 1, parts, units, 1);
    for (int unit = team_first(part, parts, units, 1); unit < last; unit++) {
        int sequence = unit / groups, head = unit % groups * together;
        size_t column = (size_t)head * a->width;
        real *out = dqkv + (size_t)sequence * 3 * c + column;
        s.pair = unit * together;
        take_heads(k, g, &s, qkv, sequence, head);
        k->copy_scaled(s.n, s.d, s.dy, s.d, dmixed + (size_t)sequence * c + column, stride / 3, 1);
        k->transpose(s.n, s.d, s.dyt, s.padded, s.dy, s.d);
        for (int i0 = 0; i0 < s.n; i0 += ATTN_BLOCK) {
            struct place p;
            for (int h = 0; h < together; h++) {
                p = place_of(&s, h, i0);
                if (!maps->z)
                    weigh(k, &s, &p);
                place_backward(k, &s, &p);
            }
            for (int row = 0; row < s.d && ops->feature; row++)
                ops->feature_back(ATTN_BLOCK, s.yt + row * ATTN_BLOCK,
                                  s.qt + (size_t)row * s.padded + i0);
            k->scale(s.d * ATTN_BLOCK, s.yt, a->scale);
            k->transpose(s.d, p.queries, out + i0 * stride, stride, s.yt, ATTN_BLOCK);
        }
        if (ops->feature)
            ops->feature_back((size_t)s.n * s.d, s.dk, s.k);
        k->copy_scaled(s.n, s.d, out + c, stride, s.dk, s.d, 1);
        k->copy_scaled(s.n, s.d, out + 2 * c, stride, s.dv, s.d, 1);
        if (a->turns) {
            turn(k, &s, out, stride, true);
            turn(k, &s, out + c, stride, true);
        }
    }
}

void attention_show(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                    const struct grid *g, const real *qkv, int sequence, int head, float *weight,
                    float *score)
{
    struct bench s = bench_of(a, ops, NULL, g->positions, 0);
    int together = heads_together(a);
    s.pair = head / together * together;
    take_heads(k, g, &s, qkv, sequence, s.pair);
    for (int i0 = 0; i0 < s.n; i0 += ATTN_BLOCK) {
        struct place p = place_of(&s, head % together, i0);
        weigh(k, &s, &p);
        for (int i = i0; i < i0 + p.queries; i++)
            for (int j = 0; j < s.n; j++) {
                size_t from = (size_t)j * ATTN_BLOCK + (size_t)(i - i0);
                size_t to = (size_t)i * s.n + j;
                bool seen = a->full || j <= i;
                weight[to] = seen ? (float)p.w[from] : 0;
                if (!score)
                    continue;
                score[to] = seen ? (float)p.z[from] : 0;
                if (s.scores == 2 && seen)
                    score[to] -= (float)p.z[from + (size_t)p.keys * ATTN_BLOCK];
            }
    }
}

double attention_products(const struct attention *a, const struct attn_ops *ops, int positions)
{
    double n = positions, pairs = a->full ? n * n : n * (n + 1) / 2;
    return a->heads *
           (sums_apply(a, ops) ? sums_products(a->width, positions) : 6 * pairs * a->width);
}
