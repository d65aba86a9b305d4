#include "core/config.h"

#include <ctype.h>
#include <string.h>

/* The registry of models says has_attention too, but core lies below it; a test of the models holds
   the two together. A kind that is missing here is taken to have attention. */
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

int cast_split(const char *name, char model[KIND_TEXT], char attention[KIND_TEXT],
               struct failure *why)
{
    size_t first = strcspn(name, "-");
    const char *rest = name[first] ? name + first + 1 : "";
    if (!plain_word(name, first) || (name[first] && !plain_word(rest, strlen(rest))))
        return fail(why, ERR_USAGE, "race: %s is no contestant: write model-attention or model",
                    name);
    const char *tail = strrchr(name, '-');
    if (tail && tail[1 + strspn(tail + 1, "0123456789")] == '\0')
        return fail(why, ERR_USAGE,
                    "race: %s: copies are numbered by themselves: name the same contestant twice",
                    name);
    memset(model, 0, KIND_TEXT);
    memcpy(model, name, first);
    memset(attention, 0, KIND_TEXT);
    memcpy(attention, rest, strlen(rest));
    return 0;
}
