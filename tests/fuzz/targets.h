/* What strangers may hand to the program, each as a function of bytes: it must neither crash nor
   show a control character. libFuzzer drives them in fuzz.c, a fixed sequence of mutations in
   test_fuzz.c. */
#ifndef HEED_TESTS_FUZZ_TARGETS_H
#define HEED_TESTS_FUZZ_TARGETS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "core/sweep.h"
#include "store/run.h"
#include "store/tensor.h"
#include "task/corpus.h"
#include "task/task.h"
#include "view/lesson.h"
#include "view/theme.h"

/* Not assert: NDEBUG would silence it. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* A failure says something, and nothing that a terminal would obey. */
static inline void must_explain(int result, const struct failure *why)
{
    char clean[FAILURE_TEXT];
    MUST(result < 0 && why->code == (enum err)result && why->text[0]);
    text_escape(clean, sizeof clean, why->text);
    MUST(strcmp(clean, why->text) == 0);
}

static inline char *terminated(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1);
    MUST(copy);
    if (size)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

/* Returns 1 if the bytes were accepted, as all of these. */
static inline int fuzz_checkpoint(const uint8_t *data, size_t size)
{
    struct checkpoint c = {.path = "fuzz", .size = size};
    struct failure why = {0};
    c.data = terminated(data, size);
    int result = checkpoint_parse(&c, &why);
    if (result < 0)
        must_explain(result, &why);
    size_t bytes = 0;
    for (int i = 0; i < c.tensor_count && result == 0; i++) {
        const struct checkpoint_tensor *t = &c.tensors[i];
        MUST(t->offset + t->count * sizeof(real) <= size);
        bytes += t->count * sizeof(real);
    }
    MUST(result < 0 || (bytes < size && c.step >= 0 && c.contestant[0]));
    checkpoint_release(&c);
    return result == 0;
}

/* As records of a task with the control tokens I and A. */
static inline int fuzz_record(const uint8_t *data, size_t size)
{
    struct record_reader reader = {0};
    struct alphabet a = {.count = 3, .numbers = 1, .subtasks = 2, .control_id = {1, 2}};
    strcpy(a.name[0], "0");
    strcpy(a.name[1], "I");
    strcpy(a.name[2], "A");
    const char *place = getenv("TMPDIR");
    snprintf(reader.path, sizeof reader.path, "%s/heed-fuzz-%ld.jsonl",
             place && *place ? place : "/tmp", (long)getpid());
    FILE *f = fopen(reader.path, "wb");
    MUST(f && fwrite(data, 1, size, f) == size && fclose(f) == 0);
    int accepted = 0, wrong = 0, result;
    do {
        struct record r;
        struct failure why = {0};
        result = record_read(&reader, &a, &r, &why);
        if (result < 0)
            must_explain(result, &why);
        MUST(result < 1 || (r.step >= 0 && r.eval.acc.right <= r.eval.acc.count));
        accepted += result == 1;
        wrong += result < 0;
    } while (result != 0);
    MUST(reader.length - reader.start <= size);
    record_reader_release(&reader);
    unlink(reader.path);
    return accepted > 0 && wrong == 0;
}

/* An accepted race is written as text that gives the same text again. */
static inline int fuzz_config(const uint8_t *data, size_t size)
{
    char *text = terminated(data, size);
    struct plan plan = {0}, again = {0};
    struct failure why = {0};
    struct race_config *race = malloc(sizeof *race);
    MUST(race);
    int result = plan_add_ini(&plan, text, "fuzz.ini", &why);
    if (result == 0)
        result = plan_build(&plan, race, &why);
    if (result < 0) {
        must_explain(result, &why);
    } else {
        struct text first = {0}, second = {0};
        race_config_write(race, &first);
        MUST(plan_add_ini(&again, text_string(&first), "again.ini", &why) == 0);
        MUST(plan_build(&again, race, &why) == 0);
        race_config_write(race, &second);
        MUST(strcmp(text_string(&first), text_string(&second)) == 0);
        text_release(&first);
        text_release(&second);
    }
    plan_release(&plan);
    plan_release(&again);
    free(race);
    free(text);
    return result == 0;
}

/* Of an accepted sweep every run has a name that is one folder's, and a race or a reason. */
static inline int fuzz_sweep(const uint8_t *data, size_t size)
{
    char *text = terminated(data, size), name[SWEEP_NAME];
    struct sweep *s = malloc(sizeof *s);
    struct race_config *race = malloc(sizeof *race);
    struct failure why = {0};
    MUST(s && race);
    int result = sweep_parse(s, text, "fuzz.sweep", &why);
    if (result < 0)
        must_explain(result, &why);
    for (int run = 0; result == 0 && run < s->runs && run < 20; run++) {
        sweep_run_name(s, run, name);
        MUST(name[0] && name[0] != '.' && !strchr(name, '/'));
        int built = sweep_race(s, run, race, &why);
        if (built < 0)
            must_explain(built, &why);
    }
    if (result == 0)
        sweep_release(s);
    free(race);
    free(s);
    free(text);
    return result == 0;
}

/* A text and what is left of it: in symbols, none lost, and written so that a terminal obeys nothing.
   The first byte chooses between characters and bytes. */
static inline int fuzz_text(const uint8_t *data, size_t size)
{
    char *text = terminated(data + (size > 0), size > 0 ? size - 1 : 0);
    struct alphabet *a = calloc(1, sizeof *a);
    struct corpus c;
    struct failure why = {0};
    MUST(a);
    a->kind = size > 0 && data[0] & 1 ? ALPHABET_BYTES : ALPHABET_CHARACTERS;
    int result = corpus_read(&c, a, text, size > 0 ? size - 1 : 0, 0.1, 3, "fuzz.txt", &why);
    if (result < 0) {
        must_explain(result, &why);
    } else {
        struct text out = {0};
        int ids[64], n = 0;
        MUST(a->count > 0 && a->count <= MAX_SYMBOLS && c.train + 3 <= c.count && c.most > 0);
        MUST(a->kind != ALPHABET_BYTES || c.count == (int64_t)size - 1);
        for (int64_t i = 0; i < c.count; i++) {
            MUST(c.symbols[i] < a->count);
            ids[n++] = c.symbols[i];
            if (n < 64 && i + 1 < c.count)
                continue;
            text_reset(&out);
            alphabet_write(a, ids, n, &out);
            for (const char *p = text_string(&out); *p; p++)
                MUST((unsigned char)*p >= ' ' || *p == '\n' || *p == '\t');
            MUST(!strchr(text_string(&out), 127));
            n = 0;
        }
        for (int i = 0; i < a->count; i++)
            MUST(alphabet_find(a, a->name[i]) == i && alphabet_find_code(a, a->code[i]) == i);
        text_release(&out);
        corpus_release(&c);
    }
    free(a);
    free(text);
    return result == 0;
}

static inline int fuzz_theme(const uint8_t *data, size_t size)
{
    char *text = terminated(data, size);
    struct theme theme;
    struct failure why = {0};
    int result = theme_parse(&theme, text, "fuzz.theme", &why);
    if (result < 0)
        must_explain(result, &why);
    free(text);
    return result == 0;
}

/* An accepted lesson says nothing that a terminal would obey, and presses only what there is. */
static inline int fuzz_lesson(const uint8_t *data, size_t size)
{
    char *text = terminated(data, size), clean[LESSON_TEXT + 8];
    struct lesson *l = malloc(sizeof *l);
    struct failure why = {0};
    int commands;
    MUST(l);
    ui_commands(&commands);
    int result = lesson_parse(l, text, "fuzz.lesson", NULL, &why);
    if (result < 0) {
        must_explain(result, &why);
    } else {
        MUST(l->title[0] && l->text[0] && l->widgets > 0 && l->presses > 0);
        for (char *end = l->text; (end = strchr(end, '\n'));)
            *end = ' ';
        text_escape(clean, sizeof clean, l->text);
        MUST(strcmp(clean, l->text) == 0);
        for (int i = 0; i < l->widgets; i++)
            MUST(l->widget[i].kind < LESSON_WIDGET_KINDS && l->widget[i].keys > 0);
        for (int i = 0; i < l->presses; i++) {
            MUST(l->press[i].widget >= 0 && l->press[i].widget < l->widgets);
            MUST(l->press[i].command >= 0 && l->press[i].command < commands);
            MUST(l->press[i].kind != PRESS_COMMAND || l->press[i].key);
            text_escape(clean, sizeof clean, l->press[i].words);
            MUST(clean[0] && strcmp(clean, l->press[i].words) == 0);
        }
    }
    free(l);
    free(text);
    return result == 0;
}

/* What a rule task says of a place: only what its alphabet and the history hold. */
static inline void must_be_a_mark(const struct task *task, const struct task_mark *m, int n)
{
    const struct alphabet *a = &task->alphabet;
    MUST(m->answer >= -1 && m->answer < a->numbers);
    MUST(m->subtask == 255 || m->subtask < a->subtasks);
    MUST(m->copied_from >= -1 && m->copied_from < n);
    MUST(!m->number || m->answer >= 0);
}

/* An accepted rule file makes streams of its symbols, and answers to any history. */
static inline int fuzz_rules(const uint8_t *data, size_t size)
{
    char *text = terminated(data, size);
    struct config config;
    struct failure why = {0};
    struct task *task;
    config_defaults(&config);
    config.task.context = 64;
    int result = task_from_rules(&task, text, "fuzz.rules", &config, &why);
    if (result < 0) {
        must_explain(result, &why);
    } else {
        enum { N = 64 };
        int16_t symbols[N];
        struct rng rng;
        struct task_mark mark;
        void *stream = malloc(task->stream_size);
        MUST(stream && task->chance > 0 && task->chance <= 1);
        MUST(task->all_ceiling > 0 && task->all_ceiling <= 1 + 1e-9);
        for (int i = 0; i < task->alphabet.subtasks; i++) {
            char clean[FAILURE_TEXT];
            text_escape(clean, sizeof clean, task->alphabet.subtask_help[i]);
            MUST(strcmp(clean, task->alphabet.subtask_help[i]) == 0);
        }
        rng_seed(&rng, size, RNG_TEST, 0);
        task->ops->begin(task, stream, &rng);
        for (int i = 0; i < N; i++) {
            int symbol = task->ops->next(task, stream, &rng, &mark);
            MUST(symbol >= 0 && symbol < task->alphabet.count);
            must_be_a_mark(task, &mark, N);
            symbols[i] =
                (int16_t)((int)rng_below(&rng, 4) ? symbol : (int)rng_below(&rng, 999) - 9);
        }
        for (int n = 0; n < N; n += 7) {
            task_answer(task, symbols, n, &mark);
            must_be_a_mark(task, &mark, n);
            int symbol = task_go_on(task, symbols, n, &rng);
            MUST(symbol >= 0 && symbol < task->alphabet.count);
        }
        free(stream);
        task_free(task);
    }
    free(text);
    return result == 0;
}

#endif
