/* Text that grows, text that is safe to show, and the nearest word to a misspelt one. */
#ifndef HEED_BASE_TEXT_H
#define HEED_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing, always terminated string. A zeroed struct is empty. After a failed allocation `broken`
   is set, further additions do nothing, and the caller checks once at the end. */
struct text {
    char *data;
    size_t length, capacity;
    bool broken;
};

void text_release(struct text *t);
void text_reset(struct text *t);
void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, const char *s, size_t n);
void text_addf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The content, "" if empty; owned by `t`. */
const char *text_string(const struct text *t);

/* Copy `s` into out[size]; control characters, format characters and malformed UTF-8 as \xNN, byte by byte;
   always terminated. */
void text_escape(char *out, size_t size, const char *s);

/* Copy with truncation at a whole UTF-8 character; returns false if it was cut. */
bool text_copy(char *out, size_t size, const char *s);

/* Decode one UTF-8 character of s (terminated); *code gets it, or U+FFFD for a malformed byte.
   Returns the bytes consumed, 0 at the end. */
int text_decode(const char *s, uint32_t *code);
/* Encode into out[4], returns the bytes written (1..4). */
int text_encode(uint32_t code, char out[4]);

/* Columns a character takes on a terminal: 1, 2 (East Asian wide, emoji), 0 (combining, format), or -1 for
   control characters and what is not a character. Independent of the locale (Unicode 15 TR 11). */
int text_width(uint32_t code);
/* Characters that are not seen but change how others are: zero-width and bidirectional marks, line and
   paragraph separators, and all else that Unicode 15 calls format (Cf) or default ignorable. */
bool text_is_format(uint32_t code);

/* Damerau-Levenshtein distance, for words under 64 bytes; longer ones count as far (99). */
int text_distance(const char *a, const char *b);
/* Index of the nearest of `count` words, or -1 if none is within a third of its length. */
int text_nearest(const char *word, const char *const *words, int count);

/* Strict numbers: the whole string, no white space, finite. Return false otherwise. */
bool text_to_i64(const char *s, int64_t *out);
bool text_to_double(const char *s, double *out);

/* 12345 -> "12,345" into out[size]. */
void text_thousands(char *out, size_t size, int64_t n);
/* Seconds as "0:41", "12:03", "3:02:11". */
void text_duration(char *out, size_t size, double seconds);

#endif
