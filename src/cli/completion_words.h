/* What may stand where on a command line, from the same tables as --help. */
#ifndef HEED_CLI_COMPLETION_WORDS_H
#define HEED_CLI_COMPLETION_WORDS_H

#include <stdbool.h>
#include "base/text.h"
#include "cli/args.h"

/* What can stand in a place beside the words, and is found out when somebody asks for it. */
enum completion_kind {
    COMPLETE_FILES = 1,      /* files and folders */
    COMPLETE_THEMES = 2,     /* the person's own themes */
    COMPLETE_CONTESTANTS = 4 /* of the runs on the line */
};

/* Append the words, each after a space, that an option's value or a command's words can be. Returns
   what else can: bits of enum completion_kind. */
unsigned completion_of_option(const struct option_spec *o, struct text *words);
unsigned completion_of_words(const struct subcommand *c, struct text *words);
/* Every "key=" a setting has, every "key=value" of the settings whose values have names, and the
   "key=" of those that are paths. */
void completion_of_settings(struct text *keys, struct text *assignments, struct text *paths);

#endif
