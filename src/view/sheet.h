/* The table of settings on Run: what its parts share. sheet.c tells what stands in it, sheet_draw.c
   draws it, meaning.c tells about the chosen one. */
#ifndef HEED_VIEW_SHEET_H
#define HEED_VIEW_SHEET_H

#include "view/ui_state.h"

enum { SHEET_VALUE = 11 }; /* columns of a value */

/* --- sheet.c --------------------------------------------------------------------------------- */

/* Contestants of the form, else of the race, and the name of one. */
int sheet_count(const struct ui *ui, const struct race_snapshot *race);
const char *sheet_name(const struct ui *ui, const struct race_snapshot *race, int i);
/* Its place in the race, -1: it is in the form alone. */
int sheet_in_race(const struct ui *ui, const struct race_snapshot *race, int i);
/* Whose colour and marker it has: those of the race, if it is there. */
int sheet_series(const struct ui *ui, const struct race_snapshot *race, int i);
/* Whether contestant i reads the setting. */
bool sheet_reads(const struct ui *ui, const struct race_snapshot *race, int i,
                 const struct setting *s);
/* The first contestant that reads it, -1 if none does. */
int sheet_reader(const struct ui *ui, const struct race_snapshot *race, const struct setting *s);
/* "-" where contestant i does not read it; "0.001 auto" where it was not chosen. */
void sheet_value(const struct ui *ui, const struct race_snapshot *race, int i,
                 const struct setting *s, char *out, size_t size);
/* The same in all its digits, and without "auto". */
void sheet_exact(const struct ui *ui, const struct race_snapshot *race, int i,
                 const struct setting *s, char *out, size_t size);
/* Whether two contestants that read it have different values. */
bool sheet_differs(const struct ui *ui, const struct race_snapshot *race, const struct setting *s);
/* Whether contestant i's value is not the default; what began as an auto counts as changed where it is not
   what auto would give, and is not judged where nothing can be edited. */
bool sheet_own(const struct ui *ui, const struct race_snapshot *race, int i, const struct setting *s);
/* The same of any contestant. */
bool sheet_changed(const struct ui *ui, const struct race_snapshot *race, const struct setting *s);
/* The first of the form's contestants whose value is another one in the race; -1: none. */
int sheet_first_change(const struct ui *ui, const struct race_snapshot *race,
                       const struct setting *s);
/* "1e-08" -> "1e-8": one way of writing for what was set and what was measured. */
void sheet_tidy(char *number);
/* A measured number in three digits, written as settings are: "0.00414", "5e-5"; "-": not known. */
void sheet_figure(char *out, size_t size, double value, bool known);

/* --- sheet_draw.c ---------------------------------------------------------------------------- */

/* Draws the table; `facts` rows of what is measured stand under the names. *chosen gets the index of
   the chosen row's setting, SHEET_CAST or SHEET_NONE. */
void sheet_draw(struct frame *f, struct rect r, int facts, int *chosen);
/* Rows of facts that there are: why somebody failed, rate, its factor if one was changed, speed, gradient
   norm. */
int sheet_facts(const struct race_snapshot *race);

/* --- meaning.c ------------------------------------------------------------------------------- */

/* All about the chosen setting, wrapped; in a frame of its own if `framed`. */
void meaning_draw(struct frame *f, struct rect r, int chosen, bool framed);
/* Rows that it takes without a frame. */
int meaning_rows(struct frame *f, int width, int chosen);

#endif
