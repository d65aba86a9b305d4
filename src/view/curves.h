/* Curves of all contestants as Train and Compare draw them. */
#ifndef HEED_VIEW_CURVES_H
#define HEED_VIEW_CURVES_H

#include "view/ui_state.h"

/* A framed chart of one metric. Zoom and cursor belong to the axis that the person chose. */
void curves_draw(struct frame *f, struct rect r, enum metric metric, enum curve_axis axis);
/* Accuracy on the 1st, 2nd, ... number after a control token, a line for each contestant. */
void curves_profile_draw(struct frame *f, struct rect r);
/* Whether a token came so shortly before any number that there is a profile to show. */
bool curves_has_switches(const struct race_snapshot *race);
/* Answers at a place below which its share says little. */
enum { PROFILE_FEW = 30 };
/* The last of the first `shown` places after a token with PROFILE_FEW answers or more, from 0; 0 too if
   there is none after the first. */
int curves_last_sure(const struct evaluation *e, int shown);
/* "accuracy and loss", "gradient norm", ... */
void curves_measure_name(const struct race_snapshot *race, int measure, char *out, size_t size);
/* The metric of a measure; of MEASURE_BOTH the first. */
enum metric curves_metric(int measure);
/* The newest end of the axis. */
double curves_end(const struct ui *ui, const struct race_snapshot *race);
/* The shown part of the axis; false: all of it. */
bool curves_window(const struct ui *ui, const struct race_snapshot *race, double *low,
                   double *high);
/* AXIS, SMOOTH, LOG, ZOOM, CURSOR, FIT, SELECT, HIDE, OPEN_MAP; false: none of these. */
bool curves_act(struct event *e);
/* "bits a character", or a byte. */
const char *curves_bits_name(const struct race_snapshot *race);
/* What says most about a race: accuracy, of texts the bits, of images the held-out loss. */
enum metric curves_result(const struct race_snapshot *race);
/* "accuracy", "loss", "R only", "gradient norm", "learning rate" */
void curves_name(const struct race_snapshot *race, enum metric metric, char *out, size_t size);

#endif
