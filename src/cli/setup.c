#include "cli/setup.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "base/fsio.h"
#include "model/model.h"
#include "nn/attn.h"
#include "task/task.h"
#include "train/race.h"

/* Names of runs that are looked at before the newest are chosen. */
enum { RUNS_LOOKED_AT = 4096 };

/* As a start would: every auto, then the task, which may read a file. */
static int resolve(struct race_config *race, struct failure *why)
{
    struct task *task = NULL;
    int rc = race_resolve(race, why);

    if (rc == 0)
        rc = task_new_in(&task, &race->contestants[0], race->folder, why);
    task_free(task);
    return rc;
}

static bool model_word(int k, char out[NAME_TEXT], const char **help)
{
    const struct model_ops *const *m = model_registry();

    while (*m && k > 0)
        m++, k--;
    if (!*m)
        return false;
    text_copy(out, NAME_TEXT, (*m)->name);
    *help = (*m)->help;
    return true;
}

static bool attention_word(int k, char out[NAME_TEXT], const char **help)
{
    const struct attn_ops *const *a = attn_registry();

    while (*a && k > 0)
        a++, k--;
    if (!*a)
        return false;
    text_copy(out, NAME_TEXT, (*a)->name);
    *help = (*a)->formula;
    return true;
}

/* The task of a rule file is named by task.rules. */
static bool task_word(int k, char out[NAME_TEXT], const char **help)
{
    for (const struct task_ops *const *t = task_registry(); *t; t++) {
        if (strcmp((*t)->name, "rules") == 0 || k-- > 0)
            continue;
        text_copy(out, NAME_TEXT, (*t)->name);
        *help = (*t)->help;
        return true;
    }
    return false;
}

/* Every model, with every attention where it has one. */
static bool member_word(int k, char out[NAME_TEXT], const char **help)
{
    for (const struct model_ops *const *m = model_registry(); *m; m++) {
        const struct attn_ops *const *a = attn_registry();
        if (!(*m)->has_attention) {
            if (k-- > 0)
                continue;
            text_copy(out, NAME_TEXT, (*m)->name);
            *help = (*m)->help;
            return true;
        }
        for (; *a; a++) {
            if (k-- > 0)
                continue;
            snprintf(out, NAME_TEXT, "%s-%s", (*m)->name, (*a)->name);
            *help = (*a)->formula;
            return true;
        }
    }
    return false;
}

static bool word(const char *key, int k, char out[NAME_TEXT], const char **help)
{
    static const struct {
        const char *key;
        bool (*word)(int k, char out[NAME_TEXT], const char **help);
    } lists[] = {{"model.kind", model_word},
                 {"attn.kind", attention_word},
                 {"task.kind", task_word},
                 {"race", member_word}};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].key, key) == 0)
            return lists[i].word(k, out, help);
    return false;
}

/* --- runs ------------------------------------------------------------------------------------ */

struct found {
    char name[256];
    time_t changed;
};

static int newest_first(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    return x->changed == y->changed ? strcmp(y->name, x->name) : x->changed < y->changed ? 1 : -1;
}

/* Folders with a config.ini; when their metrics grew last. */
static int look(const char *folder, struct found *found, int most)
{
    DIR *dir = opendir(folder);
    int count = 0;

    for (struct dirent *d; dir && count < most && (d = readdir(dir)) != NULL;) {
        char run[FSIO_PATH], path[FSIO_PATH];
        struct stat st;
        if (d->d_name[0] == '.' || fsio_join(run, folder, d->d_name, NULL) < 0 ||
            fsio_join(path, run, "config.ini", NULL) < 0 || stat(path, &st) != 0)
            continue;
        found[count].changed = st.st_mtime;
        if (fsio_join(path, run, "metrics.jsonl", NULL) == 0 && stat(path, &st) == 0)
            found[count].changed = st.st_mtime;
        text_copy(found[count++].name, sizeof found->name, d->d_name);
    }
    if (dir)
        closedir(dir);
    return count;
}

static int runs(struct ui_run *out, int capacity)
{
    char state[FSIO_PATH], folder[FSIO_PATH], path[FSIO_PATH];
    struct found *found = malloc(RUNS_LOOKED_AT * sizeof *found);
    int count = 0, shown = 0;
    struct tm local;

    if (found && fsio_state_folder(state, NULL) == 0 && fsio_join(folder, state, "runs", NULL) == 0)
        count = look(folder, found, RUNS_LOOKED_AT);
    if (count > 0)
        qsort(found, (size_t)count, sizeof *found, newest_first);
    for (int i = 0; i < count && shown < capacity; i++) {
        struct ui_run *run = &out[shown];
        /* A path that is too long can still be typed. */
        if (fsio_join(path, folder, found[i].name, NULL) < 0 ||
            !text_copy(run->folder, sizeof run->folder, path))
            continue;
        run->about[0] = '\0';
        if (localtime_r(&found[i].changed, &local))
            strftime(run->about, sizeof run->about, "written %Y-%m-%d %H:%M:%S", &local);
        shown++;
    }
    free(found);
    return shown;
}

void setup_fill(struct ui_setup *setup, const struct plan *plan, bool ready)
{
    *setup = (struct ui_setup){
        .plan = plan, .resolve = resolve, .word = word, .runs = runs, .ready = ready};
}
