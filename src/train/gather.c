/* Several runs as one race. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "train/session.h"

/* The last `parts` parts of a path: "a/b/run/" gives "run", then "b/run". */
static void run_name(const char *folder, int parts, char out[FSIO_PATH])
{
    text_copy(out, FSIO_PATH, folder);
    size_t length = strlen(out);
    while (length > 1 && out[length - 1] == '/')
        out[--length] = '\0';
    for (size_t at = length; at-- > 0;) {
        if (out[at] == '/' && at + 1 < length && --parts == 0) {
            memmove(out, out + at + 1, length - at);
            return;
        }
    }
}

/* How many parts of their paths tell the runs apart. */
static int parts_needed(const char *const *folders, int runs)
{
    char a[FSIO_PATH], b[FSIO_PATH];
    for (int parts = 1;; parts++) {
        bool clash = false, more = false;
        for (int i = 0; i < runs; i++) {
            run_name(folders[i], parts, a);
            more = more || strcmp(a, folders[i]) != 0;
            for (int k = 0; k < i; k++) {
                run_name(folders[k], parts, b);
                clash = clash || strcmp(a, b) == 0;
            }
        }
        if (!clash || !more)
            return parts;
    }
}

static int refuse_twice(const char *const *folders, int runs, struct failure *why)
{
    struct stat a, b;
    for (int i = 0; i < runs; i++) {
        for (int k = 0; k < i; k++) {
            if (stat(folders[i], &a) == 0 && stat(folders[k], &b) == 0 && a.st_dev == b.st_dev &&
                a.st_ino == b.st_ino)
                return fail(why, ERR_USAGE, "%s: is the same run as %s: name each run once",
                            folders[i], folders[k]);
        }
    }
    return 0;
}

static int refuse_other_task(const struct config *a, const char *folder_a, const struct config *b,
                             const char *folder_b, struct failure *why)
{
    char value_a[SETTING_TEXT], value_b[SETTING_TEXT];
    int count;
    const struct setting *settings = config_settings(&count);
    for (int i = 0; i < count; i++) {
        if (strncmp(settings[i].key, "task.", 5) != 0)
            continue;
        config_value(a, &settings[i], value_a, sizeof value_a);
        config_value(b, &settings[i], value_b, sizeof value_b);
        if (strcmp(value_a, value_b) != 0)
            return fail(why, ERR_USAGE,
                        "%s: %s is %s, but %s in %s: only runs of the same task can be shown side "
                        "by side",
                        folder_b, settings[i].key, value_b, value_a, folder_a);
    }
    return 0;
}

/* Add the contestants of one run under the names they have there. */
static int add_run(struct gathering *g, struct race_config *race, const char *folder,
                   struct failure *why)
{
    struct race_config own;
    int run = g->runs, code = run_read_config(folder, &own, why);
    if (code == 0)
        code = race_resolve(&own, why);
    if (code == 0 && run > 0)
        code = refuse_other_task(&race->contestants[0], g->folder[0], &own.contestants[0], folder,
                                 why);
    if (code < 0)
        return code;
    if (race->count + own.count > MAX_CONTESTANTS)
        return fail(why, ERR_USAGE,
                    "%s: its %d contestants and the %d of the runs before are more than the %d "
                    "that fit on a screen: leave runs out",
                    folder, own.count, race->count, MAX_CONTESTANTS);
    if (run == 0)
        text_copy(race->folder, sizeof race->folder, own.folder);
    if (run == 0)
        text_copy(race->preset, sizeof race->preset, own.preset);
    else if (strcmp(race->preset, own.preset) != 0)
        text_copy(race->preset, sizeof race->preset, "several");
    for (int i = 0; i < own.count; i++) {
        int at = race->count++;
        race->contestants[at] = own.contestants[i];
        text_copy(race->names[at], NAME_TEXT, own.names[i]);
        text_copy(g->name[at], NAME_TEXT, own.names[i]);
        g->run[at] = run;
    }
    g->folder[run] = folder;
    g->steps[run] = own.contestants[0].train.steps;
    g->runs++;
    return 0;
}

/* "<run>/<name>"; of a run's name that is too long its end is kept, which tells most. */
static void prefix(char out[NAME_TEXT], const char *run, const char *name)
{
    size_t room = NAME_TEXT - 2 - strlen(name), length = strlen(run);
    if (length > room) {
        run += length - room + 3;
        while (((unsigned char)*run & 0xc0) == 0x80) /* not within a character */
            run++;
    }
    snprintf(out, NAME_TEXT, "%s%.*s/%s", length > room ? "..." : "", (int)room, run, name);
}

static void tell_apart(const struct gathering *g, struct race_config *race)
{
    char run[FSIO_PATH];
    int parts = parts_needed(g->folder, g->runs);
    for (int i = 0; i < race->count; i++) {
        bool clash = false;
        for (int k = 0; k < race->count; k++)
            clash = clash || (g->run[k] != g->run[i] && strcmp(g->name[k], g->name[i]) == 0);
        if (!clash)
            continue;
        run_name(g->folder[g->run[i]], parts, run);
        /* A run's name comes from the person's disk. */
        char shown[FSIO_PATH];
        text_escape(shown, sizeof shown, run);
        prefix(race->names[i], shown, g->name[i]);
    }
}

int gathering_read(struct gathering *g, const char *const *folders, int runs,
                   struct race_config *race, struct failure *why)
{
    *g = (struct gathering){0};
    *race = (struct race_config){0};
    if (runs > MAX_CONTESTANTS)
        return fail(why, ERR_USAGE, "%d runs: at most %d fit on a screen: leave some out", runs,
                    MAX_CONTESTANTS);
    int code = refuse_twice(folders, runs, why);
    for (int i = 0; i < runs && code == 0; i++)
        code = add_run(g, race, folders[i], why);
    if (code == 0)
        tell_apart(g, race);
    return code;
}
