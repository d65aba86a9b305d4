/* The settings of the next start as a form: always a race that could begin, because an edit that would
   break it is refused and changes nothing. */
#ifndef HEED_VIEW_FORM_H
#define HEED_VIEW_FORM_H

#include "view/ui.h"

enum { FORM_LINE = 256 };

struct form {
    struct ui_setup setup;
    struct plan plan, base;            /* base: as begun, for undo */
    struct race_config race, resolved; /* what the plan builds: with autos, and without */
    struct race_config trial, trial_resolved;
    struct race_config automatic; /* the same with every number that may be auto left to auto, resolved */
    bool has_automatic;           /* false: such a race could not begin */
    bool ready; /* nothing has begun yet */
    bool asked; /* a start is under way */
    bool edited; /* since it was begun last */
    int chosen; /* contestant that is edited, dropped, or has settings of its own */
    bool own;   /* edits are for the chosen contestant alone */
};

/* ERR_USAGE if the plan is no race that could begin. */
int form_new(struct form **out, const struct ui_setup *setup, struct failure *why);
void form_free(struct form *f);
/* One or more assignments KEY=VALUE, divided by spaces, as after -s; all of them or none. */
int form_assign(struct form *f, const char *assignments, struct failure *why);
/* The value of one setting: for all, or for the chosen contestant if f->own. A kind of model or
   attention makes the chosen contestant another one. */
int form_set(struct form *f, const struct setting *s, const char *value, struct failure *why);
/* Back to the default, of all contestants or of the chosen one. */
int form_default(struct form *f, const struct setting *s, struct failure *why);
int form_add(struct form *f, const char *word, struct failure *why);
int form_drop(struct form *f, struct failure *why);
int form_preset(struct form *f, const char *name, struct failure *why);
/* Back to what was begun last. */
void form_undo(struct form *f);
/* The settings that now run are the form's base. */
void form_begun(struct form *f);
/* The form becomes the settings of a race that was opened; false without memory. */
bool form_take(struct form *f, const struct race_snapshot *race);
/* The text of the cast: "transformer-dpa,lstm". */
void form_cast(const struct form *f, char *out, size_t size);

#endif
