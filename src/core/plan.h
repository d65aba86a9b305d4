/* What plan.c, plan_ini.c and race_config.c share about assignments and casts. */
#ifndef HEED_CORE_PLAN_H
#define HEED_CORE_PLAN_H

#include "core/config.h"

/* inih cuts lines at 200 bytes, sections at 49 and says nothing: these limits keep clear of that
   for whatever race_config_write writes, "cast = ..." and "[name.section]" included. */
enum { CAST_TEXT = 180, CAST_NAME = 40, ORIGIN_TEXT = 256 };

struct plan_entry {
    char contestant[NAME_TEXT];    /* "": for all */
    const struct setting *setting; /* NULL: the cast */
    char value[SETTING_TEXT];
    char origin[ORIGIN_TEXT];
};

/* Names and kinds that a cast like "transformer-dpa, lstm, lstm" gives; ERR_USAGE. */
int cast_parse(const char *cast, struct race_config *race, struct failure *why);
/* Give contestant i its two kinds, "" meaning the default attention. */
void cast_set_kinds(struct config *config, const char *model, const char *attention);

#endif
