/* What may stand where on a command line, from the same tables as --help. */
#ifndef HEED_CLI_COMPLETION_WORDS_H
#define HEED_CLI_COMPLETION_WORDS_H

#include <stdbool.h>
#include "base/text.h"
#include "cli/args.h"

/* Append the words, each after a space, that an option's value or a command's words can be. True if
   files and folders can stand there as well. */
bool completion_of_option(const struct option_spec *o, struct text *words);
bool completion_of_words(const struct subcommand *c, struct text *words);
/* Every "key=" a setting has, and every "key=value" of the settings whose values have names. */
void completion_of_settings(struct text *keys, struct text *assignments);

#endif
