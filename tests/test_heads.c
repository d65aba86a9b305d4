/* Heads that are changed, and the stream read between the layers, against the plain definitions of
   naive.h and against what the model itself says. */
#include "heed_test.h"
#include "naive.h"
#include "small_model.h"

enum { SEQUENCES = 3, HEADS = 4, SHOWN = 20 };

static struct team *teams[2]; /* of one thread, of two */

/* A model of two layers with two heads each, whose constants have left their start. */
static struct model *make(const char *kind, const char *attention, const char *options, int threads)
{
    struct model *m = small_model(kind, attention, options, SEQUENCES, false, kern_best(),
                                  teams[threads - 1]);
    struct rng rng;
    rng_seed(&rng, 1, RNG_TEST, 0);
    for (int i = 0; i < m->params.count; i++)
        for (size_t j = 0; j < m->params.list[i].size && m->params.list[i].std <= 0; j++)
            m->weights[m->params.list[i].offset + j] += (real)(0.2 * rng_normal(&rng));
    return m;
}

static void fill(int32_t *tokens, int positions)
{
    struct rng rng;
    rng_seed(&rng, 3, RNG_TEST, 1);
    for (int i = 0; i < positions * SEQUENCES; i++)
        tokens[i] = (int32_t)rng_below(&rng, SMALL_SYMBOLS);
}

/* Logits and every row of the stream, of each sequence. */
static void compare(const struct model *m, const int32_t *tokens, int positions, const char *what)
{
    static double expected[64][NAIVE_WIDE];
    int V = m->symbols, rows = model_lens_rows(m);
    real read[SEQUENCES * SMALL_SYMBOLS];
    assert_int_equal(rows, 2 * m->config.model.layers + 1);
    for (int row = 0; row < rows; row++) {
        model_lens(m, row, read);
        for (int s = 0; s < SEQUENCES; s++) {
            int32_t one[64];
            for (int t = 0; t < positions; t++)
                one[t] = tokens[t * SEQUENCES + s];
            naive_stream(m, positions, row, one, expected);
            const double *last = expected[positions - 1];
            for (int v = 0; v < V; v++)
                if (!(fabs((double)read[s * V + v] - last[v]) < 1e-4))
                    stop_test("%s: row %d sequence %d symbol %d: %g instead of %g\n", what, row, s, v,
                              (double)read[s * V + v], last[v]);
        }
    }
    /* The last row is what the model says, to the bit. */
    assert_memory_equal(read, m->logits + (size_t)(positions - 1) * SEQUENCES * (size_t)V,
                        sizeof read[0] * SEQUENCES * (size_t)V);
}

/* One map, as shown, is that of the whole model but for the change. */
static void compare_map(const struct model *m, int head, const float *whole, const float *changed)
{
    int n = m->positions;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            float w = whole[i * n + j], expected = w;
            if (m->changes[head] == HEAD_REMOVED)
                expected = 0;
            else if (m->changes[head] == HEAD_POSITIVE)
                expected = w < 0 ? 0 : w;
            else if (m->changes[head] == HEAD_UNIFORM)
                expected = j <= i ? 1 / (float)(i + 1) : 0;
            assert_true(changed[i * n + j] == expected);
        }
}

static void check(const char *kind, const char *attention, const char *options, int positions)
{
    unsigned char changes[HEADS] = {0};
    static float whole[SHOWN * SHOWN], changed[SHOWN * SHOWN];
    static real before[SHOWN * SEQUENCES * SMALL_SYMBOLS];
    int32_t tokens[SHOWN * SEQUENCES];
    char what[128];
    struct model *m = make(kind, attention, options, 1), *two = make(kind, attention, options, 2);
    fill(tokens, positions);
    bool is_signed = model_layer_attention(m, 0)->is_signed;
    for (int head = 0; head < HEADS; head++)
        for (int change = HEAD_WHOLE; change < HEAD_CHANGES; change++) {
            snprintf(what, sizeof what, "%s %s %s head %d change %d", kind, attention, options, head,
                     change);
            m->changes = two->changes = changes;
            model_forward(m, tokens, positions, SEQUENCES);
            memcpy(before, m->logits, sizeof before[0] * (size_t)(positions * SEQUENCES * SMALL_SYMBOLS));
            m->ops->attention(m, head / 2, head % 2, 1, whole, NULL);
            changes[head] = (unsigned char)change;
            changes[HEADS - 1 - head] = change == HEAD_UNIFORM ? HEAD_REMOVED : HEAD_WHOLE;
            model_forward(m, tokens, positions, SEQUENCES);
            compare(m, tokens, positions, what);
            if (head < 2) { /* a later layer's map hangs on what an earlier one gave */
                m->ops->attention(m, 0, head, 1, changed, NULL);
                compare_map(m, head, whole, changed);
            }
            /* Something changed, unless there is nothing below 0. */
            size_t bytes = sizeof before[0] * (size_t)(positions * SEQUENCES * SMALL_SYMBOLS);
            bool same = memcmp(before, m->logits, bytes) == 0;
            bool none = change == HEAD_WHOLE || (change == HEAD_POSITIVE && !is_signed);
            assert_true(same == none);
            model_forward(two, tokens, positions, SEQUENCES);
            assert_memory_equal(two->logits, m->logits, bytes);
            memset(changes, HEAD_WHOLE, sizeof changes);
        }
    model_free(m);
    model_free(two);
}

static void every_variant(void **state)
{
    (void)state;
    for (int j = 0; attn_registry()[j]; j++) {
        check("transformer", attn_registry()[j]->name, "task.context=20", 20);
        check("cisformer", attn_registry()[j]->name, "", 7);
    }
}

static void every_norm_and_place(void **state)
{
    (void)state;
    static const char *const options[] = {
        "model.norm=rms",           "model.norm=none",     "model.where=post",
        "model.where=post model.norm=none", "model.position=rope", "model.activation=silu-gated",
        "model.bias=no"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        check("transformer", "cog", options[i], 8);
        check("cisformer", "cog", options[i], 8);
    }
}

/* Linear attention takes a window of this span without maps, but for heads that are changed. */
static void linear_sums(void **state)
{
    (void)state;
    check("transformer", "linear", "task.context=128", 20);
}

/* Without changes the model is what it was, whatever was changed before. */
static void changes_leave_nothing_behind(void **state)
{
    (void)state;
    unsigned char changes[HEADS] = {HEAD_REMOVED, HEAD_UNIFORM, HEAD_POSITIVE, HEAD_WHOLE};
    int32_t tokens[8 * SEQUENCES];
    struct model *m = make("transformer", "cog", "", 1), *fresh = make("transformer", "cog", "", 1);
    fill(tokens, 8);
    m->changes = changes;
    model_forward(m, tokens, 8, SEQUENCES);
    m->changes = NULL;
    model_forward(m, tokens, 8, SEQUENCES);
    model_forward(fresh, tokens, 8, SEQUENCES);
    assert_memory_equal(m->logits, fresh->logits,
                        sizeof(real) * 8 * SEQUENCES * (size_t)SMALL_SYMBOLS);
    model_free(m);
    model_free(fresh);
}

static void who_has_no_stream(void **state)
{
    (void)state;
    static const char *const kinds[] = {"lstm", "mlp", "uvit"};
    for (int i = 0; i < 3; i++) {
        struct model *m = small_model(kinds[i], "dpa", "", SEQUENCES, false, kern_best(), teams[0]);
        assert_int_equal(model_lens_rows(m), 0);
        model_free(m);
    }
    struct model *m = small_model("transformer", "dpa", "", SEQUENCES, true, kern_best(), teams[0]);
    assert_int_equal(model_lens_rows(m), 0); /* training keeps nothing more */
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant),         cmocka_unit_test(every_norm_and_place),
        cmocka_unit_test(linear_sums),           cmocka_unit_test(changes_leave_nothing_behind),
        cmocka_unit_test(who_has_no_stream),
    };
    if (team_new(&teams[0], 1, NULL) || team_new(&teams[1], 2, NULL))
        return 1;
    int failed = cmocka_run_group_tests_name("heads", tests, NULL, NULL);
    team_free(teams[0]);
    team_free(teams[1]);
    return failed;
}
