/* heed predict RUN --image N: what a model of images sees. */
#ifndef HEED_CLI_PREDICT_IMAGE_H
#define HEED_CLI_PREDICT_IMAGE_H

#include "cli/args.h"
#include "train/race.h"

/* The noise that a contestant sees in the held-out image args->image of the run, after noise of that
   image's own time was put on it: as pictures, or as JSON. */
int predict_image(const struct args *args, const char *name, struct loaded *loaded,
                  struct failure *why);

#endif
