#include "view/glyph.h"

#include <stddef.h>
#include "base/text.h"

uint32_t glyph_safe(uint32_t code)
{
    return text_width(code) == 1 ? code : '?';
}

struct pair {
    uint16_t code;
    char ascii;
};

static const struct pair pairs[] = {
    {0x00a0, ' '},
    {0x00ab, '<'},
    {0x00b1, '~'},
    {0x00b2, '2'},
    {0x00b3, '3'},
    {0x00b5, 'u'},
    {0x00b7, '.'},
    {0x00bb, '>'},
    {0x00d7, 'x'},
    {0x2010, '-'},
    {0x2011, '-'},
    {0x2013, '-'},
    {0x2014, '-'},
    {0x2018, '\''},
    {0x2019, '\''},
    {0x201c, '"'},
    {0x201d, '"'},
    {0x2022, '*'},
    {0x2026, '~'},
    {0x2039, '<'},
    {0x203a, '>'},
    {0x2190, '<'},
    {0x2191, '^'},
    {0x2192, '>'},
    {0x2193, 'v'},
    {0x2194, '-'},
    {0x2195, '|'},
    {0x21b5, '<'},
    {0x2212, '-'},
    {0x2248, '~'},
    {0x2260, '!'},
    {0x2264, '<'},
    {0x2265, '>'},
    {0x2713, '+'},
    {0x2714, '+'},
    {0x2717, 'x'},
    {0x2718, 'x'},
    /* block elements */
    {0x2580, '"'},
    {0x2581, '_'},
    {0x2582, '_'},
    {0x2583, '.'},
    {0x2584, '.'},
    {0x2585, 'o'},
    {0x2586, 'o'},
    {0x258c, '|'},
    {0x258d, '|'},
    {0x258e, '|'},
    {0x258f, '|'},
    {0x2590, '|'},
    {0x2591, '.'},
    {0x2592, ':'},
    {0x2593, '%'},
    {0x2594, '"'},
    {0x2595, '|'},
    /* geometric shapes */
    {0x25a0, 'x'},
    {0x25a1, 'x'},
    {0x25b2, '^'},
    {0x25b3, '^'},
    {0x25b4, '^'},
    {0x25b6, '>'},
    {0x25b8, '>'},
    {0x25ba, '>'},
    {0x25bc, 'v'},
    {0x25bd, 'v'},
    {0x25be, 'v'},
    {0x25c0, '<'},
    {0x25c2, '<'},
    {0x25c4, '<'},
    {0x25c6, '+'},
    {0x25c7, '+'},
    {0x25cb, 'o'},
    {0x25cf, 'o'},
    {0x25a3, '#'},
    {0x2423, '_'},
    {0x2605, '*'},
    {0x2606, '*'},
    {0x23f8, '='},
};

uint32_t glyph_ascii(uint32_t code)
{
    if (code >= 0x20 && code < 0x7f)
        return code;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].code == code)
            return (unsigned char)pairs[i].ascii;
    if (code >= 0x2500 && code <= 0x257f) {
        static const char horizontal[] = {0x00, 0x01, 0x04, 0x05, 0x08, 0x09, 0x4c, 0x4d,
                                          0x50, 0x74, 0x76, 0x78, 0x7a, 0x7c, 0x7e};
        static const char vertical[] = {0x02, 0x03, 0x06, 0x07, 0x0a, 0x0b, 0x4e, 0x4f,
                                        0x51, 0x75, 0x77, 0x79, 0x7b, 0x7d, 0x7f};
        for (size_t i = 0; i < sizeof horizontal; i++) {
            if (code - 0x2500 == (uint32_t)horizontal[i])
                return '-';
            if (code - 0x2500 == (uint32_t)vertical[i])
                return '|';
        }
        return code == 0x2571 ? '/' : code == 0x2572 ? '\\' : code == 0x2573 ? 'X' : '+';
    }
    if (code >= 0x2580 && code <= 0x259f)
        return '#';
    if (code >= 0x2800 && code <= 0x28ff)
        return code == 0x2800 ? ' ' : ':';
    return '?';
}
