/* What the roles look like. */
#ifndef HEED_VIEW_THEME_H
#define HEED_VIEW_THEME_H

#include "base/fail.h"
#include "core/config.h"
#include "view/canvas.h"

struct color {
    uint8_t r, g, b;
    int8_t ansi; /* 0..15: fallback for 16 colours; -1: the terminal's default */
};

struct theme {
    char name[KIND_TEXT];
    char help[80];
    struct color roles[ROLE_COUNT];
};

/* A theme file's text (INI). `name` stands in messages: file, key, remedy. */
int theme_parse(struct theme *t, const char *text, const char *name, struct failure *why);
/* The person's file <config>/themes/<name>.theme, else the theme of that name built into the program;
   or a path with a '/'. Unknown: ERR_USAGE with the nearest name. */
int theme_load(struct theme *t, const char *name, struct failure *why);
/* The one built into the program, whatever the person's folder holds. */
int theme_load_shipped(struct theme *t, const char *name, struct failure *why);
/* A key of a theme file. */
struct theme_key {
    const char *name;
    int role;        /* first role filled */
    int levels;      /* roles filled */
    int least, most; /* colours in its list */
    bool ramp;       /* mixed, not repeated */
    const char *help;
};
/* The table of them, `help` itself left out; *count gets its length. */
const struct theme_key *theme_keys(int *count);
/* Shipped names, ending with NULL. */
const char *const *theme_names(void);
struct theme_name {
    char name[KIND_TEXT];
    bool own; /* theme_load takes the person's file, perhaps instead of a shipped theme */
};
/* Everything that theme_load knows by name: the shipped ones in their order, then the person's by
   alphabet; files whose names hold blanks or a shell's signs are not among them. Returns how many; *out
   is freed by the caller. */
int theme_list(struct theme_name **out, struct failure *why);
/* `share` of the way from a to b in Oklab (Ottosson 2020), so that equal steps look equal. */
struct color theme_mix(struct color a, struct color b, double share);
/* Nearest entry of the xterm 256-colour table (16..255), and of 16 colours. */
int theme_to_256(struct color c);
int theme_to_16(struct color c);
/* A colour's number on a terminal of 16 or 8 colours: 0..15 or 0..7, -1 for the terminal's own. As text
   (not `ground`) of 8 colours, *bold says that bold makes it the bright one that is meant. */
int theme_coarse(struct color c, int colors, bool ground, bool *bold);
/* What can be read on a ground whose text would have the same number: 0 or 7. */
int theme_coarse_contrast(struct color ground);

#endif
