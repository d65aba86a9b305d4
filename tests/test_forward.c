/* Every model's logits against the plain definitions of naive.h. */
#include "heed_test.h"
#include "naive.h"
#include "small_model.h"

enum { SEQUENCES = 3 };

static struct team *team;

static void naive_forward(const struct model *m, const int32_t *tokens, double (*out)[NAIVE_WIDE])
{
    int n = m->positions;
    if (m->ops->has_attention)
        naive_transformer(m, n, tokens, out);
    else if (m->ops->last_only)
        naive_mlp(m, n, tokens, out);
    else
        naive_lstm(m, n, tokens, out);
}

static void compare_images(const struct model *m, const struct batch *b, const char *attention,
                           const char *options)
{
    double expected[NAIVE_WIDE];
    for (int s = 0; s < SEQUENCES; s++) {
        size_t at = (size_t)s * m->symbols;
        naive_uvit(m, b->image + at, b->time[s], expected);
        for (int v = 0; v < m->symbols; v++)
            if (!(fabs((double)m->logits[at + v] - expected[v]) < 1e-4))
                stop_test("%s %s: image %d pixel %d: %g instead of %g\n", attention, options, s, v,
                          (double)m->logits[at + v], expected[v]);
    }
}

static void compare(const char *kind, const char *attention, const char *options)
{
    static double expected[64][NAIVE_WIDE];
    struct model *m = small_model(kind, attention, options, SEQUENCES, false, kern_best(), team);
    struct batch b = small_batch(m, SEQUENCES, 2);
    struct rng rng;
    rng_seed(&rng, 1, RNG_TEST, 0);
    for (int i = 0; i < m->params.count; i++) /* constants at the start would hide an error */
        for (size_t j = 0; j < m->params.list[i].size && m->params.list[i].std <= 0; j++)
            m->weights[m->params.list[i].offset + j] += (real)(0.2 * rng_normal(&rng));
    model_forward_batch(m, &b);
    if (m->ops->reads_images)
        compare_images(m, &b, attention, options);
    for (int s = 0; s < SEQUENCES && !m->ops->reads_images; s++) {
        int32_t tokens[64];
        for (int t = 0; t < b.positions; t++)
            tokens[t] = b.tokens[t * SEQUENCES + s];
        naive_forward(m, tokens, expected);
        for (int t = 0; t < m->logit_positions; t++)
            for (int v = 0; v < m->symbols; v++) {
                double got = (double)m->logits[(t * SEQUENCES + s) * m->symbols + v];
                /* ea magnifies rounding where all scores of a query are near 0 */
                if (!(fabs(got - expected[t][v]) < 1e-4))
                    stop_test("%s %s %s: position %d symbol %d: %g instead of %g\n", kind,
                              attention, options, t, v, got, expected[t][v]);
            }
    }
    batch_release(&b);
    model_free(m);
}

static void attentions(void **state)
{
    (void)state;
    for (int j = 0; attn_registry()[j]; j++) {
        compare("transformer", attn_registry()[j]->name, "");
        compare("transformer", attn_registry()[j]->name,
                "model.layers=1 task.context=20 attn.scale=0.6");
        compare("cisformer", attn_registry()[j]->name, "model.layers=3 attn.keep_ends=yes");
        compare("cisformer", attn_registry()[j]->name, "model.layers=3");
        compare("uvit", attn_registry()[j]->name, "model.layers=3 attn.keep_ends=yes task.side=12");
        compare("uvit", attn_registry()[j]->name,
                "model.layers=6 task.side=9 model.patch=3 attn.scale=0.6 model.norm=rms");
        static const char *const positions[] = {
            "model.position=rope model.dim=24 model.heads=3",
            "model.position=alibi model.dim=24 model.heads=3 task.context=20"};
        for (int p = 0; p < 2; p++)
            if (position_fits(attn_registry()[j], positions[p])) {
                compare("transformer", attn_registry()[j]->name, positions[p]);
                compare("cisformer", attn_registry()[j]->name, positions[p]);
            }
    }
}

static void options(void **state)
{
    (void)state;
    static const char *const list[] = {
        "model.norm=rms",
        "model.norm=none",
        "model.where=post",
        "model.where=post model.norm=rms",
        "model.activation=relu",
        "model.activation=tanh",
        "model.position=sinusoidal",
        "model.position=none",
        "model.embedding=onehot",
        "model.layers=3",
        "model.layers=1",
        "model.dim=12 model.heads=3",
        "model.groups=3",
        "model.groups=5 task.context=11",
        "model.groups=4 model.groups_in=attn",
        "model.groups=2 model.groups_in=ffn",
        "model.bias=no",
        "model.bias=no model.norm=rms model.groups=2",
    };
    for (int i = 0; model_registry()[i]; i++) {
        for (size_t o = 0; o < sizeof list / sizeof *list; o++)
            if (options_fit(model_registry()[i], attn_registry()[0], list[o]))
                compare(model_registry()[i]->name, "dpa", list[o]);
        if (options_fit(model_registry()[i], attn_registry()[0], "model.groups=3") &&
            model_registry()[i]->has_attention)
            compare(model_registry()[i]->name, "dpa", "model.activation=silu-gated model.groups=3");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attentions),
        cmocka_unit_test(options),
    };
    if (team_new(&team, 2, NULL))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    team_free(team);
    return failed;
}
