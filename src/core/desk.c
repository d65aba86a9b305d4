#include "core/desk.h"

#include "base/text.h"

int desk_init(struct desk *d)
{
    *d = (struct desk){0};
    if (pthread_mutex_init(&d->lock, NULL) != 0)
        return ERR_MEMORY;
    if (pthread_cond_init(&d->changed, NULL) != 0) {
        pthread_mutex_destroy(&d->lock);
        return ERR_MEMORY;
    }
    return 0;
}

void desk_release(struct desk *d)
{
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->lock);
}

bool desk_ask(struct desk *d, const struct wish *wish)
{
    pthread_mutex_lock(&d->lock);
    bool taken = d->staffed && !d->ended && !d->busy && !d->waiting;
    if (taken) {
        d->wish = *wish;
        d->waiting = true;
        pthread_cond_signal(&d->changed);
    }
    pthread_mutex_unlock(&d->lock);
    return taken;
}

bool desk_heard(struct desk *d, struct desk_news *news)
{
    pthread_mutex_lock(&d->lock);
    bool fresh = d->told != news->told;
    if (fresh) {
        news->told = d->told;
        news->busy = d->busy;
        text_copy(news->line, sizeof news->line, d->line);
    }
    pthread_mutex_unlock(&d->lock);
    return fresh;
}

void desk_open(struct desk *d)
{
    pthread_mutex_lock(&d->lock);
    d->staffed = true;
    pthread_mutex_unlock(&d->lock);
}

bool desk_take(struct desk *d, struct wish *out)
{
    pthread_mutex_lock(&d->lock);
    while (!d->waiting && !d->ended)
        pthread_cond_wait(&d->changed, &d->lock);
    bool taken = !d->ended;
    if (taken) {
        *out = d->wish;
        d->waiting = false;
        d->busy = true;
    }
    pthread_mutex_unlock(&d->lock);
    return taken;
}

void desk_tell(struct desk *d, const char *line, bool done)
{
    pthread_mutex_lock(&d->lock);
    text_copy(d->line, sizeof d->line, line);
    d->told++;
    d->busy = d->busy && !done;
    pthread_mutex_unlock(&d->lock);
}

void desk_close(struct desk *d)
{
    pthread_mutex_lock(&d->lock);
    d->ended = true;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
}

bool desk_ended(struct desk *d)
{
    pthread_mutex_lock(&d->lock);
    bool ended = d->ended;
    pthread_mutex_unlock(&d->lock);
    return ended;
}
