/* Files that the person names on the screen: stepped sequences, settings. */
#ifndef HEED_TUI_SEQUENCE_H
#define HEED_TUI_SEQUENCE_H

#include "view/ui.h"

/* Do what the person asked for and say how it went. Commands for the prober are appended to
   outbox[capacity]; returns their number. */
int sequence_file(struct ui *ui, enum ui_file what, const char *name,
                  const struct probe_snapshot *probe, struct command *outbox, int capacity);

#endif
