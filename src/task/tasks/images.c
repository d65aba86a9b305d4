/* Small grey images for noise prediction: drawn shapes, or a file's. */
#include "task/images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "task/idx.h"
#include "task/shapes.h"

enum { SIDE = 16, ONE_IN = 10 }; /* of a file's images, the last of every ten is held out */

struct images {
    struct idx images, labels; /* no data: shapes are drawn; labels of 0 without a file of them */
};

static bool given(const char *path)
{
    return strcmp(path, "none") != 0;
}

/* The side that the file has, if none was set; that it fits is seen when the file is read. */
static int resolve(struct config *c, struct failure *why)
{
    struct idx idx;
    if (!given(c->task.file)) {
        if (given(c->task.labels))
            return fail(why, ERR_USAGE, "task.labels: are those of task.file, which is none: set it");
        if (c->task.side == SETTING_AUTO)
            c->task.side = SIDE;
        return 0;
    }
    if (c->task.side != SETTING_AUTO)
        return 0;
    int code = idx_read_images(&idx, c->task.file, why);
    if (code)
        return code;
    c->task.side = idx.side;
    idx_release(&idx);
    return 0;
}

static int read_file(struct task *task, struct task_file *file, struct failure *why)
{
    return task_file_read(task, task->config.task.file, NULL, IDX_BYTES, file, why);
}

static int read_images(struct task *task, struct images *s, struct failure *why)
{
    struct task_file file;
    int code = read_file(task, &file, why);
    if (code == 0)
        code = idx_parse(&s->images, file.data, file.size, true, file.name, why);
    if (code)
        return code;
    if (task->config.task.side != s->images.side)
        return fail(why, ERR_USAGE, "task.side: the images in %s are %d pixels wide, not %d: set it "
                    "to auto", file.name, s->images.side, task->config.task.side);
    return 0;
}

static int read_labels(struct task *task, struct task_file *file, struct failure *why)
{
    return task_labels_read(task, task->config.task.labels, IDX_BYTES, file, why);
}

static int take_labels(struct task *task, struct images *s, struct failure *why)
{
    const char *path = task->config.task.labels;
    struct task_file file;
    if (!given(path))
        return 0;
    int code = read_labels(task, &file, why);
    if (code == 0)
        code = idx_parse(&s->labels, file.data, file.size, false, file.name, why);
    if (code)
        return code;
    if (s->labels.count != s->images.count)
        return fail(why, ERR_INPUT, "%s: holds %d labels, %s %d images: give the two that belong "
                    "together", file.name, s->labels.count, task->config.task.file, s->images.count);
    for (int i = 0; i < s->labels.count; i++)
        if (s->labels.bytes[i] >= task->labels)
            task->labels = s->labels.bytes[i] + 1;
    return 0;
}

static int init(struct task *task, const struct config *config, struct failure *why)
{
    struct config *c = &task->config;
    struct images *s = calloc(1, sizeof *s);
    task->state = s;
    if (!s)
        return fail(why, ERR_MEMORY, "task: no memory: end other programs");
    *c = *config;
    int code = resolve(c, why);
    if (code == 0 && given(c->task.file))
        code = read_images(task, s, why);
    if (code)
        return code;
    task->pixels = c->task.side * c->task.side;
    task->labels = given(c->task.file) ? 1 : SHAPES;
    task->fresh = true;
    return given(c->task.file) ? take_labels(task, s, why) : 0;
}

static void release(struct task *task)
{
    struct images *s = task->state;
    if (!s)
        return;
    idx_release(&s->images);
    idx_release(&s->labels);
    free(s);
    task->state = NULL;
}

int64_t images_held_out(const struct task *task)
{
    const struct images *s = task->state;
    return s->images.count / ONE_IN;
}

static uint64_t divisor(uint64_t a, uint64_t b)
{
    return b ? divisor(b, a % b) : a;
}

/* A file may be sorted by label, so held-out images are taken with a stride near the golden ratio of
   their number, which comes to every one of them before it comes to one again. */
static uint64_t spread(uint64_t index, uint64_t count)
{
    uint64_t stride = count * 618 / 1000;
    while (stride > 1 && divisor(stride, count) > 1)
        stride--;
    return stride > 1 ? index % count * stride % count : index % count;
}

/* Where training image or held-out image `index` stands in the file. */
static int place_of(const struct images *s, bool held_out, uint64_t index)
{
    uint64_t held = (uint64_t)(s->images.count / ONE_IN), rest = (uint64_t)s->images.count - held;
    if (held_out)
        return (int)(spread(index, held) * ONE_IN + ONE_IN - 1);
    uint64_t tens = (uint64_t)s->images.count / ONE_IN * (ONE_IN - 1), i = index % rest;
    return (int)(i < tens ? i / (ONE_IN - 1) * ONE_IN + i % (ONE_IN - 1) : i + held);
}

/* Training images are drawn from the generator, held-out ones are those of the index. */
static int take(const struct task *task, bool held_out, uint64_t index, struct rng *rng,
                float *pixels)
{
    const struct images *s = task->state;
    if (!s->images.data)
        return (int)shape_draw(rng, task->config.task.side, pixels);
    int rest = s->images.count - s->images.count / ONE_IN;
    int at = place_of(s, held_out, held_out ? index : rng_below(rng, (uint32_t)rest));
    const unsigned char *from = s->images.bytes + (size_t)at * (size_t)task->pixels;
    for (int i = 0; i < task->pixels; i++)
        pixels[i] = (float)from[i] * (2 / 255.0F) - 1;
    return s->labels.data ? s->labels.bytes[at] : 0;
}

static int image(const struct task *task, enum rng_stream stream, uint64_t index, struct rng *rng,
                 float *pixels)
{
    rng_seed(rng, (uint64_t)task->config.train.seed, stream, index);
    return take(task, stream == RNG_EVAL, index, rng, pixels);
}

int images_clean(const struct task *task, bool held_out, uint64_t index, float *pixels)
{
    struct rng rng;
    return image(task, held_out ? RNG_EVAL : RNG_TRAIN, index, &rng, pixels);
}

void images_label(const struct task *task, int label, char *out, size_t size)
{
    const struct images *s = task->state;
    if (s->images.data)
        snprintf(out, size, "%d", label);
    else
        text_copy(out, size, shape_name((enum shape)label));
}

const struct task_ops task_images_ops = {
    .name = "images",
    .help = "noise prediction on small grey images: drawn shapes, or a file in IDX format",
    .resolve = resolve,
    .init = init,
    .read_file = read_file,
    .copy = "images.idx",
    .read_labels = read_labels,
    .labels_copy = "labels.idx",
    .release = release,
    .image = image,
};
