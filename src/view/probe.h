/* The parts of Probe: what heads do and cost, and what is read from the stream. */
#ifndef HEED_VIEW_PROBE_H
#define HEED_VIEW_PROBE_H

#include "view/ui_state.h"

/* What was measured, NULL: nothing yet. */
const struct exam_report *probe_report(const struct probe_snapshot *p);
/* Index of the part of it that is shown: 0 all windows, 1 + i those of subtask i. */
int probe_part(const struct ui *ui, const struct probe_snapshot *p);
/* The next one with windows of its own. */
void probe_next_part(struct event *e);
/* Heads as rows. There is a report. */
void probe_table_draw(struct frame *f, struct rect r);
/* Rows of it with its frame, at this width. */
int probe_table_height(const struct probe_snapshot *p, int width);
/* Columns further left or right. */
void probe_scroll(struct event *e, int by);
/* The chosen head of the report in words; there is one. */
void probe_words_draw(struct frame *f, struct rect r);
/* What the head makes of the stream behind every layer. */
void probe_lens_draw(struct frame *f, struct rect r);
/* Rows of that with its frame, 0 if there is nothing to read. */
int probe_lens_height(const struct probe_snapshot *p);

#endif
