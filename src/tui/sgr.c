#include "tui/sgr.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNDERLINE = 1 << 4, BLINK = 1 << 5, REVERSE = 1 << 7, STRUCK = 1 << 9, ESCAPE = 0x1b };

struct writer {
    char *out;
    size_t used;
};

void sgr_forget(struct sgr *s)
{
    *s = (struct sgr){0};
}

static void put(struct writer *w, const char *bytes, size_t n)
{
    memcpy(w->out + w->used, bytes, n);
    w->used += n;
}

/* One more parameter of a sequence that begins with ESC [. A colour with colons gets a sequence of its
   own: xterm reads the second one of a sequence wrongly. */
static void put_parameter(struct writer *w, bool *open, const char *text)
{
    if (*open && strchr(text, ':')) {
        put(w, "m", 1);
        *open = false;
    }
    put(w, *open ? ";" : "\033[", *open ? 1 : 2);
    put(w, text, strlen(text));
    *open = true;
}

static void put_attributes(struct writer *w, bool *open, unsigned attributes)
{
    for (int k = 1; k <= 9; k++) {
        if (attributes & 1u << k) {
            put_parameter(w, open, (char[2]){(char)('0' + k), '\0'});
        }
    }
}

/* Bring the terminal to the wanted pen; of the foreground only if it is seen. */
static void settle(struct sgr *s, struct writer *w, bool blank)
{
    struct sgr_pen *shown = &s->shown;
    const struct sgr_pen *wanted = &s->wanted;
    unsigned lines = UNDERLINE | BLINK | REVERSE | STRUCK;
    bool ground_only = blank && s->known && !((shown->attributes | wanted->attributes) & lines);
    bool open = false;
    if (ground_only && strcmp(shown->bg, wanted->bg) == 0) {
        return;
    }
    bool fewer = !ground_only && (shown->attributes & ~wanted->attributes);
    bool own_ground = !wanted->bg[0] && shown->bg[0];
    if (!s->known || fewer) {
        put_parameter(w, &open, "0");
        *shown = (struct sgr_pen){0};
        own_ground = false;
    }
    if (own_ground) {
        put_parameter(w, &open, "49");
        shown->bg[0] = '\0';
    }
    if (!ground_only && !wanted->fg[0] && shown->fg[0]) {
        put_parameter(w, &open, "39");
        shown->fg[0] = '\0';
    }
    if (!ground_only) {
        put_attributes(w, &open, wanted->attributes & ~shown->attributes);
        shown->attributes = wanted->attributes;
        if (strcmp(shown->fg, wanted->fg) != 0) {
            put_parameter(w, &open, wanted->fg);
            memcpy(shown->fg, wanted->fg, SGR_COLOR);
        }
    }
    if (strcmp(shown->bg, wanted->bg) != 0) {
        put_parameter(w, &open, wanted->bg);
        memcpy(shown->bg, wanted->bg, SGR_COLOR);
    }
    s->known = true;
    if (open) {
        put(w, "m", 1);
    }
}

/* The parameter at *p, of which *p is moved on; -1 if there is none. */
static int number(const char **p)
{
    if (**p < '0' || **p > '9') {
        return -1;
    }
    return (int)strtol(*p, (char **)(uintptr_t)p, 10);
}

/* Behind "38" or "48" at `begin`: its whole length as a colour, 0 if it is none. */
static size_t color_length(const char *begin)
{
    const char *p = begin;
    number(&p);
    if (*p == ':') {
        p += strspn(p, ":0123456789");
    } else if (*p == ';') {
        p++;
        int kind = number(&p), parts = kind == 5 ? 1 : kind == 2 ? 3 : 0;
        if (parts == 0) {
            return 0;
        }
        for (; parts > 0; parts--) {
            if (*p++ != ';' || number(&p) < 0) {
                return 0;
            }
        }
    } else {
        return 0;
    }
    size_t length = (size_t)(p - begin);
    return length < SGR_COLOR ? length : 0;
}

static void set_color(char color[SGR_COLOR], const char *begin, size_t length)
{
    memset(color, 0, SGR_COLOR);
    memcpy(color, begin, length);
}

/* One parameter of a sequence, of which *p is moved on; false: not understood. */
static bool apply(struct sgr_pen *pen, const char **p)
{
    const char *begin = *p;
    int k = **p == ';' || **p == '\0' ? 0 : number(p);
    bool back = (k >= 40 && k <= 47) || (k >= 100 && k <= 107);
    if (k == 0) {
        *pen = (struct sgr_pen){0};
    } else if (k >= 1 && k <= 9) {
        pen->attributes |= 1u << k;
    } else if (k == 22) {
        pen->attributes &= ~(1u << 1 | 1u << 2);
    } else if (k >= 23 && k <= 29 && k != 26) {
        pen->attributes &= ~(1u << (k - 20));
    } else if (k == 39) {
        pen->fg[0] = '\0';
    } else if (k == 49) {
        pen->bg[0] = '\0';
    } else if (k == 38 || k == 48) {
        size_t length = color_length(begin);
        if (length == 0) {
            return false;
        }
        set_color(k == 38 ? pen->fg : pen->bg, begin, length);
        *p = begin + length;
    } else if ((k >= 30 && k <= 37) || (k >= 90 && k <= 97) || back) {
        set_color(back ? pen->bg : pen->fg, begin, (size_t)(*p - begin));
    } else {
        return false;
    }
    return **p == ';' || **p == '\0';
}

/* ESC [ parameters m; false: something in it was not understood. */
static bool select_rendition(struct sgr *s)
{
    char text[SGR_SEQUENCE];
    size_t length = (size_t)s->length - 3; /* of the parameters */
    memcpy(text, s->sequence + 2, length);
    text[length] = '\0';
    bool good = true;
    const char *p = text;
    for (;;) {
        good &= apply(&s->wanted, &p);
        p += strcspn(p, ";");
        if (*p == '\0') {
            return good;
        }
        p++;
    }
}

/* A whole control sequence. Those that only move the cursor or choose a character set leave the pen
   alone, those that erase paint with its background, and of the others nothing is known. */
static void finish(struct sgr *s, struct writer *w)
{
    bool control = s->sequence[1] == '[';
    char last = s->sequence[s->length - 1];
    if (control && last == 'm') {
        if (!select_rendition(s)) {
            put(w, s->sequence, (size_t)s->length);
            s->known = false;
        }
        s->length = 0;
        return;
    }
    if (control ? !strchr("HABCDGd", last) : !strchr("()", s->sequence[1])) {
        settle(s, w, control && strchr("JKX", last));
    }
    put(w, s->sequence, (size_t)s->length);
    s->length = 0;
}

/* One more byte of a control sequence. */
static void go_on(struct sgr *s, struct writer *w, char byte)
{
    s->sequence[s->length++] = byte;
    bool introduced = s->length >= 2 && s->sequence[1] == '[';
    bool done = introduced ? s->length > 2 && byte >= 0x40 && byte <= 0x7e
                           : s->length >= 2 && (unsigned char)byte >= 0x30;
    if (done) {
        finish(s, w);
    } else if (s->length == SGR_SEQUENCE) {
        settle(s, w, false);
        put(w, s->sequence, (size_t)s->length);
        s->length = 0;
        s->known = false;
    }
}

size_t sgr_thin(struct sgr *s, const char *in, size_t n, char *out)
{
    struct writer w = {out, 0};
    for (size_t i = 0; i < n; i++) {
        if (s->length > 0 || in[i] == ESCAPE) {
            go_on(s, &w, in[i]);
            continue;
        }
        bool printable = (unsigned char)in[i] >= ' ';
        bool continues = ((unsigned char)in[i] & 0xc0) == 0x80; /* of a character in UTF-8 */
        if (printable && !continues) {
            settle(s, &w, in[i] == ' ');
        }
        put(&w, &in[i], 1);
    }
    return w.used;
}
