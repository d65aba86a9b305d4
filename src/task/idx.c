#include "task/idx.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/fsio.h"

enum { LEAST_IMAGES = 10, LEAST_SIDE = 4, MOST_SIDE = 64 };

static uint32_t number_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int check_magic(const unsigned char *bytes, size_t size, int dimensions, const char *name,
                       struct failure *why)
{
    const char *what = dimensions == 3 ? "images" : "labels";
    if (size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b)
        return fail(why, ERR_INPUT, "%s: is compressed: unpack it with gunzip first", name);
    if (size < 4 || bytes[0] || bytes[1])
        return fail(why, ERR_INPUT,
                    "%s: is no IDX file, which begins with two zero bytes: give one such as "
                    "MNIST's train-%s",
                    name, what);
    if (bytes[2] != 8)
        return fail(why, ERR_INPUT,
                    "%s: holds numbers of IDX type 0x%02x: only unsigned bytes (0x08) are read",
                    name, bytes[2]);
    if (bytes[3] != dimensions)
        return fail(why, ERR_INPUT,
                    "%s: has %d dimension%s, %s have %d: give the file that holds the %s", name,
                    bytes[3], bytes[3] == 1 ? "" : "s", what, dimensions, what);
    return 0;
}

static int check_images(const struct idx *idx, uint64_t rows, uint64_t columns, const char *name,
                        struct failure *why)
{
    if (rows != columns || rows < LEAST_SIDE || rows > MOST_SIDE)
        return fail(why, ERR_INPUT,
                    "%s: its images are %llu x %llu: only squares of %d to %d pixels are read",
                    name, (unsigned long long)rows, (unsigned long long)columns, LEAST_SIDE,
                    MOST_SIDE);
    if (idx->count < LEAST_IMAGES)
        return fail(why, ERR_INPUT,
                    "%s: holds %d image%s: at least %d are needed, one in ten is held out", name,
                    idx->count, idx->count == 1 ? "" : "s", LEAST_IMAGES);
    return 0;
}

static int check_labels(const struct idx *idx, const char *name, struct failure *why)
{
    for (int i = 0; i < idx->count; i++)
        if (idx->bytes[i] >= IDX_LABELS)
            return fail(why, ERR_INPUT, "%s: label %d is %d: labels are 0 to %d", name, i,
                        idx->bytes[i], IDX_LABELS - 1);
    return 0;
}

static int parse(struct idx *idx, size_t size, bool images, const char *name, struct failure *why)
{
    const unsigned char *bytes = (const unsigned char *)idx->data;
    size_t dimensions = images ? 3 : 1, head = 4 + 4 * dimensions;
    int code = check_magic(bytes, size, (int)dimensions, name, why);
    if (code)
        return code;
    if (size < head)
        return fail(why, ERR_INPUT, "%s: ends within its header of %zu bytes: get it again", name,
                    head);
    uint64_t count = number_at(bytes + 4), rows = images ? number_at(bytes + 8) : 1;
    uint64_t columns = images ? number_at(bytes + 12) : 1;
    idx->count = count < IDX_BYTES ? (int)count : IDX_BYTES;
    idx->side = (int)(rows <= MOST_SIDE ? rows : MOST_SIDE);
    idx->bytes = bytes + head;
    if (images && (code = check_images(idx, rows, columns, name, why)) != 0)
        return code;
    uint64_t wanted = head + count * rows * columns; /* below 2^32 * 64 * 64 */
    if (size != wanted)
        return fail(why, ERR_INPUT, "%s: is %zu bytes long, its header promises %llu: get it again",
                    name, size, (unsigned long long)wanted);
    return images ? 0 : check_labels(idx, name, why);
}

int idx_parse(struct idx *idx, char *data, size_t size, bool images, const char *name,
              struct failure *why)
{
    *idx = (struct idx){.data = data};
    int code = parse(idx, size, images, name, why);
    if (code)
        idx_release(idx);
    return code;
}

int idx_read_images(struct idx *idx, const char *path, struct failure *why)
{
    char *data;
    size_t size;
    *idx = (struct idx){0};
    if (strcmp(path, "-") == 0)
        return fail(why, ERR_USAGE, "task.file: - is standard input, which cannot be read again when a "
                    "run goes on: give a file");
    int code = fsio_read(path, IDX_BYTES, &data, &size, why);
    return code ? code : idx_parse(idx, data, size, true, path, why);
}

void idx_release(struct idx *idx)
{
    free(idx->data);
    *idx = (struct idx){0};
}
