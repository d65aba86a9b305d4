/* The program: words in, exit code out. The only layer that prints errors. */
#ifndef HEED_CLI_CLI_H
#define HEED_CLI_CLI_H

#include "base/fail.h"
#include "base/text.h"

enum { EXIT_BY_SIGNAL = 128 }; /* + the signal's number, as shells count */

/* Everything but `main`. Returns the exit code: 0, 1 failure, 2 usage. */
int cli_main(int argc, char **argv);

/* Write all of it to standard output and flush; a failure says which stream. */
int out_text(const struct text *t, struct failure *why);
/* What a refused write to standard output ends with, errno being that of the write. Does not return if
   the reader has gone: SIGPIPE then ends the program. */
int out_failed(struct failure *why);
/* Write to the file, or to standard output if it is NULL or "-". */
int out_file(const char *path, const struct text *t, struct failure *why);

#endif
