#include "base/team.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/thread.h"

/* Spins before a waiting thread gives its core away: a parallel region inside a training step comes
   again within microseconds, so a short spin saves the system call; a longer one would steal the core
   from the screen. */
enum { SPINS = 4000 };

struct member {
    struct team *team;
    pthread_t thread;
    int part;
};

struct team {
    int size, started;
    team_job *job;
    void *arg;
    atomic_uint generation; /* grows when a job is there */
    atomic_int pending;     /* parts not done */
    atomic_int sleepers;    /* members that wait on `wake` */
    atomic_bool ending;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct member members[TEAM_MAX];
};

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

/* Wait until the generation differs from `seen`; returns the new one. */
static unsigned wait_for_job(struct team *team, unsigned seen)
{
    for (int i = 0; i < SPINS; i++) {
        unsigned now = atomic_load_explicit(&team->generation, memory_order_acquire);
        if (now != seen)
            return now;
        relax();
    }
    pthread_mutex_lock(&team->lock);
    atomic_fetch_add(&team->sleepers, 1);
    unsigned now;
    while ((now = atomic_load(&team->generation)) == seen)
        pthread_cond_wait(&team->wake, &team->lock);
    atomic_fetch_sub(&team->sleepers, 1);
    pthread_mutex_unlock(&team->lock);
    return now;
}

static void *member_main(void *arg)
{
    struct member *m = arg;
    struct team *team = m->team;
    unsigned seen = 0;
    for (;;) {
        seen = wait_for_job(team, seen);
        if (atomic_load(&team->ending))
            return NULL;
        team->job(team->arg, m->part, team->size);
        atomic_fetch_sub_explicit(&team->pending, 1, memory_order_release);
    }
}

/* Announce a new generation and wake those that sleep. Sequential consistency orders the generation
   before the look at `sleepers`, as wait_for_job orders them the other way round. */
static void announce(struct team *team)
{
    atomic_fetch_add(&team->generation, 1);
    if (atomic_load(&team->sleepers) > 0) {
        pthread_mutex_lock(&team->lock);
        pthread_cond_broadcast(&team->wake);
        pthread_mutex_unlock(&team->lock);
    }
}

int team_new(struct team **out, int threads, struct failure *why)
{
    if (threads < 1 || threads > TEAM_MAX)
        return fail(why, ERR_USAGE, "train.threads: %d is outside 1..%d", threads, TEAM_MAX);
    struct team *team = calloc(1, sizeof *team);
    if (!team)
        return fail(why, ERR_MEMORY, "no memory for a team of threads");
    team->size = threads;
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->wake, NULL);
    sigset_t old;
    thread_block_signals(&old);
    int code = 0;
    for (int part = 1; part < threads && code == 0; part++) {
        struct member *m = &team->members[part];
        *m = (struct member){.team = team, .part = part};
        code = pthread_create(&m->thread, NULL, member_main, m);
        if (code == 0)
            team->started++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (code != 0) {
        team_free(team);
        return fail(why, ERR_IO, "train.threads: the system gives no %d threads: use fewer", threads);
    }
    *out = team;
    return 0;
}

void team_free(struct team *team)
{
    if (!team)
        return;
    atomic_store(&team->ending, true);
    announce(team);
    for (int part = 1; part <= team->started; part++)
        pthread_join(team->members[part].thread, NULL);
    pthread_cond_destroy(&team->wake);
    pthread_mutex_destroy(&team->lock);
    free(team);
}

int team_size(const struct team *team)
{
    return team->size;
}

void team_run(struct team *team, team_job *job, void *arg)
{
    if (team->size > 1) {
        team->job = job;
        team->arg = arg;
        atomic_store_explicit(&team->pending, team->size - 1, memory_order_relaxed);
        announce(team);
    }
    job(arg, 0, team->size);
    if (team->size == 1)
        return;
    int spins = 0;
    while (atomic_load_explicit(&team->pending, memory_order_acquire) > 0) {
        if (spins < SPINS)
            spins++, relax();
        else
            sched_yield();
    }
}
