/* The thread that changes races while the screen goes on drawing. */
#include "cli/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/fsio.h"
#include "base/text.h"
#include "base/thread.h"
#include "store/run.h"

enum { FOLDER_TRIES = 1000 };

static void tell(struct stage *s, bool done, const char *what, const char *about)
{
    struct text line = {0};

    text_addf(&line, "%s%s", what, about);
    feed_tell(&s->feed, text_string(&line), done);
    text_release(&line);
}

/* Where the next race is written: what -o said, then with -2, -3, ...; NULL: a fresh folder. */
static int next_folder(const struct stage *s, char out[FSIO_PATH], const char **folder,
                       struct failure *why)
{
    const char *first = s->options.resume ? NULL : s->options.folder;

    *folder = first;
    if (!first || s->number == 0)
        return 0;
    for (int i = 2; i < FOLDER_TRIES; i++) {
        if (snprintf(out, FSIO_PATH, "%s-%d", first, i) >= FSIO_PATH)
            break;
        *folder = out;
        if (!fsio_is_folder(out) && !fsio_is_file(out))
            return 0;
    }
    return fail(why, ERR_USAGE, "-o %s: %s-2 and so on are all taken: remove some", first, first);
}

/* The race of a wish and where it is read or written. */
static int prepare(const struct stage *s, struct wish *w, struct session_options *o,
                   char folder[FSIO_PATH], struct failure *why)
{
    int rc;

    *o = s->options;
    o->race = &w->race;
    o->gathering = NULL;
    o->number = s->number + 1;
    if (w->kind == WISH_START) {
        o->resume = o->paused = false;
        return next_folder(s, folder, &o->folder, why);
    }
    o->folder = w->folder;
    o->resume = o->mode == SESSION_TRAIN;
    o->no_files = false;
    o->until = -1;
    if (s->session && strcmp(session_folder(s->session), w->folder) == 0)
        return fail(why, ERR_USAGE, "%s: is open already", w->folder);
    if ((rc = run_read_config(w->folder, &w->race, why)) < 0)
        return rc;
    return race_resolve(&w->race, why);
}

/* End the session there is; its newest steps are saved once more. */
static void put_away(struct stage *s)
{
    struct failure why;

    if (!s->session)
        return;
    const char *folder = session_folder(s->session);
    if (session_stop(s->session, &why) < 0)
        tell(s, false, "", why.text);
    if (folder[0])
        text_addf(&s->earlier, "%s\n", folder);
    session_free(s->session);
    s->session = NULL;
    s->started = false;
    feed_drain(&s->feed);
}

/* What is there is saved first, and the new session is built before the old one ends: what cannot be
   saved or built changes nothing. */
static int fulfil(struct stage *s, struct wish *w, struct failure *why)
{
    struct session_options o;
    struct session *next;
    char folder[FSIO_PATH];
    int rc = prepare(s, w, &o, folder, why);

    if (rc == 0 && s->session) {
        tell(s, false, "saving ", session_folder(s->session));
        rc = session_keep(s->session, why);
    }
    if (rc < 0)
        return rc;
    tell(s, false, "building ", w->kind == WISH_OPEN ? w->folder : "the race");
    if ((rc = session_new(&next, &o, &s->feed, why)) < 0)
        return rc;
    if (desk_ended(&s->feed.desk)) { /* the person has left meanwhile: nothing has begun */
        session_discard(next);
        return 0;
    }
    put_away(s);
    s->session = next;
    s->number = o.number;
    rc = session_start(next, why);
    s->started = rc == 0;
    return rc;
}

static void *direct(void *arg)
{
    struct stage *s = arg;
    struct wish *w = malloc(sizeof *w);
    struct failure why;

    while (w && desk_take(&s->feed.desk, w)) {
        if (fulfil(s, w, &why) < 0)
            tell(s, true, "", why.text);
        else if (desk_ended(&s->feed.desk))
            break;
        else if (session_folder(s->session)[0])
            tell(s, true, w->kind == WISH_OPEN ? "opened: " : "begun: ",
                 session_folder(s->session));
        else
            tell(s, true, "begun: ", "this run keeps no files");
    }
    free(w);
    return NULL;
}

int stage_direct(struct stage *s, struct failure *why)
{
    sigset_t old;

    thread_block_signals(&old);
    int failed = pthread_create(&s->director, NULL, direct, s);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failed)
        return fail(why, ERR_IO, "the system gives no thread for other races");
    s->directed = true;
    desk_open(&s->feed.desk);
    return 0;
}
