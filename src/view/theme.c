/* A theme file is INI without sections, one line per key, every key but `help` required:

       help = one line for `heed list themes`
       text = #rrggbb         running text
       background = #rrggbb   under everything
       dim, accent, good, bad, warn, title, title_background, border, cursor, cursor_background
       control = #rrggbb, ... control tokens by subtask: 1 to 8 colours, repeated if fewer
       series = #rrggbb, ...  contestants: 1 to 8 colours, repeated if fewer
       diverging = #low, #zero, #high      or five stops; 17 levels between them, mixed in Oklab
       sequential = #nothing, ..., #most   two to five stops, likewise

   A colour may name its stand-in on a terminal of 16 colours: "#5faf5f/2" (0..15), or
   "/default" for the terminal's own. Without one the nearest of the 16 is taken.
   Lines that start with ';' or '#' are comments. */
#include "view/theme.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

enum { MAX_STOPS = 8 };

static const struct theme_key keys[] = {
    {"text", ROLE_TEXT, 1, 1, 1, false, "Running text."},
    {"background", ROLE_BACKGROUND, 1, 1, 1, false, "Under everything."},
    {"dim", ROLE_DIM, 1, 1, 1, false, "What matters less: hints, empty cells, axes."},
    {"accent", ROLE_ACCENT, 1, 1, 1, false, "What is chosen, keys, headings."},
    {"good", ROLE_GOOD, 1, 1, 1, false, "Right answers."},
    {"bad", ROLE_BAD, 1, 1, 1, false, "Wrong answers, failures."},
    {"warn", ROLE_WARN, 1, 1, 1, false, "Warnings, a run that went quiet."},
    {"title", ROLE_TITLE, 1, 1, 1, false, "The title line."},
    {"title_background", ROLE_TITLE_BACKGROUND, 1, 1, 1, false, "Under it."},
    {"border", ROLE_BORDER, 1, 1, 1, false, "Frames."},
    {"cursor", ROLE_CURSOR, 1, 1, 1, false, "The cell under the cursor."},
    {"cursor_background", ROLE_CURSOR_BACKGROUND, 1, 1, 1, false, "Under it."},
    {"control", ROLE_CONTROL_0, 8, 1, 8, false,
     "Control tokens, one colour for each rule, repeated if fewer."},
    {"series", ROLE_SERIES_0, 8, 1, 8, false, "Contestants, repeated if fewer."},
    {"diverging", ROLE_DIVERGING_0, RAMP_LEVELS, 3, 5, true,
     "Signed maps: low, zero, high, or five stops; 17 levels are mixed in Oklab."},
    {"sequential", ROLE_SEQUENTIAL_0, RAMP_LEVELS, 2, 5, true,
     "Maps without a sign: from nothing to most, 17 levels mixed in Oklab."},
};
enum { KEYS = sizeof keys / sizeof *keys };

const struct theme_key *theme_keys(int *count)
{
    *count = KEYS;
    return keys;
}

struct reading {
    struct theme *theme;
    const char *file;
    struct failure *why;
    int status;
    unsigned seen; /* bit per key */
};

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at && c > ' ' ? (int)(at - digits) : -1;
}

/* "#rrggbb", "#rrggbb/9", "#rrggbb/default", surrounded by blanks. */
static bool parse_color(const char *s, size_t length, struct color *out)
{
    while (length && *s == ' ')
        s++, length--;
    while (length && s[length - 1] == ' ')
        length--;
    if (length < 7 || *s != '#')
        return false;
    uint8_t part[3];
    for (int i = 0; i < 3; i++) {
        int high = hex_digit(s[1 + 2 * i]), low = hex_digit(s[2 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        part[i] = (uint8_t)(16 * high + low);
    }
    *out = (struct color){part[0], part[1], part[2], -1};
    s += 7, length -= 7;
    if (!length)
        out->ansi = (int8_t)theme_to_16(*out);
    else if (length == 8 && !memcmp(s, "/default", 8))
        out->ansi = -1;
    else {
        char number[8];
        int64_t value;
        if (*s != '/' || length > 3)
            return false;
        memcpy(number, s + 1, length - 1);
        number[length - 1] = '\0';
        if (!text_to_i64(number, &value) || value < 0 || value > 15)
            return false;
        out->ansi = (int8_t)value;
    }
    return true;
}

static void fill_ramp(struct color *roles, const struct color *stops, int count)
{
    for (int i = 0; i < RAMP_LEVELS; i++) {
        double at = (double)i * (count - 1) / (RAMP_LEVELS - 1);
        int k = (int)at;
        if (k > count - 2)
            k = count - 2;
        roles[i] = theme_mix(stops[k], stops[k + 1], at - k);
    }
}

/* Sixteen colours cannot shade: every level of one sign gets the stand-in of its end, and the
   widget adds the shade. */
static void flatten_ansi(struct color *roles, const struct color *stops, int count, bool centred)
{
    for (int i = 0; i < RAMP_LEVELS; i++) {
        int zero = centred ? RAMP_LEVELS / 2 : 0;
        roles[i].ansi = i < zero   ? stops[0].ansi
                        : i > zero ? stops[count - 1].ansi
                                   : stops[centred ? count / 2 : 0].ansi;
    }
}

static int set_key(struct reading *r, const struct theme_key *key, const char *value)
{
    struct color stops[MAX_STOPS];
    int count = 0;
    for (const char *s = value;; s++) {
        size_t length = strcspn(s, ",");
        if (count == key->most)
            return fail(r->why, ERR_INPUT, "theme %s: %s: too many colours: give at most %d",
                        r->file, key->name, key->most);
        if (!parse_color(s, length, &stops[count++]))
            return fail(r->why, ERR_INPUT,
                        "theme %s: %s: \"%.*s\" is no colour: write #rrggbb, or #rrggbb/0..15 to "
                        "name the stand-in of 16 colours",
                        r->file, key->name, (int)(length < 40 ? length : 40), s);
        s += length;
        if (!*s)
            break;
    }
    if (count < key->least)
        return fail(r->why, ERR_INPUT, "theme %s: %s: %d colours are too few: give at least %d",
                    r->file, key->name, count, key->least);
    struct color *roles = &r->theme->roles[key->role];
    bool centred = key->role == ROLE_DIVERGING_0;
    if (centred && count % 2 == 0)
        return fail(r->why, ERR_INPUT, "theme %s: %s: %d colours have no middle: give 3 or 5",
                    r->file, key->name, count);
    if (key->ramp) {
        fill_ramp(roles, stops, count);
        flatten_ansi(roles, stops, count, centred);
    } else {
        for (int i = 0; i < key->levels; i++)
            roles[i] = stops[i % count];
    }
    return 0;
}

static int on_key(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    const char *words[KEYS + 1];
    if (r->status)
        return 0;
    if (*section) {
        r->status = fail(r->why, ERR_INPUT, "theme %s: [%s]: a theme has no sections: remove it",
                         r->file, section);
        return 0;
    }
    if (!strcmp(name, "help")) {
        text_escape(r->theme->help, sizeof r->theme->help, value);
        return 1;
    }
    for (int i = 0; i < KEYS; i++) {
        words[i] = keys[i].name;
        if (strcmp(name, keys[i].name))
            continue;
        if (r->seen & 1u << i)
            r->status = fail(r->why, ERR_INPUT, "theme %s: %s: stands there twice: remove one",
                             r->file, name);
        else
            r->status = set_key(r, &keys[i], value);
        r->seen |= 1u << i;
        return r->status == 0;
    }
    int near = text_nearest(name, words, KEYS);
    r->status = near >= 0 ? fail(r->why, ERR_INPUT, "theme %s: %s: unknown key: did you mean %s?",
                                 r->file, name, words[near])
                          : fail(r->why, ERR_INPUT, "theme %s: %s: unknown key: remove the line",
                                 r->file, name);
    return 0;
}

int theme_parse(struct theme *t, const char *text, const char *name, struct failure *why)
{
    struct theme fresh = {0};
    struct reading r = {&fresh, name, why, 0, 0};
    const char *stem = strrchr(name, '/');
    stem = stem ? stem + 1 : name;
    char plain[KIND_TEXT];
    text_escape(plain, sizeof plain, stem);
    char *dot = strstr(plain, ".theme");
    if (dot)
        *dot = '\0';
    text_copy(fresh.name, sizeof fresh.name, plain);

    int line = ini_parse_string(text, on_key, &r);
    if (r.status)
        return r.status;
    if (line)
        return fail(
            why, ERR_INPUT,
            "theme %s: line %d: is not \"key = value\" or is longer than 200 bytes: mend it", name,
            line);
    for (int i = 0; i < KEYS; i++)
        if (!(r.seen & 1u << i))
            return fail(why, ERR_INPUT, "theme %s: %s: is missing: add \"%s = #rrggbb%s\"", name,
                        keys[i].name, keys[i].name, keys[i].least > 1 ? ", ..." : "");
    *t = fresh;
    return 0;
}
