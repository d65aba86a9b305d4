/* What the first word names: a preset, a settings file or a run's folder. */
#ifndef HEED_CLI_TARGET_H
#define HEED_CLI_TARGET_H

#include "base/fail.h"
#include "base/fsio.h"
#include "cli/args.h"
#include "core/config.h"

enum target_kind { TARGET_PRESET, TARGET_FILE, TARGET_RUN };

struct target {
    enum target_kind kind;
    const char *word; /* as written; NULL: the default preset */
    const char *text; /* TARGET_PRESET: its settings */
};

/* Tell what `word` is; NULL is the preset iarc. A preset's name is that, whatever else is called so: a
   path with a slash, ./iarc, is a file or folder. ERR_USAGE with the nearest command or preset. */
int target_find(const char *word, struct target *target, struct failure *why);
/* The same of a word that can be a path alone. */
int target_find_path(const char *word, struct target *target, struct failure *why);
/* A folder counts as a run when it holds config.ini. */
bool target_is_run(const char *folder);
/* A run's folder as heed can be told to go on with it: ./iarc where a preset or a command is called so.
   NULL stays NULL; else `folder` or `out`. */
const char *target_typed(const char *folder, char out[FSIO_PATH]);
/* Where a name that was taken as a preset or a task (`what`) is also that of a run or file here: one line on
   standard error that says so. */
void target_tell_namesake(const char *word, const char *what);
/* The race of the first word and of the flags after it, every auto resolved. A run that goes on
   (`resume`) may change train.threads and train.checkpoint_seconds only. */
int target_race(const struct args *args, const struct target *target, bool resume,
                struct race_config *race, struct failure *why);
/* Whether a resolved race is the one of a run's folder, but for the settings that may change. ERR_USAGE
   naming the first that differs. */
int target_check_resume(const struct race_config *race, const char *folder, struct failure *why);
/* The same with the plan that it comes from, so that it can be edited; released by the caller. */
int target_plan(const struct args *args, const struct target *target, bool resume,
                struct plan *plan, struct race_config *race, struct failure *why);
/* The assignments of -s and of flags such as --threads, in the order given. */
int target_add_flags(const struct args *args, struct plan *plan, struct failure *why);

#endif
