#include "tui/describe.h"

#include <curses.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include "tui/console.h"
#include "tui/tui.h"

static const char remedy[] = "use heed train, heed watch --plain or heed render";

FILE *describe_input(bool *own)
{
    *own = !isatty(STDIN_FILENO);
    return *own ? fopen("/dev/tty", "r+") : stdin;
}

/* A string of the loaded description, "" if it has none. */
static const char *control(const char *name)
{
    const char *s = tigetstr(name);
    return s && s != (const char *)-1 ? s : "";
}

/* Append a control string without its "$<5>" delays. */
static void add_control(struct terminal_guard *g, const char *s)
{
    while (*s && g->length < sizeof g->bytes) {
        const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;
        if (end) {
            s = end + 1;
        } else {
            g->bytes[g->length++] = *s++;
        }
    }
}

/* Load the description of `name` (NULL: $TERM). The caller ends with del_curterm(cur_term). */
static int load(const char *name, struct failure *why)
{
    const char *term = name ? name : getenv("TERM");
    if (!term || !*term) {
        return fail(why, ERR_USAGE, "TERM: not set, so the terminal's kind is unknown: %s", remedy);
    }
    int status = 0;
    if (setupterm(term, STDOUT_FILENO, &status) == OK) {
        if (*control("cup")) {
            return 0;
        }
        del_curterm(cur_term);
    } else if (status <= 0) {
        return fail(why, ERR_USAGE, "TERM=%s: no such terminal is described on this machine: %s",
                    term, remedy);
    }
    return fail(why, ERR_USAGE, "TERM=%s: this terminal cannot place its cursor: %s", term, remedy);
}

int describe_guard(struct terminal_guard *g, const char *name, bool mouse, struct failure *why)
{
    int err = load(name, why);
    if (err < 0) {
        return err;
    }
    g->length = 0;
    add_control(g, control("sgr0"));
    add_control(g, control("op"));
    add_control(g, control("cnorm"));
    add_control(g, control("rmkx"));
    if (mouse && *control("kmous")) {
        add_control(g, "\033[?1000l\033[?1002l\033[?1003l\033[?1006l");
    }
    add_control(g, *control("rmcup") ? control("rmcup") : "\r\n");
    del_curterm(cur_term);
    return 0;
}

static bool promises_direct(void)
{
    const char *promise = getenv("COLORTERM");
    return promise && (strcmp(promise, "truecolor") == 0 || strcmp(promise, "24bit") == 0);
}

const char *describe_direct(char *out, size_t size)
{
    const char *name = getenv("TERM");
    if (!name || !promises_direct()) {
        return NULL;
    }
    const char *suffix = strstr(name, "-256color");
    size_t base = suffix ? (size_t)(suffix - name) : strlen(name);
    if (base + sizeof "-direct" > size) {
        return NULL;
    }
    memcpy(out, name, base);
    strcpy(out + base, "-direct");
    if (load(out, NULL) < 0) {
        return NULL;
    }
    bool usable = tigetnum("colors") >= 1 << 24 && tigetflag("RGB") > 0;
    del_curterm(cur_term);
    return usable ? out : NULL;
}

int tui_check(struct failure *why)
{
    if (!isatty(STDOUT_FILENO)) {
        return fail(why, ERR_USAGE, "standard output: not a terminal: %s", remedy);
    }
    bool own;
    FILE *input = describe_input(&own);
    if (!input) {
        return fail(why, ERR_USAGE, "standard input: not a terminal: %s", remedy);
    }
    if (own) {
        fclose(input);
    }
    int err = load(NULL, why);
    if (err == 0) {
        del_curterm(cur_term);
    }
    return err;
}

static int detect_colors(void)
{
    const char *no_color = getenv("NO_COLOR");
    if ((no_color && *no_color) || load(NULL, NULL) < 0) {
        return 0;
    }
    int colors = tigetnum("colors");
    del_curterm(cur_term);
    /* A promise is worth what the description lets us send. */
    char direct[64];
    if (colors >= 1 << 24 || describe_direct(direct, sizeof direct)) {
        return 1 << 24;
    }
    return colors >= 256 ? 256 : colors >= 16 ? 16 : colors >= 8 ? 8 : 0;
}

static int detect_glyphs(void)
{
    /* Hardware and consoles whose fonts end early, whatever the locale says. */
    static const char *const ascii_only[] = {"vt",  "ansi",   "dumb",  "cons25",
                                             "sun", "wsvt25", "cygwin"};
    const char *term = getenv("TERM");
    if (!term || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        return GLYPHS_ASCII;
    }
    for (size_t i = 0; i < sizeof ascii_only / sizeof *ascii_only; i++) {
        /* "vt100", but not "vte-256color" */
        size_t n = strlen(ascii_only[i]);
        if (strncmp(term, ascii_only[i], n) == 0 && (term[n] < 'a' || term[n] > 'z')) {
            return GLYPHS_ASCII;
        }
    }
    return console_is_named(term) ? GLYPHS_HALF : GLYPHS_BRAILLE;
}

void tui_detect(int *colors, int *glyphs)
{
    *colors = detect_colors();
    *glyphs = detect_glyphs();
}
