/* Every model with every option against finite differences in double precision. */
#include "heed_test.h"
#include "gradient.h"
#include "small_model.h"

enum { SEQUENCES = 2 };

/* Places checked in each tensor: all of a small model's, or a sample where options or variants
   multiply. */
enum { THOROUGH = 250, VARIANT = 50, SAMPLE = 10, PRODUCT = 5 };

struct whole {
    struct model *model;
    struct batch batch;
};

static double whole_loss(void *ctx)
{
    struct whole *w = ctx;
    int scored;
    model_forward_batch(w->model, &w->batch);
    return model_loss(w->model, &w->batch, &scored);
}

static void check_model(const char *kind, const char *attention, const char *options, enum isa isa,
                        size_t places)
{
    struct whole w;
    struct team *team;
    struct rng rng;
    assert_int_equal(team_new(&team, 1, NULL), 0);
    w.model = small_model(kind, attention, options, SEQUENCES, true, kern_get(isa), team);
    w.batch = small_batch(w.model, SEQUENCES, 3);
    rng_seed(&rng, 3, RNG_TEST, 0);
    struct model *m = w.model;
    for (int i = 0; i < m->params.count; i++) { /* constants at the start would hide an error */
        const struct param *p = &m->params.list[i];
        for (size_t j = 0; j < p->size && p->std <= 0; j++)
            m->weights[p->offset + j] += (real)(0.2 * rng_normal(&rng));
    }
    model_zero_gradients(m);
    whole_loss(&w);
    model_backward(m, &w.batch);
    for (int i = 0; i < m->params.count; i++) {
        const struct param *p = &m->params.list[i];
        double error = gradient_error(p->name, p->size, m->weights + p->offset,
                                      m->gradients + p->offset, places, whole_loss, &w);
        if (!(error < 1e-6))
            stop_test("%s %s %s: %s: relative error %g\n", kind, attention, options, p->name,
                      error);
    }
    batch_release(&w.batch);
    model_free(m);
    team_free(team);
}

static void every_model_with_every_attention(void **state)
{
    (void)state;
    for (int i = 0; model_registry()[i]; i++)
        for (int j = 0; attn_registry()[j]; j++) {
            const struct model_ops *model = model_registry()[i];
            if (j && !model->has_attention)
                break;
            check_model(model->name, attn_registry()[j]->name, "model.layers=1", ISA_SCALAR,
                        j ? VARIANT : THOROUGH);
            check_model(model->name, attn_registry()[j]->name, "", ISA_REF, SAMPLE);
        }
}

static void every_option(void **state)
{
    (void)state;
    static const char *const options[] = {
        "model.norm=rms",
        "model.norm=none",
        "model.where=post",
        "model.where=post model.norm=rms",
        "model.where=post model.norm=none",
        "model.activation=relu",
        "model.activation=tanh",
        "model.position=sinusoidal",
        "model.position=none",
        "model.position=rope",
        "model.position=alibi",
        "model.embedding=onehot",
        "model.embedding=onehot model.position=none",
        "model.groups=1",
        "model.groups=2",
        "model.groups=8",
        "model.groups=2 model.groups_in=attn",
        "model.groups=3 model.groups_in=ffn",
        "model.layers=3 model.dim=7 model.heads=1 model.ffn=5",
        "attn.scale=0.7",
        "model.layers=5 model.patch=3 task.side=9",
        "model.layers=1 task.side=12", /* of images: more than two blocks of queries */
        "model.bias=no",
        "model.bias=no model.groups=2",
        "model.bias=no model.layers=2 model.where=post",
    };
    for (int i = 0; model_registry()[i]; i++)
        for (size_t o = 0; o < sizeof options / sizeof *options; o++)
            if (options_fit(model_registry()[i], attn_registry()[0], options[o]))
                check_model(model_registry()[i]->name, "dpa", options[o], ISA_SCALAR, SAMPLE);
}

static void options_of_blocks(void **state)
{
    (void)state;
    static const char *const options[] = {
        "model.activation=silu-gated",
        "model.activation=silu-gated model.groups=2",
        "model.layers=3 attn.keep_ends=yes",
        "model.layers=3 attn.keep_ends=no",
        "model.layers=3 attn.keep_ends=yes model.where=post model.groups=8",
        "model.position=rope",
        "model.position=alibi",
        "model.position=rope model.norm=rms model.activation=silu-gated model.bias=no",
    };
    for (int i = 0; model_registry()[i]; i++)
        for (int j = 0; attn_registry()[j] && model_registry()[i]->has_attention; j++)
            for (size_t o = 0; o < sizeof options / sizeof *options; o++)
                if (options_fit(model_registry()[i], attn_registry()[j], options[o]))
                    check_model(model_registry()[i]->name, attn_registry()[j]->name, options[o],
                                ISA_SCALAR, PRODUCT);
}

enum { KEYS = 2 * ATTN_BLOCK };

/* A block of a map: its last queries, from `first` on, and the keys they see. */
struct map {
    const struct attn_ops *ops;
    int keys, first;
    real z[2 * KEYS * ATTN_BLOCK], w[KEYS * ATTN_BLOCK], dw[KEYS * ATTN_BLOCK];
};

static double map_value(void *ctx)
{
    struct map *m = ctx;
    double sum = 0;
    m->ops->forward(m->keys, m->first, m->w, m->z);
    for (int at = 0; at < m->keys * ATTN_BLOCK; at++)
        sum += (double)(m->w[at] * m->dw[at]);
    return sum;
}

static void assert_masked(const struct map *m, const real *values)
{
    for (int j = 0; j < m->keys; j++)
        for (int lane = 0; lane < ATTN_BLOCK; lane++)
            if (j > m->first + lane && values[j * ATTN_BLOCK + lane] != 0)
                stop_test("%s: key %d of query %d is not masked\n", m->ops->name, j,
                          m->first + lane);
}

static void every_attention_map(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 4, RNG_TEST, 0);
    for (int i = 0; attn_registry()[i]; i++)
        for (int keys = 2; keys <= KEYS; keys += 1 + keys / 3)
            for (double size = 0.1; size < 5; size *= 3) {
                struct map m = {.ops = attn_registry()[i],
                                .keys = keys,
                                .first = keys > ATTN_BLOCK ? ATTN_BLOCK : 0};
                real dz[2 * KEYS * ATTN_BLOCK];
                size_t pairs = (size_t)keys * ATTN_BLOCK, count = pairs * attn_scores(m.ops);
                random_fill(&rng, count, m.z, size);
                for (size_t k = 0; k < count && m.ops->feature; k++)
                    m.z[k] = (real)fabs(m.z[k]); /* products of positive features */
                random_fill(&rng, pairs, m.dw, 1);
                map_value(&m);
                assert_masked(&m, m.w);
                m.ops->backward(keys, m.first, dz, m.dw, m.z, m.w);
                for (int s = 0; s < attn_scores(m.ops); s++)
                    assert_masked(&m, dz + s * pairs);
                double error = gradient_error(m.ops->name, count, m.z, dz, 60, map_value, &m);
                if (!(error < 1e-6))
                    stop_test("%s, %d keys, scores of size %g\n", m.ops->name, keys, size);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_attention_map),
        cmocka_unit_test(every_model_with_every_attention),
        cmocka_unit_test(every_option),
        cmocka_unit_test(options_of_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
