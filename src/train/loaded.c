/* One contestant of a run, ready to answer. */
#include <stdlib.h>
#include <string.h>
#include "train/race.h"

/* What a checkpoint and its run must agree in: the network, and what it is asked. */
static bool is_compared(const char *key)
{
    static const char *const keys[] = {"task.kind", "task.context", "task.side", "task.unit"};
    bool compared = strncmp(key, "model.", 6) == 0 || strncmp(key, "attn.", 5) == 0;
    for (int i = 0; i < 4; i++)
        compared = compared || strcmp(key, keys[i]) == 0;
    return compared;
}

static int compare(const struct checkpoint *c, const struct config *run, struct failure *why)
{
    char theirs[128], ours[128];
    int count;
    const struct setting *settings = config_settings(&count);
    for (int i = 0; i < count; i++) {
        config_value(&c->config, &settings[i], theirs, sizeof theirs);
        config_value(run, &settings[i], ours, sizeof ours);
        if (is_compared(settings[i].key) && strcmp(theirs, ours) != 0)
            return fail(why, ERR_INPUT, "%s: is of another run, with %s = %s and not %s: put the "
                        "run's own back", c->path, settings[i].key, theirs, ours);
    }
    return 0;
}

/* A file of another run would be asked what it never learned. */
static int check_is_of_run(const struct checkpoint *c, const char *folder, const char *contestant,
                           struct failure *why)
{
    struct race_config *race = calloc(1, sizeof *race);
    if (!race)
        return fail(why, ERR_MEMORY, "%s: no memory for its settings", folder);
    int code = run_read_config(folder, race, why);
    if (code == 0)
        code = race_resolve(race, why);
    for (int i = 0; i < race->count && code == 0; i++)
        if (strcmp(race->names[i], contestant) == 0)
            code = compare(c, &race->contestants[i], why);
    free(race);
    return code;
}

int loaded_open(struct loaded *l, const char *folder, const char *contestant, const struct kern *k,
                int threads, int max_sequences, struct failure *why)
{
    char path[FSIO_PATH];
    memset(l, 0, sizeof *l);
    int code = run_checkpoint_path(folder, contestant, path, why);
    if (code == 0)
        code = checkpoint_read(&l->checkpoint, path, why);
    if (code == 0)
        code = check_is_of_run(&l->checkpoint, folder, contestant, why);
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
