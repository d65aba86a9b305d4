/* Settings with random but valid values, and their comparison. */
#ifndef HEED_TESTS_SETTINGS_H
#define HEED_TESTS_SETTINGS_H

#include <stdio.h>
#include <string.h>
#include "base/rng.h"
#include "core/config.h"
#include <cmocka.h>

static inline const struct setting *setting_at(int i)
{
    int count;
    return &config_settings(&count)[i];
}

static inline int settings(void)
{
    int count;
    config_settings(&count);
    return count;
}

static inline size_t field_size(const struct setting *s)
{
    if (s->type == SETTING_NAME)
        return (size_t)s->high + 1;
    if (s->type == SETTING_REAL)
        return sizeof(double);
    return s->wide ? sizeof(int64_t) : sizeof(int);
}

static inline void assert_same_config(const struct config *a, const struct config *b)
{
    for (int i = 0; i < settings(); i++) {
        const struct setting *s = setting_at(i);
        if (memcmp((const char *)a + s->offset, (const char *)b + s->offset, field_size(s)) != 0)
            fail_msg("%s differs", s->key);
    }
}

/* Any text of the setting's range: the ends, auto, or something between. */
static inline void random_value(const struct setting *s, struct rng *rng, char *out, size_t size)
{
    if (s->flags & SETTING_MAY_BE_AUTO && rng_below(rng, 3) == 0) {
        snprintf(out, size, "auto");
    } else if (s->type == SETTING_INT) {
        double share = rng_uniform(rng);
        share = rng_below(rng, 4) ? share * share * share : rng_below(rng, 2);
        snprintf(out, size, "%.0f", s->low + share * (s->high - s->low));
    } else if (s->type == SETTING_REAL) {
        double value = s->low + rng_uniform(rng) * rng_uniform(rng) * (s->high - s->low);
        snprintf(out, size, "%.17g", value < s->high ? value : s->high);
    } else if (s->type == SETTING_CHOICE) {
        const char *word = s->choices;
        for (int skip = (int)rng_below(rng, 4); skip > 0 && strchr(word, '|'); skip--)
            word = strchr(word, '|') + 1;
        snprintf(out, size, "%.*s", (int)strcspn(word, "|"), word);
    } else {
        /* A path may hold blanks, though not at its ends, and what INI lines are made of. */
        static const char path[] = "ab/.~ =[]:#\"\xC3\xB6";
        size_t length = 1 + rng_below(rng, (uint32_t)s->high - 1);
        for (size_t i = 0; i < length; i++) {
            out[i] = s->bytes ? s->bytes[rng_below(rng, (uint32_t)strlen(s->bytes))] : "abcXYZ019_-"[rng_below(rng, i ? 11 : 6)];
            if (s->flags & SETTING_PATH && i > 0 && i + 1 < length)
                out[i] = path[rng_below(rng, sizeof path - 1)];
        }
        out[length] = '\0';
    }
}

#endif
