/* Keys that move through any list: the palette, what is picked from, the help, the settings. */
#include "view/ui_state.h"

enum { FAR = 10, END = 1 << 20 };

bool list_key(int *row, uint32_t key)
{
    switch (key) {
    case UI_KEY_UP:
    case UI_KEY_BACK_TAB:
        --*row;
        break;
    case UI_KEY_DOWN:
    case UI_KEY_TAB:
        ++*row;
        break;
    case UI_KEY_PAGE_UP:
        *row -= FAR;
        break;
    case UI_KEY_PAGE_DOWN:
        *row += FAR;
        break;
    case UI_KEY_HOME:
        *row = 0;
        break;
    case UI_KEY_END:
        *row = END;
        break;
    default:
        return false;
    }
    return true;
}
