/* The attention variants as the lessons ask for them. */
#ifndef HEED_CLI_MATCHING_H
#define HEED_CLI_MATCHING_H

#include "view/ui.h"

extern const struct ui_matching cli_matching;

#endif
