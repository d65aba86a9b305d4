#include "core/plan.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The registry of models says has_attention too, but core lies below it; a test holds the
   two together. A kind that is missing here is taken to have attention. */
static const char *const without_attention[] = {"lstm", "mlp"};

bool cast_has_attention(const char *model)
{
    for (size_t i = 0; i < sizeof without_attention / sizeof without_attention[0]; i++)
        if (strcmp(without_attention[i], model) == 0)
            return false;
    return true;
}

static bool plain_word(const char *s, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)s[i]) && s[i] != '-' && s[i] != '_')
            return false;
    return length > 0 && length < KIND_TEXT;
}

/* The length of `name` without a final "-<digits>", or its whole length. */
static size_t unnumbered(const char *name)
{
    const char *tail = strrchr(name, '-');
    if (tail && tail[1] && tail[1 + strspn(tail + 1, "0123456789")] == '\0')
        return (size_t)(tail - name);
    return strlen(name);
}

int cast_split(const char *name, char model[KIND_TEXT], char attention[KIND_TEXT],
               struct failure *why)
{
    size_t first = strcspn(name, "-");
    const char *rest = name[first] ? name + first + 1 : "";
    if (!plain_word(name, first) || (name[first] && !plain_word(rest, strlen(rest))))
        return fail(why, ERR_USAGE, "race: %s is no contestant: write model-attention or model",
                    name[0] ? name : "nothing");
    if (name[unnumbered(name)])
        return fail(why, ERR_USAGE,
                    "race: %s: copies are numbered by themselves: name a contestant twice", name);
    memset(model, 0, KIND_TEXT);
    memcpy(model, name, first);
    memset(attention, 0, KIND_TEXT);
    memcpy(attention, rest, strlen(rest));
    return 0;
}

void cast_set_kinds(struct config *config, const char *model, const char *attention)
{
    if (!attention[0])
        attention = config_find("attn.kind")->initial;
    memset(config->model.kind, 0, KIND_TEXT);
    memset(config->attn.kind, 0, KIND_TEXT);
    memcpy(config->model.kind, model, strlen(model));
    memcpy(config->attn.kind, attention, strlen(attention));
}

/* Add one member, numbered if its like is there already. */
static int add_member(struct race_config *race, const char *word, struct failure *why)
{
    char model[KIND_TEXT], attention[KIND_TEXT], name[NAME_TEXT];
    int code = cast_split(word, model, attention, why);
    if (code)
        return code;
    bool attends = cast_has_attention(model);
    if (!attends && attention[0])
        return fail(why, ERR_USAGE, "race: %s: %s has no attention: write %s", word, model, model);
    if (race->count == MAX_CONTESTANTS)
        return fail(why, ERR_USAGE, "race: more than %d contestants: name fewer", MAX_CONTESTANTS);
    struct config *config = &race->contestants[race->count];
    cast_set_kinds(config, model, attention);
    snprintf(name, sizeof name, "%s%s%s", model, attends ? "-" : "",
             attends ? config->attn.kind : "");
    int copies = 1;
    for (int i = 0; i < race->count; i++)
        copies += unnumbered(race->names[i]) == strlen(name) &&
                  strncmp(race->names[i], name, strlen(name)) == 0;
    char number[3] = "";
    _Static_assert(MAX_CONTESTANTS < 10, "copies have one digit");
    if (copies > 1) {
        number[0] = '-';
        number[1] = (char)('0' + copies);
    }
    if (strlen(name) + strlen(number) > CAST_NAME)
        return fail(why, ERR_USAGE, "race: %s: longer than %d bytes: use shorter kinds", name,
                    CAST_NAME);
    snprintf(race->names[race->count++], NAME_TEXT, "%.*s%s", CAST_NAME, name, number);
    return 0;
}

static int fail_long(struct failure *why)
{
    return fail(why, ERR_USAGE, "race: longer than %d bytes: name fewer contestants",
                CAST_TEXT - 1);
}

int cast_parse(const char *cast, struct race_config *race, struct failure *why)
{
    race->count = 0;
    if (strlen(cast) >= CAST_TEXT)
        return fail_long(why);
    for (const char *member = cast;; member++) {
        char word[CAST_TEXT];
        member += strspn(member, " \t");
        size_t length = strcspn(member, ",");
        memcpy(word, member, length);
        member += length;
        while (length > 0 && (word[length - 1] == ' ' || word[length - 1] == '\t'))
            length--;
        word[length] = '\0';
        int code = add_member(race, word, why);
        if (code)
            return code;
        if (!*member)
            break;
    }
    /* Names grow when their attention is filled in; what is written must be readable. */
    size_t written = 0;
    for (int i = 0; i < race->count; i++)
        written += unnumbered(race->names[i]) + 1;
    return written > CAST_TEXT ? fail_long(why) : 0;
}

/* The settings of `config` as INI, sections prefixed; with `base` only those that differ from it,
   without it all; model.kind and attn.kind only if `kinds`. */
static void write_settings(const struct config *config, const struct config *base,
                           const char *prefix, bool kinds, struct text *out)
{
    int count;
    const struct setting *settings = config_settings(&count);
    const char *section = NULL;
    for (int i = 0; i < count; i++) {
        const struct setting *s = &settings[i];
        const char *dot = strchr(s->key, '.');
        size_t length = (size_t)(dot - s->key);
        char value[SETTING_TEXT], common[SETTING_TEXT];
        config_value(config, s, value, sizeof value);
        if (base)
            config_value(base, s, common, sizeof common);
        bool kind = strcmp(s->key, "model.kind") == 0 || strcmp(s->key, "attn.kind") == 0;
        if ((kind && !kinds) || (base && strcmp(value, common) == 0))
            continue;
        if (!section || strncmp(section, s->key, length + 1) != 0)
            text_addf(out, "\n[%s%.*s]\n", prefix, (int)length, s->key);
        section = s->key;
        text_addf(out, "%s = %s\n", dot + 1, value);
    }
}

static void write_cast(const struct race_config *race, struct text *out)
{
    text_add(out, "[race]\n");
    if (race->preset[0])
        text_addf(out, "preset = %s\n", race->preset);
    text_add(out, "cast = ");
    for (int i = 0; i < race->count; i++)
        text_addf(out, "%s%.*s", i ? "," : "", (int)unnumbered(race->names[i]), race->names[i]);
    text_add(out, "\n");
}

void race_config_write(const struct race_config *race, struct text *out)
{
    /* A lone contestant's kinds are written out for readers that know no casts; the cast that comes
       after them has the last word. */
    bool lone = race->count == 1;
    if (!lone)
        write_cast(race, out);
    write_settings(&race->contestants[0], NULL, "", lone, out);
    if (lone) {
        text_add(out, "\n");
        write_cast(race, out);
    }
    for (int i = 0; i < race->count; i++) {
        struct config base = race->contestants[0];
        char word[NAME_TEXT], model[KIND_TEXT], attention[KIND_TEXT], prefix[NAME_TEXT + 1];
        snprintf(word, sizeof word, "%.*s", (int)unnumbered(race->names[i]), race->names[i]);
        if (cast_split(word, model, attention, NULL) == 0)
            cast_set_kinds(&base, model, attention);
        snprintf(prefix, sizeof prefix, "%s.", race->names[i]);
        write_settings(&race->contestants[i], &base, prefix, true, out);
    }
}
