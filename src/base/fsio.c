#include "base/fsio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 1 << 16, LOCK_TRIES = 100 };

static const char *remedy(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "make room and try again";
    case EACCES:
    case EPERM:
    case EROFS:
        return "choose a place that you may write, or change its permissions";
    case ENOENT:
        return "check the path";
    case ENOTDIR:
        return "a part of the path is a file: choose another path";
    case ELOOP:
        return "a link leads in a circle: choose another path";
    case EMFILE:
    case ENFILE:
        return "close other programs or raise the limit of open files";
    default:
        return "check the disk and the path";
    }
}

static int refuse(struct failure *why, const char *path, const char *what)
{
    int error = errno;
    return fail(why, ERR_IO, "%s: %s: %s: %s", path, what, strerror(error), remedy(error));
}

/* --- reading --------------------------------------------------------------------------------- */

static int open_regular(const char *path, size_t *expected, struct failure *why)
{
    /* O_NONBLOCK: a named pipe must be refused, not waited for. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        int error = errno;
        return fail(why, ERR_IO, "%s: cannot be read: %s: check the path and its permissions", path,
                    strerror(error));
    }
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return fail(why, ERR_IO, "%s: not a regular file: name a file", path);
    }
    *expected = (size_t)status.st_size;
    return fd;
}

/* Everything up to the end of `fd`; a file may grow or shrink meanwhile. */
static int read_all(int fd, const char *path, size_t expected, size_t limit, char **data,
                    size_t *size, struct failure *why)
{
    size_t capacity = (expected < limit ? expected : limit) + 2, length = 0;
    char *buffer = malloc(capacity);
    while (buffer) {
        if (length + 1 == capacity) {
            size_t larger = capacity + capacity / 2 + READ_STEP;
            char *moved = realloc(buffer, larger);
            if (!moved)
                break;
            buffer = moved;
            capacity = larger;
        }
        ssize_t got = read(fd, buffer + length, capacity - length - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            refuse(why, path, "cannot be read");
            free(buffer);
            return ERR_IO;
        }
        length += (size_t)got;
        if (length > limit) {
            free(buffer);
            return fail(why, ERR_INPUT, "%s: larger than %zu bytes: is it the right file?", path,
                        limit);
        }
        if (got == 0) {
            buffer[length] = '\0';
            *data = buffer;
            *size = length;
            return 0;
        }
    }
    free(buffer);
    return fail(why, ERR_MEMORY, "%s: no memory to read it", path);
}

int fsio_read(const char *path, size_t limit, char **data, size_t *size, struct failure *why)
{
    *data = NULL;
    *size = 0;
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, "standard input", READ_STEP, limit, data, size, why);
    size_t expected = 0;
    int fd = open_regular(path, &expected, why);
    if (fd < 0)
        return fd;
    int result;
    if (expected > limit)
        result =
            fail(why, ERR_INPUT, "%s: larger than %zu bytes: is it the right file?", path, limit);
    else
        result = read_all(fd, path, expected, limit, data, size, why);
    close(fd);
    return result;
}

/* --- replacing ------------------------------------------------------------------------------- */

/* A link keeps pointing where it points: what it leads to is replaced. */
static int real_target(char out[FSIO_PATH], const char *path, struct failure *why)
{
    struct stat status;
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return fail(why, ERR_IO, "%s: is a folder: name a file", path);
        if (!S_ISREG(status.st_mode))
            return fail(why, ERR_IO, "%s: is not a regular file: name another", path);
        char *resolved = realpath(path, NULL);
        if (resolved && strlen(resolved) < FSIO_PATH) {
            strcpy(out, resolved);
            free(resolved);
            return 0;
        }
        free(resolved);
    }
    if (strlen(path) >= FSIO_PATH)
        return fail(why, ERR_USAGE, "%.60s...: the path is too long: use a shorter one", path);
    strcpy(out, path);
    return 0;
}

/* The temporary has a fixed name, so that a killed program leaves one at most; the lock keeps two
   writers apart. The other writer may rename the file between our open and our lock: then the name
   no longer belongs to what we locked, and we try again. */
static int open_temporary(const char *temporary)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        int fd = open(temporary, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
        if (fd < 0)
            return -1;
        struct stat mine, named;
        if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &mine) != 0) {
            int error = errno;
            close(fd);
            errno = error;
            return -1;
        }
        if (stat(temporary, &named) == 0 && mine.st_ino == named.st_ino &&
            mine.st_dev == named.st_dev && S_ISREG(mine.st_mode)) {
            if (ftruncate(fd, 0) == 0)
                return fd;
            int error = errno;
            close(fd);
            errno = error;
            return -1;
        }
        close(fd);
    }
    errno = EWOULDBLOCK;
    return -1;
}

int fsio_begin(struct fsio_writer *w, const char *path, struct failure *why)
{
    *w = (struct fsio_writer){.fd = -1};
    int result = real_target(w->path, path, why);
    if (result < 0)
        return result;
    static const char suffix[] = ".tmp";
    size_t length = strlen(w->path);
    if (length + sizeof suffix > FSIO_PATH)
        return fail(why, ERR_USAGE, "%.60s...: the path is too long: use a shorter one", path);
    memcpy(w->temporary, w->path, length);
    memcpy(w->temporary + length, suffix, sizeof suffix);
    w->fd = open_temporary(w->temporary);
    if (w->fd >= 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return fail(why, ERR_IO, "%s: another program is writing it: wait until it has ended",
                    path);
    return refuse(why, path, "cannot be written");
}

int fsio_write(struct fsio_writer *w, const void *data, size_t size, struct failure *why)
{
    const char *next = data;
    while (size > 0) {
        ssize_t put = write(w->fd, next, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return refuse(why, w->path, "cannot be written");
        next += put;
        size -= (size_t)put;
    }
    return 0;
}

/* The new name must outlive a crash as well. */
static int sync_folder_of(const char *path)
{
    char folder[FSIO_PATH];
    strcpy(folder, path);
    char *slash = strrchr(folder, '/');
    if (!slash)
        strcpy(folder, ".");
    else
        slash[slash == folder] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    /* Some file systems cannot sync a folder and say EINVAL. */
    int result = fsync(fd) == 0 || errno == EINVAL ? 0 : -1;
    int error = errno;
    close(fd);
    errno = error;
    return result;
}

int fsio_commit(struct fsio_writer *w, struct failure *why)
{
    /* Renamed while the lock is held, or another writer could take over the temporary. */
    if (fsync(w->fd) != 0 || rename(w->temporary, w->path) != 0) {
        refuse(why, w->path, "cannot be written");
        fsio_abandon(w);
        return ERR_IO;
    }
    int fd = w->fd;
    w->fd = -1;
    if (close(fd) != 0 || sync_folder_of(w->path) != 0)
        return refuse(why, w->path, "may not have reached the disk");
    return 0;
}

void fsio_abandon(struct fsio_writer *w)
{
    if (w->fd < 0)
        return;
    unlink(w->temporary);
    close(w->fd);
    w->fd = -1;
}

int fsio_replace(const char *path, const void *data, size_t size, struct failure *why)
{
    struct fsio_writer w;
    int result = fsio_begin(&w, path, why);
    if (result == 0)
        result = fsio_write(&w, data, size, why);
    if (result == 0)
        result = fsio_commit(&w, why);
    fsio_abandon(&w);
    return result;
}

/* --- folders and paths ----------------------------------------------------------------------- */

int fsio_make_folder(const char *path, struct failure *why)
{
    char part[FSIO_PATH];
    size_t length = strlen(path);
    if (length == 0)
        return fail(why, ERR_USAGE, "the folder's name is empty: give it one");
    if (length >= FSIO_PATH)
        return fail(why, ERR_USAGE, "%.60s...: the path is too long: use a shorter one", path);
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        char kept = part[i];
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && !fsio_is_folder(part)) {
            if (errno == EEXIST)
                errno = ENOTDIR;
            return refuse(why, path, "cannot be created");
        }
        part[i] = kept;
    }
    return 0;
}

bool fsio_is_folder(const char *path)
{
    struct stat status;
    int error = errno;
    bool is = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    errno = error;
    return is;
}

bool fsio_is_file(const char *path)
{
    struct stat status;
    int error = errno;
    bool is = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    errno = error;
    return is;
}

int fsio_join(char out[FSIO_PATH], const char *a, const char *b, struct failure *why)
{
    size_t length = strlen(a);
    const char *between = length > 0 && a[length - 1] == '/' ? "" : "/";
    int put = snprintf(out, FSIO_PATH, "%s%s%s", a, between, b);
    if (put < 0 || put >= FSIO_PATH)
        return fail(why, ERR_USAGE, "%.60s...: the path is too long: use a shorter one", a);
    return 0;
}

/* The specification has relative values ignored. */
static int home_folder(char out[FSIO_PATH], const char *variable, const char *under_home,
                       struct failure *why)
{
    const char *base = getenv(variable);
    if (base && base[0] == '/')
        return fsio_join(out, base, "heed", why);
    const char *home = getenv("HOME");
    if (!home || home[0] != '/')
        return fail(why, ERR_USAGE, "%s: HOME is not set: set it, or %s, to a folder", variable,
                    variable);
    return fsio_join(out, home, under_home, why);
}

int fsio_state_folder(char out[FSIO_PATH], struct failure *why)
{
    return home_folder(out, "XDG_STATE_HOME", ".local/state/heed", why);
}

int fsio_config_folder(char out[FSIO_PATH], struct failure *why)
{
    return home_folder(out, "XDG_CONFIG_HOME", ".config/heed", why);
}
