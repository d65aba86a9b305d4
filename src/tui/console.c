#include "tui/console.h"

#include <stddef.h>
#include <string.h>

static const struct {
    uint16_t code, instead;
} signs[] = {
    {0x2026, '~'},    /* ... */
    {0x2039, '<'},    {0x203a, '>'},
    {0x23f8, 0x2551}, /* pause: a double bar */
    {0x2504, '-'},    {0x2506, 0x2502}, /* dashed lines */
    {0x2503, 0x2551}, /* a heavy bar */
    {0x256d, 0x250c}, {0x256e, 0x2510}, {0x256f, 0x2518}, {0x2570, 0x2514}, /* round corners */
    {0x25a1, '&'},    {0x25b3, '%'}, /* as in ASCII: what is left for markers */
    {0x25b6, 0x25ba}, {0x25b8, 0x25ba}, {0x25be, 0x25bc}, {0x25c0, 0x25c4}, {0x25c2, 0x25c4},
    {0x25c6, 0x2666}, {0x25cf, 0x2022}, {0x2605, 0x263c},
    {0x2713, 0x221a}, {0x2717, 'x'},
    {0x00d7, 'x'},
};

bool console_is_named(const char *term)
{
    return term && strncmp(term, "linux", 5) == 0;
}

uint32_t console_glyph(uint32_t code)
{
    for (size_t i = 0; code > 0x7e && i < sizeof signs / sizeof *signs; i++) {
        if (signs[i].code == code) {
            return signs[i].instead;
        }
    }
    return code;
}
