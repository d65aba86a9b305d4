/* The symbols of a task and how they are written. */
#ifndef HEED_CORE_ALPHABET_H
#define HEED_CORE_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/fail.h"
#include "base/text.h"

enum { MAX_SYMBOLS = 512, SYMBOL_TEXT = 12, MAX_SUBTASKS = 8, MAX_SINCE = 16 };

/* Words stand apart, "I 3 4 5"; characters and bytes stand side by side, as a text. */
enum alphabet_kind { ALPHABET_WORDS, ALPHABET_CHARACTERS, ALPHABET_BYTES };

struct alphabet {
    enum alphabet_kind kind;
    int count;   /* V */
    int numbers; /* ids 0..numbers-1 are numbers */
    char name[MAX_SYMBOLS][SYMBOL_TEXT];
    /* Subtask that a control symbol starts, -1 for all other symbols. */
    signed char control[MAX_SYMBOLS];
    int subtasks;
    int control_id[MAX_SUBTASKS];                  /* the symbol of each subtask */
    char subtask_help[MAX_SUBTASKS][64];           /* "increment: m + 1 mod N" */
    bool subtask_reconstructed[MAX_SUBTASKS];
    uint32_t code[MAX_SYMBOLS]; /* of a text: Unicode's number, or the byte; ascending */
};

/* Make symbol `id` of a text the character (or byte) `code`. Its name is the character itself, or, if
   that would not fill one column (controls, blanks, combining and wide characters), "\t", "\x07",
   "\u200b"; a space is U+2423, a new line U+21B5. */
void alphabet_set_code(struct alphabet *a, int id, uint32_t code);
/* The symbol of a character or byte, or -1. */
int alphabet_find_code(const struct alphabet *a, uint32_t code);
/* Append symbols as they would be read: words with blanks between them; text as it is, except that
   control characters other than newline and tab, and bytes that are no UTF-8, are written \xNN. */
void alphabet_write(const struct alphabet *a, const int *ids, int count, struct text *out);

/* The symbol written so, or -1. */
int alphabet_find(const struct alphabet *a, const char *name);
/* "I 3 4 5" -> ids, or the characters of a text; at most `limit`. Returns the count or ERR_USAGE naming
   the word. */
int alphabet_parse(const struct alphabet *a, const char *text, int *ids, int limit,
                   struct failure *why);

#endif
