#include "model/models/transformer_net.h"

#include <string.h>
#include "nn/ffn.h"

/* One parallel region: `layer` says which maps it stands between. */
struct job {
    struct model *m;
    struct transformer *n;
    struct grid grid;
    const struct batch *batch;
    int layer;
};

static int rows_of(const struct job *j)
{
    return j->grid.positions * j->grid.sequences;
}

static int chunk_of(const struct model *m)
{
    /* A product never spans weight groups, so grouped maps go position by position. */
    return m->config.model.groups > 1 ? m->sequences : 128;
}

/* Call step(job, first, last) for this part's rows, a chunk at a time: a chunk stays in the cache
   from the first map of the chain to the last. */
static void by_chunks(struct job *j, int part, int parts,
                      void (*step)(struct job *j, int first, int last))
{
    int last = team_first(part + 1, parts, rows_of(j), 8), chunk = chunk_of(j->m);
    for (int r = team_first(part, parts, rows_of(j), 8); r < last; r += chunk)
        step(j, r, r + chunk < last ? r + chunk : last);
}

static void pack_and_embed(void *arg, int part, int parts)
{
    struct job *j = arg;
    struct transformer *n = j->n;
    const struct kern *k = j->m->kern;
    for (int l = 0; l < n->layers; l++) {
        const struct block *b = &n->blocks[l];
        const struct linear *maps[] = {&b->qkv, &b->o, &b->up, &b->down};
        for (int i = 0; i < 4; i++)
            linear_pack(maps[i], k, j->m->weights, part, parts);
    }
    for (int s = 0; s < n->skips.count; s++)
        linear_pack(&n->skips.list[s].map, k, j->m->weights, part, parts);
    linear_pack(&n->head, k, j->m->weights, part, parts);
    if (j->m->ops->reads_images) {
        patches_pack(&n->patches, k, j->m->weights, part, parts);
        return; /* forward_rows takes the patches, by these packed weights */
    }
    struct embed_layout at = {(size_t)j->grid.sequences * n->width, (size_t)n->width};
    embed_forward(&n->embed, k, j->m->weights, j->batch->tokens,
                  j->grid.sequences, team_first(part, parts, j->grid.positions, 1),
                  team_first(part + 1, parts, j->grid.positions, 1), 0, j->grid.sequences, n->x,
                  at);
}

/* What of rows first..last-1 is at the last position. */
static void keep_ends(const struct job *j, int index, int first, int last)
{
    const struct transformer *n = j->n;
    int end = rows_of(j) - j->grid.sequences, from = first > end ? first : end;
    size_t c = (size_t)n->width, row = (size_t)index * (size_t)j->m->max_sequences;
    if (from < last)
        memcpy(n->ends + (row + (size_t)(from - end)) * c, n->x + (size_t)from * c,
               (size_t)(last - from) * c * sizeof *n->x);
}

static void stage_forward(struct job *j, int index, int first, int last)
{
    struct stage *s = &j->n->stages[index];
    size_t at = (size_t)first * j->n->width, count = (size_t)(last - first) * j->n->width;
    norm_forward(&s->norm, j->m->kern, j->m->weights, first, last, s->out, s->hat, s->inverse,
                 j->n->x);
    if (s->replaces)
        memcpy(j->n->x + at, s->out + at, count * sizeof(real));
    if (j->n->ends)
        keep_ends(j, index, first, last);
}

/* The head's rows of images: all but those of the time, which says nothing of the noise. */
static struct grid patch_grid(const struct job *j)
{
    int count = j->n->patches.count;
    return (struct grid){count, j->grid.sequences, count};
}

/* Rows first..last-1 of the stream without those of the time; returns false if none is left. */
static bool patch_rows(const struct job *j, int *first, int *last)
{
    int times = j->grid.sequences;
    *first = *first > times ? *first - times : 0;
    *last -= times;
    return *first < *last;
}

static real *patch_out(const struct job *j)
{
    return j->n->stages[2 * j->n->layers].out + (size_t)j->grid.sequences * j->n->width;
}

static void head_forward(struct job *j, int first, int last)
{
    struct transformer *n = j->n;
    const struct kern *k = j->m->kern;
    struct grid g = patch_grid(j);
    if (!j->m->ops->reads_images) {
        linear_forward(&n->head, k, j->m->weights, &j->grid, first, last, false, j->m->logits,
                       n->stages[2 * n->layers].out);
    } else if (patch_rows(j, &first, &last)) {
        linear_forward(&n->head, k, j->m->weights, &g, first, last, false, n->patches.noise,
                       patch_out(j));
        patches_to_images(&n->patches, j->grid.sequences, first, last, j->m->logits);
    }
}

/* Long skips, and how images enter. */
static void enter_block(struct job *j, int first, int last)
{
    struct transformer *n = j->n;
    struct skip *from = skip_from(&n->skips, j->layer - 1), *into = skip_into(&n->skips, j->layer);
    if (j->layer == 0 && j->m->ops->reads_images)
        patches_forward(&n->patches, j->m->kern, j->m->weights, j->batch, first, last, n->x);
    if (from)
        skip_keep(&n->skips, from, first, last, n->x);
    if (into)
        skip_join(&n->skips, into, j->m->kern, j->m->weights, &j->grid, first, last, n->x);
}

/* From the mixed values of block layer - 1 (or the embedding) to q, k, v of block `layer` (or the
   logits). */
static void forward_rows(struct job *j, int first, int last)
{
    struct transformer *n = j->n;
    const struct kern *k = j->m->kern;
    const real *weights = j->m->weights;
    if (j->layer > 0) {
        const struct block *b = &n->blocks[j->layer - 1];
        const struct stage *s = &n->stages[2 * j->layer - 1];
        linear_forward(&b->o, k, weights, &j->grid, first, last, true, n->x, b->mixed);
        stage_forward(j, 2 * j->layer - 1, first, last);
        linear_forward(&b->up, k, weights, &j->grid, first, last, false, b->pre, s->out);
        activation_forward(n->activation, k, first, last, n->ffn, j->m->training, b->act, b->pre);
        linear_forward(&b->down, k, weights, &j->grid, first, last, true, n->x, b->act);
    }
    enter_block(j, first, last);
    stage_forward(j, 2 * j->layer, first, last);
    if (j->layer < n->layers)
        linear_forward(&n->blocks[j->layer].qkv, k, weights, &j->grid, first, last, false,
                       n->blocks[j->layer].heads, n->stages[2 * j->layer].out);
    else
        head_forward(j, first, last);
}

static void forward_part(void *arg, int part, int parts)
{
    by_chunks(arg, part, parts, forward_rows);
}

static void attend_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    const struct block *b = &j->n->blocks[j->layer];
    attention_forward(&b->attention, b->ops, j->m->kern, &j->grid, &b->maps, b->mixed, b->heads,
                      part, parts);
}

void transformer_forward(struct model *m, const struct batch *batch)
{
    struct job j = {
        m, m->state, {m->positions, m->sequences, m->max_positions}, batch, 0};
    for (int l = 0; l < j.n->layers; l++)
        j.n->blocks[l].attention.changes =
            m->changes ? m->changes + (size_t)l * (size_t)m->config.model.heads : NULL;
    team_run(m->team, pack_and_embed, &j);
    team_run(m->team, forward_part, &j);
    while (j.layer < j.n->layers) {
        team_run(m->team, attend_part, &j);
        j.layer++;
        team_run(m->team, forward_part, &j);
    }
}

/* dx becomes the gradient of the stream before the stage. */
static void stage_backward(struct job *j, int index, int first, int last)
{
    struct stage *s = &j->n->stages[index];
    int c = j->n->width;
    real *dx = j->n->dx;
    if (s->replaces)
        for (int r = first; r < last; r++) {
            j->m->kern->add(c, s->dout + (size_t)r * c, dx + (size_t)r * c);
            memset(dx + (size_t)r * c, 0, (size_t)c * sizeof *dx);
        }
    norm_backward(&s->norm, j->m->kern, j->m->weights, first, last, dx, s->dout, s->hat,
                  s->inverse);
}

static void copy_rows(const struct job *j, int first, int last, real *to)
{
    size_t at = (size_t)first * j->n->width, count = (size_t)(last - first) * j->n->width;
    memcpy(to + at, j->n->dx + at, count * sizeof *to);
}

/* The mirror of head_forward. */
static void head_backward(struct job *j, int first, int last)
{
    struct transformer *n = j->n;
    const struct kern *k = j->m->kern;
    real *dout = n->stages[2 * n->layers].dout;
    struct grid g = patch_grid(j);
    size_t at = (size_t)first * n->width, count = (size_t)(last - first) * n->width;
    memset(n->dx + at, 0, count * sizeof(real));
    if (!j->m->ops->reads_images) {
        linear_backward(&n->head, k, j->m->weights, &j->grid, first, last, false, dout,
                        j->m->dlogits);
        return;
    }
    memset(dout + at, 0, count * sizeof(real));
    if (!patch_rows(j, &first, &last))
        return;
    patches_from_images(&n->patches, j->grid.sequences, first, last, j->m->dlogits);
    linear_backward(&n->head, k, j->m->weights, &g, first, last, false,
                    dout + (size_t)j->grid.sequences * n->width, n->patches.noise);
}

/* The mirror of enter_block. */
static void leave_block(struct job *j, int first, int last)
{
    struct transformer *n = j->n;
    struct skip *from = skip_from(&n->skips, j->layer - 1), *into = skip_into(&n->skips, j->layer);
    if (into)
        skip_divide(&n->skips, into, j->m->kern, j->m->weights, &j->grid, first, last, n->dx);
    if (from)
        skip_return(&n->skips, from, j->m->kern, first, last, n->dx);
}

/* The mirror of forward_rows. */
static void backward_rows(struct job *j, int first, int last)
{
    struct transformer *n = j->n;
    const struct kern *k = j->m->kern;
    const real *weights = j->m->weights;
    struct stage *s = &n->stages[2 * j->layer];
    if (j->layer < n->layers) {
        linear_backward(&n->blocks[j->layer].qkv, k, weights, &j->grid, first, last, false, s->dout,
                        n->dheads[j->layer % 2]);
    } else {
        head_backward(j, first, last);
    }
    stage_backward(j, 2 * j->layer, first, last);
    leave_block(j, first, last);
    if (j->layer == 0)
        return;
    const struct block *b = &n->blocks[j->layer - 1];
    s = &n->stages[2 * j->layer - 1];
    copy_rows(j, first, last, n->dx_down);
    linear_backward(&b->down, k, weights, &j->grid, first, last, false, n->dact, n->dx);
    activation_backward(n->activation, k, first, last, n->ffn, n->dpre, n->dact, b->pre, b->act);
    linear_backward(&b->up, k, weights, &j->grid, first, last, false, s->dout, n->dpre);
    stage_backward(j, 2 * j->layer - 1, first, last);
    copy_rows(j, first, last, n->dx_o);
    linear_backward(&b->o, k, weights, &j->grid, first, last, false, n->dmixed, n->dx);
}

static void backward_part(void *arg, int part, int parts)
{
    by_chunks(arg, part, parts, backward_rows);
}

static void map_gradient(const struct job *j, const struct linear *l, const real *x, const real *dy,
                         int part, int parts)
{
    linear_gradient(l, j->m->kern, j->m->gradients, &j->grid, x, dy, part, parts);
}

static void stage_gradient(const struct job *j, int index, int part, int parts)
{
    const struct stage *s = &j->n->stages[index];
    norm_gradient(&s->norm, j->m->kern, j->m->gradients, rows_of(j), s->dout, s->hat, part, parts);
}

static void head_gradient(const struct job *j, int part, int parts)
{
    const struct transformer *n = j->n;
    struct job patches = *j;
    if (!j->m->ops->reads_images) {
        map_gradient(j, &n->head, n->stages[2 * n->layers].out, j->m->dlogits, part, parts);
        return;
    }
    patches.grid = patch_grid(j);
    map_gradient(&patches, &n->head, patch_out(j), n->patches.noise, part, parts);
}

/* Weights on the way into block `layer`, or the head: dheads[layer % 2], dstage[0] or [2]. */
static void entry_gradients(const struct job *j, int layer, int part, int parts)
{
    const struct transformer *n = j->n;
    const real *x = n->stages[2 * layer].out;
    if (layer < n->layers)
        map_gradient(j, &n->blocks[layer].qkv, x, n->dheads[layer % 2], part, parts);
    else
        head_gradient(j, part, parts);
    const struct skip *into = skip_into(&n->skips, layer);
    if (into)
        map_gradient(j, &into->map, into->both, into->dy, part, parts);
    stage_gradient(j, 2 * layer, part, parts);
}

/* Attention of block `layer`; beside it every weight's gradient whose inputs the next rows
   overwrite: the rest of this block's, and the entry of the block above. */
static void attend_back_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    struct transformer *n = j->n;
    const struct block *b = &n->blocks[j->layer];
    attention_backward(&b->attention, b->ops, j->m->kern, &j->grid, &b->maps,
                       n->dheads[j->layer % 2], n->dmixed, b->heads, part, parts);
    map_gradient(j, &b->o, b->mixed, n->dx_o, part, parts);
    map_gradient(j, &b->up, n->stages[2 * j->layer + 1].out, n->dpre, part, parts);
    map_gradient(j, &b->down, b->act, n->dx_down, part, parts);
    stage_gradient(j, 2 * j->layer + 1, part, parts);
    entry_gradients(j, j->layer + 1, part, parts);
}

static void embed_back_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    entry_gradients(j, 0, part, parts);
    if (j->m->ops->reads_images) {
        patches_gradient(&j->n->patches, j->m->kern, j->m->gradients, j->grid.sequences, j->n->dx,
                         part, parts);
        return;
    }
    struct embed_layout at = {(size_t)j->grid.sequences * j->n->width, (size_t)j->n->width};
    embed_gradient(&j->n->embed, j->m->kern, j->m->gradients, j->batch->tokens,
                   j->grid.positions, j->grid.sequences, j->n->dx, at, part, parts);
}

void transformer_backward(struct model *m, const struct batch *batch)
{
    struct transformer *n = m->state;
    struct job j = {
        m, n, {m->positions, m->sequences, m->max_positions}, batch, n->layers};
    team_run(m->team, backward_part, &j);
    while (j.layer > 0) {
        j.layer--;
        team_run(m->team, attend_back_part, &j);
        team_run(m->team, backward_part, &j);
    }
    team_run(m->team, embed_back_part, &j);
}

void transformer_attention(const struct model *m, int layer, int head, int sequence, float *weight,
                           float *score)
{
    const struct transformer *n = m->state;
    const struct block *b = &n->blocks[layer];
    struct grid g = {m->positions, m->sequences, m->max_positions};
    attention_show(&b->attention, b->ops, m->kern, &g, b->heads, sequence, head, weight, score);
}

const real *transformer_features(const struct model *m)
{
    const struct transformer *n = m->state;
    return n->stages[2 * n->layers].out;
}

void transformer_lens(const struct model *m, int row, real *logits)
{
    const struct transformer *n = m->state;
    /* After post-norm blocks the stream is normalised already. */
    bool post = m->config.model.where == NORM_POST;
    const struct norm *norm = &n->stages[post ? 0 : 2 * n->layers].norm;
    struct grid g = {1, m->sequences, m->max_positions};
    const real *x = n->ends + (size_t)row * (size_t)m->max_sequences * (size_t)n->width;
    norm_forward(norm, m->kern, m->weights, 0, m->sequences, n->end_out, n->end_hat,
                 n->end_inverse, x);
    linear_forward(&n->head, m->kern, m->weights, &g, 0, m->sequences, false, logits, n->end_out);
}
