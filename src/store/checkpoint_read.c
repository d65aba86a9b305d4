#include "store/checkpoint.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include "base/fsio.h"
#include "base/text.h"
#include "store/tensor.h"

/* What the header may be at most; 1,536 tensors and the settings stay far below. */
enum { HEADER_LIMIT = 4 << 20 };
#define FILE_LIMIT ((size_t)2 << 30)
#define STEP_LIMIT ((int64_t)1 << 52)

/* "<path>: <what>: <remedy>" for content that no heed wrote whole. */
__attribute__((format(printf, 3, 4))) static int
damaged(const struct checkpoint *c, struct failure *why, const char *format, ...)
{
    char what[256];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    return fail(why, ERR_INPUT, "%s: %s: damaged or not heed's: use a whole copy or train anew",
                c->path, what);
}

/* --- metadata -------------------------------------------------------------------------------- */

static const char *meta_string(const struct checkpoint *c, json_t *meta, const char *key,
                               struct failure *why)
{
    const char *value = json_string_value(json_object_get(meta, key));
    if (!value)
        damaged(c, why, "its metadata has no \"%s\"", key);
    return value;
}

/* A short value that is shown to the person and must hold no control character. */
static int meta_name(const struct checkpoint *c, json_t *meta, const char *key, char *out,
                     size_t size, struct failure *why)
{
    const char *value = meta_string(c, meta, key, why);
    if (!value)
        return ERR_INPUT;
    char shown[256];
    text_escape(shown, sizeof shown, value);
    if (value[0] == '\0' || strlen(value) >= size || strcmp(shown, value) != 0)
        return damaged(c, why, "its metadata's \"%s\" is no name (%.40s)", key, value);
    strcpy(out, value);
    return 0;
}

/* "lstm-2" is the second copy of the cast "lstm", and its settings name the cast. */
static bool is_of_cast(const char *contestant, const char *cast)
{
    size_t length = strlen(cast);
    if (strncmp(contestant, cast, length) != 0)
        return false;
    const char *copy = contestant + length;
    return copy[0] == '\0' ||
           (copy[0] == '-' && copy[1] && copy[1 + strspn(copy + 1, "0123456789")] == '\0');
}

static int read_config(struct checkpoint *c, const char *text, struct failure *why)
{
    struct plan plan = {0};
    struct failure inner = {0};
    struct race_config *race = calloc(1, sizeof *race);
    if (!race)
        return fail(why, ERR_MEMORY, "%s: no memory for its settings", c->path);
    int result = plan_add_ini(&plan, text, "config", &inner);
    if (result == 0)
        result = plan_build(&plan, race, &inner);
    if (result == 0 && (race->count != 1 || !is_of_cast(c->contestant, race->names[0])))
        result =
            fail(&inner, ERR_INPUT, "its settings are not those of \"%s\" alone", c->contestant);
    if (result == 0) {
        c->config = race->contestants[0];
        result = model_resolve(&c->config, &inner);
    }
    plan_release(&plan);
    free(race);
    if (result == ERR_MEMORY)
        return fail(why, ERR_MEMORY, "%s: %s", c->path, inner.text);
    return result < 0 ? damaged(c, why, "%.200s", inner.text) : 0;
}

static int read_metadata(struct checkpoint *c, json_t *meta, struct failure *why)
{
    if (!json_is_object(meta))
        return damaged(c, why, "it has no metadata");
    const char *key;
    json_t *value;
    json_object_foreach(meta, key, value) if (!json_is_string(value)) return damaged(
        c, why, "its metadata's \"%.40s\" is no string", key);
    const char *format = meta_string(c, meta, "format", why);
    if (!format)
        return ERR_INPUT;
    if (strcmp(format, CHECKPOINT_FORMAT) != 0)
        return fail(why, ERR_INPUT,
                    "%s: its format is \"%.40s\", not \"%s\": use the heed that "
                    "wrote it",
                    c->path, format, CHECKPOINT_FORMAT);
    const char *step = meta_string(c, meta, "step", why);
    if (!step)
        return ERR_INPUT;
    if (!text_to_i64(step, &c->step) || c->step < 0 || c->step > STEP_LIMIT)
        return damaged(c, why, "its step is \"%.40s\"", step);
    const char *seconds = meta_string(c, meta, "train_seconds", why);
    if (!seconds)
        return ERR_INPUT;
    if (!text_to_double(seconds, &c->train_seconds) || c->train_seconds < 0)
        return damaged(c, why, "its train_seconds is \"%.40s\"", seconds);
    const char *config = meta_string(c, meta, "config", why);
    if (!config || !meta_string(c, meta, "version", why))
        return ERR_INPUT;
    int result = meta_name(c, meta, "contestant", c->contestant, sizeof c->contestant, why);
    if (result == 0)
        result = meta_name(c, meta, "isa", c->isa, sizeof c->isa, why);
    return result < 0 ? result : read_config(c, config, why);
}

/* --- tensors --------------------------------------------------------------------------------- */

/* The numbers of a shape, at most `limit`. */
static int read_shape(const struct checkpoint *c, struct checkpoint_tensor *t, json_t *shape,
                      size_t limit, struct failure *why)
{
    size_t rank = json_array_size(shape);
    if (!json_is_array(shape) || rank < 1 || rank > TENSOR_RANK)
        return damaged(c, why, "tensor %s has no shape of 1 to %d numbers", t->name, TENSOR_RANK);
    t->rank = (int)rank;
    t->count = 1;
    for (int i = 0; i < t->rank; i++) {
        json_t *extent = json_array_get(shape, (size_t)i);
        json_int_t n = json_integer_value(extent);
        if (!json_is_integer(extent) || n < 1 || (uint64_t)n > limit / t->count)
            return damaged(c, why, "the shape of tensor %s is impossible", t->name);
        t->shape[i] = n;
        t->count *= (size_t)n;
    }
    return 0;
}

static int read_tensor(const struct checkpoint *c, struct checkpoint_tensor *t, const char *name,
                       json_t *entry, size_t data_offset, struct failure *why)
{
    size_t data_size = c->size - data_offset;
    char shown[TENSOR_NAME];
    text_escape(shown, sizeof shown, name);
    if (strcmp(shown, name) != 0) /* or cut, being too long */
        return damaged(c, why, "a tensor is called %.60s", name);
    strcpy(t->name, name);
    if (!json_is_object(entry) || json_object_size(entry) != 3)
        return damaged(c, why, "tensor %s is not described as it should be", name);
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    if (!type || strcmp(type, "F32") != 0)
        return damaged(c, why, "tensor %s has type %.20s, not F32", name, type ? type : "none");
    int result = read_shape(c, t, json_object_get(entry, "shape"), data_size / sizeof(real), why);
    if (result < 0)
        return result;
    json_t *offsets = json_object_get(entry, "data_offsets");
    json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);
    json_int_t from = json_integer_value(begin), to = json_integer_value(end);
    if (json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end) ||
        from < 0 || to < from || (uint64_t)to > data_size)
        return damaged(c, why, "the offsets of tensor %s lie outside the file", name);
    if ((size_t)(to - from) != t->count * sizeof(real))
        return damaged(c, why, "the offsets of tensor %s do not fit its shape", name);
    t->offset = data_offset + (size_t)from;
    return 0;
}

static int by_offset(const void *a, const void *b)
{
    size_t x = ((const struct checkpoint_tensor *)a)->offset;
    size_t y = ((const struct checkpoint_tensor *)b)->offset;
    return (x > y) - (x < y);
}

/* Every byte of the data belongs to exactly one tensor, and every number is finite. */
static int check_data(const struct checkpoint *c, size_t data_offset, struct failure *why)
{
    size_t end = data_offset;
    for (int i = 0; i < c->tensor_count; i++) {
        const struct checkpoint_tensor *t = &c->tensors[i];
        if (t->offset != end)
            return damaged(c, why, "tensor %s %s", t->name,
                           t->offset < end ? "overlaps another" : "leaves a gap before it");
        end = t->offset + t->count * sizeof(real);
    }
    if (end != c->size)
        return damaged(c, why, "%zu bytes follow the last tensor", c->size - end);
    for (int i = 0; i < c->tensor_count; i++) {
        const struct checkpoint_tensor *t = &c->tensors[i];
        for (size_t k = 0; k < t->count; k++) {
            real x;
            memcpy(&x, c->data + t->offset + k * sizeof x, sizeof x);
            if (!isfinite(x))
                return damaged(c, why, "number %zu of tensor %s is not finite", k, t->name);
        }
    }
    return 0;
}

static int read_tensors(struct checkpoint *c, json_t *header, size_t data_offset,
                        struct failure *why)
{
    size_t count = json_object_size(header) - 1; /* less the metadata */
    if (count < 1 || count > TENSOR_MAX)
        return damaged(c, why, "it holds %zu tensors", count);
    c->tensors = calloc(count, sizeof *c->tensors);
    if (!c->tensors)
        return fail(why, ERR_MEMORY, "%s: no memory for its list of tensors", c->path);
    const char *name;
    json_t *entry;
    json_object_foreach(header, name, entry)
    {
        if (strcmp(name, "__metadata__") == 0)
            continue;
        int result = read_tensor(c, &c->tensors[c->tensor_count++], name, entry, data_offset, why);
        if (result < 0)
            return result;
    }
    qsort(c->tensors, count, sizeof *c->tensors, by_offset);
    return check_data(c, data_offset, why);
}

/* --- the file -------------------------------------------------------------------------------- */

int checkpoint_parse(struct checkpoint *c, struct failure *why)
{
    uint64_t length;
    if (c->size < LENGTH_BYTES)
        return damaged(c, why, "it has %zu bytes only", c->size);
    memcpy(&length, c->data, LENGTH_BYTES);
    if (length > c->size - LENGTH_BYTES || length > HEADER_LIMIT)
        return damaged(c, why, "its header is longer than %s",
                       length > HEADER_LIMIT ? "any checkpoint's" : "the file");
    json_error_t error;
    json_t *header =
        json_loadb(c->data + LENGTH_BYTES, (size_t)length, JSON_REJECT_DUPLICATES, &error);
    if (!header)
        return damaged(c, why, "its header is no JSON (%.100s)", error.text);
    int result;
    if (!json_is_object(header))
        result = damaged(c, why, "its header is no JSON object");
    else
        result = read_metadata(c, json_object_get(header, "__metadata__"), why);
    if (result == 0)
        result = read_tensors(c, header, LENGTH_BYTES + (size_t)length, why);
    json_decref(header);
    return result;
}

int checkpoint_read(struct checkpoint *c, const char *path, struct failure *why)
{
    memset(c, 0, sizeof *c);
    if (strlen(path) >= sizeof c->path)
        return fail(why, ERR_USAGE, "%.60s...: the path is too long: use a shorter one", path);
    strcpy(c->path, path);
    if (!fsio_is_file(path))
        return fail(why, ERR_IO,
                    "%s: no checkpoint there: check the run's folder and the "
                    "contestant's name, or train until the first one is saved",
                    path);
    int result = fsio_read(path, FILE_LIMIT, &c->data, &c->size, why);
    if (result == 0)
        result = checkpoint_parse(c, why);
    if (result < 0)
        checkpoint_release(c);
    return result;
}
