#include "cli/sweep_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/listing.h"

void sweep_report_run(const struct board *b, int run, struct text *out)
{
    char name[SWEEP_NAME];

    sweep_run_name(&b->sweep, run, name);
    for (int i = b->first[run]; i < b->first[run + 1]; i++) {
        const struct sweep_result *r = &b->results[i];
        double low, high;
        score_wilson(r->acc, &low, &high);
        text_addf(out, "%s  %s  ", name, r->contestant);
        if (r->state == SWEEP_FAILED)
            text_addf(out, "failed at step %lld\n", (long long)r->step);
        else
            text_addf(out, "acc %.3f [%.3f, %.3f] n %lld  %.1f s\n", score_value(r->acc), low, high,
                      (long long)r->acc.count, r->seconds);
    }
}

/* "0.01, best of 3"; what it was chosen from belongs to it. */
static void rate_text(const struct sweep_group *g, char *out, size_t size)
{
    if (g->rates > 1)
        snprintf(out, size, "%.4g, best of %d", g->rate, g->rates);
    else
        snprintf(out, size, "%.4g", g->rate);
}

static void add_group(const struct sweep *s, const struct sweep_group *g, struct listing *l)
{
    char places[SWEEP_NAME] = "", acc[64], rate[48], seeds[64], n[32];
    size_t used = 0;

    for (int i = 0; i < s->axis_count; i++)
        if (g->place[i] >= 0 && used < sizeof places)
            used += (size_t)snprintf(places + used, sizeof places - used, "%s%s %s",
                                     used ? ", " : "", sweep_axis_name(s, i),
                                     s->axis[i].value[g->place[i]]);
    if (g->rates == 0) {
        listing_row(l, places, g->contestant, g->damaged ? "damaged" : "-", "", "", "", "");
        return;
    }
    snprintf(acc, sizeof acc, "%.3f [%.3f, %.3f]%s%s", g->mean, g->low, g->high,
             g->provisional ? " so far" : "", g->damaged ? ", some damaged" : "");
    rate_text(g, rate, sizeof rate);
    if (g->seeds > 1)
        snprintf(seeds, sizeof seeds, "%d, best %.3f (%lld)", g->seeds, g->best,
                 (long long)g->best_seed);
    else
        snprintf(seeds, sizeof seeds, "1 (%lld)", (long long)g->best_seed);
    snprintf(n, sizeof n, "%lld", (long long)g->count);
    char seconds[32];
    snprintf(seconds, sizeof seconds, "%.1f", g->seconds);
    listing_row(l, places, g->contestant, acc, n, rate, seeds, seconds);
}

static int report_table(const struct board *b, struct text *out, struct failure *why)
{
    struct listing l = {0};
    struct sweep_group *groups = calloc((size_t)b->count + 1, sizeof *groups);
    int count = groups ? sweep_groups(&b->sweep, b->results, b->count, groups) : ERR_MEMORY, rc;

    if (count < 0) {
        free(groups);
        return fail(why, ERR_MEMORY, "%s: out of memory", b->folder);
    }
    listing_columns(&l, "at|contestant|accuracy [95 %]|n|rate|seeds|seconds");
    for (int g = 0; g < count; g++)
        add_group(&b->sweep, &groups[g], &l);
    rc = listing_write(&l, false, out, why);
    text_addf(out, "95 %%: bootstrap over seeds, Wilson's where there is one seed; n: numbers each was "
                   "measured on\n");
    listing_release(&l);
    free(groups);
    return rc;
}

int sweep_report(const struct board *b, bool json, struct text *out, struct failure *why)
{
    char path[FSIO_PATH], *data;
    size_t size;
    int rc;

    if (!json)
        return report_table(b, out, why);
    if ((rc = fsio_join(path, b->folder, "table.json", why)) < 0 ||
        (rc = fsio_read(path, 1 << 28, &data, &size, why)) < 0)
        return rc;
    text_add_bytes(out, data, size);
    free(data);
    return 0;
}
