/* Checkpoints: written whole or not at all, read with distrust, applied whole or not at all. */
#include "heed_test.h"
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include "base/rng.h"
#include "base/text.h"
#include "scratch.h"
#include "store/run.h"

enum { SYMBOLS = 20 };
static struct team *team;

static int set_up(void **state)
{
    return team_new(&team, 1, NULL) < 0 ? -1 : scratch_make(state);
}

static int tear_down(void **state)
{
    team_free(team);
    return scratch_remove(state);
}

/* A small trained-looking model: random weights and moments. Settings: "key=value" up to NULL. */
struct trained {
    struct model *model;
    struct optim optim;
};

static void check(int result, const struct failure *why)
{
    if (result < 0)
        print_error("%s\n", why->text);
    assert_int_equal(result, 0);
}

static struct trained make(const char *cast, const char *setting, uint64_t seed)
{
    struct trained t = {0};
    struct plan plan = {0};
    struct failure why = {0};
    struct race_config *race = calloc(1, sizeof *race);
    char flag[80];
    snprintf(flag, sizeof flag, "race=%s", cast);
    check(plan_add_flag(&plan, flag, &why), &why);
    check(plan_add_flag(&plan, "model.dim=8", &why), &why);
    check(plan_add_flag(&plan, "task.context=8", &why), &why);
    check(plan_add_flag(&plan, "model.hidden=8", &why), &why);
    if (setting)
        check(plan_add_flag(&plan, setting, &why), &why);
    check(plan_build(&plan, race, &why), &why);
    check(model_resolve(&race->contestants[0], &why), &why);
    check(
        model_new(&t.model, &race->contestants[0], SYMBOLS, 2, true, kern_get(ISA_REF), team, &why),
        &why);
    model_init(t.model);
    check(optim_init(&t.optim, t.model), &why);
    struct rng rng;
    rng_seed(&rng, seed, RNG_TEST, 0);
    for (int i = 0; i < t.model->params.count; i++) {
        const struct param *p = &t.model->params.list[i];
        for (size_t k = p->offset; k < p->offset + p->size; k++) {
            t.model->weights[k] = (float)rng_normal(&rng);
            t.optim.m[k] = (float)rng_normal(&rng);
            if (t.optim.v)
                t.optim.v[k] = (float)rng_uniform(&rng);
        }
    }
    t.optim.step = 123;
    plan_release(&plan);
    free(race);
    return t;
}

static void drop(struct trained *t)
{
    optim_release(&t->optim);
    model_free(t->model);
}

static void save(const struct trained *t, const char *path, const char *contestant)
{
    struct failure why = {0};
    check(checkpoint_write(path, t->model, &t->optim, contestant, t->optim.step, 1.1, &why), &why);
}

static void same_numbers(const struct trained *a, const struct trained *b)
{
    for (int i = 0; i < a->model->params.count; i++) {
        const struct param *p = &a->model->params.list[i];
        size_t bytes = p->size * sizeof(real);
        assert_memory_equal(a->model->weights + p->offset, b->model->weights + p->offset, bytes);
        assert_memory_equal(a->optim.m + p->offset, b->optim.m + p->offset, bytes);
        assert_true(!a->optim.v == !b->optim.v);
        if (a->optim.v)
            assert_memory_equal(a->optim.v + p->offset, b->optim.v + p->offset, bytes);
    }
    assert_int_equal(a->optim.step, b->optim.step);
}

static void every_model_comes_back(void **state)
{
    (void)state;
    for (const struct model_ops *const *ops = model_registry(); *ops; ops++) {
        for (const struct attn_ops *const *attn = attn_registry(); *attn; attn++) {
            char cast[80];
            snprintf(cast, sizeof cast, (*ops)->has_attention ? "%s-%s" : "%s", (*ops)->name,
                     (*attn)->name);
            struct trained a = make(cast, NULL, 1), b = make(cast, NULL, 2);
            struct checkpoint c;
            struct failure why = {0};
            b.optim.step = 0;
            save(&a, in_scratch("every"), cast);
            check(checkpoint_read(&c, in_scratch("every"), &why), &why);
            check(checkpoint_apply(&c, b.model, &b.optim, &why), &why);
            same_numbers(&a, &b);
            assert_int_equal(c.step, 123);
            assert_true(c.train_seconds == 1.1);
            assert_string_equal(c.contestant, cast);
            assert_string_equal(c.isa, "ref");
            struct text before = {0}, after = {0};
            config_write(&a.model->config, &before);
            config_write(&c.config, &after);
            assert_string_equal(text_string(&before), text_string(&after));
            text_release(&before);
            text_release(&after);
            checkpoint_release(&c);
            drop(&a);
            drop(&b);
        }
    }
}

/* What Python will see, read without the code under test. */
static void file_is_plain_safetensors(void **state)
{
    (void)state;
    struct trained a = make("transformer-ea", NULL, 1);
    save(&a, in_scratch("plain"), "transformer-ea");
    size_t size;
    char *data = get_file(in_scratch("plain"), &size);
    uint64_t length;
    memcpy(&length, data, 8);
    assert_int_equal((8 + length) % 64, 0);
    json_t *header = json_loadb(data + 8, length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(header);
    static const char *const keys[] = {"format",     "version",       "step", "config",
                                       "contestant", "train_seconds", "isa"};
    json_t *meta = json_object_get(header, "__metadata__");
    assert_int_equal(json_object_size(meta), 7);
    for (int i = 0; i < 7; i++)
        assert_true(json_is_string(json_object_get(meta, keys[i])));
    assert_string_equal(json_string_value(json_object_get(meta, "format")), "heed-1");
    assert_string_equal(json_string_value(json_object_get(meta, "step")), "123");
    assert_string_equal(json_string_value(json_object_get(meta, "train_seconds")),
                        "1.1000000000000001");
    assert_string_equal(json_string_value(json_object_get(meta, "version")), HEED_VERSION);
    assert_contains(json_string_value(json_object_get(meta, "config")), "cast = transformer-ea");
    const struct param_table *params = &a.model->params;
    assert_int_equal(json_object_size(header), 1 + 3 * params->count);
    assert_int_equal(size, 8 + length + 12 * param_learned(params)); /* no padding inside */
    static const char *const prefixes[] = {"model.", "optim.m.", "optim.v."};
    const real *blocks[] = {a.model->weights, a.optim.m, a.optim.v};
    for (int b = 0; b < 3; b++) {
        for (int i = 0; i < params->count; i++) {
            const struct param *p = &params->list[i];
            char name[128];
            snprintf(name, sizeof name, "%s%s", prefixes[b], p->name);
            const char *type;
            json_t *shape;
            json_int_t from, to;
            assert_int_equal(json_unpack(json_object_get(header, name), "{ss so s[II!] !}", "dtype",
                                         &type, "shape", &shape, "data_offsets", &from, &to),
                             0);
            assert_string_equal(type, "F32");
            assert_int_equal(json_array_size(shape), p->rank);
            for (int d = 0; d < p->rank; d++)
                assert_int_equal(json_integer_value(json_array_get(shape, d)), p->shape[d]);
            assert_int_equal(to - from, p->size * 4);
            assert_memory_equal(data + 8 + length + from, blocks[b] + p->offset, p->size * 4);
        }
    }
    json_decref(header);
    free(data);
    drop(&a);
}

static void sgd_has_one_moment(void **state)
{
    (void)state;
    struct trained a = make("lstm", "train.optimizer=sgd", 1);
    struct trained b = make("lstm", "train.optimizer=sgd", 2);
    struct trained adamw = make("lstm", NULL, 3);
    struct checkpoint c;
    struct failure why = {0};
    assert_null(a.optim.v);
    save(&a, in_scratch("sgd"), "lstm");
    check(checkpoint_read(&c, in_scratch("sgd"), &why), &why);
    check(checkpoint_apply(&c, b.model, &b.optim, &why), &why);
    same_numbers(&a, &b);
    assert_int_equal(checkpoint_apply(&c, adamw.model, &adamw.optim, &why), ERR_INPUT);
    assert_contains(why.text, "tensor optim.v.");
    assert_contains(why.text, "is missing: it holds no optimiser to go on with");
    checkpoint_release(&c);
    save(&adamw, in_scratch("sgd"), "lstm");
    check(checkpoint_read(&c, in_scratch("sgd"), &why), &why);
    assert_int_equal(checkpoint_apply(&c, a.model, &a.optim, &why), ERR_INPUT);
    assert_contains(why.text, "tensor optim.v.");
    assert_contains(why.text, "is foreign to this model");
    checkpoint_release(&c);
    drop(&a);
    drop(&b);
    drop(&adamw);
}

static void weights_alone_can_be_looked_at(void **state)
{
    (void)state;
    struct trained a = make("mlp", NULL, 1), b = make("mlp", NULL, 2);
    struct checkpoint c;
    struct failure why = {0};
    const char *path = in_scratch("alone");
    check(checkpoint_write(path, a.model, NULL, "mlp-2", 50, 0, &why), &why);
    check(checkpoint_read(&c, path, &why), &why);
    assert_string_equal(c.contestant, "mlp-2"); /* the second copy of a cast */
    assert_int_equal(c.tensor_count, a.model->params.count);
    assert_int_equal(checkpoint_apply(&c, b.model, &b.optim, &why), ERR_INPUT);
    assert_contains(why.text, "tensor optim.m.");
    check(checkpoint_apply(&c, b.model, NULL, &why), &why);
    for (int i = 0; i < a.model->params.count; i++) {
        const struct param *p = &a.model->params.list[i];
        assert_memory_equal(a.model->weights + p->offset, b.model->weights + p->offset,
                            p->size * sizeof(real));
    }
    checkpoint_release(&c);
    drop(&a);
    drop(&b);
    /* Nor does a copy's number get in the way of what is its own. */
    a = make("lstm", "lstm.model.kind=mlp", 1);
    check(checkpoint_write(path, a.model, NULL, "lstm-2", 50, 0, &why), &why);
    check(checkpoint_read(&c, path, &why), &why);
    assert_string_equal(c.config.model.kind, "mlp");
    checkpoint_release(&c);
    drop(&a);
}

static void timeline_keeps_weights_by_step(void **state)
{
    (void)state;
    struct trained a = make("lstm", NULL, 1);
    struct run run = {.lock_fd = -1};
    struct checkpoint c;
    struct failure why = {0};
    strcpy(run.folder, in_scratch("timed"));
    check(run_write_timeline(&run, a.model, "lstm", 20, 0.5, &why), &why);
    check(run_write_timeline(&run, a.model, "lstm", 5000000000, 1, &why), &why);
    check(checkpoint_read(&c, in_scratch("timed/lstm/timeline/5000000000.safetensors"), &why),
          &why);
    checkpoint_release(&c);
    check(checkpoint_read(&c, in_scratch("timed/lstm/timeline/20.safetensors"), &why), &why);
    assert_int_equal(c.step, 20);
    assert_true(c.train_seconds == 0.5);
    assert_int_equal(c.tensor_count, a.model->params.count);
    checkpoint_release(&c);
    assert_int_equal(run_write_timeline(&run, a.model, "../lstm", 20, 0, &why), ERR_USAGE);
    drop(&a);
}

/* --- nothing by halves ----------------------------------------------------------------------- */

static void another_network_is_refused_whole(void **state)
{
    (void)state;
    static const struct {
        const char *cast, *setting, *message;
    } others[] = {
        {"transformer-dpa", NULL, "was trained with attn.kind = ea, wanted is dpa: use the"},
        {"cisformer-ea", NULL, "was trained with model.kind = transformer, wanted is cisformer"},
        {"transformer-ea", "attn.scale=0.5", "attn.scale"},
        {"transformer-ea", "model.layers=2", "model.layers"},
        {"transformer-ea", "task.context=9",
         "tensor model.pos.weight has shape (8, 8), not (9, 8)"},
    };
    struct trained a = make("transformer-ea", NULL, 1);
    struct checkpoint c;
    struct failure why = {0};
    save(&a, in_scratch("network"), "transformer-ea");
    check(checkpoint_read(&c, in_scratch("network"), &why), &why);
    for (int i = 0; i < 5; i++) {
        struct trained b = make(others[i].cast, others[i].setting, 2);
        struct trained untouched = make(others[i].cast, others[i].setting, 2);
        b.optim.step = untouched.optim.step = 7;
        assert_int_equal(checkpoint_apply(&c, b.model, &b.optim, &why), ERR_INPUT);
        assert_contains(why.text, others[i].message);
        same_numbers(&b, &untouched);
        drop(&b);
        drop(&untouched);
    }
    checkpoint_release(&c);
    drop(&a);
}

static void full_disk_keeps_the_old(void **state)
{
    (void)state;
    struct trained a = make("lstm", NULL, 1), b = make("lstm", NULL, 2);
    const char *path = in_scratch("disk");
    struct failure why = {0};
    struct checkpoint c;
    save(&a, path, "lstm");
    size_t size;
    free(get_file(path, &size));
    for (size_t limit = 0; limit < size - 200; limit += size / 7) {
        disk_ends_at(limit);
        int result = checkpoint_write(path, b.model, &b.optim, "lstm", 9, 0, &why);
        disk_ends_at(RLIM_INFINITY);
        assert_int_equal(result, ERR_IO);
        assert_contains(why.text, "disk: cannot be written: File too large: make room");
        check(checkpoint_read(&c, path, &why), &why);
        assert_int_equal(c.step, 123);
        checkpoint_release(&c);
        assert_int_equal(access(in_scratch("disk.tmp"), F_OK), -1);
    }
    drop(&a);
    drop(&b);
}

/* A child writes checkpoints of growing steps, each filled with its step, until it is killed. */
static void save_for_ever(struct trained *t, const char *path)
{
    for (int64_t step = t->optim.step + 1;; step++) {
        for (size_t k = 0; k < t->model->params.total; k++)
            t->model->weights[k] = t->optim.m[k] = t->optim.v[k] = (float)step;
        if (checkpoint_write(path, t->model, &t->optim, "lstm", step, 0, NULL) < 0)
            _exit(1);
    }
}

static void killed_writer_leaves_a_whole_checkpoint(void **state)
{
    (void)state;
    struct trained a = make("lstm", "model.dim=64", 1), b = make("lstm", "model.dim=64", 2);
    const char *path = in_scratch("killed");
    struct failure why = {0};
    save(&a, path, "lstm");
    int64_t before = a.optim.step;
    for (int i = 0; i < 15; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            save_for_ever(&a, path);
        struct timespec pause = {0, 4000000 + i * 1700000};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        struct checkpoint c;
        check(checkpoint_read(&c, path, &why), &why);
        check(checkpoint_apply(&c, b.model, &b.optim, &why), &why);
        checkpoint_release(&c);
        a.optim.step = b.optim.step;
        for (int p = 0; p < b.model->params.count && b.optim.step > before; p++) {
            const struct param *q = &b.model->params.list[p];
            for (size_t k = q->offset; k < q->offset + q->size; k++)
                if (b.model->weights[k] != (float)b.optim.step ||
                    b.optim.v[k] != (float)b.optim.step)
                    assert_int_equal(b.model->weights[k], b.optim.step);
        }
    }
    assert_true(b.optim.step > before);
    drop(&a);
    drop(&b);
}

static void numbers_gone_wrong_are_not_written(void **state)
{
    (void)state;
    struct trained a = make("lstm", NULL, 1);
    const char *path = in_scratch("gone");
    struct failure why = {0};
    save(&a, path, "lstm");
    size_t size;
    char *before = get_file(path, &size);
    const struct param *last = &a.model->params.list[a.model->params.count - 1];
    a.optim.v[last->offset + last->size - 1] = INFINITY;
    assert_int_equal(checkpoint_write(path, a.model, &a.optim, "lstm", 1, 0, &why), ERR_NUMBER);
    assert_contains(why.text, "gone: not written: optim.v.");
    a.model->weights[0] = NAN;
    assert_int_equal(checkpoint_write(path, a.model, &a.optim, "lstm", 1, 0, &why), ERR_NUMBER);
    char *after = get_file(path, NULL);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
    drop(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_comes_back),
        cmocka_unit_test(file_is_plain_safetensors),
        cmocka_unit_test(sgd_has_one_moment),
        cmocka_unit_test(weights_alone_can_be_looked_at),
        cmocka_unit_test(timeline_keeps_weights_by_step),
        cmocka_unit_test(another_network_is_refused_whole),
        cmocka_unit_test(full_disk_keeps_the_old),
        cmocka_unit_test(killed_writer_leaves_a_whole_checkpoint),
        cmocka_unit_test(numbers_gone_wrong_are_not_written),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
