#include "train/quality.h"

#include "task/images.h"

enum { LEARNING_STEPS = 20, LOOKS = 256 };

int quality_init(struct quality *q, const struct task *task, const struct kern *kern, int samples,
                 struct failure *why)
{
    int64_t held = images_held_out(task);
    *q = (struct quality){.task = task,
                          .samples = held && held < samples ? (int)held : samples};
    int code = judge_open(&q->judge, task, kern, why);
    if (code == 0 && sampler_init(&q->sampler, task->pixels, QUALITY_AT_ONCE) < 0)
        code = fail(why, ERR_MEMORY, "no memory for samples to be judged");
    if (code < 0)
        quality_release(q);
    return code;
}

void quality_release(struct quality *q)
{
    judge_release(&q->judge);
    sampler_release(&q->sampler);
    *q = (struct quality){0};
}

int quality_prepare(struct quality *q)
{
    if (q->ready)
        return 0;
    if (judge_learn(&q->judge, q->task, LEARNING_STEPS))
        return 1;
    int rc = 0;
    if (q->looked < QUALITY_REFERENCE) {
        rc = judge_real(&q->judge, q->task, false, q->looked, LOOKS, &q->reference);
        q->looked += LOOKS;
        return rc < 0 ? rc : 1;
    }
    struct moments held_out = {0}, noise = {0};
    rc = judge_real(&q->judge, q->task, true, 0, q->samples, &held_out);
    if (rc == 0)
        rc = judge_noise(&q->judge, q->samples, &noise);
    if (rc < 0)
        return rc;
    q->floor = frechet_distance(&held_out, &q->reference);
    q->ceiling = frechet_distance(&noise, &q->reference);
    q->ready = true;
    return 0;
}

void quality_begin(struct quality *q, uint64_t seed)
{
    q->seed = seed;
    q->done = 0;
    q->drawn = (struct moments){0};
    sampler_begin(&q->sampler, seed, 0, SAMPLER_STEPS);
}

bool quality_draw(struct quality *q, struct model *model)
{
    if (q->done >= q->samples)
        return false;
    sampler_step(&q->sampler, model);
    if (q->sampler.done < q->sampler.steps)
        return true;
    int some = q->samples - q->done < QUALITY_AT_ONCE ? q->samples - q->done : QUALITY_AT_ONCE;
    judge_look(&q->judge, q->sampler.batch.image, some, &q->drawn);
    q->done += some;
    sampler_begin(&q->sampler, q->seed, q->done, SAMPLER_STEPS);
    return q->done < q->samples;
}

double quality_distance(const struct quality *q)
{
    return frechet_distance(&q->drawn, &q->reference);
}
