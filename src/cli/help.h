/* Help and manual, written from the tables of commands, options, settings and keys. */
#ifndef HEED_CLI_HELP_H
#define HEED_CLI_HELP_H

#include "base/text.h"
#include "cli/args.h"

/* `heed CMD --help` */
void help_command(const struct subcommand *c, struct text *out);
/* Sections of the manual as roff: commands and options, settings, keys of the terminal program. */
void help_man_commands(struct text *out);
void help_man_settings(struct text *out);
void help_man_keys(struct text *out);
/* Of the settings file: section [screen], and the names for section [keys]. */
void help_man_preferences(struct text *out);
void help_man_roles(struct text *out);
void help_man_themes(struct text *out);
void help_man_commandkeys(struct text *out);

#endif
