#include "store/run.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/text.h"
#include "store/paths.h"

enum { CONFIG_LIMIT = 1 << 20, NAME_TRIES = 1000 };

/* --- paths ----------------------------------------------------------------------------------- */

int contestant_path(const char *folder, const char *contestant, const char *name,
                    char out[FSIO_PATH], struct failure *why)
{
    char inner[FSIO_PATH];
    if (contestant[0] == '\0' || contestant[0] == '.' || strchr(contestant, '/'))
        return fail(why, ERR_USAGE, "%s: \"%s\" is no contestant's name: see its %s", folder,
                    contestant, RUN_CONFIG);
    int result = fsio_join(inner, folder, contestant, why);
    return result < 0 ? result : fsio_join(out, inner, name, why);
}

int run_checkpoint_path(const char *folder, const char *contestant, char out[FSIO_PATH],
                        struct failure *why)
{
    return contestant_path(folder, contestant, "checkpoint.safetensors", out, why);
}

static int config_path(const char *folder, char out[FSIO_PATH], struct failure *why)
{
    return fsio_join(out, folder, RUN_CONFIG, why);
}

int run_check_folder(const char *folder, struct failure *why)
{
    char path[FSIO_PATH];
    int result = config_path(folder, path, why);
    if (result < 0)
        return result;
    if (!fsio_is_folder(folder))
        return fail(why, ERR_IO, "%s: no such folder: name the folder of a run", folder);
    if (!fsio_is_file(path))
        return fail(why, ERR_IO,
                    "%s: holds no run, for it has no %s: name a folder that "
                    "`heed train` wrote",
                    folder, RUN_CONFIG);
    return 0;
}

/* --- one writer ------------------------------------------------------------------------------ */

static int locked_out(int fd, const char *folder, struct failure *why)
{
    char pid[16] = "";
    ssize_t got = pread(fd, pid, sizeof pid - 1, 0);
    pid[got > 0 ? got : 0] = '\0';
    pid[strspn(pid, "0123456789")] = '\0';
    return fail(why, ERR_IO,
                "%s: process %s is writing this run: stop it first, or follow it with "
                "`heed watch`",
                folder, pid[0] ? pid : "(unknown)");
}

static int lock_folder(struct run *run, struct failure *why)
{
    char path[FSIO_PATH];
    int result = fsio_join(path, run->folder, RUN_LOCK, why);
    if (result < 0)
        return result;
    run->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (run->lock_fd < 0) {
        int error = errno;
        return fail(why, ERR_IO,
                    "%s: the folder cannot be written: %s: choose another with -o, or "
                    "change its permissions",
                    run->folder, strerror(error));
    }
    if (flock(run->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return locked_out(run->lock_fd, run->folder, why);
        return fail_errno(why, "%s: cannot be locked", path);
    }
    char pid[16];
    int length = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(run->lock_fd, 0) != 0 || pwrite(run->lock_fd, pid, (size_t)length, 0) != length)
        return fail_errno(why, "%s: cannot be written", path);
    return 0;
}

/* Open for appending. What an interrupted writer left of a line is closed off by a newline, so that
   it spoils no line but its own. */
static int open_metrics(struct run *run, struct failure *why)
{
    char path[FSIO_PATH];
    int result = fsio_join(path, run->folder, RUN_METRICS, why);
    if (result < 0)
        return result;
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        goto refused;
    if (!S_ISREG(status.st_mode)) {
        close(fd);
        return fail(why, ERR_IO, "%s: is not a regular file: choose another folder", path);
    }
    char last = '\n';
    if (status.st_size > 0 && pread(fd, &last, 1, status.st_size - 1) != 1)
        goto refused;
    if (last != '\n' && write(fd, "\n", 1) != 1)
        goto refused;
    run->metrics = fdopen(fd, "a");
    if (!run->metrics)
        goto refused;
    /* Unbuffered: one line, one write, so that a reader sees whole lines soon. */
    setvbuf(run->metrics, NULL, _IONBF, 0);
    return 0;
refused:
    result = fail_errno(why, "%s: cannot be written", path);
    if (fd >= 0)
        close(fd);
    return result;
}

void run_close(struct run *run)
{
    if (run->metrics)
        fclose(run->metrics);
    if (run->lock_fd >= 0)
        close(run->lock_fd);
    run->metrics = NULL;
    run->lock_fd = -1;
}

static int set_folder(struct run *run, const char *folder, struct failure *why)
{
    if (!folder[0])
        return fail(why, ERR_USAGE, "the run's folder has an empty name: give one, as in -o run");
    int result = fsio_join(run->folder, folder, "", why);
    size_t length = strlen(run->folder);
    while (length > 1 && run->folder[length - 1] == '/')
        run->folder[--length] = '\0';
    return result;
}

/* --- a new run ------------------------------------------------------------------------------- */

/* Make <preset>-<date>-<time>-s<seed> under the state folder; with -2, -3, ... if it is taken, be
   it by a run that begins in the same moment. */
static int fresh_folder(char out[FSIO_PATH], const struct race_config *race, struct failure *why)
{
    char state[FSIO_PATH], runs[FSIO_PATH], stamp[32], name[128];
    int result = fsio_state_folder(state, why);
    if (result == 0)
        result = fsio_join(runs, state, "runs", why);
    if (result == 0)
        result = fsio_make_folder(runs, why);
    if (result < 0)
        return result;
    char preset[KIND_TEXT];
    text_copy(preset, sizeof preset, race->preset[0] ? race->preset : "run");
    for (char *c = preset; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '-')
            *c = '_';
    time_t now = time(NULL);
    struct tm local;
    if (!localtime_r(&now, &local) || strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local) == 0)
        return fail(why, ERR_IO, "the clock tells no date: name a folder with -o");
    for (int i = 1; i < NAME_TRIES; i++) {
        int length = snprintf(name, sizeof name, "%s-%s-s%" PRId64, preset, stamp,
                              race->contestants[0].train.seed);
        if (i > 1)
            snprintf(name + length, sizeof name - (size_t)length, "-%d", i);
        result = fsio_join(out, runs, name, why);
        if (result < 0 || mkdir(out, 0777) == 0)
            return result;
        if (errno != EEXIST)
            return fail(why, ERR_IO, "%s: cannot be created: %s: name a folder with -o", out,
                        strerror(errno));
    }
    return fail(why, ERR_IO, "%s: too many runs of this second: name a folder with -o", runs);
}

static int refuse_a_second_run(const char *folder, struct failure *why)
{
    char path[FSIO_PATH];
    static const char *const names[] = {RUN_CONFIG, RUN_METRICS};
    for (int i = 0; i < 2; i++) {
        int result = fsio_join(path, folder, names[i], why);
        struct stat status;
        if (result < 0)
            return result;
        if (stat(path, &status) == 0 && status.st_size > 0)
            return fail(why, ERR_USAGE,
                        "%s: already holds a run: choose another folder with -o, "
                        "or go on with --resume",
                        folder);
    }
    return 0;
}

/* The settings come last and whole: a folder that has them is a run. */
static int write_config(const struct run *run, const struct race_config *race, struct failure *why)
{
    char path[FSIO_PATH];
    int result = config_path(run->folder, path, why);
    if (result < 0)
        return result;
    struct text text = {0};
    text_add(&text, "; Written by heed " HEED_VERSION ": every setting of this run, resolved.\n"
                    "; `heed train` with this file repeats the run.\n");
    race_config_write(race, &text);
    if (text.broken)
        result = fail(why, ERR_MEMORY, "%s: no memory to write it", path);
    else
        result = fsio_replace(path, text.data, text.length, why);
    text_release(&text);
    return result;
}

static int fill_folder(struct run *run, const struct race_config *race, struct failure *why)
{
    int result = refuse_a_second_run(run->folder, why);
    for (int i = 0; i < race->count && result == 0; i++) {
        char path[FSIO_PATH];
        result = contestant_path(run->folder, race->names[i], "timeline", path, why);
        if (result == 0)
            result = fsio_make_folder(path, why);
    }
    if (result == 0)
        result = open_metrics(run, why);
    if (result == 0)
        result = write_config(run, race, why);
    return result;
}

int run_create(struct run *run, const char *folder, const struct race_config *race,
               struct failure *why)
{
    *run = (struct run){.lock_fd = -1};
    int result = folder ? set_folder(run, folder, why) : fresh_folder(run->folder, race, why);
    run->made = result == 0 && (!folder || !fsio_is_folder(run->folder));
    if (result == 0)
        result = fsio_make_folder(run->folder, why);
    if (result == 0)
        result = lock_folder(run, why);
    if (result == 0)
        result = fill_folder(run, race, why);
    if (result < 0)
        run_close(run);
    return result;
}

static void remove_files(const struct run *run, const char *const *names)
{
    char path[FSIO_PATH];
    for (int i = 0; names[i]; i++)
        if (fsio_join(path, run->folder, names[i], NULL) == 0)
            unlink(path);
}

void run_remove_empty(struct run *run, const struct race_config *race, const char *const *copies)
{
    static const char *const own[] = {RUN_CONFIG, RUN_METRICS, RUN_LOCK, NULL};
    char path[FSIO_PATH];
    for (int i = 0; i < race->count; i++) {
        if (contestant_path(run->folder, race->names[i], "timeline", path, NULL) == 0)
            rmdir(path);
        if (fsio_join(path, run->folder, race->names[i], NULL) == 0)
            rmdir(path);
    }
    if (run->made)
        remove_files(run, copies);
    remove_files(run, own);
    run_close(run);
    if (run->made)
        rmdir(run->folder);
}

/* --- a run that is there --------------------------------------------------------------------- */

int run_open(struct run *run, const char *folder, struct failure *why)
{
    *run = (struct run){.lock_fd = -1};
    int result = run_check_folder(folder, why);
    if (result == 0)
        result = set_folder(run, folder, why);
    if (result == 0)
        result = lock_folder(run, why);
    if (result == 0)
        result = open_metrics(run, why);
    if (result < 0)
        run_close(run);
    return result;
}

int run_read_config(const char *folder, struct race_config *race, struct failure *why)
{
    char path[FSIO_PATH], *text = NULL;
    size_t size;
    struct plan plan = {0};
    int result = run_check_folder(folder, why);
    if (result == 0)
        result = config_path(folder, path, why);
    if (result == 0)
        result = fsio_read(path, CONFIG_LIMIT, &text, &size, why);
    if (result < 0)
        return result;
    if (strlen(text) != size)
        result =
            fail(why, ERR_INPUT, "%s: holds a zero byte: it is damaged, use a whole copy", path);
    if (result == 0)
        result = plan_add_ini(&plan, text, path, why);
    if (result == 0 && plan.count == 0)
        result =
            fail(why, ERR_INPUT, "%s: holds no setting: it is damaged, use a whole copy", path);
    if (result == 0)
        result = plan_build(&plan, race, why);
    if (result == 0 && !text_copy(race->folder, sizeof race->folder, folder))
        result = fail(why, ERR_USAGE, "%s: the path is too long: use a shorter one", folder);
    plan_release(&plan);
    free(text);
    return result;
}
