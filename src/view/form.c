#include "view/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/embed.h"

/* What autos would make of the form's settings: a run's file has numbers where it had begun with them. */
static void see_automatic(struct form *f)
{
    int count, chosen = 0;
    const struct setting *settings = config_settings(&count);
    char value[SETTING_TEXT];
    f->automatic = f->race;
    for (int i = 0; i < f->race.count; i++)
        for (int k = 0; k < count; k++) {
            if (strcmp(settings[k].initial, "auto") != 0)
                continue;
            config_value(&f->race.contestants[i], &settings[k], value, sizeof value);
            chosen += strcmp(value, "auto") != 0;
            config_set(&f->automatic.contestants[i], settings[k].key, "auto", "form", NULL);
        }
    f->has_automatic = true;
    if (chosen == 0)
        f->automatic = f->resolved;
    else
        f->has_automatic = f->setup.resolve(&f->automatic, NULL) == 0;
}

/* Make `plan` the form's if a race comes of it; it is taken over or released. */
static int adopt(struct form *f, struct plan *plan, struct failure *why)
{
    plan_tidy(plan);
    int code = plan_build(plan, &f->trial, why);
    if (code == 0) {
        f->trial_resolved = f->trial;
        code = f->setup.resolve(&f->trial_resolved, why);
    }
    if (code < 0) {
        plan_release(plan);
        return code;
    }
    plan_release(&f->plan);
    f->plan = *plan;
    f->race = f->trial;
    f->resolved = f->trial_resolved;
    f->edited = true;
    see_automatic(f);
    if (f->chosen >= f->race.count)
        f->chosen = f->race.count - 1;
    return 0;
}

int form_new(struct form **out, const struct ui_setup *setup, struct failure *why)
{
    struct form *f = calloc(1, sizeof *f);
    struct plan plan = {0};
    if (!f)
        return fail(why, ERR_MEMORY, "screen: not enough memory");
    f->setup = *setup;
    f->ready = setup->ready;
    int code = plan_copy(&plan, setup->plan, why);
    if (code == 0)
        code = adopt(f, &plan, why);
    if (code == 0)
        code = plan_copy(&f->base, &f->plan, why);
    f->edited = false;
    if (code < 0) {
        form_free(f);
        return code;
    }
    *out = f;
    return 0;
}

void form_free(struct form *f)
{
    if (!f)
        return;
    plan_release(&f->plan);
    plan_release(&f->base);
    free(f);
}

/* Another file than the one that a run's settings were written for has another digest. */
static void forget_digest(struct plan *plan, const char *key)
{
    bool file = strcmp(key, "task.rules") == 0 || strcmp(key, "task.file") == 0;
    bool labels = strcmp(key, "task.labels") == 0;
    if (file)
        plan_forget(plan, NULL, "task.digest");
    if (labels)
        plan_forget(plan, NULL, "task.labels_digest");
    if (file || labels)
        plan->folder[0] = '\0'; /* where the copy of the old one is */
}

int form_assign(struct form *f, const char *assignments, struct failure *why)
{
    struct plan plan = {0};
    char one[FORM_LINE];
    int code = plan_copy(&plan, &f->plan, why), count = 0;
    for (const char *at = assignments; code == 0; count++) {
        at += strspn(at, " \t");
        size_t n = strcspn(at, " \t");
        if (n == 0)
            break;
        snprintf(one, sizeof one, "%.*s", (int)n, at);
        code = plan_add_flag(&plan, one, why);
        one[strcspn(one, "=")] = '\0';
        forget_digest(&plan, one);
        at += n;
    }
    if (code == 0 && count == 0)
        code = fail(why, ERR_USAGE, "no key=value: write model.dim=64");
    if (code < 0) {
        plan_release(&plan);
        return code;
    }
    return adopt(f, &plan, why);
}

/* Another list of members; from[i] is who member i was, -1: nobody. */
static int recast(struct form *f, const char *const *words, const int *from, int count,
                  struct failure *why)
{
    struct plan plan = {0};
    int code = plan_copy(&plan, &f->plan, why);
    if (code == 0)
        code = plan_recast(&plan, &f->race, words, from, count, why);
    if (code < 0) {
        plan_release(&plan);
        return code;
    }
    return adopt(f, &plan, why);
}

/* The members there are, as words of a cast. */
static int members(const struct form *f, char text[MAX_CONTESTANTS + 1][NAME_TEXT],
                   const char *words[MAX_CONTESTANTS + 1], int from[MAX_CONTESTANTS + 1])
{
    for (int i = 0; i < f->race.count; i++) {
        cast_word(f->race.names[i], text[i]);
        words[i] = text[i];
        from[i] = i;
    }
    return f->race.count;
}

int form_add(struct form *f, const char *word, struct failure *why)
{
    char text[MAX_CONTESTANTS + 1][NAME_TEXT];
    const char *words[MAX_CONTESTANTS + 1];
    int from[MAX_CONTESTANTS + 1], count = members(f, text, words, from);
    words[count] = word;
    from[count] = -1;
    int code = recast(f, words, from, count + 1, why);
    if (code == 0)
        f->chosen = count;
    return code;
}

int form_drop(struct form *f, struct failure *why)
{
    char text[MAX_CONTESTANTS + 1][NAME_TEXT];
    const char *words[MAX_CONTESTANTS + 1];
    int from[MAX_CONTESTANTS + 1], count = members(f, text, words, from);
    if (count < 2)
        return fail(why, ERR_USAGE, "race: %s is the last contestant: add another first",
                    f->race.names[0]);
    for (int i = f->chosen; i + 1 < count; i++) {
        words[i] = words[i + 1];
        from[i] = from[i + 1];
    }
    return recast(f, words, from, count - 1, why);
}

/* The chosen contestant with another model or another attention. */
static int set_kind(struct form *f, bool is_model, const char *value, struct failure *why)
{
    char text[MAX_CONTESTANTS + 1][NAME_TEXT], model[KIND_TEXT], attention[KIND_TEXT], word[128];
    const char *words[MAX_CONTESTANTS + 1];
    int from[MAX_CONTESTANTS + 1], count = members(f, text, words, from);
    int code = cast_split(text[f->chosen], model, attention, why);
    if (code < 0)
        return code;
    if (!is_model && !cast_has_attention(model))
        return fail(why, ERR_USAGE, "attn.kind: %s has no attention", f->race.names[f->chosen]);
    const char *kind = is_model ? value : model, *by = is_model ? attention : value;
    bool attends = cast_has_attention(kind) && by[0];
    snprintf(word, sizeof word, "%s%s%s", kind, attends ? "-" : "", attends ? by : "");
    words[f->chosen] = word;
    return recast(f, words, from, count, why);
}

int form_set(struct form *f, const struct setting *s, const char *value, struct failure *why)
{
    bool model = strcmp(s->key, "model.kind") == 0;
    if (model || strcmp(s->key, "attn.kind") == 0)
        return set_kind(f, model, value, why);
    struct plan plan = {0};
    struct text flag = {0};
    text_addf(&flag, "%s%s%s=%s", f->own ? f->race.names[f->chosen] : "", f->own ? "." : "", s->key,
              value);
    int code = plan_copy(&plan, &f->plan, why);
    if (code == 0)
        code = plan_add_flag(&plan, text_string(&flag), why);
    forget_digest(&plan, s->key);
    text_release(&flag);
    if (code < 0) {
        plan_release(&plan);
        return code;
    }
    return adopt(f, &plan, why);
}

int form_default(struct form *f, const struct setting *s, struct failure *why)
{
    struct plan plan = {0};
    if (strcmp(s->key, "model.kind") == 0 || strcmp(s->key, "attn.kind") == 0)
        return form_set(f, s, s->initial, why);
    int code = plan_copy(&plan, &f->plan, why);
    if (code < 0)
        return code;
    plan_forget(&plan, f->own ? f->race.names[f->chosen] : NULL, s->key);
    forget_digest(&plan, s->key);
    return adopt(f, &plan, why);
}

int form_preset(struct form *f, const char *name, struct failure *why)
{
    struct plan plan = {0};
    const struct embedded *p = embedded_presets;
    while (p->name && strcmp(p->name, name) != 0)
        p++;
    if (!p->name)
        return fail(why, ERR_USAGE, "%s: no such preset: see heed list presets", name);
    int code = plan_add_ini(&plan, p->text, name, why);
    if (code < 0) {
        plan_release(&plan);
        return code;
    }
    if (!plan.preset[0])
        text_copy(plan.preset, sizeof plan.preset, name);
    return adopt(f, &plan, why);
}

void form_undo(struct form *f)
{
    struct plan plan = {0};
    if (plan_copy(&plan, &f->base, NULL) == 0)
        adopt(f, &plan, NULL);
    f->edited = false;
}

void form_begun(struct form *f)
{
    f->ready = f->asked = f->edited = false;
    plan_copy(&f->base, &f->plan, NULL);
}

bool form_take(struct form *f, const struct race_snapshot *race)
{
    struct plan plan = {0};
    struct text ini = {0};
    struct race_config *config = calloc(1, sizeof *config);
    bool taken = false;
    if (config) {
        text_copy(config->preset, sizeof config->preset, race->preset);
        config->count = race->count;
        for (int i = 0; i < race->count; i++) {
            text_copy(config->names[i], NAME_TEXT, race->contestants[i].name);
            config->contestants[i] = race->contestants[i].config;
            config->contestants[i].train.learning_rate = race->contestants[i].own_rate;
        }
        race_config_write(config, &ini);
        text_copy(plan.folder, sizeof plan.folder, race->folder);
        if (!ini.broken && plan_add_ini(&plan, text_string(&ini), "run", NULL) == 0)
            taken = adopt(f, &plan, NULL) == 0;
        else
            plan_release(&plan);
    }
    if (taken)
        form_begun(f);
    text_release(&ini);
    free(config);
    return taken;
}

void form_cast(const struct form *f, char *out, size_t size)
{
    size_t used = 0;
    for (int i = 0; i < f->race.count && used < size; i++) {
        char word[NAME_TEXT];
        cast_word(f->race.names[i], word);
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? "," : "", word);
    }
}
