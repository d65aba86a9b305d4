#include "train/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include "base/arena.h"
#include "base/clock.h"
#include "base/process.h"
#include "base/team.h"
#include "train/race.h"

/* Attention and sizes are spelt out, so that a case stays the same when a default moves. */
#define TINY "task.context=32", "train.batch=64", "model.dim=32"

static const struct bench_case cases[] = {
    {"tiny-transformer",
     {"model.kind=transformer", "attn.kind=dpa", TINY, "model.heads=4", "model.layers=1"}},
    {"tiny-cisformer",
     {"model.kind=cisformer", "attn.kind=ea", TINY, "model.heads=4", "model.layers=1",
      "model.groups=32"}},
    {"tiny-lstm", {"model.kind=lstm", TINY, "model.layers=1"}},
    {"tiny-mlp", {"model.kind=mlp", TINY, "model.hidden=256", "model.layers=2"}},
    {"small-transformer",
     {"model.kind=transformer", "attn.kind=dpa", "task.context=128", "train.batch=16",
      "model.dim=128", "model.heads=4", "model.layers=4"}},
    {"medium-transformer",
     {"model.kind=transformer", "attn.kind=dpa", "task.context=256", "train.batch=4",
      "model.dim=256", "model.heads=8", "model.layers=6"}},
    {"text",
     {"model.kind=transformer", "attn.kind=cog", "task.kind=text", "task.context=128",
      "train.batch=16", "model.dim=128", "model.heads=4", "model.layers=4", "model.ffn=352",
      "model.position=rope", "model.norm=rms", "model.activation=silu-gated", "model.bias=no"}},
    {"images",
     {"model.kind=uvit", "attn.kind=dpa", "task.kind=images", "task.side=16", "train.batch=16",
      "model.patch=2", "model.dim=128", "model.heads=4", "model.layers=5"}},
};

const struct bench_case *bench_cases(int *count)
{
    *count = (int)(sizeof cases / sizeof *cases);
    return cases;
}

static bool is_looked_up(const struct param *p)
{
    return strcmp(p->name, "embed.weight") == 0 || strcmp(p->name, "pos.weight") == 0;
}

/* Rows that a matrix is multiplied with: of images the time is one of them, the patches the others. */
static double rows_of(const struct model *model, const struct param *p, int positions, int sequences)
{
    double rows = (double)sequences * (model->ops->last_only ? 1 : positions);
    if (model->ops->reads_images && strcmp(p->name, "time.weight") == 0)
        return sequences;
    bool patches = strcmp(p->name, "patch.weight") == 0 || strcmp(p->name, "head.weight") == 0;
    return model->ops->reads_images && patches ? rows - sequences : rows;
}

double bench_gflop(const struct model *model, int positions, int sequences)
{
    double products = 0;
    for (int i = 0; i < model->params.count; i++) {
        const struct param *p = &model->params.list[i];
        bool matrix = p->rank >= 2 && p->decay; /* biases of weight groups have two axes as well */
        if (matrix && !is_looked_up(p))
            products += (double)p->size / (p->rank == 3 ? p->shape[0] : 1) *
                        rows_of(model, p, positions, sequences);
    }
    double attention = sequences * model_attention_products(model, positions);
    return 2e-9 * (3 * products + attention);
}

/* --- ceilings -------------------------------------------------------------------------------- */

/* Caches of today hold up to some tens of megabytes; a copy touches twice this much. */
static const size_t copy_bytes = (size_t)128 << 20;
enum { PAGE = 4096 };

struct limit_job {
    const struct kern *kern;
    int64_t rounds;
    unsigned char *from, *to;
    volatile real sink; /* keeps the products */
};

static void peak_part(void *arg, int part, int parts)
{
    struct limit_job *j = arg;
    (void)parts;
    real sum = j->kern->peak(j->rounds, (real)0.999, (real)0.001);
    if (part == 0)
        j->sink = sum;
}

static void copy_part(void *arg, int part, int parts)
{
    struct limit_job *j = arg;
    int pages = (int)(copy_bytes / PAGE);
    size_t first = (size_t)team_first(part, parts, pages, 1) * PAGE;
    size_t last = (size_t)team_first(part + 1, parts, pages, 1) * PAGE;
    memcpy(j->to + first, j->from + first, last - first);
}

/* Seconds of the fastest of the runs that fit into `seconds`, at least one. */
static double fastest(struct team *team, team_job *job, struct limit_job *j, double seconds)
{
    double begin = clock_now(), best = INFINITY, now = begin;
    do {
        double before = now;
        team_run(team, job, j);
        now = clock_now();
        best = fmin(best, now - before);
    } while (now - begin < seconds);
    return best;
}

int bench_ceilings(struct bench_ceilings *best, const struct kern *kern, int threads,
                   double seconds, struct failure *why)
{
    enum { BURSTS = 16 };
    struct limit_job j = {.kern = kern, .rounds = 1024};
    struct team *team = NULL;
    int code = team_new(&team, threads, why);
    if (code < 0)
        return code;
    j.from = malloc(copy_bytes);
    j.to = malloc(copy_bytes);
    if (!j.from || !j.to) {
        code =
            fail(why, ERR_MEMORY, "no memory for two blocks of %zu MB to copy", copy_bytes >> 20);
        goto out;
    }
    memset(j.from, 1, copy_bytes); /* pages that nothing was written to are one page */
    memset(j.to, 1, copy_bytes);
    double took;
    while ((took = fastest(team, peak_part, &j, 0)) < seconds / 2 / BURSTS)
        j.rounds *= 2;
    took = fmin(took, fastest(team, peak_part, &j, seconds / 2));
    double adds = (double)j.rounds * KERN_PEAK_CHAINS * kern->lanes * threads;
    best->peak_gflops = fmax(best->peak_gflops, 2e-9 * adds / took);
    took = fastest(team, copy_part, &j, seconds / 2);
    best->copy_gbs = fmax(best->copy_gbs, 2e-9 * (double)copy_bytes / took);
out:
    free(j.from);
    free(j.to);
    team_free(team);
    return code;
}

/* --- training -------------------------------------------------------------------------------- */

static double resident_mb(void)
{
    int64_t bytes = process_resident();
    return bytes > 0 ? (double)bytes * 1e-6 : NAN;
}

/* What earlier cases gave back must not count as memory of the next one. */
static void return_memory(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, int n)
{
    qsort(x, (size_t)n, sizeof *x, by_size);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Steps until both are reached: `steps` and `seconds`; *done of them, at most `capacity`, are timed
   into took. */
static int steps_for(struct race *race, int steps, double seconds, double *took, int capacity,
                     int *done, struct failure *why)
{
    double begin = clock_now(), now = begin;
    for (*done = 0; *done < capacity && (*done < steps || now - begin < seconds); ++*done) {
        double before = now;
        int code = race_train_one(race, 0, why);
        if (code < 0)
            return code;
        now = clock_now();
        took[*done] = now - before;
    }
    return 0;
}

int bench_train(struct bench_result *out, const struct race_config *config, const struct kern *kern,
                double seconds, struct failure *why)
{
    enum { WARM_STEPS = 5 };
    static const double warm_share = 0.1;
    struct race *race = NULL;
    *out = (struct bench_result){0};
    return_memory();
    int code = race_new(&race, config, kern, true, why);
    double *took = malloc(BENCH_MOST * sizeof *took);
    if (code == 0 && !took)
        code = fail(why, ERR_MEMORY, "no memory for %d times", BENCH_MOST);
    if (code == 0)
        code =
            steps_for(race, WARM_STEPS, warm_share * seconds, took, BENCH_MOST, &out->steps, why);
    if (code == 0)
        code = steps_for(race, BENCH_STEPS, seconds, took, BENCH_MOST, &out->steps, why);
    if (code == 0) {
        const struct model *model = race->contestants[0].model;
        const struct batch *batch = &race->batch;
        out->resident_mb = resident_mb();
        out->parameters = model_parameters(model);
        out->ms_per_step = 1e3 * median(took, out->steps);
        out->tokens_per_step = (double)batch->positions * batch->sequences;
        out->gflop_per_step = bench_gflop(model, batch->positions, batch->sequences);
    }
    free(took);
    race_free(race);
    return code;
}
