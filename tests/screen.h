/* A terminal in memory: what TERM=xterm-256color, xterm, linux, screen-256color and vt100 send
   becomes a grid of characters and colours. A control sequence that it does not know is kept in
   `unknown`. */
#ifndef HEED_TESTS_SCREEN_H
#define HEED_TESTS_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

enum { SCREEN_W = 400, SCREEN_H = 120, SCREEN_PARAMS = 16, SCREEN_DEFAULT = -1 };

struct screen_cell {
    uint32_t code;
    int fg, bg; /* -1 default, 0..255 palette, 1 << 24 | rgb */
    bool bold, dim, underline, reverse;
};

struct screen {
    int w, h, x, y;
    bool wrap_pending, alternate, cursor_hidden, mouse, keypad, bce;
    int entered, left; /* times the alternate screen was taken and given back */
    struct screen_cell pen, cells[SCREEN_H][SCREEN_W];
    int state; /* 0 text, 1 after ESC, 2 in CSI, 3 in OSC, 4 charset */
    char csi[64];
    int csi_length;
    char utf8[8];
    int utf8_length, utf8_wanted;
    char unknown[80];
    long bytes;
};

static inline void screen_erase(struct screen *s, int y, int from, int to)
{
    for (int x = from; x < to && x < SCREEN_W; x++) {
        s->cells[y][x] = (struct screen_cell){
            ' ', SCREEN_DEFAULT, s->bce ? s->pen.bg : SCREEN_DEFAULT, 0, 0, 0, 0};
    }
}

static inline void screen_size(struct screen *s, int w, int h)
{
    s->w = w;
    s->h = h;
    s->x = s->x < w ? s->x : w - 1;
    s->y = s->y < h ? s->y : h - 1;
    s->wrap_pending = false;
}

static inline void screen_reset(struct screen *s, int w, int h)
{
    memset(s, 0, sizeof *s);
    s->pen = (struct screen_cell){' ', SCREEN_DEFAULT, SCREEN_DEFAULT, 0, 0, 0, 0};
    for (int y = 0; y < SCREEN_H; y++) {
        screen_erase(s, y, 0, SCREEN_W);
    }
    screen_size(s, w, h);
}

static inline void screen_down(struct screen *s)
{
    if (s->y < s->h - 1) {
        s->y++;
        return;
    }
    memmove(s->cells[0], s->cells[1], sizeof s->cells[0] * (size_t)(s->h - 1));
    screen_erase(s, s->h - 1, 0, SCREEN_W);
}

static inline void screen_type(struct screen *s, uint32_t code)
{
    if (s->wrap_pending) {
        s->x = 0;
        screen_down(s);
        s->wrap_pending = false;
    }
    s->cells[s->y][s->x] = s->pen;
    s->cells[s->y][s->x].code = code;
    s->wrap_pending = s->x == s->w - 1;
    s->x += !s->wrap_pending;
}

static inline int screen_extended(const int *p, int n, int *i)
{
    if (*i + 2 < n && p[*i + 1] == 5) {
        *i += 2;
        return p[*i];
    }
    if (*i + 4 < n && p[*i + 1] == 2) {
        *i += 4;
        return 1 << 24 | p[*i - 2] << 16 | p[*i - 1] << 8 | p[*i];
    }
    return SCREEN_DEFAULT;
}

static inline void screen_sgr(struct screen *s, const int *p, int n)
{
    for (int i = 0; i < n; i++) {
        int v = p[i];
        if (v == 0) {
            s->pen = (struct screen_cell){' ', SCREEN_DEFAULT, SCREEN_DEFAULT, 0, 0, 0, 0};
        } else if (v == 1 || v == 2 || v == 22) {
            s->pen.bold = v == 1 || (v == 2 && s->pen.bold);
            s->pen.dim = v == 2 || (v == 1 && s->pen.dim);
        } else if (v == 4 || v == 24) {
            s->pen.underline = v == 4;
        } else if (v == 7 || v == 27) {
            s->pen.reverse = v == 7;
        } else if (v == 38) {
            s->pen.fg = screen_extended(p, n, &i);
        } else if (v == 48) {
            s->pen.bg = screen_extended(p, n, &i);
        } else if (v >= 30 && v <= 37) {
            s->pen.fg = v - 30;
        } else if (v >= 40 && v <= 47) {
            s->pen.bg = v - 40;
        } else if (v >= 90 && v <= 97) {
            s->pen.fg = v - 90 + 8;
        } else if (v >= 100 && v <= 107) {
            s->pen.bg = v - 100 + 8;
        } else if (v == 39) {
            s->pen.fg = SCREEN_DEFAULT;
        } else if (v == 49) {
            s->pen.bg = SCREEN_DEFAULT;
        } else if (v != 10 && v != 11) {
            snprintf(s->unknown, sizeof s->unknown, "SGR %d", v);
        }
    }
}

static inline void screen_mode(struct screen *s, int mode, bool on)
{
    if (mode == 1049 || mode == 47) {
        s->entered += on && !s->alternate;
        s->left += !on && s->alternate;
        s->alternate = on;
    } else if (mode == 25) {
        s->cursor_hidden = !on;
    } else if (mode == 1000 || mode == 1002 || mode == 1003) {
        s->mouse = on;
    } else if (mode == 1) {
        s->keypad = on;
    }
}

static inline void screen_move(struct screen *s, int x, int y)
{
    s->x = x < 0 ? 0 : x >= s->w ? s->w - 1 : x;
    s->y = y < 0 ? 0 : y >= s->h ? s->h - 1 : y;
    s->wrap_pending = false;
}

static inline void screen_clear(struct screen *s, int what)
{
    for (int y = 0; y < s->h; y++) {
        bool all = what == 2 || (what == 0 && y > s->y) || (what == 1 && y < s->y);
        if (all) {
            screen_erase(s, y, 0, s->w);
        } else if (y == s->y) {
            screen_erase(s, y, what == 0 ? s->x : 0, what == 0 ? s->w : s->x + 1);
        }
    }
}

static inline void screen_shift(struct screen *s, char final, int n)
{
    struct screen_cell *row = s->cells[s->y];
    int from = final == 'P' ? s->x + n : s->x, to = final == 'P' ? s->x : s->x + n;
    int count = s->w - (from > to ? from : to);
    memmove(row + to, row + from, sizeof *row * (size_t)(count > 0 ? count : 0));
    screen_erase(s, s->y, final == 'P' ? s->w - n : s->x, final == 'P' ? s->w : s->x + n);
}

static inline void screen_control(struct screen *s, char final)
{
    int p[SCREEN_PARAMS] = {0}, n = 0;
    bool private = s->csi[0] == '?' || s->csi[0] == '>' || s->csi[0] == '!';
    for (char *at = s->csi + private; n < SCREEN_PARAMS;) {
        p[n++] = (int)strtol(at, &at, 10);
        if (*at != ';' && *at != ':') {
            break;
        }
        at++;
    }
    int one = p[0] > 0 ? p[0] : 1;
    switch (final) {
    case 'A':
        screen_move(s, s->x, s->y - one);
        break;
    case 'B':
        screen_move(s, s->x, s->y + one);
        break;
    case 'C':
        screen_move(s, s->x + one, s->y);
        break;
    case 'D':
        screen_move(s, s->x - one, s->y);
        break;
    case 'G':
        screen_move(s, one - 1, s->y);
        break;
    case 'd':
        screen_move(s, s->x, one - 1);
        break;
    case 'H':
        screen_move(s, (p[1] > 0 ? p[1] : 1) - 1, one - 1);
        break;
    case 'J':
        screen_clear(s, p[0]);
        break;
    case 'K':
        screen_erase(s, s->y, p[0] == 0 ? s->x : 0, p[0] == 1 ? s->x + 1 : s->w);
        break;
    case 'X':
        screen_erase(s, s->y, s->x, s->x + one < s->w ? s->x + one : s->w);
        break;
    case 'P':
    case '@':
        screen_shift(s, final, one);
        break;
    case 'b':
        for (uint32_t code = s->cells[s->y][s->x - 1].code; one > 0; one--) {
            screen_type(s, code);
        }
        break;
    case 'm':
        screen_sgr(s, p, n);
        break;
    case 'h':
    case 'l':
        for (int i = 0; i < n && s->csi[0] == '?'; i++) {
            screen_mode(s, p[i], final == 'h');
        }
        break;
    case 'r':
    case 't':
    case 'p':
    case 'c':
        break;
    default:
        snprintf(s->unknown, sizeof s->unknown, "CSI %s%c", s->csi, final);
    }
}

static inline void screen_plain(struct screen *s, unsigned char c)
{
    if (c == '\b') {
        screen_move(s, s->x - 1, s->y);
    } else if (c == '\r') {
        screen_move(s, 0, s->y);
    } else if (c == '\n') {
        screen_down(s);
        s->wrap_pending = false;
    } else if (c == '\t') {
        screen_move(s, (s->x / 8 + 1) * 8, s->y);
    } else if (c >= 0x80) {
        if (s->utf8_length == 0) {
            s->utf8_wanted = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
        }
        s->utf8[s->utf8_length++] = (char)c;
        if (s->utf8_length == s->utf8_wanted) {
            uint32_t code;
            s->utf8[s->utf8_length] = '\0';
            text_decode(s->utf8, &code);
            s->utf8_length = 0;
            screen_type(s, code);
        }
    } else if (c >= ' ' && c < 127) {
        screen_type(s, c);
    } else if (c != 0 && c != 7 && c != 14 && c != 15) {
        snprintf(s->unknown, sizeof s->unknown, "control %d", c);
    }
}

static inline void screen_escape(struct screen *s, unsigned char c)
{
    s->state = c == '[' ? 2 : c == ']' ? 3 : c == '(' || c == ')' ? 4 : 0;
    s->csi_length = 0;
    if (c == 'M') {
        screen_move(s, s->x, s->y - 1);
    } else if (s->state == 0 && c != '7' && c != '8' && c != '=' && c != '>') {
        snprintf(s->unknown, sizeof s->unknown, "ESC %c", c);
    }
}

static inline void screen_feed(struct screen *s, const char *bytes, size_t n)
{
    s->bytes += (long)n;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == 27) {
            s->state = 1;
        } else if (s->state == 1) {
            screen_escape(s, c);
        } else if (s->state == 2 && c >= 0x40 && c <= 0x7e) {
            s->csi[s->csi_length] = '\0';
            s->state = 0;
            screen_control(s, (char)c);
        } else if (s->state == 2) {
            s->csi[s->csi_length] = (char)c;
            s->csi_length += s->csi_length < (int)sizeof s->csi - 1;
        } else if (s->state == 3) {
            s->state = c == 7 ? 0 : 3;
        } else if (s->state == 4) {
            s->state = 0;
        } else {
            screen_plain(s, c);
        }
    }
}

/* Row y as UTF-8 into out[size]. */
static inline void screen_row(const struct screen *s, int y, char *out, size_t size)
{
    size_t n = 0;
    for (int x = 0; x < s->w && n + 5 < size; x++) {
        n += (size_t)text_encode(s->cells[y][x].code, out + n);
    }
    out[n] = '\0';
}

static inline bool screen_has(const struct screen *s, const char *text)
{
    char row[SCREEN_W * 4 + 8];
    for (int y = 0; y < s->h; y++) {
        screen_row(s, y, row, sizeof row);
        if (strstr(row, text)) {
            return true;
        }
    }
    return false;
}

#endif
