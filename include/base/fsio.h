/* Files, written so that a crash leaves either the old content or the new. */
#ifndef HEED_BASE_FSIO_H
#define HEED_BASE_FSIO_H

#include <stdbool.h>
#include <stddef.h>
#include "base/fail.h"

enum { FSIO_PATH = 4096 };

/* Read a regular file of at most `limit` bytes; *data is terminated by an extra NUL and freed by the
   caller. "-" is standard input. */
int fsio_read(const char *path, size_t limit, char **data, size_t *size, struct failure *why);

/* A file being replaced: written to a temporary beside it, then fsync, rename, fsync of the folder. */
struct fsio_writer {
    int fd;
    char path[FSIO_PATH], temporary[FSIO_PATH];
};
int fsio_begin(struct fsio_writer *w, const char *path, struct failure *why);
int fsio_write(struct fsio_writer *w, const void *data, size_t size, struct failure *why);
int fsio_commit(struct fsio_writer *w, struct failure *why);
/* Forget the temporary; harmless after a commit or on a zeroed struct with fd -1. */
void fsio_abandon(struct fsio_writer *w);
/* All of the above for content in memory. */
int fsio_replace(const char *path, const void *data, size_t size, struct failure *why);

/* Create the folder and its parents. */
int fsio_make_folder(const char *path, struct failure *why);
bool fsio_is_folder(const char *path);
bool fsio_is_file(const char *path);
/* "a/b" into out[FSIO_PATH]; ERR_USAGE if it does not fit. */
int fsio_join(char out[FSIO_PATH], const char *a, const char *b, struct failure *why);
/* $XDG_STATE_HOME/heed or ~/.local/state/heed; $XDG_CONFIG_HOME/heed or ~/.config/heed. */
int fsio_state_folder(char out[FSIO_PATH], struct failure *why);
int fsio_config_folder(char out[FSIO_PATH], struct failure *why);

#endif
