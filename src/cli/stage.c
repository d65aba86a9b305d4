#include "cli/stage.h"

#include <string.h>

#include "cli/target.h"
#include "base/fsio.h"
#include "kern/kern.h"
#include "store/run.h"

int stage_prepare(struct stage *s, const struct args *args, const struct session_options *options,
                  struct failure *why)
{
    int rc;

    s->options = *options;
    s->options.race = &s->race;
    if ((rc = kern_by_name(args->isa, &s->options.kern, why)) < 0)
        return rc;
    return feed_init(&s->feed, &s->race, why);
}

int stage_open(struct stage *s, const struct args *args, const struct session_options *options,
               struct failure *why)
{
    int rc = stage_prepare(s, args, options, why);

    if (rc < 0)
        return rc;
    s->options.number = ++s->number;
    return session_new(&s->session, &s->options, &s->feed, why);
}

int stage_start(struct stage *s, struct failure *why)
{
    int rc = s->session ? session_start(s->session, why) : 0;

    s->started = rc == 0 && s->session;
    return rc;
}

int stage_stop(struct stage *s, struct failure *why)
{
    if (s->directed) {
        desk_close(&s->feed.desk);
        pthread_join(s->director, NULL);
        s->directed = false;
    }
    if (!s->started)
        return 0;
    s->started = false;
    return session_stop(s->session, why);
}

void stage_close(struct stage *s)
{
    stage_stop(s, NULL);
    session_free(s->session);
    feed_release(&s->feed);
    text_release(&s->earlier);
    s->session = NULL;
}

const struct race_snapshot *stage_race(struct stage *s, bool *fresh)
{
    bool ignored;
    return exchange_front(&s->feed.race, fresh ? fresh : &ignored);
}

const struct probe_snapshot *stage_probe(struct stage *s)
{
    bool fresh;
    return exchange_front(&s->feed.probe, &fresh);
}

int stage_read_run(struct stage *s, const char *folder, struct failure *why)
{
    struct target target;
    int rc;

    if (!fsio_is_folder(folder))
        return fail(why, ERR_USAGE,
                    "%s: is no folder: give a run's folder, as heed train makes one", folder);
    if ((rc = target_find_path(folder, &target, why)) < 0)
        return rc;
    if ((rc = run_read_config(folder, &s->race, why)) < 0)
        return rc;
    return race_resolve(&s->race, why);
}
