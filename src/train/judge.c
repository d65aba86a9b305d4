#include "train/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "task/images.h"

enum { WIDE = 128, LAYERS = 3, BATCH = 64, STEPS = 2000, HELD_OUT = 1000 };

/* Rate at the first step; it falls in a straight line to 0. */
static const double learning_rate = 2e-3;

/* Inputs and outputs of a layer; its weights are (in + 1, out), the biases last. */
static int inputs(const struct judge *j, int layer)
{
    return layer == 0 ? j->pixels : layer == 1 ? WIDE : JUDGE_FEATURES;
}

static int outputs(const struct judge *j, int layer)
{
    return layer == 0 ? WIDE : layer == 1 ? JUDGE_FEATURES : j->labels;
}

static size_t offset(const struct judge *j, int layer)
{
    size_t at = 0;
    for (int l = 0; l < layer; l++)
        at += ((size_t)inputs(j, l) + 1) * (size_t)outputs(j, l);
    return at;
}

/* What images say at the end of each layer: tanh but for the last. */
static void forward(struct judge *j, const float *images, int count)
{
    const float *x = images;
    for (int l = 0; l < LAYERS; l++) {
        int in = inputs(j, l), out = outputs(j, l);
        const float *w = j->weights + offset(j, l), *bias = w + (size_t)in * (size_t)out;
        float *y = j->rows[l < LAYERS - 1][l]; /* the gradients' place, before the tanh */
        for (int r = 0; r < count; r++)
            memcpy(y + (size_t)r * (size_t)out, bias, (size_t)out * sizeof *y);
        j->kern->gemm(count, out, in, 1, y, out, x, in, 1, w, out);
        if (l < LAYERS - 1)
            j->kern->tanh(count * out, j->rows[0][l], y);
        x = j->rows[0][l];
    }
}

/* The gradients of all weights; that of the last layer's outputs is there. */
static void backward(struct judge *j, const float *images, int count)
{
    for (int l = LAYERS - 1; l >= 0; l--) {
        int in = inputs(j, l), out = outputs(j, l);
        const float *x = l ? j->rows[0][l - 1] : images;
        float *dy = j->rows[1][l], *g = j->gradients + offset(j, l);
        j->kern->gemm(in, out, count, 0, g, out, x, 1, in, dy, out);
        memset(g + (size_t)in * (size_t)out, 0, (size_t)out * sizeof *g);
        j->kern->column_sums(count, out, g + (size_t)in * (size_t)out, dy, out);
        if (l == 0)
            return;
        float *turned = j->turned, *dx = j->rows[1][l - 1];
        j->kern->transpose(in, out, turned, in, j->weights + offset(j, l), out);
        j->kern->gemm(count, in, out, 0, dx, in, dy, out, 1, turned, in);
        j->kern->tanh_back(count * in, dx, dx, x);
    }
}

static void train_step(struct judge *j, const struct task *task)
{
    size_t numbers = offset(j, LAYERS), pixels = (size_t)j->pixels;
    int labels = j->labels, label[BATCH], step = j->steps++;
    for (int i = 0; i < BATCH; i++)
        label[i] = images_clean(task, false, (uint64_t)(step * BATCH + i),
                                j->images + (size_t)i * pixels);
    forward(j, j->images, BATCH);
    for (int i = 0; i < BATCH; i++)
        j->kern->cross_entropy(labels, j->rows[1][LAYERS - 1] + i * labels,
                               j->rows[0][LAYERS - 1] + i * labels, label[i], 1.0F / BATCH);
    backward(j, j->images, BATCH);
    double rate = learning_rate * (1 - (double)step / STEPS);
    struct adamw a = {.learning_rate = (real)rate,
                      .beta1 = 0.9F,
                      .beta2 = 0.999F,
                      .eps = 1e-8F,
                      .correction1 = (real)(1 - pow(0.9, step + 1)),
                      .correction2 = (real)(1 - pow(0.999, step + 1)),
                      .gradient_scale = 1};
    j->kern->adamw(numbers, j->weights, j->first, j->second, j->gradients, &a);
}

static void examine(struct judge *j, const struct task *task)
{
    int64_t held = images_held_out(task), right = 0;
    int labels = j->labels;
    j->judged = held && held < HELD_OUT ? held : HELD_OUT;
    for (int64_t i = 0; i < j->judged; i++) {
        int label = images_clean(task, true, (uint64_t)i, j->images), best = 0;
        forward(j, j->images, 1);
        const float *out = j->rows[0][LAYERS - 1];
        for (int v = 1; v < labels; v++)
            best = out[v] > out[best] ? v : best;
        right += best == label;
    }
    j->accuracy = (double)right / (double)j->judged;
}

static float *cut(float **from, size_t size)
{
    float *start = *from;
    *from += (size + 15) / 16 * 16;
    return start;
}

static int take_memory(struct judge *j)
{
    size_t numbers = offset(j, LAYERS), widest = 0;
    for (int l = 0; l < LAYERS; l++)
        widest += (size_t)outputs(j, l) + 16;
    size_t turned = (size_t)WIDE * WIDE; /* of the largest but the first */
    size_t images = (size_t)BATCH * (size_t)j->pixels + 16;
    j->block = aligned_zeroed(4 * (numbers + 16) + 2 * BATCH * widest + turned + images, sizeof *j->block);
    float *at = j->block;
    if (!at)
        return ERR_MEMORY;
    j->images = cut(&at, images - 16);
    j->weights = cut(&at, numbers);
    j->gradients = cut(&at, numbers);
    j->first = cut(&at, numbers);
    j->second = cut(&at, numbers);
    for (int side = 0; side < 2; side++)
        for (int l = 0; l < LAYERS; l++)
            j->rows[side][l] = cut(&at, (size_t)BATCH * (size_t)outputs(j, l));
    j->turned = at;
    return 0;
}

int judge_open(struct judge *j, const struct task *task, const struct kern *kern,
               struct failure *why)
{
    struct rng rng;
    *j = (struct judge){.pixels = task->pixels,
                        .labels = task->labels,
                        .kern = kern,
                        .seed = (uint64_t)task->config.train.seed};
    if (task->labels < 2)
        return fail(why, ERR_USAGE, "the distance of samples needs labels for a classifier: set "
                    "task.labels to the file that belongs to task.file");
    if (take_memory(j) < 0) {
        judge_release(j);
        return fail(why, ERR_MEMORY, "no memory for the classifier that judges images");
    }
    rng_seed(&rng, j->seed, RNG_CLASSIFY, 0);
    for (int l = 0; l < LAYERS; l++) {
        size_t count = (size_t)inputs(j, l) * (size_t)outputs(j, l);
        for (size_t i = 0; i < count; i++)
            j->weights[offset(j, l) + i] = (float)(rng_normal(&rng) / sqrt(inputs(j, l)));
    }
    return 0;
}

bool judge_learn(struct judge *j, const struct task *task, int steps)
{
    if (j->steps == STEPS)
        return false;
    for (int i = 0; i < steps && j->steps < STEPS; i++)
        train_step(j, task);
    if (j->steps == STEPS)
        examine(j, task);
    return j->steps < STEPS;
}

int judge_init(struct judge *j, const struct task *task, const struct kern *kern,
               struct failure *why)
{
    int code = judge_open(j, task, kern, why);
    while (code == 0 && judge_learn(j, task, STEPS))
        ;
    return code;
}

void judge_release(struct judge *j)
{
    free(j->block);
    *j = (struct judge){0};
}

void judge_look(struct judge *j, const float *images, int count, struct moments *m)
{
    for (int done = 0; done < count; done += BATCH) {
        int some = count - done < BATCH ? count - done : BATCH;
        forward(j, images + (size_t)done * (size_t)j->pixels, some);
        for (int r = 0; r < some; r++) {
            const float *f = j->rows[0][1] + (size_t)r * JUDGE_FEATURES;
            m->count++;
            for (int a = 0; a < JUDGE_FEATURES; a++) {
                m->sum[a] += (double)f[a];
                for (int b = 0; b < JUDGE_FEATURES; b++)
                    m->products[a][b] += (double)f[a] * (double)f[b];
            }
        }
    }
}

int judge_real(struct judge *j, const struct task *task, bool held_out, int64_t first, int64_t count,
               struct moments *m)
{
    float *image = calloc((size_t)j->pixels, sizeof *image);
    if (!image)
        return ERR_MEMORY;
    for (int64_t i = first; i < first + count; i++) {
        images_clean(task, held_out, (uint64_t)i, image);
        judge_look(j, image, 1, m);
    }
    free(image);
    return 0;
}

int judge_noise(struct judge *j, int64_t count, struct moments *m)
{
    float *image = calloc((size_t)j->pixels, sizeof *image);
    if (!image)
        return ERR_MEMORY;
    for (int64_t i = 0; i < count; i++) {
        struct rng rng;
        rng_seed(&rng, j->seed, RNG_SAMPLE, (uint64_t)i);
        for (int p = 0; p < j->pixels; p++) {
            double v = rng_normal(&rng);
            image[p] = (float)(v < -1 ? -1 : v > 1 ? 1 : v);
        }
        judge_look(j, image, 1, m);
    }
    free(image);
    return 0;
}
