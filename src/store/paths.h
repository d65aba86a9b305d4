/* Where things stand in a run's folder. */
#ifndef HEED_STORE_PATHS_H
#define HEED_STORE_PATHS_H

#include "base/fsio.h"

#define RUN_CONFIG  "config.ini"
#define RUN_METRICS "metrics.jsonl"
#define RUN_LOCK    "lock"

/* folder/<contestant>/<name>; ERR_USAGE if the contestant's name would lead elsewhere. */
int contestant_path(const char *folder, const char *contestant, const char *name,
                    char out[FSIO_PATH], struct failure *why);
/* Whether `folder` holds a run; else ERR_IO with the remedy. */
int run_check_folder(const char *folder, struct failure *why);

#endif
