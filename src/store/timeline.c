#include "store/run.h"

#include <inttypes.h>
#include <stdio.h>
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

int run_write_timeline(const struct run *run, const struct model *model, const char *contestant,
                       int64_t step, double seconds, struct failure *why)
{
    char folder[FSIO_PATH], path[FSIO_PATH], name[40];
    snprintf(name, sizeof name, "%" PRId64 ".safetensors", step);
    int result = contestant_path(run->folder, contestant, "timeline", folder, why);
    if (result == 0)
        result = fsio_make_folder(folder, why);
    if (result == 0)
        result = fsio_join(path, folder, name, why);
    if (result == 0)
        result = checkpoint_write(path, model, NULL, contestant, step, seconds, why);
    return result;
}
