#include "store/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "store/paths.h"
#include "store/record_json.h"

enum { READ_STEP = 1 << 16, LINE_LIMIT = 1 << 20 };

/* --- appending ------------------------------------------------------------------------------- */

int run_append(struct run *run, const struct record *record, const struct alphabet *alphabet,
               struct failure *why)
{
    json_t *object = record_to_json(record, alphabet);
    size_t length = object ? json_dumpb(object, NULL, 0, JSON_COMPACT) : 0;
    /* After a line that broke off, a newline keeps this one whole. */
    char *line = length ? malloc(length + 2) : NULL;
    int result = 0;
    if (line) {
        size_t lead = run->torn ? 1 : 0;
        line[0] = '\n';
        json_dumpb(object, line + lead, length, JSON_COMPACT);
        line[lead + length] = '\n';
        size_t size = lead + length + 1;
        size_t done = fwrite(line, 1, size, run->metrics);
        if (done > 0)
            run->torn = done > lead && done < size;
        if (done < size) {
            int error = errno;
            clearerr(run->metrics);
            result = fail(why, ERR_IO, "%s/%s: cannot be written: %s: make room on the disk",
                          run->folder, RUN_METRICS, strerror(error));
        }
    } else {
        result =
            fail(why, ERR_MEMORY, "%s/%s: no memory to write a line", run->folder, RUN_METRICS);
    }
    free(line);
    json_decref(object);
    return result;
}

int run_flush(struct run *run, struct failure *why)
{
    if (fflush(run->metrics) != 0 || fdatasync(fileno(run->metrics)) != 0)
        return fail_errno(why, "%s/%s: may not have reached the disk", run->folder, RUN_METRICS);
    return 0;
}

/* --- reading --------------------------------------------------------------------------------- */

int record_reader_init(struct record_reader *r, const char *folder, struct failure *why)
{
    memset(r, 0, sizeof *r);
    int result = run_check_folder(folder, why);
    if (result == 0)
        result = fsio_join(r->path, folder, RUN_METRICS, why);
    if (result == 0 && !fsio_is_file(r->path))
        result = fail(why, ERR_IO,
                      "%s: is missing: the run kept no records, repeat it with `heed "
                      "train %s/%s`",
                      r->path, folder, RUN_CONFIG);
    return result;
}

void record_reader_release(struct record_reader *r)
{
    free(r->buffer);
    r->buffer = NULL;
    r->capacity = r->length = r->start = 0;
}

/* Room for READ_STEP more bytes behind what waits in the buffer. */
static int make_room(struct record_reader *r)
{
    if (r->start > 0) {
        memmove(r->buffer, r->buffer + r->start, r->length - r->start);
        r->length -= r->start;
        r->start = 0;
    }
    if (r->capacity - r->length >= READ_STEP)
        return 0;
    size_t capacity = r->length + 2 * (size_t)READ_STEP;
    char *moved = realloc(r->buffer, capacity);
    if (!moved)
        return ERR_MEMORY;
    r->buffer = moved;
    r->capacity = capacity;
    return 0;
}

/* Bytes added to the buffer, 0 if the file has no more, or negative. */
static int read_more(struct record_reader *r, struct failure *why)
{
    if (make_room(r) < 0)
        return fail(why, ERR_MEMORY, "%s: no memory to read it", r->path);
    FILE *file = fopen(r->path, "rb");
    struct stat status;
    if (!file || fstat(fileno(file), &status) != 0) {
        int result = fail_errno(why, "%s: cannot be read", r->path);
        if (file)
            fclose(file);
        return result;
    }
    int result = 0;
    if (status.st_size < r->offset) {
        r->offset = 0;
        r->line = 0;
        r->skipping = false;
        r->start = r->length = 0;
        result =
            fail(why, ERR_INPUT, "%s: became shorter: it is read anew from its beginning", r->path);
    } else {
        ssize_t got = pread(fileno(file), r->buffer + r->length, READ_STEP, r->offset);
        if (got < 0) {
            result = fail_errno(why, "%s: cannot be read", r->path);
        } else {
            r->length += (size_t)got;
            r->offset += got;
            result = (int)got;
        }
    }
    fclose(file);
    return result;
}

/* The next whole line, its newline left out: 1, 0 or negative as record_read. */
static int next_line(struct record_reader *r, const char **line, size_t *length,
                     struct failure *why)
{
    size_t searched = 0;
    for (;;) {
        char *begin = r->buffer ? r->buffer + r->start : NULL;
        size_t waiting = r->length - r->start;
        char *end = begin ? memchr(begin + searched, '\n', waiting - searched) : NULL;
        if (end) {
            *line = begin;
            *length = (size_t)(end - begin);
            r->start += *length + 1;
            r->line++;
            return 1;
        }
        searched = waiting;
        if (waiting > LINE_LIMIT) {
            /* Not a line of ours: forget it as it comes, what follows its newline is read again. */
            r->start = r->length = searched = 0;
            r->skipping = true;
        }
        int got = read_more(r, why);
        if (got <= 0)
            return got;
    }
}

int record_read(struct record_reader *r, const struct alphabet *alphabet, struct record *out,
                struct failure *why)
{
    const char *line;
    size_t length;
    int result = next_line(r, &line, &length, why);
    if (result <= 0)
        return result;
    if (r->skipping) {
        r->skipping = false;
        return fail(why, ERR_INPUT, "%s:%" PRId64 ": longer than any record: it is left out",
                    r->path, r->line);
    }
    json_error_t error;
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (!object)
        return fail(why, ERR_INPUT, "%s:%" PRId64 ": no JSON (%.100s): the line is left out",
                    r->path, r->line, error.text);
    const char *wrong = record_from_json(object, alphabet, out);
    json_decref(object);
    if (wrong)
        return fail(why, ERR_INPUT,
                    "%s:%" PRId64 ": \"%s\" is missing or wrong: the line is left "
                    "out",
                    r->path, r->line, wrong);
    return 1;
}
