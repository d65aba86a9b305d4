#include "nn/attention.h"

#include "base/team.h"

/* Queries are taken ATTN_BLOCK at a time and lie side by side in the maps, so that every sum over
   keys runs lane by lane. A block sees the keys up to its last query: the masked half is left out
   except inside the block. Lanes beyond the last query hold numbers that nothing reads. */

/* One thread's scratch: a few heads of one sequence of T' positions; D is their width together and
   T'' is T' in whole blocks. */
struct bench {
    real *q, *k, *v, *dy; /* (T', D), q times the scale */
    real *qt, *dyt;       /* (D, T'') */
    real *dk, *dv;        /* (T', D) */
    real *yt;             /* (D, ATTN_BLOCK): y, then dq, of one block */
    real *dw, *dz, *z, *w; /* (T'', ATTN_BLOCK): one block of one head */
    const struct attention_maps *maps;
    int pair;             /* of the first head, in the maps */
    int n, d, padded;     /* T', D, T'' */
    int width;            /* of one head */
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
    size_t block = (together * width + 4 * (size_t)padded_of(span)) * ATTN_BLOCK;
    a->scratch_part = 8 * vector_size(a) + block;
    work_want(work, &a->scratch, a->scratch_part * (size_t)max_parts);
}

void attention_want_maps(const struct attention *a, struct attention_maps *maps, struct work *work,
                         int sequences, size_t limit)
{
    *maps = (struct attention_maps){0};
    size_t count = (size_t)sequences * a->heads * map_size(a->span);
    if (2 * count * sizeof(real) > limit)
        return;
    work_want(work, &maps->z, count);
    work_want(work, &maps->w, count);
}

static real *cut(real **from, size_t size)
{
    real *start = *from;
    *from += size;
    return start;
}

static struct bench bench_of(const struct attention *a, const struct attention_maps *maps, int n,
                             int part)
{
    real *at = a->scratch + a->scratch_part * (size_t)part;
    size_t vector = vector_size(a), block = (size_t)padded_of(a->span) * ATTN_BLOCK;
    size_t together = (size_t)heads_together(a);
    struct bench s = {.n = n,
                      .d = (int)together * a->width,
                      .padded = padded_of(n),
                      .width = a->width,
                      .maps = maps};
    real **const vectors[] = {&s.q, &s.k, &s.v, &s.dy, &s.qt, &s.dyt, &s.dk, &s.dv};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        *vectors[i] = cut(&at, vector);
    s.yt = cut(&at, (size_t)s.d * ATTN_BLOCK);
    real **const blocks[] = {&s.dw, &s.dz, &s.z, &s.w};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        *blocks[i] = cut(&at, block);
    return s;
}

/* Gather q (scaled), k, v of one sequence's heads from `head` on. */
static void take_heads(const struct attention *a, const struct kern *k, const struct grid *g,
                       const struct bench *s, const real *qkv, int sequence, int head)
{
    int n = s->n, d = s->d, c = a->heads * a->width;
    ptrdiff_t stride = (ptrdiff_t)g->sequences * 3 * c;
    const real *at = qkv + (size_t)sequence * 3 * c + (size_t)head * a->width;
    k->copy_scaled(n, d, s->q, d, at, stride, a->scale);
    k->copy_scaled(n, d, s->k, d, at + c, stride, 1);
    k->copy_scaled(n, d, s->v, d, at + 2 * c, stride, 1);
    k->transpose(n, d, s->qt, s->padded, s->q, d);
}

/* One head and the queries from i0 on; z and w lie in the kept maps if there are any. */
struct place {
    int i0, keys, queries; /* keys that the last query sees */
    size_t column;         /* of this head in (T', D); its row in a transpose */
    real *z, *w;           /* (keys, ATTN_BLOCK) */
};

static struct place place_of(const struct bench *s, int head, int i0)
{
    int keys = i0 + ATTN_BLOCK < s->n ? i0 + ATTN_BLOCK : s->n;
    size_t at = (size_t)(s->pair + head) * map_size(s->n) + (size_t)i0 * s->padded;
    bool kept = s->maps && s->maps->z;
    return (struct place){.i0 = i0,
                          .keys = keys,
                          .queries = keys - i0,
                          .column = (size_t)head * s->width,
                          .z = kept ? s->maps->z + at : s->z,
                          .w = kept ? s->maps->w + at : s->w};
}

static void weigh(const struct attn_ops *ops, const struct kern *k, const struct bench *s,
                  const struct place *p)
{
    k->gemm(p->keys, ATTN_BLOCK, s->width, 0, p->z, ATTN_BLOCK, s->k + p->column, s->d, 1,
            s->qt + p->column * s->padded + p->i0, s->padded);
    ops->forward(p->keys, p->i0, p->w, p->z);
}

void attention_forward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                       const struct grid *g, const struct attention_maps *maps, real *mixed,
                       const real *qkv, int part, int parts)
{
    int c = a->heads * a->width, together = heads_together(a), groups = a->heads / together;
    ptrdiff_t stride = (ptrdiff_t)g->sequences * c;
    struct bench s = bench_of(a, maps, g->positions, part);
    int units = g->sequences * groups, last = team_first(part + 1, parts, units, 1);
    for (int unit = team_first(part, parts, units, 1); unit < last; unit++) {
        int sequence = unit / groups, head = unit % groups * together;
        real *out = mixed + (size_t)sequence * c + (size_t)head * a->width;
        s.pair = unit * together;
        take_heads(a, k, g, &s, qkv, sequence, head);
        for (int i0 = 0; i0 < s.n; i0 += ATTN_BLOCK) {
            struct place p;
            for (int h = 0; h < together; h++) {
                p = place_of(&s, h, i0);
                weigh(ops, k, &s, &p);
                k->gemm(s.width, ATTN_BLOCK, p.keys, 0, s.yt + p.column * ATTN_BLOCK, ATTN_BLOCK,
                        s.v + p.column, 1, s.d, p.w, ATTN_BLOCK);
            }
            k->transpose(s.d, p.queries, out + i0 * stride, stride, s.yt, ATTN_BLOCK);
        }
    }
}

/* c (keys, width) = [c +] map (keys, queries) . rows (queries, width). Earlier keys have sums
   already; those of the block itself begin theirs. */
static void onto_keys(const struct kern *k, const struct bench *s, const struct place *p, real *c,
                      const real *map, const real *rows)
{
    const real *b = rows + (size_t)p->i0 * s->d + p->column;
    c += p->column;
    if (p->i0 > 0)
        k->gemm(p->i0, s->width, p->queries, 1, c, s->d, map, ATTN_BLOCK, 1, b, s->d);
    k->gemm(p->queries, s->width, p->queries, 0, c + (size_t)p->i0 * s->d, s->d,
            map + (size_t)p->i0 * ATTN_BLOCK, ATTN_BLOCK, 1, b, s->d);
}

/* From dy: dk, dv, and dq into s->yt, of one place. */
static void place_backward(const struct attn_ops *ops, const struct kern *k, const struct bench *s,
                           const struct place *p)
{
    k->gemm(p->keys, ATTN_BLOCK, s->width, 0, s->dw, ATTN_BLOCK, s->v + p->column, s->d, 1,
            s->dyt + p->column * s->padded + p->i0, s->padded);
    ops->backward(p->keys, p->i0, s->dz, s->dw, p->z, p->w);
    k->gemm(s->width, ATTN_BLOCK, p->keys, 0, s->yt + p->column * ATTN_BLOCK, ATTN_BLOCK,
            s->k + p->column, 1, s->d, s->dz, ATTN_BLOCK);
    onto_keys(k, s, p, s->dv, p->w, s->dy);
    onto_keys(k, s, p, s->dk, s->dz, s->q);
}

void attention_backward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                        const struct grid *g, const struct attention_maps *maps, real *dqkv,
                        const real *dmixed, const real *qkv, int part, int parts)
{
    int c = a->heads * a->width, together = heads_together(a), groups = a->heads / together;
    ptrdiff_t stride = (ptrdiff_t)g->sequences * 3 * c;
    struct bench s = bench_of(a, maps, g->positions, part);
    int units = g->sequences * groups, last = team_first(part + 1, parts, units, 1);
    for (int unit = team_first(part, parts, units, 1); unit < last; unit++) {
        int sequence = unit / groups, head = unit % groups * together;
        size_t column = (size_t)head * a->width;
        real *out = dqkv + (size_t)sequence * 3 * c + column;
        s.pair = unit * together;
        take_heads(a, k, g, &s, qkv, sequence, head);
        k->copy_scaled(s.n, s.d, s.dy, s.d, dmixed + (size_t)sequence * c + column, stride / 3, 1);
        k->transpose(s.n, s.d, s.dyt, s.padded, s.dy, s.d);
        for (int i0 = 0; i0 < s.n; i0 += ATTN_BLOCK) {
            struct place p;
            for (int h = 0; h < together; h++) {
                p = place_of(&s, h, i0);
                if (!maps->z)
                    weigh(ops, k, &s, &p);
                place_backward(ops, k, &s, &p);
            }
            k->scale(s.d * ATTN_BLOCK, s.yt, a->scale);
            k->transpose(s.d, p.queries, out + i0 * stride, stride, s.yt, ATTN_BLOCK);
        }
        k->copy_scaled(s.n, s.d, out + c, stride, s.dk, s.d, 1);
        k->copy_scaled(s.n, s.d, out + 2 * c, stride, s.dv, s.d, 1);
    }
}

void attention_show(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                    const struct grid *g, const real *qkv, int sequence, int head, float *weight,
                    float *score)
{
    struct bench s = bench_of(a, NULL, g->positions, 0);
    int together = heads_together(a);
    take_heads(a, k, g, &s, qkv, sequence, head / together * together);
    for (int i0 = 0; i0 < s.n; i0 += ATTN_BLOCK) {
        struct place p = place_of(&s, head % together, i0);
        weigh(ops, k, &s, &p);
        for (int i = i0; i < i0 + p.queries; i++)
            for (int j = 0; j < s.n; j++) {
                size_t from = (size_t)j * ATTN_BLOCK + (size_t)(i - i0);
                size_t to = (size_t)i * s.n + j;
                weight[to] = j <= i ? (float)p.w[from] : 0;
                if (score)
                    score[to] = j <= i ? (float)p.z[from] : 0;
            }
    }
}
