/* The page Learn and its widgets. */
#ifndef HEED_VIEW_LEARN_H
#define HEED_VIEW_LEARN_H

#include "view/lesson.h"
#include "view/ui_state.h"

enum { LEARN_TURN = 15, LEARN_LONGEST = 3, LEARN_CROWD = 256 };
/* Degrees a key press turns the query; its length; keys of the greatest crowd. */

enum learn_part { LEARN_TEXT, LEARN_PRESS, LEARN_WIDGET, LEARN_LIST };
/* Columns of a lesson's text in this body, and the parts: rows of the text, of all there is to
   press and of the longest of them, at that width; how many lessons. In layout.c. */
int layout_learn_width(struct rect body, int lessons);
void layout_learn(struct layout *l, struct rect body, int text, int press, int one, int lessons);
/* The hint of an action on this page, NULL where the widget has no use for it. */
const char *learn_hint(const struct ui *ui, enum action action);

/* Read the lessons, once; what keeps them from being read is said. */
void learn_open(struct ui *ui);
/* Show this one from its beginning. */
void learn_show(struct ui *ui, int lesson);
/* The lesson that is shown, NULL without any, and the widget beside its text (there is one if the
   lesson is not refused). */
const struct lesson *learn_lesson(const struct ui *ui);
const struct lesson_widget *learn_widget(const struct ui *ui);
/* Why the widget has nothing to show in this race, with the command that brings it; NULL if it has.
 */
const char *learn_lacks(const struct frame *f, const struct lesson_widget *w, char *out,
                        size_t size);

/* --- learn_match.c: a query and keys, weighed by the variants themselves -------------------------
 */

/* The place in the registry of the i-th variant that is shown: those of the widget first, from the
   one that was chosen on, then all others; -1 after the last. */
int learn_variant(const struct ui *ui, const struct lesson_widget *w, int i,
                  struct ui_variant *out);
/* Weights and scores of the widget's keys (n) for the query as it is turned now. */
void learn_weigh(const struct ui *ui, const struct lesson_widget *w, int variant, int n,
                 double *weight, double *score);
void learn_match_draw(struct frame *f, struct rect r);
void learn_crowd_draw(struct frame *f, struct rect r);

/* --- learn_live.c: the race as a lesson shows it -------------------------------------------------
 */

void learn_map_draw(struct frame *f, struct rect r);
void learn_step_draw(struct frame *f, struct rect r);
void learn_positions_draw(struct frame *f, struct rect r);
void learn_ladder_draw(struct frame *f, struct rect r);
/* Remember what the model expects now, to stand beside what it expects after a press. */
void learn_remember(struct ui *ui, const struct probe_snapshot *p);

#endif
