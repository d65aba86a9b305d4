#include "nn/attention_sums.h"

#include <string.h>
#include "base/team.h"

/* With w_ij = z_ij / (eps + sum_k z_ik) and z_ij = f(q_i).f(k_j) no map is needed (Katharopoulos
   2020): with a one after the values, v' = (v, 1), the head returns a_i / (eps + b_i) for
   (a_i, b_i) = S_i' f(q_i), where S_i = sum_{j <= i} f(k_j) v'_j. Positions are taken ATTN_BLOCK at
   a time: what lies before the block comes out of the sum, the block itself by its small map. */

/* One thread's scratch for one head of one sequence; D its width, E = D + 1. */
struct sums {
    int n, d, e;
    real eps;
    real *q, *k;           /* (T', D), features */
    real *v, *g;           /* (T', E): v', and its gradient's other factor */
    real *y, *dy;          /* (T', D) */
    real *dq, *dk, *dv;    /* (T', D) */
    real *before, *turned; /* (D, E), and its transpose */
    real *num;             /* (ATTN_BLOCK, E) */
    real *z, *dz;          /* (ATTN_BLOCK, ATTN_BLOCK): queries down */
    real *kt, *vt;         /* (D, ATTN_BLOCK), (E, ATTN_BLOCK) */
};

bool sums_apply(const struct attention *a, const struct attn_ops *ops)
{
    return !a->full && ops->sum_eps > 0 && a->span >= 96 + 2 * a->width;
}

size_t sums_scratch(int width, int span)
{
    size_t d = (size_t)width, e = d + 1;
    return (size_t)span * (7 * d + 2 * e) + 2 * d * e + ATTN_BLOCK * (d + 2 * e + 2 * ATTN_BLOCK);
}

double sums_products(int width, int positions)
{
    double d = width, e = d + 1, blocks = positions / ATTN_BLOCK, rest = positions % ATTN_BLOCK;
    double pairs = blocks * ATTN_BLOCK * (ATTN_BLOCK + 1) / 2 + rest * (rest + 1) / 2;
    return positions * (5 * d * e + d * d) + pairs * (4 * d + 2 * e);
}

static real *cut(real **from, size_t size)
{
    real *start = *from;
    *from += size;
    return start;
}

static struct sums sums_of(const struct attention *a, const struct attn_ops *ops, int n, int part)
{
    real *at = a->scratch + a->scratch_part * (size_t)part;
    size_t d = (size_t)a->width, e = d + 1, rows = (size_t)n;
    struct sums s = {.n = n, .d = a->width, .e = a->width + 1, .eps = ops->sum_eps};
    real **const narrow[] = {&s.q, &s.k, &s.y, &s.dy, &s.dq, &s.dk, &s.dv};
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++)
        *narrow[i] = cut(&at, rows * d);
    s.v = cut(&at, rows * e);
    s.g = cut(&at, rows * e);
    s.before = cut(&at, d * e);
    s.turned = cut(&at, d * e);
    s.num = cut(&at, ATTN_BLOCK * e);
    s.z = cut(&at, ATTN_BLOCK * ATTN_BLOCK);
    s.dz = cut(&at, ATTN_BLOCK * ATTN_BLOCK);
    s.kt = cut(&at, d * ATTN_BLOCK);
    s.vt = cut(&at, e * ATTN_BLOCK);
    return s;
}

/* Gather a head; `at` is its first query, rows `stride` apart, keys and values c and 2 c after it.
 */
static void take_head(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                      const struct sums *s, const real *at, ptrdiff_t stride, int c)
{
    k->copy_scaled(s->n, s->d, s->q, s->d, at, stride, a->scale);
    k->copy_scaled(s->n, s->d, s->k, s->d, at + c, stride, 1);
    k->copy_scaled(s->n, s->d, s->v, s->e, at + 2 * c, stride, 1);
    for (int t = 0; t < s->n; t++)
        s->v[(size_t)t * s->e + s->d] = 1;
    ops->feature((size_t)s->n * s->d, s->q);
    ops->feature((size_t)s->n * s->d, s->k);
}

static int block_at(const struct sums *s, int i0)
{
    return s->n - i0 < ATTN_BLOCK ? s->n - i0 : ATTN_BLOCK;
}

/* map (m, m) = x (m, size) . rows' of the block from i0 on, 0 where the key is after the query. */
static void block_map(const struct kern *k, int i0, int m, int size, real *map, real *transposed,
                      const real *x, const real *rows)
{
    size_t at = (size_t)i0 * size;
    k->transpose(m, size, transposed, ATTN_BLOCK, rows + at, size);
    k->gemm(m, m, size, 0, map, ATTN_BLOCK, x + at, size, 1, transposed, ATTN_BLOCK);
    for (int i = 0; i < m; i++)
        memset(map + i * ATTN_BLOCK + i + 1, 0, (size_t)(m - i - 1) * sizeof *map);
}

/* y of a block's queries; s->num keeps (a, 1 / (eps + b)). */
static void block_forward(const struct kern *k, const struct sums *s, int i0)
{
    int m = block_at(s, i0), d = s->d, e = s->e;
    block_map(k, i0, m, d, s->z, s->kt, s->q, s->k);
    k->gemm(m, e, d, 0, s->num, e, s->q + (size_t)i0 * d, d, 1, s->before, e);
    k->gemm(m, e, m, 1, s->num, e, s->z, ATTN_BLOCK, 1, s->v + (size_t)i0 * e, e);
    for (int i = 0; i < m; i++) {
        real *row = s->num + (size_t)i * e;
        row[d] = 1 / (row[d] + s->eps);
        for (int c = 0; c < d; c++)
            s->y[(size_t)(i0 + i) * d + c] = row[c] * row[d];
    }
}

/* s->before += rows' . more of the block from i0 on. */
static void block_joins(const struct kern *k, const struct sums *s, int i0, const real *rows,
                        const real *more)
{
    k->gemm(s->d, s->e, block_at(s, i0), 1, s->before, s->e, rows + (size_t)i0 * s->d, 1, s->d,
            more + (size_t)i0 * s->e, s->e);
}

static void nothing_before(const struct sums *s)
{
    memset(s->before, 0, (size_t)s->d * s->e * sizeof *s->before);
}

/* g_i = (dy_i, -dy_i.y_i) / (eps + b_i), so that dz_ij = g_i.v'_j; and dq_i = sum_j dz_ij k_j. */
static void block_queries_back(const struct kern *k, const struct sums *s, int i0)
{
    int m = block_at(s, i0), d = s->d, e = s->e;
    for (int i = 0; i < m; i++) {
        size_t at = (size_t)(i0 + i) * d;
        real *g = s->g + (size_t)(i0 + i) * e, inverse = s->num[(size_t)i * e + d];
        g[d] = -k->dot(d, s->dy + at, s->y + at) * inverse;
        for (int c = 0; c < d; c++)
            g[c] = s->dy[at + c] * inverse;
    }
    block_map(k, i0, m, e, s->dz, s->vt, s->g, s->v);
    k->transpose(d, e, s->turned, d, s->before, e);
    real *dq = s->dq + (size_t)i0 * d;
    k->gemm(m, d, e, 0, dq, d, s->g + (size_t)i0 * e, e, 1, s->turned, d);
    k->gemm(m, d, m, 1, dq, d, s->dz, ATTN_BLOCK, 1, s->k + (size_t)i0 * d, d);
}

/* With R = sum_{i after the block} q_i g_i: dk_j = R v'_j and dv_j = R' k_j, without the last of
   R's columns, and what the block's own queries add by its maps. */
static void block_keys_back(const struct kern *k, const struct sums *s, int i0)
{
    int m = block_at(s, i0), d = s->d, e = s->e;
    size_t at = (size_t)i0 * d, wide = (size_t)i0 * e;
    block_map(k, i0, m, d, s->z, s->kt, s->q, s->k);
    block_map(k, i0, m, e, s->dz, s->vt, s->g, s->v);
    k->transpose(d, e, s->turned, d, s->before, e);
    k->gemm(m, d, e, 0, s->dk + at, d, s->v + wide, e, 1, s->turned, d);
    k->gemm(m, d, m, 1, s->dk + at, d, s->dz, 1, ATTN_BLOCK, s->q + at, d);
    k->gemm(m, d, d, 0, s->dv + at, d, s->k + at, d, 1, s->before, e);
    k->gemm(m, d, m, 1, s->dv + at, d, s->z, 1, ATTN_BLOCK, s->g + wide, e);
}

void sums_forward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                  const struct grid *g, real *mixed, const real *qkv, int part, int parts)
{
    int c = a->heads * a->width, units = g->sequences * a->heads;
    ptrdiff_t stride = (ptrdiff_t)g->sequences * c;
    struct sums s = sums_of(a, ops, g->positions, part);
    for (int u = team_first(part, parts, units, 1); u < team_first(part + 1, parts, units, 1);
         u++) {
        size_t sequence = (size_t)(u / a->heads), column = (size_t)(u % a->heads) * a->width;
        take_head(a, ops, k, &s, qkv + sequence * 3 * c + column, 3 * stride, c);
        nothing_before(&s);
        for (int i0 = 0; i0 < s.n; i0 += ATTN_BLOCK) {
            block_forward(k, &s, i0);
            block_joins(k, &s, i0, s.k, s.v);
        }
        k->copy_scaled(s.n, s.d, mixed + sequence * c + column, stride, s.y, s.d, 1);
    }
}

void sums_backward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                   const struct grid *g, real *dqkv, const real *dmixed, const real *qkv, int part,
                   int parts)
{
    int c = a->heads * a->width, units = g->sequences * a->heads;
    ptrdiff_t stride = (ptrdiff_t)g->sequences * c;
    struct sums s = sums_of(a, ops, g->positions, part);
    size_t size = (size_t)s.n * s.d;
    for (int u = team_first(part, parts, units, 1); u < team_first(part + 1, parts, units, 1);
         u++) {
        size_t sequence = (size_t)(u / a->heads), column = (size_t)(u % a->heads) * a->width;
        take_head(a, ops, k, &s, qkv + sequence * 3 * c + column, 3 * stride, c);
        k->copy_scaled(s.n, s.d, s.dy, s.d, dmixed + sequence * c + column, stride, 1);
        nothing_before(&s);
        for (int i0 = 0; i0 < s.n; i0 += ATTN_BLOCK) {
            block_forward(k, &s, i0);
            block_queries_back(k, &s, i0);
            block_joins(k, &s, i0, s.k, s.v);
        }
        nothing_before(&s);
        for (int i0 = (s.n - 1) / ATTN_BLOCK * ATTN_BLOCK; i0 >= 0; i0 -= ATTN_BLOCK) {
            block_keys_back(k, &s, i0);
            block_joins(k, &s, i0, s.q, s.g);
        }
        ops->feature_back(size, s.dq, s.q);
        ops->feature_back(size, s.dk, s.k);
        real *out = dqkv + sequence * 3 * c + column;
        k->copy_scaled(s.n, s.d, out, 3 * stride, s.dq, s.d, a->scale);
        k->copy_scaled(s.n, s.d, out + c, 3 * stride, s.dk, s.d, 1);
        k->copy_scaled(s.n, s.d, out + 2 * c, 3 * stride, s.dv, s.d, 1);
    }
}
