/* Texts: vocabulary, split, windows, what is measured and what is written. */
#include "heed_test.h"
#include <math.h>
#include <string.h>
#include "base/fsio.h"
#include "race_fixture.h"
#include "scratch.h"
#include "task/corpus.h"
#include "tasks.h"
#include "train/draw.h"

static int read_text(struct corpus *c, struct alphabet *a, enum alphabet_kind kind,
                     const char *data, size_t size, struct failure *why)
{
    *a = (struct alphabet){.kind = kind};
    return corpus_read(c, a, data, size, 0.1, 2, "t", why);
}

/* Every character once, ascending, whatever the order in the text. */
static void test_vocabulary(void **state)
{
    (void)state;
    static const char text[] = "b\xC3\xA4 a\n\t\xE4\xB8\xAD\xF0\x9F\x98\x80 e\xCC\x81 \xE2\x90\xA3"
                               "aaaaaaaa\0bbbbbbbbbbbbbbbb";
    static const char *const names[] = {"\\x00", "\\t", "\xE2\x86\xB5", "\xE2\x90\xA3", "a", "b",
                                        "e", "\xC3\xA4", "\\u0301", "\\u2423", "\\u4e2d",
                                        "\\u1f600"};
    struct corpus c;
    struct alphabet a;
    assert_int_equal(read_text(&c, &a, ALPHABET_CHARACTERS, text, sizeof text - 1, NULL), 0);
    assert_int_equal(a.count, 12);
    for (int i = 0; i < a.count; i++) {
        assert_string_equal(a.name[i], names[i]);
        assert_int_equal(alphabet_find(&a, names[i]), i);
        assert_int_equal(alphabet_find_code(&a, a.code[i]), i);
        assert_int_equal(a.control[i], -1);
        assert_true(i == 0 || a.code[i] > a.code[i - 1]);
    }
    assert_int_equal(a.code[11], 0x1f600);
    assert_int_equal(alphabet_find_code(&a, 'c'), -1);
    static const int first[] = {5, 7, 3, 4, 2, 1, 10, 11, 3, 6, 8, 3, 9, 4};
    for (int i = 0; i < 14; i++)
        assert_int_equal(c.symbols[i], first[i]);
    assert_int_equal(c.count, 38);
    assert_true(fabs(c.most - 17.0 / 38) < 1e-12);
    corpus_release(&c);

    assert_int_equal(read_text(&c, &a, ALPHABET_BYTES, text, sizeof text - 1, NULL), 0);
    assert_int_equal(c.count, (int)sizeof text - 1);
    assert_int_equal(alphabet_find(&a, "\\xc3"), alphabet_find_code(&a, 0xc3));
    assert_int_equal(a.code[alphabet_find(&a, "\\xe4")], 0xe4);
    corpus_release(&c);
}

/* A mark at the beginning is no character; the same further on is one. */
static void test_byte_order_mark(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF" "abababababababababab\xEF\xBB\xBF" "aaaaaaaaa";
    struct corpus c;
    struct alphabet a;
    assert_int_equal(read_text(&c, &a, ALPHABET_CHARACTERS, text, sizeof text - 1, NULL), 0);
    assert_int_equal(c.count, 30);
    assert_int_equal(a.count, 3);
    assert_string_equal(a.name[2], "\\ufeff");
    corpus_release(&c);
    assert_int_equal(read_text(&c, &a, ALPHABET_BYTES, text, sizeof text - 1, NULL), 0);
    assert_int_equal(c.count, 35);
    corpus_release(&c);
}

static void assert_refused(const char *data, size_t size, const char *message)
{
    struct corpus c;
    struct alphabet a;
    struct failure why;
    assert_int_equal(read_text(&c, &a, ALPHABET_CHARACTERS, data, size, &why), ERR_INPUT);
    assert_string_equal(why.text, message);
    assert_null(c.symbols);
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const broken[] = {"aaaa\x80", "aaaa\xC3", "aaaa\xC0\x80", "aaaa\xED\xA0\x80",
                                         "aaaa\xF4\x90\x80\x80", "aaaa\xFF."};
    static const char *const bytes[] = {"80", "c3", "c0", "ed", "f4", "ff"};
    for (int i = 0; i < 6; i++) {
        char message[128];
        snprintf(message, sizeof message, "t: byte 5 (0x%s) is no UTF-8: set task.unit=byte, or "
                                          "convert the file", bytes[i]);
        assert_refused(broken[i], strlen(broken[i]), message);
    }
    assert_refused("", 0, "t: is empty: name a file with text");
    assert_refused("\xEF\xBB\xBF", 3, "t: is empty: name a file with text");
    assert_refused("abcdefghijklmnopqrs", 19,
                   "t: of its 19 symbols 1 are held out and 18 trained on, but windows take 2: choose "
                   "a longer file, a smaller task.context or another task.held_out");
    struct text many = {0};
    for (uint32_t code = 0x400; code <= 0x400 + MAX_SYMBOLS; code++) {
        char one[4];
        text_add_bytes(&many, one, (size_t)text_encode(code, one));
    }
    struct corpus c;
    struct alphabet a;
    assert_int_equal(read_text(&c, &a, ALPHABET_CHARACTERS, many.data, many.length - 2, NULL), 0);
    assert_int_equal(a.count, MAX_SYMBOLS);
    corpus_release(&c);
    assert_refused(many.data, many.length,
                   "t: holds 513 different characters, more than 512: set task.unit=byte");
    text_release(&many);
}

/* A text in which every symbol tells where it stands: 20 lines, each of the next letter. */
static const char *letters_file(void)
{
    struct text t = {0};
    for (int line = 0; line < 20; line++)
        for (int i = 0; i < 50; i++)
            text_addf(&t, "%c", i == 49 ? '\n' : 'a' + line);
    assert_int_equal(fsio_replace(in_scratch("letters"), t.data, t.length, NULL), 0);
    text_release(&t);
    return in_scratch("letters");
}

static struct task *letters(const char *more)
{
    char words[1024];
    snprintf(words, sizeof words, "task.kind=text task.context=16 task.file=%s%s", letters_file(), more);
    return make_task(words);
}

/* 1000 characters of which the last 100 (two letters, 't' and 's') are held out: no training window holds
   one, and every place before them is in some. */
static void test_the_split_never_leaks(void **state)
{
    (void)state;
    enum { T = 16, B = 32 };
    struct task *task = letters("");
    struct batch batch;
    int first_s = alphabet_find(&task->alphabet, "s"), newest = 0, begins[21] = {0};
    assert_int_equal(batch_init(&batch, T, B), 0);
    for (int64_t step = 0; step < 200; step++) {
        task_sample(task, step, &batch);
        for (int b = 0; b < B; b++) {
            begins[batch.tokens[b]]++;
            for (int t = 0; t < T; t++) {
                size_t at = (size_t)t * B + (size_t)b;
                assert_true(batch.tokens[at] < first_s && batch.targets[at] < first_s);
                newest = batch.targets[at] > newest ? batch.targets[at] : newest;
                assert_true(batch.scored[at] == 1 && batch.number[at] == 1);
                if (t + 1 < T)
                    assert_int_equal(batch.targets[at], batch.tokens[at + B]);
            }
        }
    }
    assert_int_equal(newest, first_s - 1);
    for (int letter = 1; letter < first_s; letter++) /* 0 is the new line */
        assert_in_range(begins[letter], letter == first_s - 1 ? 120 : 250, 470);
    batch_release(&batch);
    task_free(task);
}

/* The held-out part in its order, from its beginning, round again after its end. */
static void test_the_held_out_text_is_read_once(void **state)
{
    (void)state;
    struct task *task = letters(" task.held_out=0.2");
    const struct corpus *c = task->state;
    struct task_reader reader;
    struct batch batch;
    assert_int_equal(c->train, 800);
    assert_int_equal(task->test_windows, 199 / 16);
    assert_int_equal(batch_init(&batch, 16, 5), 0);
    assert_int_equal(task_reader_init(&reader, task, RNG_EVAL), 0);
    for (int w = 0; w < 15; w++) {
        if (w % 5 == 0)
            task_read(&reader, &batch);
        for (int t = 0; t < 16; t++) {
            int at = w * 16 + t;
            assert_int_equal(batch.tokens[t * 5 + w % 5], c->symbols[800 + at % 200]);
            assert_int_equal(batch.targets[t * 5 + w % 5], c->symbols[800 + (at + 1) % 200]);
        }
    }
    task_reader_release(&reader);
    batch_release(&batch);
    task_free(task);
}

/* Window b of step s is window b + s B of step 0, in one thread or many. */
static void test_the_law_of_windows(void **state)
{
    (void)state;
    struct task *task = make_task("task.kind=text task.context=24"),
                *other = make_task("task.kind=text task.context=24 train.seed=2");
    struct batch four, one, parts;
    assert_int_equal(batch_init(&four, 24, 4) | batch_init(&one, 24, 1) | batch_init(&parts, 24, 4), 0);
    int same = 0;
    for (int64_t step = 0; step < 30; step++) {
        task_sample(task, step, &four);
        for (int part = 2; part >= 0; part--)
            task_sample_part(task, step, &parts, part, 3);
        assert_memory_equal(four.tokens, parts.tokens, 24 * 4 * sizeof *four.tokens);
        assert_memory_equal(four.targets, parts.targets, 24 * 4 * sizeof *four.targets);
        for (int b = 0; b < 4; b++) {
            task_sample(task, 4 * step + b, &one);
            for (int t = 0; t < 24; t++)
                assert_int_equal(four.tokens[t * 4 + b], one.tokens[t]);
            task_sample(other, 4 * step + b, &one);
            bool equal = true;
            for (int t = 0; t < 24; t++)
                equal = equal && four.tokens[t * 4 + b] == one.tokens[t];
            same += equal;
        }
    }
    assert_true(same < 3);
    batch_release(&four), batch_release(&one), batch_release(&parts);
    task_free(task), task_free(other);
}

/* A head of zeros expects every symbol alike: log2 V bits, right where symbol 0 comes. One that knows
   each share costs the entropy; with a bias alone the share is right everywhere. */
static void test_bits_of_known_distributions(void **state)
{
    (void)state;
    char words[1100];
    snprintf(words, sizeof words, "task.file=%s", letters_file());
    struct race *race = make_race(1, (const char *const[]){"race=transformer-dpa", "task.kind=text",
                                                           "task.held_out=0.2", words, NULL});
    struct model *m = race->contestants[0].model;
    const struct param *head = param_find(&m->params, "head.weight"),
                       *bias = param_find(&m->params, "head.bias");
    struct evaluation e;
    int V = race->task->alphabet.count;
    assert_int_equal(V, 21);
    memset(m->weights + head->offset, 0, head->size * sizeof(real));
    assert_int_equal(race_evaluate(race, 0, 1000, &e, NULL), 0);
    assert_int_equal(e.windows, 12); /* all that there are */
    assert_int_equal(e.loss_count, 12 * 16);
    assert_int_equal(e.acc.count, 12 * 16);
    assert_int_equal(e.all.count, 12 * 16);
    assert_true(fabs(loss_bits(e.loss) - log2(21)) < 1e-6);
    assert_int_equal(e.acc.right, 3); /* new lines among targets 1 to 192: at 49, 99 and 149 */

    /* Held out are q, r, s and t with new lines: the first 192 targets hold 48, 49, 49, 43 and 3. */
    static const int often[] = {3, 48, 49, 49, 43};
    double entropy = 0;
    for (int v = 0; v < V; v++)
        m->weights[bias->offset + (size_t)v] = -100;
    for (int i = 0; i < 5; i++) {
        m->weights[bias->offset + (size_t)(i ? 16 + i : 0)] = (real)log(often[i] / 192.0);
        entropy -= often[i] / 192.0 * log2(often[i] / 192.0);
    }
    assert_int_equal(race_evaluate(race, 0, 1000, &e, NULL), 0);
    assert_true(fabs(loss_bits(e.loss) - entropy) < 1e-5);
    race_free(race);
}

static void test_texts_read_and_written(void **state)
{
    (void)state;
    struct task *task = make_task("task.kind=text"), *bytes = make_task("task.kind=text task.unit=byte");
    struct text out = {0};
    struct failure why;
    int ids[64], n = alphabet_parse(&task->alphabet, "heed's page\n\xC3\xA9", ids, 64, &why);
    assert_int_equal(n, 13);
    alphabet_write(&task->alphabet, ids, n, &out);
    assert_string_equal(text_string(&out), "heed's page\n\xC3\xA9");
    assert_int_equal(alphabet_parse(&task->alphabet, "a\xE4\xB8\xAD", ids, 64, &why), ERR_USAGE);
    assert_non_null(strstr(why.text, "\xE4\xB8\xAD: does not occur in the text"));
    assert_int_equal(alphabet_parse(&task->alphabet, "abc", ids, 2, &why), ERR_USAGE);

    /* Two bytes of one character are one again; half of one, or a control, is escaped. */
    text_reset(&out);
    n = alphabet_parse(&bytes->alphabet, "\xC3\xA9\xC3", ids, 64, &why);
    assert_int_equal(n, 3);
    alphabet_write(&bytes->alphabet, ids, n, &out);
    assert_string_equal(text_string(&out), "\xC3\xA9\\xc3");
    struct alphabet a = {.kind = ALPHABET_CHARACTERS, .count = 4};
    static const uint32_t codes[] = {0, '\t', 0x1b, 0x9b};
    for (int i = 0; i < 4; i++)
        alphabet_set_code(&a, i, codes[i]);
    text_reset(&out);
    alphabet_write(&a, (const int[]){0, 1, 2, 3}, 4, &out);
    assert_string_equal(text_string(&out), "\\x00\t\\x1b\\xc2\\x9b");
    text_release(&out);
    task_free(task), task_free(bytes);
}

/* Shares of 100,000 draws; only the k most probable; temperature 0. */
static void test_draws(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    const real logits[4] = {0, 2, 1, 2};
    struct rng rng;
    rng_seed(&rng, 1, RNG_TEST, 0);
    for (int k = 0; k < 4; k++)
        for (int warm = 1; warm <= 2; warm++) {
            struct drawing d = {warm, k};
            int count[4] = {0};
            double share[4], sum = 0;
            for (int v = 0; v < 4; v++) {
                bool open = k == 0 || v == 1 || (v == 3 && k > 1) || (v == 2 && k > 2);
                share[v] = open ? exp((double)logits[v] / warm) : 0;
                sum += share[v];
            }
            for (int i = 0; i < DRAWS; i++)
                count[draw_symbol(&d, logits, 4, &rng)]++;
            for (int v = 0; v < 4; v++) {
                double p = share[v] / sum, error = 5 * sqrt(p * (1 - p) * DRAWS);
                assert_true(fabs(count[v] - p * DRAWS) <= error);
            }
        }
    struct drawing cold = {0, 0};
    for (int i = 0; i < 100; i++)
        assert_int_equal(draw_symbol(&cold, logits, 4, &rng), 1);
}

/* What the text has after the longest stretch that agrees. */
static void test_going_on(void **state)
{
    (void)state;
    struct task *task = letters(" task.held_out=0.2");
    const struct corpus *c = task->state;
    struct rng rng;
    int16_t history[40];
    rng_seed(&rng, 1, RNG_TEST, 0);
    for (int i = 0; i < 40; i++)
        history[i] = (int16_t)c->symbols[820 + i]; /* q ... q, new line, r ... */
    assert_int_equal(task_go_on(task, history, 40, &rng), c->symbols[860]);
    assert_int_equal(task_go_on(task, history, 30, &rng), alphabet_find(&task->alphabet, "r"));
    struct task_mark mark;
    task_answer(task, history, 40, &mark);
    assert_true(mark.answer == -1 && mark.scored && mark.number && mark.subtask == 255);
    task_free(task);
}

/* FNV-1a's published values. */
static void test_digests(void **state)
{
    (void)state;
    char out[DIGEST_TEXT];
    digest_of("", 0, out);
    assert_string_equal(out, "0-cbf29ce484222325");
    digest_of("a", 1, out);
    assert_string_equal(out, "1-af63dc4c8601ec8c");
    digest_of("foobar", 6, out);
    assert_string_equal(out, "6-85944171f73967e8");
}

/* What the digest does not tell of is refused; the copy in a run's folder comes before the file itself,
   and another file for the same settings is no longer held to it. */
static void test_copies(void **state)
{
    (void)state;
    char words[1100];
    struct failure why;
    struct task *task = letters(""), *again = NULL;
    assert_int_equal(mkdir(in_scratch("run"), 0700), 0);
    assert_int_equal(task_keep_file(task, in_scratch("run"), &why), 0);
    struct config config = task->config;
    assert_true(strncmp(config.task.digest, "1000-", 5) == 0);
    put_file(config.task.file, "changed", 7);
    assert_int_equal(task_new(&again, &config, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "letters: is another file than when the run began (task.digest 1000-"));
    assert_int_equal(task_new_in(&again, &config, in_scratch("run"), &why), 0);
    assert_memory_equal(again->alphabet.name, task->alphabet.name, sizeof task->alphabet.name);
    task_free(again);
    put_file(in_scratch("run/task.txt"), "changed too, and long enough for a window, or for two", 53);
    assert_int_equal(task_new_in(&again, &config, in_scratch("run"), &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "run/task.txt: is another file"));

    static const char ini[] = "[task]\nkind = text\nfile = a\ndigest = 1-2\n";
    for (int i = 0; i < 3; i++) {
        struct plan plan = {0};
        struct race_config race;
        snprintf(words, sizeof words, "task.%s", i == 0 ? "file=a" : i == 1 ? "file=b" : "kind=nt");
        must(plan_add_ini(&plan, ini, "ini", &why), &why);
        must(plan_add_flag(&plan, words, &why), &why);
        must(plan_build(&plan, &race, &why), &why);
        assert_string_equal(race.contestants[0].task.digest, i == 0 ? "1-2" : "none");
        plan_release(&plan);
    }
    task_free(task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vocabulary),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_the_split_never_leaks),
        cmocka_unit_test(test_the_held_out_text_is_read_once),
        cmocka_unit_test(test_the_law_of_windows),
        cmocka_unit_test(test_bits_of_known_distributions),
        cmocka_unit_test(test_texts_read_and_written),
        cmocka_unit_test(test_draws),
        cmocka_unit_test(test_going_on),
        cmocka_unit_test(test_digests),
        cmocka_unit_test(test_copies),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
