#include "cli/predict_image.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/grid.h"
#include "task/images.h"

static json_t *numbers(const float *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, isfinite(values[i]) ? json_real((double)values[i])
                                                        : json_null());
    return list;
}

/* [layer][head][query][key]; NULL without memory. */
static json_t *maps_json(const struct model *m)
{
    size_t n = (size_t)m->positions;
    float *weight = calloc(n * n, sizeof *weight);
    json_t *layers = json_array();
    for (int l = 0; l < model_attention_layers(m) && weight; l++) {
        json_t *heads = json_array();
        for (int h = 0; h < m->config.model.heads; h++) {
            json_t *map = json_array();
            m->ops->attention(m, l, h, 0, weight, NULL);
            for (size_t i = 0; i < n; i++)
                json_array_append_new(map, numbers(weight + i * n, n));
            json_array_append_new(heads, map);
        }
        json_array_append_new(layers, heads);
    }
    bool whole = weight != NULL;
    free(weight);
    if (whole)
        return layers;
    json_decref(layers);
    return NULL;
}

static int add_json(const struct args *args, const char *name, const struct loaded *l,
                    const struct batch *b, const float *seen, struct text *out, struct failure *why)
{
    size_t pixels = (size_t)b->pixels;
    char label[24];
    images_label(l->task, b->label[0], label, sizeof label);
    json_t *root = json_pack("{s:s, s:I, s:I, s:i, s:s, s:o, s:o, s:o}", "contestant", name, "step",
                             (json_int_t)l->checkpoint.step, "image", (json_int_t)args->image,
                             "time", (int)b->time[0], "label", label, "noisy",
                             numbers(b->image, pixels), "noise", numbers(b->noise, pixels), "seen",
                             numbers(seen, pixels));
    if (root && args->attention)
        json_object_set_new(root, "attention", maps_json(l->model));
    char *line = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(root);
    if (!line)
        return fail(why, ERR_MEMORY, "--json: out of memory");
    text_addf(out, "%s\n", line);
    free(line);
    return 0;
}

/* The image with its noise, and what is below the noise that was put on it or that was seen. */
static void add_pictures(const struct args *args, const char *name, const struct loaded *l,
                         const struct batch *b, const float *seen, float *shown, struct text *out)
{
    size_t pixels = (size_t)b->pixels;
    double signal = noise_signal(b->time[0]), error = 0;
    char label[24];
    images_label(l->task, b->label[0], label, sizeof label);
    for (size_t i = 0; i < pixels; i++) {
        double added = sqrt(1 - signal), x = (double)b->image[i];
        shown[i] = b->image[i];
        shown[pixels + i] = (float)((x - added * (double)b->noise[i]) / sqrt(signal));
        shown[2 * pixels + i] = (float)((x - added * (double)seen[i]) / sqrt(signal));
        error += pow((double)seen[i] - (double)b->noise[i], 2) / (double)pixels;
    }
    struct grid_picture g = {l->task->config.task.side, 3, 3, 1, shown};
    text_addf(out,
              "%s, step %lld: held-out image %lld (%s) with noise of time %d, as it is, and as %s "
              "takes it to be; squared error of the noise %.4f\n\n",
              name, (long long)l->checkpoint.step, (long long)args->image, label,
              (int)b->time[0], name, error);
    grid_text(&g, 0, out);
}

int predict_image(const struct args *args, const char *name, struct loaded *l, struct failure *why)
{
    struct batch b = {0};
    struct task_reader reader;
    struct text out = {0};
    size_t pixels = (size_t)l->task->pixels;
    float *seen = calloc(4 * pixels, sizeof *seen);
    int rc = seen && task_batch(l->task, &b, 1, 1) == 0 &&
                     task_reader_init(&reader, l->task, RNG_EVAL) == 0
                 ? 0
                 : fail(why, ERR_MEMORY, "predict: out of memory");
    if (rc == 0) {
        reader.image = (uint64_t)args->image;
        task_read(&reader, &b);
        task_reader_release(&reader);
        model_forward_batch(l->model, &b);
        for (size_t i = 0; i < pixels; i++)
            seen[i] = (float)l->model->logits[i];
    }
    if (rc == 0 && args->json)
        rc = add_json(args, name, l, &b, seen, &out, why);
    else if (rc == 0)
        add_pictures(args, name, l, &b, seen, seen + pixels, &out);
    if (rc == 0)
        rc = out_text(&out, why);
    text_release(&out);
    batch_release(&b);
    free(seen);
    return rc;
}
