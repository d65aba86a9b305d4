#include "view/ui_state.h"
#include <assert.h>
#include <string.h>
#include "base/text.h"

static_assert((int)ACTION_COUNT <= (int) UI_COMMANDS_MOST, "struct ui_bindings has room for the table");

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
    {"V", NULL, 'V', true},
    {"S", NULL, 'S', true},
    {"Comma", ",", ','}, /* in lists of keys these two would be something else */
    {"Semicolon", ";", ';'},
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
    char one[8];
    uint32_t code;
    if (length == 0 || length >= sizeof one)
        return 0;
    memcpy(one, name, length);
    one[length] = 0;
    return text_decode(one, &code) == (int)length && code > ' ' && code != 0xfffd ? code : 0;
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
    static const struct ui_bindings none = {0};
    uint32_t meant;
    return command_look_up(&none, page, key, &meant);
}

enum action command_look_up(const struct ui_bindings *b, enum ui_page page, uint32_t key,
                            uint32_t *meant)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        struct ui_command bound = {.keys = ui_command_keys(b, i)};
        uint32_t k;
        if (!(commands[i].pages & 1u << page))
            continue;
        for (int n = 0; command_key(&bound, n, &k); n++) {
            if (k != key)
                continue;
            if (!command_key(&commands[i], n, meant))
                command_key(&commands[i], 0, meant);
            return (enum action)i;
        }
    }
    return ACTION_NONE;
}

/* --- a person's own keys --------------------------------------------------------------------- */

const char *ui_command_keys(const struct ui_bindings *b, int command)
{
    return b->keys[command][0] ? b->keys[command] : commands[command].keys;
}

static int count_keys(const struct ui_command *command)
{
    uint32_t key;
    int n = 0;
    while (command_key(command, n, &key))
        n++;
    return n;
}

static int find_command(const char *name, struct failure *why)
{
    const char *names[ACTION_COUNT];

    for (int i = 0; i < ACTION_COUNT; i++) {
        names[i] = commands[i].name;
        if (strcmp(name, names[i]) == 0)
            return i;
    }
    int near = text_nearest(name, names, ACTION_COUNT);
    if (near >= 0)
        return fail(why, ERR_USAGE, "%s: no such command: did you mean %s?", name, names[near]);
    return fail(why, ERR_USAGE, "%s: no such command: see heed list keys", name);
}

int ui_bind(struct ui_bindings *b, const char *command, const char *keys, struct failure *why)
{
    const char *at = keys, *name;
    size_t length;
    int i = find_command(command, why);

    if (i < 0)
        return i;
    if (strlen(keys) >= UI_KEYS_TEXT || !*keys)
        return fail(why, ERR_USAGE, "%s: give one key to a few, such as x or Left,Right", command);
    while (strcmp(keys, "none") != 0 && next_name(&at, &name, &length)) {
        bool letters = is_range(name, length) && name[0] < name[2] && name[0] > ' ';
        if (!letters && !command_key_code(name, length))
            return fail(why, ERR_USAGE, "%s: %.*s: no such key: a character, or a name such as Tab",
                        command, (int)length, name);
    }
    struct ui_command given = {.keys = keys};
    int most = count_keys(&commands[i]), n = count_keys(&given);
    if (most > 1 && n > most)
        return fail(why, ERR_USAGE, "%s: %d keys are too many: it has %d, %s", command, n, most,
                    commands[i].keys);
    text_copy(b->keys[i], UI_KEYS_TEXT, keys);
    return 0;
}

/* Another command on one of the same pages that has the key; -1: none. */
static int other_owner(const struct ui_bindings *b, int command, uint32_t key)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        struct ui_command bound = {.keys = ui_command_keys(b, i)};
        uint32_t k;
        if (i == command || !(commands[i].pages & commands[command].pages))
            continue;
        for (int n = 0; command_key(&bound, n, &k); n++)
            if (k == key && k != 0)
                return i;
    }
    return -1;
}

int ui_bindings_clash(const struct ui_bindings *b, struct failure *why)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        struct ui_command bound = {.keys = b->keys[i]};
        uint32_t key;
        for (int n = 0; command_key(&bound, n, &key); n++) {
            int owner = other_owner(b, i, key);
            if (owner < 0)
                continue;
            fail(why, ERR_USAGE, "%s = %s: a key of %s already: choose another, or move that one",
                 commands[i].name, b->keys[i], commands[owner].name);
            return i;
        }
    }
    return -1;
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

void command_key_text(uint32_t key, char *out, size_t size)
{
    char one[5];

    one[text_encode(key, one)] = 0;
    text_copy(out, size, one);
    for (int i = 0; i < KEY_NAMES; i++)
        if (key_names[i].code == key && strlen(key_names[i].name) > 1)
            text_copy(out, size, key_names[i].shown ? key_names[i].shown : key_names[i].name);
}

bool command_idle(const struct ui *ui, enum action action)
{
    switch (action) {
    case ACTION_CELL:
        return !ui->sweep && ui->list.rows <= 0 && ui->list.columns <= 0;
    case ACTION_LESS:
        return !ui->sweep || ui->ladder.maps == 3;
    case ACTION_PAIR:
        return !ui->sweep;
    case ACTION_FOCUS:
        return ui->sweep != NULL;
    case ACTION_LOG_SCROLL:
        return sitting_is_ready(ui);
    case ACTION_RATE:
    case ACTION_RATE_ALL:
        return ui->stepping_only || sitting_is_ready(ui);
    case ACTION_EDIT:
    case ACTION_CYCLE:
    case ACTION_START:
    case ACTION_PRESET:
    case ACTION_ADD:
    case ACTION_DROP:
    case ACTION_OWN:
    case ACTION_OPEN_RUN:
        return !ui->form;
    default:
        return false;
    }
}
