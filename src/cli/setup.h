/* What the form of the settings is given from the layers that the screen does not see. */
#ifndef HEED_CLI_SETUP_H
#define HEED_CLI_SETUP_H

#include "view/ui.h"

/* Words from the registries, runs from the state folder, the check before a start. `plan` is the
   caller's and only read. */
void setup_fill(struct ui_setup *setup, const struct plan *plan, bool ready);

#endif
