/* Keys of the terminal become keys of the program. */
#ifndef HEED_TUI_INPUT_H
#define HEED_TUI_INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include "tui/term.h"
#include "view/ui.h"

/* The next key that is waiting: a Unicode code point or enum ui_key; *mouse is filled with
   UI_KEY_MOUSE. False: none is. Waits at most the 25 ms that tell Escape from a function key. */
bool input_next(struct terminal *t, uint32_t *key, struct ui_mouse *mouse);

#endif
