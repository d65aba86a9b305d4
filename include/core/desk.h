/* What the person asks of the program as a whole (begin a race, open a run), and what is said about
   it: one wish at a time, fulfilled by a thread that neither draws nor trains. */
#ifndef HEED_CORE_DESK_H
#define HEED_CORE_DESK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/fsio.h"
#include "core/config.h"

enum wish_kind {
    WISH_START, /* train `race` in a fresh folder, in place of what is open */
    WISH_OPEN   /* open the run in `folder`, in place of what is open */
};

struct wish {
    enum wish_kind kind;
    struct race_config race; /* as resolved */
    char folder[FSIO_PATH];
};

struct desk {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool staffed, waiting, busy, ended;
    struct wish wish;
    int64_t told; /* lines ever */
    char line[FAILURE_TEXT];
};

/* What was told last, for the screen. */
struct desk_news {
    int64_t told;
    char line[FAILURE_TEXT];
    bool busy; /* a wish is still being fulfilled */
};

int desk_init(struct desk *d);
void desk_release(struct desk *d);
/* The asking side; never waits for more than a copy. False where nobody fulfils wishes, or while an
   earlier one is being fulfilled. */
bool desk_ask(struct desk *d, const struct wish *wish);
/* True if something was told since *news was filled; then it is filled anew. */
bool desk_heard(struct desk *d, struct desk_news *news);

/* The fulfilling side. From desk_open on wishes are taken; desk_take waits for one and returns false
   once desk_close was called. */
void desk_open(struct desk *d);
bool desk_take(struct desk *d, struct wish *out);
/* A line about the wish that was taken; the last one (`done`) ends it. */
void desk_tell(struct desk *d, const char *line, bool done);
void desk_close(struct desk *d);
/* Whether the fulfilling side is to end: what is being built will not be wanted. */
bool desk_ended(struct desk *d);

#endif
