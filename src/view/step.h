/* Parts and keys of the page Step. */
#ifndef HEED_VIEW_STEP_H
#define HEED_VIEW_STEP_H

#include "view/ui_state.h"

/* The page's own actions. */
void step_act(struct event *e);
/* A symbol was chosen, by a key or a click: append it, or put it where a change waits for it. */
void step_give(struct event *e, int symbol);
/* What waits for more keys, a number or a symbol's name, gets this one; true: it was for that alone. */
bool step_pending(struct event *e, uint32_t key);
/* Esc: leave what is open on the page; false: nothing was. */
bool step_close(struct event *e);

/* Whether the symbols are characters of a text. */
bool step_is_text(const struct alphabet *a);
/* A key while characters are typed; false: nobody types. */
bool step_type_key(struct event *e);
void step_begin_typing(struct event *e);
void step_change_temperature(struct event *e);
/* Let the model write one symbol. */
void step_write(struct event *e);
/* Let the sequence play by itself, or stop it; faster or slower. */
void step_begin_play(struct event *e);
void step_change_speed(struct event *e);
/* RULE, MODEL or STREAM while it plays: from now on that one chooses. False: nothing plays. */
bool step_choose_player(struct event *e);
/* The next symbol of what plays by itself. */
void step_play(struct event *e);
/* Who plays at which speed, and the keys that change it. */
void step_play_text(const struct ui *ui, const struct probe_snapshot *p, char *out, size_t size);
/* In place of rule and score: what the text and the model have next; the text as it reads. */
void step_text_next_draw(struct frame *f, struct rect r);
void step_text_draw(struct frame *f, struct rect r);
/* What is read around the cursor, in one line. */
void step_text_line_draw(struct frame *f, struct rect r);

/* "1st", "2nd", "11th", "121st" */
enum { ORDINAL_TEXT = 16 };
const char *step_ordinal(int n, char out[ORDINAL_TEXT]);
/* Answers at a place below which a share says little: drawn dim. */
enum { STEP_FEW = 5 };
/* A numbers' score by places after a control token, "1st 3/4  2nd 4/4", from column x up to `end`;
   returns the column after it. */
int step_profile_draw(struct canvas *c, int x, int y, int end, const struct probe_snapshot *p);
/* "27/29  .931  (95 %: .780 to .981)", or what to press where nothing was asked yet, from column x up to `end`;
   returns the column after it. */
int step_score_text(struct canvas *c, int x, int y, int end, const struct probe_snapshot *p, bool interval);
/* Score and accuracy by numbers since the control token, framed where there is room. */
void step_score_draw(struct frame *f, struct rect r);
/* Share of right answers among the newest `most` numbers that the model was asked for, with their
   count; NaN if there are none. */
double step_recent(const struct probe_snapshot *p, int most, int *count);
/* What the model expects: the most probable symbols as bars, the rule's answer marked. */
void step_bars_draw(struct frame *f, struct rect r);
/* Two pictures: a branch, or two contestants on one sequence. */
void step_pair_draw(struct frame *f, struct rect body);

#endif
