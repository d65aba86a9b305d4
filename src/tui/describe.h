/* What the terminal and the environment say about themselves. */
#ifndef HEED_TUI_DESCRIBE_H
#define HEED_TUI_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "base/fail.h"
#include "tui/signals.h"

/* The stream that keys come from: standard input, or /dev/tty if that is no terminal (*own: to be
   closed by the caller). NULL with errno set: there is none. */
FILE *describe_input(bool *own);
/* Fill the bytes that give a terminal back, from the description of `name` (NULL: $TERM).
   ERR_USAGE: TERM is unset, unknown, or of a terminal that cannot place its cursor. */
int describe_guard(struct terminal_guard *guard, const char *name, bool mouse, struct failure *why);
/* "xterm-256color" -> "xterm-direct" into out[size], if COLORTERM promises direct colour and such a
   description is installed; else NULL. */
const char *describe_direct(char *out, size_t size);

#endif
