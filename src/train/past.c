#include "train/past.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/clock.h"
#include "store/run.h"

static const double LIST_SECONDS = 1;

/* The folder that holds a contestant's files, NULL if none does. */
static const char *folder_of(const struct past *p, int contestant)
{
    const struct gathering *g = p->files;
    const char *folder = g->runs > 0 ? g->folder[g->run[contestant]] : NULL;
    return folder && *folder ? folder : NULL;
}

void past_list(struct past *p, int contestant)
{
    const char *folder = folder_of(p, contestant);
    double now = clock_now();
    if (contestant == p->contestant && now < p->list_at)
        return;
    p->contestant = contestant;
    p->list_at = now + LIST_SECONDS;
    p->count = 0;
    if (folder && run_timeline_steps(folder, p->files->name[contestant], p->steps, PROBE_TIMELINE,
                                     &p->count, NULL) < 0)
        p->count = 0;
}

int past_load(const struct past *p, int contestant, struct model *model, struct failure *why)
{
    const char *folder = folder_of(p, contestant);
    struct checkpoint checkpoint;
    char path[FSIO_PATH];

    if (!folder)
        return fail(why, ERR_INPUT, "no weights were saved: this race writes no files");
    int code = run_timeline_path(folder, p->files->name[contestant], p->step, path, why);
    if (code == 0 && !fsio_is_file(path))
        return fail(why, ERR_INPUT, "%s saved no weights at step %" PRId64,
                    p->files->name[contestant], p->step);
    if (code == 0)
        code = checkpoint_read(&checkpoint, path, why);
    if (code < 0)
        return code;
    code = checkpoint_apply(&checkpoint, model, NULL, why);
    checkpoint_release(&checkpoint);
    return code;
}
