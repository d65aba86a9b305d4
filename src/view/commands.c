#include "view/ui_state.h"
#include <string.h>
#include "base/text.h"

static const struct ui_command commands[] = {
#define BIND(action, name, keys, pages, hint, help) {name, keys, pages, help, hint},
#include "view/views/command_list.h"
#undef BIND
};

const struct ui_command *ui_commands(int *count)
{
    *count = ACTION_COUNT;
    return commands;
}

static const struct {
    const char *name, *shown;
    uint32_t code;
    bool second; /* does what a plainer key of the same command does */
} key_names[] = {
    {"Up", "↑", UI_KEY_UP},
    {"Down", "↓", UI_KEY_DOWN},
    {"Left", "←", UI_KEY_LEFT},
    {"Right", "→", UI_KEY_RIGHT},
    {"Home", NULL, UI_KEY_HOME, true},
    {"End", NULL, UI_KEY_END, true},
    {"PgUp", NULL, UI_KEY_PAGE_UP, true},
    {"PgDn", NULL, UI_KEY_PAGE_DOWN, true},
    {"Enter", NULL, UI_KEY_ENTER},
    {"Tab", NULL, UI_KEY_TAB},
    {"Shift-Tab", NULL, UI_KEY_BACK_TAB, true},
    {"Backspace", NULL, UI_KEY_BACKSPACE, true},
    {"Delete", NULL, UI_KEY_DELETE},
    {"Esc", NULL, UI_KEY_ESCAPE},
    {"Space", NULL, ' '},
    {"=", NULL, '=', true},
    {"M", NULL, 'M', true},
};
enum { KEY_NAMES = sizeof key_names / sizeof *key_names };

static int name_index(const char *name, size_t length)
{
    for (int i = 0; i < KEY_NAMES; i++)
        if (strlen(key_names[i].name) == length && memcmp(key_names[i].name, name, length) == 0)
            return i;
    return -1;
}

uint32_t command_key_code(const char *name, size_t length)
{
    int known = name_index(name, length);
    if (known >= 0)
        return key_names[known].code;
    return length == 1 ? (unsigned char)name[0] : 0;
}

/* The next name of a list that starts at *at; false at its end. */
static bool next_name(const char **at, const char **name, size_t *length)
{
    if (**at == 0)
        return false;
    *name = *at;
    *length = strcspn(*at, ",");
    *at += *length;
    if (**at == ',')
        (*at)++;
    return true;
}

static bool is_range(const char *name, size_t length)
{
    return length == 3 && name[1] == '-';
}

bool command_key(const struct ui_command *command, int k, uint32_t *key)
{
    const char *at = command->keys, *name;
    size_t length;

    while (next_name(&at, &name, &length)) {
        int n = is_range(name, length) ? name[2] - name[0] + 1 : 1;
        if (k < n) {
            *key = n > 1 ? (uint32_t)(name[0] + k) : command_key_code(name, length);
            return true;
        }
        k -= n;
    }
    return false;
}

enum action command_of_key(enum ui_page page, uint32_t key)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        uint32_t k;
        if (!(commands[i].pages & 1u << page))
            continue;
        for (int n = 0; command_key(&commands[i], n, &k); n++)
            if (k == key)
                return (enum action)i;
    }
    return ACTION_NONE;
}

void command_show_keys(const struct ui_command *command, bool brief, char *out, size_t size)
{
    const char *at = command->keys, *name;
    size_t length, used = 0;

    out[0] = 0;
    while (next_name(&at, &name, &length)) {
        const char *shown = name;
        int known = name_index(name, length);
        if (known >= 0 && brief && key_names[known].second)
            continue;
        if (known >= 0 && key_names[known].shown) {
            shown = key_names[known].shown;
            length = strlen(shown);
        }
        if (used + length + 2 > size)
            break;
        if (used)
            out[used++] = ' ';
        memcpy(out + used, shown, length);
        used += length;
        out[used] = 0;
    }
    if (brief && used == 0) /* all are second names */
        command_show_keys(command, false, out, size);
}
