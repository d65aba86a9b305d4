/* The symbols that a rule file names. */
#include "task/rules_parse.h"

#include <stdio.h>
#include <string.h>
#include "base/text.h"

int control_named(const struct alphabet *a, const char *name)
{
    for (int i = 0; i < a->subtasks; i++)
        if (strcmp(a->name[a->control_id[i]], name) == 0)
            return i;
    return -1;
}

int add_numbers(struct parser *p)
{
    struct alphabet *a = p->alphabet;
    if (a->count)
        return word_complain(p, "numbers stands twice");
    int32_t base;
    int code = word_next(p);
    if (code || (code = parse_constant(p, 2, RULES_MAX_BASE, &base)) != 0)
        return code;
    p->rules->base = a->numbers = a->count = base;
    for (int i = 0; i < base; i++) {
        snprintf(a->name[i], SYMBOL_TEXT, "%d", i);
        a->control[i] = -1;
    }
    return 0;
}

void write_help(const struct parser *p, const char *text, char *out, size_t size)
{
    char raw[2 * WORD_TEXT] = "";
    size_t length = strlen(p->variable), n = 0;
    while (*text && n + 12 < sizeof raw) {
        if (length && *text == '{' && strncmp(text + 1, p->variable, length) == 0 &&
            text[length + 1] == '}') {
            n += (size_t)snprintf(raw + n, sizeof raw - n, "%d", p->variable_value);
            text += length + 2;
        } else {
            raw[n++] = *text++;
        }
    }
    raw[n] = '\0';
    text_escape(out, size, raw);
}

int add_control(struct parser *p, const char *name)
{
    struct alphabet *a = p->alphabet;
    if (a->subtasks == MAX_SUBTASKS)
        return word_complain(p, "more than 8 control tokens");
    int i = a->subtasks++, id = a->count++;
    snprintf(a->name[id], SYMBOL_TEXT, "%.*s", SYMBOL_TEXT - 1, name);
    a->control[id] = (signed char)i;
    a->control_id[i] = id;
    a->subtask_help[i][0] = '\0';
    a->subtask_reconstructed[i] = false;
    return i;
}

int take_symbol(struct parser *p, char name[SYMBOL_TEXT])
{
    if (p->now.kind != WORD_NAME)
        return word_fail(p, "the name of a control token");
    if (strlen(p->now.text) >= SYMBOL_TEXT - 4)
        return word_complain(p, "the name of a control token has at most 7 letters");
    snprintf(name, SYMBOL_TEXT, "%.*s", SYMBOL_TEXT - 1, p->now.text);
    return 0;
}
