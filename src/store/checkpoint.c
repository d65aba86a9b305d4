#include "store/checkpoint.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include "base/fsio.h"
#include "base/text.h"
#include "store/tensor.h"

/* Data begin at a multiple of this, so that others may map the file. */
enum { DATA_ALIGN = 64 };

/* --- writing --------------------------------------------------------------------------------- */

/* One of the three blocks of a checkpoint that are laid out by the parameter table. */
struct block {
    const char *prefix;
    real *numbers; /* (params.total), NULL: not in the file */
};

static void blocks_of(struct block blocks[3], const struct model *model, const struct optim *optim)
{
    blocks[0] = (struct block){PREFIX_MODEL, model->weights};
    blocks[1] = (struct block){PREFIX_M, optim ? optim->m : NULL};
    blocks[2] = (struct block){PREFIX_V, optim ? optim->v : NULL};
}

/* A cast names no copies: the settings of "lstm-2" are a race of one "lstm". */
static void cast_of(char out[NAME_TEXT], const char *contestant)
{
    text_copy(out, NAME_TEXT, contestant);
    char *tail = strrchr(out, '-');
    if (tail && tail[1] && tail[1 + strspn(tail + 1, "0123456789")] == '\0')
        *tail = '\0';
}

static json_t *metadata(const struct model *model, const char *contestant, int64_t step,
                        double train_seconds)
{
    struct race_config *race = calloc(1, sizeof *race);
    if (!race)
        return NULL;
    race->count = 1;
    text_copy(race->preset, sizeof race->preset, model->config.task.kind);
    cast_of(race->names[0], contestant);
    race->contestants[0] = model->config;
    struct text config = {0};
    race_config_write(race, &config);
    free(race);
    char steps[32], seconds[32];
    snprintf(steps, sizeof steps, "%" PRId64, step);
    snprintf(seconds, sizeof seconds, "%.17g", train_seconds);
    json_t *meta = NULL;
    if (!config.broken)
        meta = json_pack("{ss ss ss ss ss ss ss}", "format", CHECKPOINT_FORMAT, "version",
                         HEED_VERSION, "step", steps, "config", text_string(&config), "contestant",
                         contestant, "train_seconds", seconds, "isa", model->kern->name);
    text_release(&config);
    return meta;
}

/* {"dtype":"F32","shape":[..],"data_offsets":[begin,end]}; advances *offset past the tensor. */
static int add_tensor(json_t *header, const char *prefix, const struct param *p, size_t *offset)
{
    char name[TENSOR_NAME];
    snprintf(name, sizeof name, "%s%s", prefix, p->name);
    json_t *shape = json_array();
    int bad = shape == NULL;
    for (int i = 0; i < p->rank && !bad; i++)
        bad = json_array_append_new(shape, json_integer(p->shape[i])) != 0;
    if (bad) {
        json_decref(shape);
        return ERR_MEMORY;
    }
    size_t end = *offset + p->size * sizeof(real);
    json_t *entry = json_pack("{ss so s[II]}", "dtype", "F32", "shape", shape, "data_offsets",
                              (json_int_t)*offset, (json_int_t)end);
    *offset = end;
    return entry && json_object_set_new(header, name, entry) == 0 ? 0 : ERR_MEMORY;
}

/* The 8 length bytes and the JSON, padded with spaces; NULL without memory. Freed by the caller. */
static char *header_bytes(const struct model *model, const struct block blocks[3], json_t *meta,
                          size_t *size)
{
    char *bytes = NULL;
    json_t *header = json_object();
    size_t offset = 0;
    int bad = !header || !meta || json_object_set(header, "__metadata__", meta) != 0;
    for (int b = 0; b < 3 && !bad; b++)
        for (int i = 0; i < model->params.count && !bad && blocks[b].numbers; i++)
            bad = add_tensor(header, blocks[b].prefix, &model->params.list[i], &offset) != 0;
    if (bad)
        goto out;
    size_t length = json_dumpb(header, NULL, 0, JSON_COMPACT);
    if (length == 0)
        goto out;
    size_t padded = (LENGTH_BYTES + length + DATA_ALIGN - 1) / DATA_ALIGN * DATA_ALIGN;
    bytes = malloc(padded);
    if (!bytes)
        goto out;
    uint64_t rest = padded - LENGTH_BYTES;
    memcpy(bytes, &rest, LENGTH_BYTES);
    memset(bytes + LENGTH_BYTES, ' ', padded - LENGTH_BYTES);
    json_dumpb(header, bytes + LENGTH_BYTES, length, JSON_COMPACT);
    *size = padded;
out:
    json_decref(header);
    return bytes;
}

/* A file that could not be read back must not replace one that can. */
static int check_finite(const char *path, const struct model *model, const struct block blocks[3],
                        struct failure *why)
{
    for (int b = 0; b < 3; b++) {
        for (int i = 0; i < model->params.count && blocks[b].numbers; i++) {
            const struct param *p = &model->params.list[i];
            const real *numbers = blocks[b].numbers + p->offset;
            for (size_t k = 0; k < p->size; k++)
                if (!isfinite(numbers[k]))
                    return fail(
                        why, ERR_NUMBER,
                        "%s: not written: %s%s is no longer finite: lower the learning rate", path,
                        blocks[b].prefix, p->name);
        }
    }
    return 0;
}

static int write_file(const char *path, const struct model *model, const struct block blocks[3],
                      const char *header, size_t header_size, struct failure *why)
{
    struct fsio_writer w;
    int result = fsio_begin(&w, path, why);
    if (result == 0)
        result = fsio_write(&w, header, header_size, why);
    for (int b = 0; b < 3 && result == 0; b++) {
        for (int i = 0; i < model->params.count && result == 0 && blocks[b].numbers; i++) {
            const struct param *p = &model->params.list[i];
            result = fsio_write(&w, blocks[b].numbers + p->offset, p->size * sizeof(real), why);
        }
    }
    if (result == 0)
        result = fsio_commit(&w, why);
    fsio_abandon(&w);
    return result;
}

int checkpoint_write(const char *path, const struct model *model, const struct optim *optim,
                     const char *contestant, int64_t step, double train_seconds,
                     struct failure *why)
{
    struct block blocks[3];
    blocks_of(blocks, model, optim);
    int result = check_finite(path, model, blocks, why);
    if (result < 0)
        return result;
    json_t *meta = metadata(model, contestant, step, train_seconds);
    size_t size = 0;
    char *header = header_bytes(model, blocks, meta, &size);
    if (header)
        result = write_file(path, model, blocks, header, size, why);
    else
        result = fail(why, ERR_MEMORY, "%s: not written: no memory for its header", path);
    json_decref(meta);
    free(header);
    return result;
}

/* --- applying -------------------------------------------------------------------------------- */

void checkpoint_release(struct checkpoint *c)
{
    free(c->data);
    free(c->tensors);
    c->data = NULL;
    c->tensors = NULL;
    c->size = 0;
    c->tensor_count = 0;
}

/* Shapes alone do not tell ea from dpa: what the network computes must agree as well. */
static int same_network(const struct checkpoint *c, const struct model *model, struct failure *why)
{
    int count;
    const struct setting *settings = config_settings(&count);
    for (int i = 0; i < count; i++) {
        const struct setting *s = &settings[i];
        if (strncmp(s->key, "model.", 6) != 0 && strncmp(s->key, "attn.", 5) != 0)
            continue;
        char theirs[128], ours[128];
        config_value(&c->config, s, theirs, sizeof theirs);
        config_value(&model->config, s, ours, sizeof ours);
        if (strcmp(theirs, ours) != 0)
            return fail(why, ERR_INPUT,
                        "%s: was trained with %s = %s, wanted is %s: use the settings it was "
                        "trained with",
                        c->path, s->key, theirs, ours);
    }
    return 0;
}

static const struct checkpoint_tensor *find_tensor(const struct checkpoint *c, const char *prefix,
                                                   const char *name)
{
    size_t length = strlen(prefix);
    for (int i = 0; i < c->tensor_count; i++)
        if (strncmp(c->tensors[i].name, prefix, length) == 0 &&
            strcmp(c->tensors[i].name + length, name) == 0)
            return &c->tensors[i];
    return NULL;
}

static void shape_text(char *out, size_t size, int rank, const int64_t *shape)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < rank && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, i ? ", %" PRId64 : "%" PRId64, shape[i]);
}

static int check_tensor(const struct checkpoint *c, const char *prefix, const struct param *p,
                        struct failure *why)
{
    const struct checkpoint_tensor *t = find_tensor(c, prefix, p->name);
    if (!t)
        return fail(why, ERR_INPUT, "%s: tensor %s%s is missing: %s", c->path, prefix, p->name,
                    strcmp(prefix, PREFIX_MODEL) == 0
                        ? "use a whole checkpoint of this model"
                        : "it holds no optimiser to go on with: use checkpoint.safetensors");
    int64_t wanted[TENSOR_RANK];
    bool same = t->rank == p->rank;
    for (int i = 0; i < p->rank; i++) {
        wanted[i] = p->shape[i];
        same = same && t->shape[i] == wanted[i];
    }
    if (same)
        return 0;
    char theirs[64], ours[64];
    shape_text(theirs, sizeof theirs, t->rank, t->shape);
    shape_text(ours, sizeof ours, p->rank, wanted);
    return fail(why, ERR_INPUT,
                "%s: tensor %s has shape (%s), not (%s): use a checkpoint of this "
                "model",
                c->path, t->name, theirs, ours);
}

/* Every tensor of the file must have a place, asked for or not. */
static int check_foreign(const struct checkpoint *c, const struct model *model,
                         const struct optim *optim, struct failure *why)
{
    static const char *const prefixes[] = {PREFIX_MODEL, PREFIX_M, PREFIX_V};
    for (int i = 0; i < c->tensor_count; i++) {
        const char *name = c->tensors[i].name;
        bool known = false;
        for (int b = 0; b < 3; b++) {
            size_t length = strlen(prefixes[b]);
            if (strncmp(name, prefixes[b], length) != 0 || (b == 2 && optim && !optim->v))
                continue;
            known = param_find(&model->params, name + length) != NULL;
        }
        if (!known)
            return fail(why, ERR_INPUT,
                        "%s: tensor %s is foreign to this model: use a checkpoint "
                        "of this model",
                        c->path, name);
    }
    return 0;
}

int checkpoint_apply(const struct checkpoint *c, struct model *model, struct optim *optim,
                     struct failure *why)
{
    struct block blocks[3];
    blocks_of(blocks, model, optim);
    int result = same_network(c, model, why);
    if (result == 0)
        result = check_foreign(c, model, optim, why);
    for (int b = 0; b < 3; b++)
        for (int i = 0; i < model->params.count && blocks[b].numbers && result == 0; i++)
            result = check_tensor(c, blocks[b].prefix, &model->params.list[i], why);
    if (result < 0)
        return result;
    for (int b = 0; b < 3; b++) {
        for (int i = 0; i < model->params.count && blocks[b].numbers; i++) {
            const struct param *p = &model->params.list[i];
            const struct checkpoint_tensor *t = find_tensor(c, blocks[b].prefix, p->name);
            memcpy(blocks[b].numbers + p->offset, c->data + t->offset, p->size * sizeof(real));
        }
    }
    if (optim)
        optim->step = c->step;
    return 0;
}
