#include "store/run.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "store/paths.h"

bool run_timeline_due(int64_t step)
{
    if (step == 0)
        return true;
    if (step < 10)
        return false;
    while (step % 10 == 0)
        step /= 10;
    return step == 1 || step == 2 || step == 5;
}

int run_timeline_path(const char *folder, const char *contestant, int64_t step,
                      char out[FSIO_PATH], struct failure *why)
{
    char name[64];
    snprintf(name, sizeof name, "timeline/%" PRId64 ".safetensors", step);
    return contestant_path(folder, contestant, name, out, why);
}

/* "500.safetensors" -> 500; -1 for a file of another name. */
static int64_t step_of(const char *name)
{
    int64_t step = 0;
    int digits = 0;
    for (; *name >= '0' && *name <= '9' && digits < 18; name++, digits++)
        step = step * 10 + (*name - '0');
    return digits > 0 && strcmp(name, ".safetensors") == 0 ? step : -1;
}

/* Into the ascending list, from which the oldest goes when it is full. */
static void insert(int64_t *steps, int most, int *count, int64_t step)
{
    int at = *count;
    while (at > 0 && steps[at - 1] > step)
        at--;
    if (*count == most && at == 0)
        return;
    if (*count == most) {
        memmove(steps, steps + 1, (size_t)(at - 1) * sizeof *steps);
        steps[at - 1] = step;
        return;
    }
    memmove(steps + at + 1, steps + at, (size_t)(*count - at) * sizeof *steps);
    steps[at] = step;
    (*count)++;
}

int run_timeline_steps(const char *folder, const char *contestant, int64_t *steps, int most,
                       int *count, struct failure *why)
{
    char path[FSIO_PATH];
    *count = 0;
    int code = contestant_path(folder, contestant, "timeline", path, why);
    if (code < 0)
        return code;
    DIR *dir = opendir(path);
    if (!dir)
        return errno == ENOENT ? 0 : fail_errno(why, "%s", path);
    for (const struct dirent *d; (d = readdir(dir));) {
        int64_t step = step_of(d->d_name);
        if (step >= 0)
            insert(steps, most, count, step);
    }
    closedir(dir);
    return 0;
}

int run_write_timeline(const struct run *run, const struct model *model, const char *contestant,
                       int64_t step, double seconds, struct failure *why)
{
    char folder[FSIO_PATH], path[FSIO_PATH];
    int result = contestant_path(run->folder, contestant, "timeline", folder, why);
    if (result == 0)
        result = fsio_make_folder(folder, why);
    if (result == 0)
        result = run_timeline_path(run->folder, contestant, step, path, why);
    if (result == 0)
        result = checkpoint_write(path, model, NULL, contestant, step, seconds, why);
    return result;
}
