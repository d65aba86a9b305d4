/* A folder for one test program, emptied and removed at its end. Include heed_test.h before. */
#ifndef HEED_TESTS_SCRATCH_H
#define HEED_TESTS_SCRATCH_H

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH_PATH = 192 };

static char scratch[SCRATCH_PATH];

/* A new folder where TMPDIR says, else in /tmp. */
static inline int scratch_folder(char folder[SCRATCH_PATH])
{
    const char *place = getenv("TMPDIR");
    int n = snprintf(folder, SCRATCH_PATH, "%s/heed-test-XXXXXX", place && *place ? place : "/tmp");
    return n < SCRATCH_PATH && mkdtemp(folder) ? 0 : -1;
}

static inline int scratch_make(void **state)
{
    (void)state;
    return scratch_folder(scratch);
}

static inline int scratch_unlink(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)s, (void)type, (void)f;
    return remove(path);
}

static inline int scratch_remove(void **state)
{
    (void)state;
    return nftw(scratch, scratch_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

/* "<scratch>/<name>", valid until the eighth call after it. */
static inline const char *in_scratch(const char *name)
{
    static char paths[8][256];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
    return path;
}

static inline void put_file(const char *path, const void *data, size_t size)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
}

/* The whole file, terminated; freed by the caller. */
static inline char *get_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    size_t n = (size_t)ftell(f);
    rewind(f);
    char *data = malloc(n + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, n, f), n);
    fclose(f);
    data[n] = '\0';
    if (size)
        *size = n;
    return data;
}

/* From now on no file may grow beyond `size` bytes, as on a full disk; RLIM_INFINITY ends it. */
static inline void disk_ends_at(rlim_t size)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#define assert_contains(text, part)                                                                \
    do {                                                                                           \
        if (!strstr((text), (part)))                                                               \
            print_error("\"%s\" lacks \"%s\"\n", (text), (part));                                  \
        assert_non_null(strstr((text), (part)));                                                   \
    } while (0)

#endif
