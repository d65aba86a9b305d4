#include "core/plan.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_cast[] = "transformer-dpa,cisformer-ea,lstm,mlp";

void plan_release(struct plan *plan)
{
    free(plan->entries);
    *plan = (struct plan){0};
}

static int append(struct plan *plan, const struct plan_entry *entry, struct failure *why)
{
    if (plan->count == plan->capacity) {
        int capacity = plan->capacity ? 2 * plan->capacity : 32;
        struct plan_entry *more = realloc(plan->entries, (size_t)capacity * sizeof *more);
        if (!more)
            return fail(why, ERR_MEMORY, "settings: no memory: end other programs");
        plan->entries = more;
        plan->capacity = capacity;
    }
    plan->entries[plan->count++] = *entry;
    return 0;
}

int plan_join(struct plan *to, const struct plan *from, struct failure *why)
{
    int code = 0;
    for (int i = 0; i < from->count && code == 0; i++)
        code = append(to, &from->entries[i], why);
    return code;
}

/* "cisformer-ea.train.learning_rate" -> the setting; contestant gets "cisformer-ea". NULL if the
   part after the first dot is no key. */
static const struct setting *own_setting(const char *key, char contestant[NAME_TEXT])
{
    size_t length = strcspn(key, ".");
    if (!key[length] || length == 0 || length >= NAME_TEXT)
        return NULL;
    memcpy(contestant, key, length);
    contestant[length] = '\0';
    return config_find(key + length + 1);
}

static int fail_key(const char *key, const char *origin, struct failure *why)
{
    static const char *const cast_keys[] = {"race", "race.cast", "race.preset", "race.page"};
    int near = text_nearest(key, cast_keys, 4);
    if (near >= 0)
        return fail(why, ERR_USAGE, "%s: unknown key %s: did you mean %s?", origin, key,
                    cast_keys[near]);
    struct config scratch = {0};
    const char *dot = strchr(key, '.');
    if (!dot || !strchr(dot + 1, '.'))
        return config_set(&scratch, key, "", origin, why);
    /* Two dots: the part after the contestant's name is misspelt, or that name cannot be one. */
    struct failure inner;
    if (config_find(dot + 1))
        return fail(why, ERR_USAGE, "%s: unknown key %s: did you mean %s?", origin, key, dot + 1);
    int code = config_set(&scratch, dot + 1, "", origin, &inner);
    return fail(why, code, "%s (for contestant %.*s)", inner.text, (int)(dot - key), key);
}

static int add_cast(struct plan *plan, const char *value, const char *origin, struct failure *why)
{
    struct plan_entry entry = {0};
    struct failure inner;
    struct race_config *scratch = calloc(1, sizeof *scratch);
    if (!scratch)
        return fail(why, ERR_MEMORY, "settings: no memory: end other programs");
    int code = cast_parse(value, scratch, &inner);
    free(scratch);
    if (code)
        return fail(why, code, "%s: %s", origin, inner.text);
    text_copy(entry.value, sizeof entry.value, value);
    text_copy(entry.origin, sizeof entry.origin, origin);
    return append(plan, &entry, why);
}

int plan_add(struct plan *plan, const char *key, const char *value, const char *origin,
             struct failure *why)
{
    struct plan_entry entry = {0};
    if (strcmp(key, "race") == 0 || strcmp(key, "race.cast") == 0)
        return add_cast(plan, value, origin, why);
    if (strcmp(key, "race.preset") == 0) {
        text_copy(plan->preset, sizeof plan->preset, value);
        return 0;
    }
    if (strcmp(key, "race.page") == 0) {
        text_copy(plan->page, sizeof plan->page, value);
        return 0;
    }
    entry.setting = config_find(key);
    if (!entry.setting) {
        entry.setting = own_setting(key, entry.contestant);
        if (!entry.setting)
            return fail_key(key, origin, why);
        if (entry.setting->flags & SETTING_SHARED)
            return fail(why, ERR_USAGE, "%s: %s is the same for all contestants: leave %s. out",
                        origin, entry.setting->key, entry.contestant);
    }
    struct config scratch = {0};
    int code = config_set(&scratch, entry.setting->key, value, origin, why);
    if (code)
        return code;
    if (!text_copy(entry.value, sizeof entry.value, value))
        return fail(why, ERR_USAGE, "%s: the value of %s is too long: shorten it", origin, key);
    text_copy(entry.origin, sizeof entry.origin, origin);
    return append(plan, &entry, why);
}

int plan_add_flag(struct plan *plan, const char *assignment, struct failure *why)
{
    char key[128], origin[ORIGIN_TEXT];
    snprintf(origin, sizeof origin, "-s %s", assignment);
    size_t length = strcspn(assignment, "=");
    if (!assignment[length] || length == 0)
        return fail(why, ERR_USAGE, "%s: no key=value: write -s model.dim=64", origin);
    if (length >= sizeof key)
        return fail(why, ERR_USAGE, "%s: a key of %zu bytes: see `heed list settings`", origin,
                    length);
    memcpy(key, assignment, length);
    key[length] = '\0';
    return plan_add(plan, key, assignment + length + 1, origin, why);
}

static bool names_kind(const struct plan_entry *entry)
{
    return entry->setting && !entry->contestant[0] &&
           (strcmp(entry->setting->key, "model.kind") == 0 ||
            strcmp(entry->setting->key, "attn.kind") == 0);
}

/* Another task or another file: its digest was not of it. */
static const struct {
    const char *key, *digest;
} files[] = {{"task.kind", "task.digest"},
             {"task.kind", "task.labels_digest"},
             {"task.rules", "task.digest"},
             {"task.file", "task.digest"},
             {"task.labels", "task.labels_digest"}};

static bool changes(const struct config *config, const struct plan_entry *entry)
{
    char value[SETTING_TEXT];
    config_value(config, entry->setting, value, sizeof value);
    return strcmp(value, entry->value) != 0;
}

static void apply(struct config *config, const struct plan_entry *entry)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(entry->setting->key, files[i].key) == 0 && changes(config, entry))
            config_set(config, files[i].digest, "none", entry->origin, NULL);
    int code = config_set(config, entry->setting->key, entry->value, entry->origin, NULL);
    assert(code == 0); /* plan_add has tried it */
    (void)code;
}

/* Who races: the last word decides, be it a cast or the kinds of one contestant. Fills count, names
   and kinds. */
static int choose_cast(const struct plan *plan, struct race_config *race, struct failure *why)
{
    const char *cast = default_cast;
    bool alone = false;
    struct config *first = &race->contestants[0];
    config_defaults(first);
    for (int i = 0; i < plan->count; i++) {
        const struct plan_entry *entry = &plan->entries[i];
        if (!entry->setting) {
            cast = entry->value;
            alone = false;
        } else if (names_kind(entry)) {
            apply(first, entry);
            alone = true;
        }
    }
    if (!alone)
        return cast_parse(cast, race, why);
    char model[KIND_TEXT], attention[KIND_TEXT] = "", name[2 * KIND_TEXT];
    strcpy(model, first->model.kind);
    if (strchr(model, '-'))
        return fail(why, ERR_USAGE, "model.kind: unknown model %s: see `heed list models`", model);
    if (cast_has_attention(model))
        strcpy(attention, first->attn.kind);
    snprintf(name, sizeof name, "%s%s%s", model, attention[0] ? "-" : "", attention);
    return cast_parse(name, race, why);
}

static int find_name(const struct race_config *race, const char *name)
{
    for (int i = 0; i < race->count; i++)
        if (strcmp(race->names[i], name) == 0)
            return i;
    return -1;
}

/* Settings of somebody who was in a cast that a later word replaced are not a mistake. */
static bool was_in_cast(const struct plan *plan, const char *name, struct race_config *scratch)
{
    bool found = cast_parse(default_cast, scratch, NULL) == 0 && find_name(scratch, name) >= 0;
    for (int i = 0; i < plan->count && !found; i++)
        found = !plan->entries[i].setting &&
                cast_parse(plan->entries[i].value, scratch, NULL) == 0 &&
                find_name(scratch, name) >= 0;
    return found;
}

static int check_names(const struct plan *plan, const struct race_config *race, struct failure *why)
{
    int code = 0;
    struct race_config *scratch = calloc(1, sizeof *scratch);
    if (!scratch)
        return fail(why, ERR_MEMORY, "settings: no memory: end other programs");
    for (int i = 0; i < plan->count && code == 0; i++) {
        const struct plan_entry *entry = &plan->entries[i];
        const char *names[MAX_CONTESTANTS];
        if (!entry->contestant[0] || find_name(race, entry->contestant) >= 0 ||
            was_in_cast(plan, entry->contestant, scratch))
            continue;
        for (int k = 0; k < race->count; k++)
            names[k] = race->names[k];
        int near = text_nearest(entry->contestant, names, race->count);
        if (near >= 0)
            code = fail(why, ERR_USAGE, "%s: %s is not in the race: did you mean %s?",
                        entry->origin, entry->contestant, names[near]);
        else
            code = fail(why, ERR_USAGE, "%s: %s is not in the race: its first contestant is %s",
                        entry->origin, entry->contestant, names[0]);
    }
    free(scratch);
    return code;
}

int plan_build(const struct plan *plan, struct race_config *race, struct failure *why)
{
    memset(race, 0, sizeof *race);
    text_copy(race->folder, sizeof race->folder, plan->folder);
    int code = choose_cast(plan, race, why);
    if (!code)
        code = check_names(plan, race, why);
    if (code)
        return code;
    /* The preset is one word of an INI value. */
    for (int i = 0; plan->preset[i]; i++) {
        unsigned char byte = (unsigned char)plan->preset[i];
        race->preset[i] = byte <= ' ' || byte == 127 || byte == ';' ? '-' : plan->preset[i];
    }
    for (int c = 0; c < race->count; c++) {
        struct config *config = &race->contestants[c];
        char model[KIND_TEXT], attention[KIND_TEXT];
        strcpy(model, config->model.kind);
        strcpy(attention, config->attn.kind);
        config_defaults(config);
        for (int i = 0; i < plan->count; i++)
            if (plan->entries[i].setting && !plan->entries[i].contestant[0])
                apply(config, &plan->entries[i]);
        cast_set_kinds(config, model, attention);
        for (int i = 0; i < plan->count; i++)
            if (strcmp(plan->entries[i].contestant, race->names[c]) == 0)
                apply(config, &plan->entries[i]);
    }
    return 0;
}
