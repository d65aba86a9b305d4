/* The symbols of a task and how they are written. */
#ifndef HEED_CORE_ALPHABET_H
#define HEED_CORE_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>
#include "base/fail.h"

enum { MAX_SYMBOLS = 512, SYMBOL_TEXT = 12, MAX_SUBTASKS = 8, MAX_SINCE = 16 };

struct alphabet {
    int count;   /* V */
    int numbers; /* ids 0..numbers-1 are numbers */
    char name[MAX_SYMBOLS][SYMBOL_TEXT];
    /* Subtask that a control symbol starts, -1 for all other symbols. */
    signed char control[MAX_SYMBOLS];
    int subtasks;
    int control_id[MAX_SUBTASKS];                  /* the symbol of each subtask */
    char subtask_help[MAX_SUBTASKS][64];           /* "increment: m + 1 mod N" */
    bool subtask_reconstructed[MAX_SUBTASKS];
};

/* The symbol written so, or -1. */
int alphabet_find(const struct alphabet *a, const char *name);
/* "I 3 4 5" -> ids; at most `limit`. Returns the count or ERR_USAGE naming the word. */
int alphabet_parse(const struct alphabet *a, const char *text, int *ids, int limit,
                   struct failure *why);

#endif
