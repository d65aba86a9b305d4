/* Text: the next character of any file. Training windows lie anywhere in its first part; evaluation
   reads its end, which is never trained on. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/embed.h"
#include "task/corpus.h"
#include "task/task.h"

/* How much of a history is looked up in the held-out text, and in how much of that. */
enum { LONGEST_MATCH = 32, SEARCHED = 1 << 22 };

/* Reads first..end-1 round and round; training windows end before the end comes. */
struct stream {
    int64_t at, first, end;
};

static int read_file(struct task *task, struct task_file *file, struct failure *why)
{
    const char *path = task->config.task.file;
    const char *brought = strcmp(path, "none") == 0 ? embedded_texts[0].text : NULL;
    return task_file_read(task, path, brought, TEXT_BYTES, file, why);
}

static int init(struct task *task, const struct config *config, struct failure *why)
{
    struct task_file file;
    struct corpus *corpus = calloc(1, sizeof *corpus);
    if (!corpus)
        return fail(why, ERR_MEMORY, "task: no memory: end other programs");
    task->state = corpus;
    task->alphabet.kind =
        config->task.unit == UNIT_BYTE ? ALPHABET_BYTES : ALPHABET_CHARACTERS;
    int code = read_file(task, &file, why);
    if (code)
        return code;
    code = corpus_read(corpus, &task->alphabet, file.data, file.size, config->task.held_out,
                       config->task.context + 1, file.name, why);
    task_file_release(&file);
    if (code)
        return code;
    task->stream_size = sizeof(struct stream);
    task->chance = corpus->most;
    task->all_ceiling = NAN; /* nobody knows the best that a text allows */
    task->every_position = true;
    task->test_windows = (corpus->count - corpus->train - 1) / config->task.context;
    return 0;
}

static void release(struct task *task)
{
    if (task->state)
        corpus_release(task->state);
    free(task->state);
    task->state = NULL;
}

static int64_t draw_below(struct rng *rng, int64_t bound)
{
    return rng_below(rng, (uint32_t)bound);
}

/* A place where T + 1 symbols of the first part begin, each as likely. */
static void begin(const struct task *task, void *stream, struct rng *rng)
{
    const struct corpus *c = task->state;
    int64_t at = draw_below(rng, c->train - task->config.task.context);
    *(struct stream *)stream = (struct stream){at, 0, c->train};
}

static void begin_test(const struct task *task, void *stream, struct rng *rng)
{
    const struct corpus *c = task->state;
    int64_t at = c->train + (rng ? draw_below(rng, c->count - c->train) : 0);
    *(struct stream *)stream = (struct stream){at, c->train, c->count};
}

static void mark_symbol(struct task_mark *mark)
{
    *mark = (struct task_mark){
        .answer = -1, .number = 1, .scored = 1, .subtask = 255, .copied_from = -1};
}

static int next(const struct task *task, void *stream, struct rng *rng, struct task_mark *mark)
{
    const struct corpus *c = task->state;
    struct stream *s = stream;
    (void)rng;
    int symbol = c->symbols[s->at++];
    if (s->at == s->end)
        s->at = s->first;
    mark_symbol(mark);
    return symbol;
}

static void answer(const struct task *task, const int16_t *symbols, int n, struct task_mark *mark)
{
    (void)task;
    (void)symbols;
    (void)n;
    mark_symbol(mark);
}

/* What follows the first place of the held-out text whose symbols before it agree longest with the
   history. */
static int go_on(const struct task *task, const int16_t *symbols, int n, struct rng *rng)
{
    const struct corpus *c = task->state;
    int64_t end = c->count - c->train < SEARCHED ? c->count : c->train + SEARCHED;
    int64_t best = c->train + draw_below(rng, end - c->train);
    int longest = 0;
    for (int64_t i = c->train + 1; i < end && longest < LONGEST_MATCH; i++) {
        int same = 0;
        while (same < n && same < LONGEST_MATCH && i - 1 - same >= c->train &&
               c->symbols[i - 1 - same] == symbols[n - 1 - same])
            same++;
        if (same > longest) {
            longest = same;
            best = i;
        }
    }
    return c->symbols[best];
}

const struct task_ops task_text_ops = {
    .name = "text",
    .help = "the next character of a file (task.file) or of heed's manual",
    .init = init,
    .read_file = read_file,
    .copy = "task.txt",
    .release = release,
    .begin = begin,
    .begin_test = begin_test,
    .next = next,
    .answer = answer,
    .go_on = go_on,
};
