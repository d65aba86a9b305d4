#include "cli/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "store/run.h"
#include "train/race.h"
#include "view/ui.h"

enum { SETTINGS_FILE_LIMIT = 1 << 20, WORDS = 64 };

static const char default_preset[] = "iarc";

static const char *preset_text(const char *name)
{
    for (const struct embedded *p = embedded_presets; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p->text;
    return NULL;
}

bool target_is_run(const char *folder)
{
    char path[FSIO_PATH];
    return fsio_is_folder(folder) && fsio_join(path, folder, "config.ini", NULL) == 0 &&
           fsio_is_file(path);
}

static int unknown_word(const char *word, struct failure *why)
{
    const char *words[WORDS];
    char hint[128];
    int count = 0;

    for (const struct subcommand *const *c = commands(); *c && count < WORDS; c++)
        if ((*c)->name[0])
            words[count++] = (*c)->name;
    for (const struct embedded *p = embedded_presets; p->name && count < WORDS; p++)
        words[count++] = p->name;
    args_suggest(word, words, count, hint, sizeof hint);
    return fail(why, ERR_USAGE, "%s: unknown command, and no preset, file or run of this name%s",
                word, hint[0] ? hint : ": see heed --help");
}

int target_find(const char *word, struct target *target, struct failure *why)
{
    *target = (struct target){.kind = TARGET_PRESET, .word = word};
    target->text = preset_text(word ? word : default_preset);
    if (target->text)
        return 0;
    if (command_find(word))
        return fail(why, ERR_USAGE, "%s: a command comes first: heed %s [option]...", word, word);
    return target_find_path(word, target, why);
}

int target_find_path(const char *word, struct target *target, struct failure *why)
{
    *target = (struct target){.word = word};
    if (fsio_is_folder(word)) {
        target->kind = TARGET_RUN;
        if (target_is_run(word))
            return 0;
        return fail(why, ERR_USAGE, "%s: is a folder without config.ini, so not a run", word);
    }
    target->kind = TARGET_FILE;
    if (strcmp(word, "-") == 0 || fsio_is_file(word))
        return 0;
    return unknown_word(word, why);
}

const char *target_typed(const char *folder, char out[FSIO_PATH])
{
    if (!folder || !(preset_text(folder) || command_find(folder)))
        return folder;
    snprintf(out, FSIO_PATH, "./%s", folder);
    return out;
}

void target_tell_namesake(const char *word, const char *what)
{
    bool run = word && target_is_run(word);

    if (run || (word && fsio_is_file(word)))
        fprintf(stderr, "heed: %s: taken as the %s; the %s of that name here is ./%s\n", word, what,
                run ? "run" : "file", word);
}

/* "presets/small.ini" -> "small" */
static void stem(const char *path, char out[KIND_TEXT])
{
    const char *slash = strrchr(path, '/');
    char *dot;

    text_copy(out, KIND_TEXT, strcmp(path, "-") == 0 ? "stdin" : slash ? slash + 1 : path);
    if ((dot = strrchr(out, '.')) && dot != out)
        *dot = '\0';
}

static int add_target(const struct target *target, struct plan *plan, struct failure *why)
{
    const char *word = target->word ? target->word : default_preset;
    char path[FSIO_PATH], *data = NULL;
    size_t size;
    int rc;

    if (target->kind == TARGET_PRESET) {
        if ((rc = plan_add_ini(plan, target->text, word, why)) < 0)
            return rc;
    } else {
        if (target->kind == TARGET_RUN)
            rc = fsio_join(path, word, "config.ini", why);
        else
            rc =
                text_copy(path, sizeof path, word) ? 0 : fail(why, ERR_USAGE, "%s: too long", word);
        if (rc == 0)
            rc = fsio_read(path, SETTINGS_FILE_LIMIT, &data, &size, why);
        if (rc == 0 && strlen(data) != size)
            rc = fail(why, ERR_INPUT, "%s: holds a zero byte: this must be a text file", path);
        if (rc == 0)
            rc = plan_add_ini(plan, data, path, why);
        free(data);
        if (rc < 0)
            return rc;
    }
    if (!plan->preset[0])
        stem(word, plan->preset);
    return 0;
}

int target_add_flags(const struct args *args, struct plan *plan, struct failure *why)
{
    char origin[256];
    int rc;

    for (int i = 0; i < args->assignment_count; i++) {
        const struct assignment *a = &args->assignments[i];
        if (!a->key) {
            rc = plan_add_flag(plan, a->value, why);
        } else {
            snprintf(origin, sizeof origin, "--%s %s", a->flag, a->value);
            rc = plan_add(plan, a->key, a->value, origin, why);
        }
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* The settings that may differ between a run's folder and the command that goes on with it: those
   that no result depends on. */
static bool may_change(const struct setting *s)
{
    return strcmp(s->key, "train.threads") == 0 || strcmp(s->key, "train.checkpoint_seconds") == 0 ||
           strncmp(s->key, "sample.", 7) == 0;
}

int target_check_resume(const struct race_config *race, const char *folder, struct failure *why)
{
    struct race_config before;
    char was[SETTING_TEXT], is[SETTING_TEXT];
    int count, rc;
    const struct setting *settings = config_settings(&count);

    if ((rc = run_read_config(folder, &before, why)) < 0 || (rc = race_resolve(&before, why)) < 0)
        return rc;
    if (race->count != before.count)
        return fail(why, ERR_USAGE,
                    "race: the run in %s has %d contestants: a run cannot change its cast", folder,
                    before.count);
    for (int c = 0; c < race->count; c++) {
        for (int i = 0; i < count; i++) {
            config_value(&before.contestants[c], &settings[i], was, sizeof was);
            config_value(&race->contestants[c], &settings[i], is, sizeof is);
            if (strcmp(was, is) != 0 && !may_change(&settings[i]))
                return fail(
                    why, ERR_USAGE,
                    "%s: %s is %s in this run and cannot become %s: begin a new run with -o",
                    settings[i].key, race->names[c], was, is);
        }
    }
    return 0;
}

/* Whoever asks for another task than that of the preset which comes without a word does not look at that
   preset: the race is named after its task. Returns whether the name changed. */
static bool rename_race(const struct target *target, struct plan *plan,
                        const struct race_config *race)
{
    const struct config *c = &race->contestants[0];
    bool rules = strcmp(c->task.rules, "none") != 0;

    if (target->word || strcmp(plan->preset, default_preset) != 0 ||
        (!rules && strcmp(c->task.kind, default_preset) == 0))
        return false;
    stem(rules ? c->task.rules : c->task.kind, plan->preset);
    return true;
}

int target_plan(const struct args *args, const struct target *target, bool resume,
                struct plan *plan, struct race_config *race, struct failure *why)
{
    enum ui_page page;
    struct failure unknown;
    int rc = add_target(target, plan, why);

    if (rc == 0 && plan->page[0] && ui_page_by_name(plan->page, &page, &unknown) < 0)
        rc = fail(why, ERR_USAGE, "%s: race.page: %s", target->word, unknown.text);
    if (rc == 0)
        rc = target_add_flags(args, plan, why);
    if (rc == 0 && target->kind == TARGET_RUN)
        text_copy(plan->folder, sizeof plan->folder, target->word);
    if (rc == 0)
        rc = plan_build(plan, race, why);
    if (rc == 0 && rename_race(target, plan, race))
        rc = plan_build(plan, race, why);
    if (rc == 0)
        rc = race_resolve(race, why);
    if (rc == 0 && resume)
        rc = target_check_resume(race, target->word, why);
    return rc;
}

int target_race(const struct args *args, const struct target *target, bool resume,
                struct race_config *race, struct failure *why)
{
    struct plan plan = {0};
    int rc = target_plan(args, target, resume, &plan, race, why);

    plan_release(&plan);
    return rc;
}
