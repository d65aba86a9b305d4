/* One contestant of a run, ready to answer. */
#include <string.h>
#include "train/race.h"

int loaded_open(struct loaded *l, const char *folder, const char *contestant, const struct kern *k,
                int threads, int max_sequences, struct failure *why)
{
    char path[FSIO_PATH];
    memset(l, 0, sizeof *l);
    int code = run_checkpoint_path(folder, contestant, path, why);
    if (code == 0)
        code = checkpoint_read(&l->checkpoint, path, why);
    if (code == 0)
        code = task_new_in(&l->task, &l->checkpoint.config, folder, why);
    if (code == 0)
        code = team_new(&l->team, threads, why);
    if (code == 0)
        code = model_new(&l->model, &l->checkpoint.config, l->task->alphabet.count, max_sequences,
                         false, k, l->team, why);
    if (code == 0)
        code = checkpoint_apply(&l->checkpoint, l->model, NULL, why);
    if (code < 0)
        loaded_release(l);
    return code;
}

void loaded_release(struct loaded *l)
{
    model_free(l->model);
    team_free(l->team);
    task_free(l->task);
    checkpoint_release(&l->checkpoint);
    memset(l, 0, sizeof *l);
}
