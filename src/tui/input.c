#include "tui/input.h"

#include <curses.h>
#include <string.h>

enum { ESCAPE = 27, SEQUENCE_MAX = 32 };

struct key_name {
    wint_t code;
    uint32_t key;
};

/* What ncurses calls a key. */
static const struct key_name named[] = {
    {KEY_UP, UI_KEY_UP},         {KEY_DOWN, UI_KEY_DOWN},
    {KEY_LEFT, UI_KEY_LEFT},     {KEY_RIGHT, UI_KEY_RIGHT},
    {KEY_SR, UI_KEY_UP},         {KEY_SF, UI_KEY_DOWN},
    {KEY_SLEFT, UI_KEY_LEFT},    {KEY_SRIGHT, UI_KEY_RIGHT},
    {KEY_HOME, UI_KEY_HOME},     {KEY_END, UI_KEY_END},
    {KEY_A1, UI_KEY_HOME},       {KEY_C1, UI_KEY_END},
    {KEY_A3, UI_KEY_PAGE_UP},    {KEY_C3, UI_KEY_PAGE_DOWN},
    {KEY_PPAGE, UI_KEY_PAGE_UP}, {KEY_NPAGE, UI_KEY_PAGE_DOWN},
    {KEY_ENTER, UI_KEY_ENTER},   {KEY_BTAB, UI_KEY_BACK_TAB},
    {KEY_DC, UI_KEY_DELETE},     {KEY_BACKSPACE, UI_KEY_BACKSPACE},
};

/* Control characters. */
static const struct key_name controls[] = {
    {'\t', UI_KEY_TAB},    {'\n', UI_KEY_ENTER},    {'\r', UI_KEY_ENTER},
    {8, UI_KEY_BACKSPACE}, {127, UI_KEY_BACKSPACE}, {ESCAPE, UI_KEY_ESCAPE},
};

/* Last byte of "ESC [ A", for terminals that send what their description does not say. */
static const struct key_name finals[] = {
    {'A', UI_KEY_UP},   {'B', UI_KEY_DOWN}, {'C', UI_KEY_RIGHT},    {'D', UI_KEY_LEFT},
    {'H', UI_KEY_HOME}, {'F', UI_KEY_END},  {'Z', UI_KEY_BACK_TAB}, {'M', UI_KEY_ENTER},
};

/* Number in "ESC [ 5 ~". */
static const struct key_name tildes[] = {
    {1, UI_KEY_HOME},      {3, UI_KEY_DELETE}, {4, UI_KEY_END}, {5, UI_KEY_PAGE_UP},
    {6, UI_KEY_PAGE_DOWN}, {7, UI_KEY_HOME},   {8, UI_KEY_END},
};

/* Names of keys beyond the common ones, as terminal descriptions spell them: "kUP5" is Control and
   Up, "kcbt2" what the Linux console sends for Shift and Tab. */
static const struct {
    const char *prefix;
    uint32_t key;
} extended[] = {
    {"kUP", UI_KEY_UP},        {"kDN", UI_KEY_DOWN},       {"kLFT", UI_KEY_LEFT},
    {"kRIT", UI_KEY_RIGHT},    {"kHOM", UI_KEY_HOME},      {"kEND", UI_KEY_END},
    {"kPRV", UI_KEY_PAGE_UP},  {"kNXT", UI_KEY_PAGE_DOWN}, {"kDC", UI_KEY_DELETE},
    {"kcbt", UI_KEY_BACK_TAB},
};

#define LOOK_UP(table, code) look_up(table, sizeof(table) / sizeof *(table), code)

static uint32_t look_up(const struct key_name *table, size_t count, wint_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].code == code) {
            return table[i].key;
        }
    }
    return 0;
}

static uint32_t look_up_extended(wint_t code)
{
    const char *name = keyname((int)code);
    for (size_t i = 0; name && i < sizeof extended / sizeof *extended; i++) {
        if (strncmp(name, extended[i].prefix, strlen(extended[i].prefix)) == 0) {
            return extended[i].key;
        }
    }
    return 0;
}

/* Read the rest of an escape sequence that ncurses did not know, so that its letters are not taken
   for typed ones: "ESC [ A" must not inject the token A. Returns 0 for an unknown key. */
static uint32_t read_sequence(struct terminal *t)
{
    wint_t number = 0, c = 0;
    bool first = true, private = false; /* "ESC [ <": a mouse report that was not asked for, or an answer */
    for (int i = 0; i < SEQUENCE_MAX && wget_wch(t->keys, &c) == OK; i++) {
        if (c >= '0' && c <= '9' && first) {
            number = number < 100 ? number * 10 + (c - '0') : number;
        } else if (c >= 0x40 && c <= 0x7e) {
            return private ? 0 : c == '~' ? LOOK_UP(tildes, number) : LOOK_UP(finals, c);
        } else {
            private = private || (c >= '<' && c <= '?');
            first = false;
        }
    }
    return 0;
}

/* After an Escape character: a lone Escape, or the start of an unknown sequence. */
static uint32_t read_escape(struct terminal *t)
{
    wint_t c = 0;
    int status = wget_wch(t->keys, &c);
    if (status == OK && (c == '[' || c == 'O')) {
        return read_sequence(t);
    }
    if (status == OK) {
        unget_wch((wchar_t)c);
    } else if (status == KEY_CODE_YES) {
        ungetch((int)c);
    }
    return UI_KEY_ESCAPE;
}

/* A press and its release may come as one: the newest event first, and a press is all that counts. */
static bool read_mouse(struct ui_mouse *mouse)
{
    MEVENT event;
    bool pressed = false;
    while (getmouse(&event) != ERR) {
        int button = event.bstate & BUTTON1_PRESSED   ? 1
                     : event.bstate & BUTTON2_PRESSED ? 2
                     : event.bstate & BUTTON3_PRESSED ? 3
                     : event.bstate & BUTTON4_PRESSED ? 4
                     : event.bstate & BUTTON5_PRESSED ? 5
                                                      : 0;
        if (button) {
            *mouse = (struct ui_mouse){.x = event.x, .y = event.y, .button = button};
            pressed = true;
        }
    }
    return pressed;
}

bool input_next(struct terminal *t, uint32_t *key, struct ui_mouse *mouse)
{
    wint_t c = 0;
    int status;
    while ((status = wget_wch(t->keys, &c)) != ERR) {
        uint32_t found = 0;
        if (status == KEY_CODE_YES) {
            found = c == KEY_MOUSE && read_mouse(mouse) ? UI_KEY_MOUSE : LOOK_UP(named, c);
            found = found || c <= KEY_MAX ? found : look_up_extended(c);
        } else if (c == ESCAPE) {
            found = read_escape(t);
        } else {
            found = LOOK_UP(controls, c);
            found = found ? found : (uint32_t)c;
        }
        if (found) {
            *key = found;
            return true;
        }
    }
    return false;
}
