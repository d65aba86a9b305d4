/* Changing a plan that somebody has already made, as a form does. */
#include "core/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int plan_copy(struct plan *to, const struct plan *from, struct failure *why)
{
    size_t size = (size_t)from->count * sizeof *from->entries;
    struct plan_entry *entries = malloc(size ? size : 1);
    if (!entries)
        return fail(why, ERR_MEMORY, "settings: no memory: end other programs");
    if (size)
        memcpy(entries, from->entries, size);
    plan_release(to);
    *to = *from;
    to->entries = entries;
    to->capacity = from->count ? from->count : 1;
    return 0;
}

static void remove_entry(struct plan *plan, int at)
{
    memmove(&plan->entries[at], &plan->entries[at + 1],
            (size_t)(plan->count - at - 1) * sizeof *plan->entries);
    plan->count--;
}

int plan_forget(struct plan *plan, const char *contestant, const char *key)
{
    int before = plan->count;
    for (int i = plan->count - 1; i >= 0; i--) {
        const struct plan_entry *e = &plan->entries[i];
        if (e->setting && strcmp(e->setting->key, key) == 0 &&
            (!contestant || strcmp(e->contestant, contestant) == 0))
            remove_entry(plan, i);
    }
    return before - plan->count;
}

void plan_tidy(struct plan *plan)
{
    for (int i = plan->count - 1; i > 0; i--) {
        for (int earlier = i - 1; earlier >= 0; earlier--) {
            const struct plan_entry *e = &plan->entries[earlier], *last = &plan->entries[i];
            if (e->setting && e->setting == last->setting && strcmp(e->contestant, last->contestant) == 0) {
                remove_entry(plan, earlier);
                i--;
            }
        }
    }
}

void cast_word(const char *name, char out[NAME_TEXT])
{
    text_copy(out, NAME_TEXT, name);
    char *tail = strrchr(out, '-');
    if (tail && tail[1] && tail[1 + strspn(tail + 1, "0123456789")] == '\0')
        *tail = '\0';
}

static bool is_kind(const struct plan_entry *e)
{
    return strcmp(e->setting->key, "model.kind") == 0 || strcmp(e->setting->key, "attn.kind") == 0;
}

/* The member that has the own settings of `name` now, -1: none. */
static int heir(const struct race_config *race, const char *name, const int *from, int count)
{
    for (int i = 0; i < count; i++)
        if (from[i] >= 0 && strcmp(race->names[from[i]], name) == 0)
            return i;
    return -1;
}

int plan_recast(struct plan *plan, const struct race_config *race, const char *const *words,
                const int *from, int count, struct failure *why)
{
    struct text flag = {0};
    struct race_config *cast = calloc(1, sizeof *cast);
    text_add(&flag, "race=");
    for (int i = 0; i < count; i++)
        text_addf(&flag, "%s%s", i ? "," : "", words[i]);
    int code = 0;
    if (!cast || flag.broken)
        code = fail(why, ERR_MEMORY, "settings: no memory: end other programs");
    if (code == 0)
        code = plan_add_flag(plan, text_string(&flag), why);
    if (code == 0)
        code = cast_parse(text_string(&flag) + strlen("race="), cast, why);
    for (int i = plan->count - 2; i >= 0 && code == 0; i--) {
        struct plan_entry *e = &plan->entries[i];
        if (e->setting && !e->contestant[0])
            continue;
        int now = e->setting ? heir(race, e->contestant, from, count) : -1;
        char word[NAME_TEXT];
        cast_word(e->contestant, word);
        if (now < 0 || (is_kind(e) && strcmp(word, words[now]) != 0))
            remove_entry(plan, i);
        else
            text_copy(e->contestant, sizeof e->contestant, cast->names[now]);
    }
    text_release(&flag);
    free(cast);
    return code;
}
