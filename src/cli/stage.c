#include "cli/stage.h"

#include <string.h>

#include "cli/target.h"
#include "base/fsio.h"
#include "kern/kern.h"
#include "store/run.h"

int stage_open(struct stage *s, const struct args *args, const struct session_options *options,
               struct failure *why)
{
    struct session_options o = *options;
    int rc;

    o.race = &s->race;
    if ((rc = kern_by_name(args->isa, &o.kern, why)) < 0)
        return rc;
    if ((rc = feed_init(&s->feed, &s->race, why)) < 0)
        return rc;
    return session_new(&s->session, &o, &s->feed, why);
}

int stage_start(struct stage *s, struct failure *why)
{
    int rc = session_start(s->session, why);

    s->started = rc == 0;
    return rc;
}

int stage_stop(struct stage *s, struct failure *why)
{
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
    if ((rc = target_find(folder, &target, why)) < 0)
        return rc;
    if ((rc = run_read_config(folder, &s->race, why)) < 0)
        return rc;
    return race_resolve(&s->race, why);
}
