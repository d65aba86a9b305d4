/* Which settings a contestant reads at all: a race of one task has nothing of the others'. */
#include "core/config.h"

#include <string.h>

/* Settings that only some kinds read; what is not listed is read by all. "own": a rule file of the
   person's own, which may name any of the rules' settings. */
static const struct {
    const char *key;   /* a key, or the beginning of some: "attn." */
    const char *kinds; /* of the task for "task.", of the model for "model.", divided by blanks */
} readers[] = {
    {"model.heads", "transformer cisformer uvit"},
    {"model.ffn", "transformer cisformer uvit"},
    {"model.hidden", "mlp"},
    {"model.norm", "transformer cisformer uvit"},
    {"model.where", "transformer cisformer uvit"},
    {"model.activation", "transformer cisformer uvit mlp"},
    {"model.position", "transformer cisformer uvit"},
    {"model.embedding", "transformer cisformer lstm mlp"},
    {"model.groups", "transformer cisformer uvit"},
    {"model.patch", "uvit"},
    {"task.base", "iarc nt delay-copy count-ones own"},
    {"task.context", "iarc nt delay-copy count-ones find-zero text own"},
    {"task.subtasks", "iarc own"},
    {"task.context_rule", "iarc own"},
    {"task.segment_", "iarc delay-copy own"},
    {"task.tau", "nt own"},
    {"task.announce", "nt own"},
    {"task.copy", "delay-copy own"},
    {"task.distance_", "delay-copy own"},
    {"task.test_", "delay-copy own"},
    {"task.length", "count-ones find-zero own"},
    {"task.file", "text images"},
    {"task.labels", "images"},
    {"task.labels_digest", "images"},
    {"task.side", "images"},
    {"task.digest", "text images own"},
    {"task.unit", "text"},
    {"task.held_out", "text"},
    {"sample.", "text"},
};

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (length == n && memcmp(at, word, n) == 0)
            return true;
        at += length;
    }
    return false;
}

bool config_reads(const struct config *config, const struct setting *s)
{
    bool own = strcmp(config->task.rules, "none") != 0 || strcmp(config->task.kind, "rules") == 0;
    bool sgd = config->train.optimizer == OPTIMIZER_SGD;
    if (strncmp(s->key, "attn.", 5) == 0)
        return cast_has_attention(config->model.kind);
    if (strcmp(s->key, "model.groups_in") == 0)
        return cast_has_attention(config->model.kind) && config->model.groups != 1;
    if (strcmp(s->key, "train.floor") == 0)
        return config->train.schedule == SCHEDULE_COSINE;
    if (strcmp(s->key, "train.momentum") == 0)
        return sgd;
    if (strncmp(s->key, "train.beta", 10) == 0 || strcmp(s->key, "train.eps") == 0)
        return !sgd;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        const char *key = readers[i].key;
        bool begins = key[strlen(key) - 1] == '_' || key[strlen(key) - 1] == '.';
        if (begins ? strncmp(s->key, key, strlen(key)) != 0 : strcmp(s->key, key) != 0)
            continue;
        bool model = strncmp(key, "model.", 6) == 0;
        return has_word(readers[i].kinds, model ? config->model.kind
                                          : own ? "own"
                                                : config->task.kind);
    }
    return true;
}
