/* Lessons: text, live widgets, and what to press. A file each; format: heed-lesson(5). */
#ifndef HEED_VIEW_LESSON_H
#define HEED_VIEW_LESSON_H

#include "view/ui.h"

enum {
    LESSON_TEXT = 4096,
    LESSON_WIDGETS = 4,
    LESSON_PRESSES = 12,
    LESSON_KEYS = 8,
    LESSON_VARIANTS = 12,
    LESSON_WORDS = 240
};

enum lesson_widget_kind {
    LESSON_MATCH,     /* a query among keys in the plane, and every variant's weights */
    LESSON_CROWD,     /* the weight of one key among ever more others */
    LESSON_MAP,       /* the live attention map */
    LESSON_STEP,      /* the stepped sequence, and what was expected before the last press */
    LESSON_SWITCH,    /* accuracy after a control token */
    LESSON_POSITIONS, /* weights for each position or shared ones */
    LESSON_LADDER,    /* one level of the ladder NT */
    LESSON_ROWS,      /* what is left of a difference in long rows */
    LESSON_WIDGET_KINDS
};

/* A vector of the plane, degrees counted to the left from where East is. */
struct lesson_arrow {
    double angle, length;
};

struct lesson_widget {
    enum lesson_widget_kind kind;
    struct lesson_arrow query, key[LESSON_KEYS];
    int keys;
    char variant[LESSON_VARIANTS][KIND_TEXT]; /* shown first, in this order */
    int variants;
    bool is_signed; /* the map should have negative weights */
};

enum lesson_press_kind {
    PRESS_COMMAND, /* one of ui_commands, with one of its keys */
    PRESS_SHOW,    /* another widget of the lesson */
    PRESS_QUERY    /* put the query there */
};
struct lesson_press {
    enum lesson_press_kind kind;
    int command, widget;
    uint32_t key;
    struct lesson_arrow query;
    char words[LESSON_WORDS]; /* what it does, and what to see */
};

struct lesson {
    char name[KIND_TEXT], title[80], about[120];
    int order;              /* lessons stand in ascending order, then by name */
    bool own;               /* the person's file */
    char text[LESSON_TEXT]; /* paragraphs, each ended by '\n' */
    struct lesson_widget widget[LESSON_WIDGETS];
    int widgets;
    struct lesson_press press[LESSON_PRESSES];
    int presses;
    char broken[FAILURE_TEXT]; /* not "": the file is refused, and why */
};

/* A lesson file's text. `file` stands in messages: file, line, remedy. With `matching` the names of
   variants are checked. ERR_INPUT: *out is not changed. */
int lesson_parse(struct lesson *out, const char *text, const char *file,
                 const struct ui_matching *matching, struct failure *why);
/* The program's lessons and those of <config>/lessons/<name>.lesson, which replace the program's of
   that name, in their order; a file that is refused is among them with `broken`. Returns how many;
   *out is freed by the caller. ERR_MEMORY. */
int lesson_list(struct lesson **out, const struct ui_matching *matching, struct failure *why);
/* "match", "crowd", ... */
const char *lesson_widget_name(enum lesson_widget_kind kind);

#endif
