#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_release(struct text *t)
{
    free(t->data);
    *t = (struct text){0};
}

void text_reset(struct text *t)
{
    t->length = 0;
    if (t->data)
        t->data[0] = '\0';
}

static bool reserve(struct text *t, size_t more)
{
    if (t->broken || more > SIZE_MAX / 4 - t->length) {
        t->broken = true;
        return false;
    }
    size_t need = t->length + more + 1;
    if (need <= t->capacity)
        return true;
    size_t capacity = t->capacity ? t->capacity : 64;
    while (capacity < need)
        capacity *= 2;
    char *data = realloc(t->data, capacity);
    if (!data) {
        t->broken = true;
        return false;
    }
    t->data = data;
    t->capacity = capacity;
    return true;
}

void text_add_bytes(struct text *t, const char *s, size_t n)
{
    if (!reserve(t, n))
        return;
    memcpy(t->data + t->length, s, n);
    t->length += n;
    t->data[t->length] = '\0';
}

void text_add(struct text *t, const char *s)
{
    text_add_bytes(t, s, strlen(s));
}

void text_addf(struct text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n >= 0 && reserve(t, (size_t)n)) {
        vsnprintf(t->data + t->length, (size_t)n + 1, format, again);
        t->length += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

const char *text_string(const struct text *t)
{
    return t->data ? t->data : "";
}

int text_decode(const char *s, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)s;
    if (p[0] == 0) {
        *code = 0;
        return 0;
    }
    if (p[0] < 0x80) {
        *code = p[0];
        return 1;
    }
    int more = p[0] >= 0xf0 && p[0] < 0xf5 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc2 ? 1 : 0;
    *code = 0xfffd;
    if (more == 0 || p[0] >= 0xf5)
        return 1;
    uint32_t value = p[0] & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 1;
        value = value << 6 | (p[i] & 0x3f);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (value < least[more] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 1;
    *code = value;
    return more + 1;
}

int text_encode(uint32_t code, char out[4])
{
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        code = 0xfffd;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    for (int i = more; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    out[0] = (char)(lead[more] | code);
    return more + 1;
}

void text_escape(char *out, size_t size, const char *s)
{
    if (size == 0)
        return;
    size_t used = 0;
    while (*s) {
        uint32_t code;
        int n = text_decode(s, &code);
        bool well_formed = n > 1 || code < 0x80;
        bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
        char hex[4 * 4 + 1];
        const char *piece = s;
        size_t length = (size_t)n;
        if (!well_formed || control || text_is_format(code)) {
            for (int i = 0; i < n; i++)
                snprintf(hex + 4 * i, 5, "\\x%02x", (unsigned char)s[i]);
            piece = hex;
            length = 4 * (size_t)n;
        }
        if (used + length >= size)
            break;
        memcpy(out + used, piece, length);
        used += length;
        s += n;
    }
    out[used] = '\0';
}

bool text_copy(char *out, size_t size, const char *s)
{
    size_t used = 0;
    while (*s) {
        uint32_t code;
        int n = text_decode(s, &code);
        if (used + (size_t)n >= size)
            break;
        memcpy(out + used, s, (size_t)n);
        used += (size_t)n;
        s += n;
    }
    if (size)
        out[used] = '\0';
    return *s == '\0';
}

static int least3(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

int text_distance(const char *a, const char *b)
{
    enum { LIMIT = 64, FAR = 99 };
    int n = (int)strnlen(a, LIMIT), m = (int)strnlen(b, LIMIT);
    if (n >= LIMIT || m >= LIMIT)
        return FAR;
    int row[3][LIMIT + 1];
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int cost = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);
            now[j] = least3(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
    }
    return row[n % 3][m];
}

int text_nearest(const char *word, const char *const *words, int count)
{
    int best = -1, least = 99;
    for (int i = 0; i < count; i++) {
        int d = text_distance(word, words[i]);
        if (d < least) {
            least = d;
            best = i;
        }
    }
    int limit = (int)(strnlen(word, 64) + 2) / 3;
    return least <= limit ? best : -1;
}

bool text_to_i64(const char *s, int64_t *out)
{
    if (*s == '\0' || isspace((unsigned char)*s))
        return false;
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (errno || *end || end == s)
        return false;
    *out = v;
    return true;
}

bool text_to_double(const char *s, double *out)
{
    if (*s == '\0' || isspace((unsigned char)*s))
        return false;
    char *end;
    double v = strtod(s, &end);
    if (*end || end == s || !isfinite(v))
        return false;
    *out = v;
    return true;
}

void text_thousands(char *out, size_t size, int64_t n)
{
    char digits[24];
    bool negative = n < 0;
    snprintf(digits, sizeof digits, "%llu",
             negative ? 0ull - (unsigned long long)n : (unsigned long long)n);
    char grouped[40];
    size_t used = 0, length = strlen(digits);
    if (negative)
        grouped[used++] = '-';
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            grouped[used++] = ',';
        grouped[used++] = digits[i];
    }
    grouped[used] = '\0';
    text_copy(out, size, grouped);
}

void text_duration(char *out, size_t size, double seconds)
{
    if (!(seconds >= 0) || seconds > 3.6e8) {
        text_copy(out, size, "-");
        return;
    }
    long s = (long)(seconds + 0.5);
    if (s < 3600)
        snprintf(out, size, "%ld:%02ld", s / 60, s % 60);
    else
        snprintf(out, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
}
