/* The models once more, as plainly as their definitions read: one window, double precision, tensors
   found by name, no batch, no tricks. */
#ifndef HEED_TESTS_NAIVE_H
#define HEED_TESTS_NAIVE_H

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/heads.h"
#include "model/model.h"
#include "stop_test.h"

enum { NAIVE_WIDE = 512 };

/* Element (group, row, column) of a tensor whose group dimension may be missing. */
struct tensor {
    const real *data;
    int groups, rows, columns;
};

static inline struct tensor tensor_of(const struct model *m, bool matrix, const char *format, ...)
{
    char name[PARAM_NAME];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    const struct param *p = param_find(&m->params, name);
    if (!p)
        stop_test("no tensor %s\n", name);
    bool grouped = p->rank == (matrix ? 3 : 2);
    const int *shape = p->shape + grouped;
    return (struct tensor){m->weights + p->offset, grouped ? p->shape[0] : 1, shape[0],
                           matrix ? shape[1] : 1};
}

/* y = W x (+ b) with the group of position t. */
static inline void naive_map(const struct model *m, const char *name, int t, bool bias, double *y,
                             const double *x)
{
    struct tensor w = tensor_of(m, true, "%s.weight", name);
    int group = t * w.groups / m->max_positions;
    for (int o = 0; o < w.rows; o++) {
        y[o] = 0;
        for (int i = 0; i < w.columns; i++)
            y[o] += (double)w.data[((size_t)group * w.rows + o) * w.columns + i] * x[i];
    }
    if (!bias || m->config.model.bias == BIAS_NO)
        return;
    struct tensor b = tensor_of(m, false, "%s.bias", name);
    for (int o = 0; o < w.rows; o++)
        y[o] += (double)b.data[group * w.rows + o];
}

static inline void naive_norm(const struct model *m, const char *name, double *y, const double *x)
{
    int c = m->config.model.dim;
    double mean = 0, square = 0;
    memmove(y, x, (size_t)c * sizeof *y);
    if (m->config.model.norm == NORM_NONE)
        return;
    bool layer = m->config.model.norm == NORM_LAYER;
    for (int i = 0; i < c && layer; i++)
        mean += x[i] / c;
    for (int i = 0; i < c; i++)
        square += (x[i] - mean) * (x[i] - mean) / c;
    struct tensor gain = tensor_of(m, false, "%s.weight", name);
    for (int i = 0; i < c; i++)
        y[i] = (x[i] - mean) / sqrt(square + 1e-5) * (double)gain.data[i];
    if (layer && m->config.model.bias == BIAS_YES)
        for (int i = 0; i < c; i++)
            y[i] += (double)tensor_of(m, false, "%s.bias", name).data[i];
}

static inline double naive_activation(int kind, double x)
{
    if (kind == ACT_GELU)
        return 0.5 * x * (1 + tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
    if (kind == ACT_RELU)
        return x > 0 ? x : 0;
    return kind == ACT_TANH ? tanh(x) : x / (1 + exp(-x));
}

static inline void naive_embed(const struct model *m, int t, int symbol, bool positions, double *x)
{
    int c = m->config.model.dim;
    for (int i = 0; i < c; i++) {
        x[i] = m->config.model.embedding == EMBEDDING_ONEHOT
                   ? i == symbol
                   : (double)tensor_of(m, true, "embed.weight").data[symbol * c + i];
        if (positions && m->config.model.position == POSITION_LEARNED)
            x[i] += (double)tensor_of(m, true, "pos.weight").data[t * c + i];
        double angle = t / pow(10000, (double)(i / 2 * 2) / c);
        if (positions && m->config.model.position == POSITION_SINUSOIDAL)
            x[i] += i % 2 ? cos(angle) : sin(angle);
    }
}

/* A key's share before the row is normalised, and the constant that joins the row's sum. */
static inline double naive_share(const char *kind, double z, double *constant)
{
    *constant = 0;
    if (!strcmp(kind, "ea") || !strcmp(kind, "signed-ea") || !strcmp(kind, "square")) {
        *constant = 1e-6;
        return strcmp(kind, "square") ? z * z / (1 + z * z) : z * z;
    }
    if (!strcmp(kind, "linear")) {
        *constant = 1e-6;
        return z;
    }
    *constant = !strcmp(kind, "softmax1");
    return exp(strcmp(kind, "cog") ? z : fabs(z));
}

/* A row of weights from a row of scores: the table of definitions. */
static inline void naive_weights(const char *kind, int n, double *w, const double *z)
{
    double sum = 0, constant = 0;
    for (int j = 0; j < n; j++)
        sum += w[j] = naive_share(kind, z[j], &constant);
    for (int j = 0; j < n; j++) {
        w[j] /= sum + constant;
        if (!strcmp(kind, "cog") || !strcmp(kind, "signed-ea"))
            w[j] *= (z[j] > 0) - (z[j] < 0);
        if (!strcmp(kind, "centered"))
            w[j] -= 1.0 / n;
        if (!strcmp(kind, "sigmoid"))
            w[j] = 1 / (1 + exp(log(n) - z[j]));
        if (!strcmp(kind, "relu2"))
            w[j] = z[j] > 0 ? z[j] * z[j] / n : 0;
    }
}

/* elu + 1 */
static inline double naive_feature(double x)
{
    return x > 0 ? x + 1 : exp(x);
}

static inline double naive_score(const char *kind, int n, const double *q, const double *k,
                                 double scale)
{
    double z = 0;
    for (int d = 0; d < n; d++)
        z += strcmp(kind, "linear") ? scale * q[d] * k[d]
                                    : naive_feature(scale * q[d]) * naive_feature(k[d]);
    return z;
}

/* Rope: each pair of neighbours as a complex number times e^(i t 10000^(-2 p / n)). */
static inline void naive_turn(int n, double *x, int t)
{
    for (int i = 0; i < n; i += 2) {
        double size = hypot(x[i], x[i + 1]), angle = atan2(x[i + 1], x[i]);
        angle += t / pow(10000, (double)i / n);
        x[i] = size * cos(angle);
        x[i + 1] = size * sin(angle);
    }
}

/* Weights over the first `seen` keys of query t of a head, from q and k. */
static inline void naive_row(const struct model *m, const char *kind, double scale, int head, int t,
                             int seen, double *w, double (*q)[NAIVE_WIDE],
                             double (*k)[NAIVE_WIDE])
{
    double z[64], less[64];
    bool diff = !strcmp(kind, "diff");
    int heads = m->config.model.heads, width = m->config.model.dim / heads, at = head * width;
    int part = diff ? width / 2 : width;
    for (int half = 0; half < 1 + diff; half++) {
        for (int j = 0; j < seen; j++) {
            z[j] = naive_score(kind, part, q[t] + at + half * part, k[j] + at + half * part, scale);
            if (m->config.model.position == POSITION_ALIBI)
                z[j] -= pow(2, -8.0 * (head + 1) / heads) * (t - j);
        }
        naive_weights(diff ? "dpa" : kind, seen, half ? less : w, z);
    }
    for (int j = 0; j < seen && diff; j++)
        w[j] -= 0.8 * less[j];
}

/* What is done to a head's weights over `seen` keys. */
static inline void naive_change(const struct model *m, int layer, int head, int seen, double *w)
{
    int change = m->changes ? m->changes[layer * m->config.model.heads + head] : HEAD_WHOLE;
    for (int j = 0; j < seen && change == HEAD_UNIFORM; j++)
        w[j] = 1.0 / seen;
    for (int j = 0; j < seen && change == HEAD_POSITIVE; j++)
        w[j] = fmax(w[j], 0);
    for (int j = 0; j < seen && change == HEAD_REMOVED; j++)
        w[j] = 0;
}

static inline void naive_attention(const struct model *m, int layer, int n,
                                   double (*mixed)[NAIVE_WIDE], double (*in)[NAIVE_WIDE])
{
    static double qkv[3][64][NAIVE_WIDE];
    char name[PARAM_NAME];
    int width = m->config.model.dim / m->config.model.heads;
    const char *kind = m->config.attn.kind;
    double scale = m->config.attn.scale;
    bool end = layer == 0 || layer == m->config.model.layers - 1;
    if (m->config.attn.keep_ends == KEEP_ENDS_YES && end && strcmp(kind, "dpa")) {
        kind = "dpa";
        scale = 1 / sqrt(width);
    }
    for (int i = 0; i < 3; i++)
        for (int t = 0; t < n; t++) {
            snprintf(name, sizeof name, "layers.%d.attn.%c", layer, "qkv"[i]);
            naive_map(m, name, t, false, qkv[i][t], in[t]);
            int part = strcmp(kind, "diff") ? width : width / 2;
            for (int at = 0; at < m->config.model.dim && i < 2; at += part)
                if (m->config.model.position == POSITION_ROPE)
                    naive_turn(part, qkv[i][t] + at, t);
        }
    for (int t = 0; t < n; t++)
        for (int h = 0; h < m->config.model.heads; h++) {
            double w[64];
            int seen = m->ops->reads_images ? n : t + 1;
            naive_row(m, kind, scale, h, t, seen, w, qkv[0], qkv[1]);
            naive_change(m, layer, h, seen, w);
            for (int d = h * width; d < (h + 1) * width; d++) {
                mixed[t][d] = 0;
                for (int j = 0; j < seen; j++)
                    mixed[t][d] += w[j] * qkv[2][j][d];
            }
        }
}

static inline void naive_ffn(const struct model *m, int layer, int t, double *y, const double *x)
{
    double up[NAIVE_WIDE], gate[NAIVE_WIDE];
    char name[PARAM_NAME];
    int kind = m->config.model.activation;
    snprintf(name, sizeof name, "layers.%d.ffn.up", layer);
    naive_map(m, name, t, true, up, x);
    snprintf(name, sizeof name, "layers.%d.ffn.gate", layer);
    if (kind == ACT_SILU_GATED)
        naive_map(m, name, t, true, gate, x);
    for (int i = 0; i < m->config.model.ffn; i++)
        up[i] = kind == ACT_SILU_GATED ? up[i] * naive_activation(kind, gate[i])
                                       : naive_activation(kind, up[i]);
    snprintf(name, sizeof name, "layers.%d.ffn.down", layer);
    naive_map(m, name, t, true, y, up);
}

/* What enters block `layer` of a U-ViT: in the second half a map of x and of what left the block that
   mirrors it. What leaves the first half's blocks is kept. */
static inline void naive_skip(const struct model *m, int layer, int n, double (*x)[NAIVE_WIDE])
{
    static double kept[8][64][NAIVE_WIDE];
    int c = m->config.model.dim, layers = m->config.model.layers;
    char name[PARAM_NAME];
    memcpy(kept[layer], x, 64 * sizeof *x); /* what left block `layer` - 1 */
    snprintf(name, sizeof name, "layers.%d.skip", layer);
    for (int t = 0; t < n && 2 * layer > layers; t++) {
        double both[2 * NAIVE_WIDE];
        memcpy(both, x[t], (size_t)c * sizeof *both);
        memcpy(both + c, kept[layers - layer][t], (size_t)c * sizeof *both);
        naive_map(m, name, t, true, x[t], both);
    }
}

/* x = x + f(norm(x)), or norm(x + f(x)), of the first `maps` maps of both kinds in turn. */
static inline void naive_blocks(const struct model *m, int n, int maps, double (*x)[NAIVE_WIDE])
{
    static double in[64][NAIVE_WIDE], out[64][NAIVE_WIDE];
    bool pre = m->config.model.where == NORM_PRE;
    int c = m->config.model.dim;
    char name[PARAM_NAME];
    for (int map = 0; map < maps; map++) {
        int layer = map / 2;
        if (map % 2 == 0 && m->ops->reads_images)
            naive_skip(m, layer, n, x);
        snprintf(name, sizeof name, "layers.%d.%s_norm", layer, map % 2 ? "ffn" : "attn");
        for (int t = 0; t < n; t++) {
            memcpy(in[t], x[t], (size_t)c * sizeof(double));
            if (pre)
                naive_norm(m, name, in[t], x[t]);
        }
        if (map % 2 == 0)
            naive_attention(m, layer, n, out, in);
        for (int t = 0; t < n; t++) {
            double y[NAIVE_WIDE];
            char o[PARAM_NAME];
            snprintf(o, sizeof o, "layers.%d.attn.o", layer);
            if (map % 2)
                naive_ffn(m, layer, t, y, in[t]);
            else
                naive_map(m, o, t, false, y, out[t]);
            for (int i = 0; i < c; i++)
                x[t][i] += y[i];
            if (!pre)
                naive_norm(m, name, x[t], x[t]);
        }
    }
    for (int t = 0; t < n && pre; t++)
        naive_norm(m, "norm", x[t], x[t]);
}

/* The logits as if nothing followed the first `maps` of the 2 L. */
static inline void naive_stream(const struct model *m, int n, int maps, const int32_t *tokens,
                                double (*logits)[NAIVE_WIDE])
{
    static double x[64][NAIVE_WIDE];
    for (int t = 0; t < n; t++)
        naive_embed(m, t, tokens[t], true, x[t]);
    naive_blocks(m, n, maps, x);
    for (int t = 0; t < n; t++)
        naive_map(m, "head", t, true, logits[t], x[t]);
}

static inline void naive_transformer(const struct model *m, int n, const int32_t *tokens,
                                     double (*logits)[NAIVE_WIDE])
{
    naive_stream(m, n, 2 * m->config.model.layers, tokens, logits);
}

/* The noise seen in an image (side, side) at `time`. */
static inline void naive_uvit(const struct model *m, const float *image, int time, double *noise)
{
    static double x[64][NAIVE_WIDE];
    int side = m->config.task.side, p = m->config.model.patch, across = side / p;
    int c = m->config.model.dim, n = across * across + 1;
    for (int t = 0; t < n; t++) {
        double in[NAIVE_WIDE];
        int left = (t - 1) % across * p, top = (t - 1) / across * p;
        for (int i = 0; i < c && t == 0; i++)
            in[i] = i % 2 ? cos(time / pow(10000, (double)(i - 1) / c))
                          : sin(time / pow(10000, (double)i / c));
        for (int i = 0; i < p * p && t > 0; i++)
            in[i] = (double)image[(top + i / p) * side + left + i % p];
        naive_map(m, t ? "patch" : "time", t, true, x[t], in);
        for (int i = 0; i < c; i++) {
            double angle = t / pow(10000, (double)(i / 2 * 2) / c);
            if (m->config.model.position == POSITION_LEARNED)
                x[t][i] += (double)tensor_of(m, true, "pos.weight").data[t * c + i];
            if (m->config.model.position == POSITION_SINUSOIDAL)
                x[t][i] += i % 2 ? cos(angle) : sin(angle);
        }
    }
    naive_blocks(m, n, 2 * m->config.model.layers, x);
    for (int t = 1; t < n; t++) {
        double out[NAIVE_WIDE];
        int left = (t - 1) % across * p, top = (t - 1) / across * p;
        naive_map(m, "head", t, true, out, x[t]);
        for (int i = 0; i < p * p; i++)
            noise[(top + i / p) * side + left + i % p] = out[i];
    }
}

static inline double naive_sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static inline void naive_lstm(const struct model *m, int n, const int32_t *tokens,
                              double (*logits)[NAIVE_WIDE])
{
    static double h[16][NAIVE_WIDE], cell[16][NAIVE_WIDE];
    int c = m->config.model.dim;
    memset(h, 0, sizeof h);
    memset(cell, 0, sizeof cell);
    for (int t = 0; t < n; t++) {
        double x[NAIVE_WIDE], gate[4 * NAIVE_WIDE];
        naive_embed(m, t, tokens[t], false, x);
        for (int l = 0; l < m->config.model.layers; l++) {
            struct tensor ih = tensor_of(m, true, "lstm.weight_ih_l%d", l);
            struct tensor hh = tensor_of(m, true, "lstm.weight_hh_l%d", l);
            for (int j = 0; j < 4 * c; j++) {
                gate[j] = 0;
                for (int k = 0; k < 2 && m->config.model.bias == BIAS_YES; k++)
                    gate[j] += (double)tensor_of(m, false, "lstm.bias_%s_l%d", k ? "hh" : "ih", l).data[j];
                for (int i = 0; i < c; i++)
                    gate[j] +=
                        (double)ih.data[j * c + i] * x[i] + (double)hh.data[j * c + i] * h[l][i];
            }
            for (int j = 0; j < c; j++) {
                cell[l][j] = naive_sigmoid(gate[c + j]) * cell[l][j] +
                             naive_sigmoid(gate[j]) * tanh(gate[2 * c + j]);
                h[l][j] = naive_sigmoid(gate[3 * c + j]) * tanh(cell[l][j]);
            }
            memcpy(x, h[l], (size_t)c * sizeof *x);
        }
        naive_map(m, "head", t, true, logits[t], x);
    }
}

static inline void naive_mlp(const struct model *m, int n, const int32_t *tokens,
                             double (*logits)[NAIVE_WIDE])
{
    double x[NAIVE_WIDE], y[NAIVE_WIDE];
    char name[PARAM_NAME];
    int c = m->config.model.dim;
    for (int t = 0; t < n; t++)
        naive_embed(m, t, tokens[t], false, x + t * c);
    for (int l = 0; l < m->config.model.layers; l++) {
        snprintf(name, sizeof name, "mlp.%d", l);
        naive_map(m, name, 0, true, y, x);
        for (int i = 0; i < m->config.model.hidden; i++)
            x[i] = naive_activation(m->config.model.activation, y[i]);
    }
    naive_map(m, "head", 0, true, logits[0], x);
}

#endif
