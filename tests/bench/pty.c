/* The program on a pseudo-terminal, timed from outside.
 *
 *   pty start HEED [WORD]...           heed --help, and exec to the first whole frame
 *   pty keys HEED [WORD]...            key to changed screen while training
 *   pty bytes SECONDS HEED [WORD]...   bytes a second to the terminal, and the screen thread's
 * share of a processor, on Train and on Attention with a 64 x 64 map pty hold SECONDS HEED
 * [WORD]...    keep it open so long, then leave:
 *                                      "seconds bytes cpu_seconds peak_mb"
 *
 * The terminal is xterm-256color, 200 x 60 (or COLUMNS x LINES). WORDs go to heed, behind what the
 * measurement needs itself. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../screen.h"
#include "base/clock.h"
#include "base/rng.h"

enum { WORDS = 64, STARTS = 20, CYCLES = 14, KEYS = 256 };
static const double patience = 20;

struct child {
    pid_t pid;
    int fd;
    struct screen screen;
};

static void die(const char *what)
{
    fprintf(stderr, "pty: %s\n", what);
    exit(1);
}

static int size_of(const char *name, int otherwise)
{
    const char *value = getenv(name);
    int n = value ? atoi(value) : 0;
    return n > 0 && n <= 400 ? n : otherwise;
}

/* argv of a heed: the program, our words up to NULL, then the person's. */
static char **words_of(char **heed, ...)
{
    static char *words[WORDS];
    int n = 0;
    va_list ours;
    words[n++] = heed[0];
    va_start(ours, heed);
    while (n < WORDS && (words[n] = va_arg(ours, char *)))
        n++;
    va_end(ours);
    for (int i = 1; heed[i] && n < WORDS - 1; i++)
        words[n++] = heed[i];
    words[n] = NULL;
    return words;
}

static void start(struct child *c, char **words)
{
    int w = size_of("COLUMNS", 200), h = size_of("LINES", 60);
    struct winsize size = {.ws_col = (unsigned short)w,
                           .ws_row = (unsigned short)(h < 120 ? h : 120)};
    screen_reset(&c->screen, size.ws_col, size.ws_row);
    c->screen.bce = true;
    c->pid = forkpty(&c->fd, NULL, NULL, &size);
    if (c->pid < 0)
        die("no pseudo-terminal");
    if (c->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        unsetenv("COLORTERM");
        unsetenv("NO_COLOR");
        unsetenv("LINES");
        unsetenv("COLUMNS");
        execv(words[0], words);
        _exit(127);
    }
}

/* Take in what comes within `seconds`; false when nothing did, or the program is gone. */
static bool take(struct child *c, double seconds)
{
    struct pollfd in = {.fd = c->fd, .events = POLLIN};
    char bytes[16384];
    if (poll(&in, 1, (int)(seconds * 1000)) <= 0)
        return false;
    ssize_t n = read(c->fd, bytes, sizeof bytes);
    if (n > 0)
        screen_feed(&c->screen, bytes, (size_t)n);
    return n > 0;
}

static void show_and_die(const struct child *c, const char *missing)
{
    char row[SCREEN_W * 4 + 8];
    for (int y = 0; y < c->screen.h; y++) {
        screen_row(&c->screen, y, row, sizeof row);
        fprintf(stderr, "|%s\n", row);
    }
    fprintf(stderr, "pty: waiting in vain for: %s\n", missing);
    kill(c->pid, SIGKILL);
    exit(1);
}

static void wait_for(struct child *c, const char *text)
{
    double begin = clock_now();
    while (!screen_has(&c->screen, text)) {
        take(c, 0.1);
        if (clock_now() - begin > patience)
            show_and_die(c, text);
    }
}

static void settle(struct child *c, double seconds)
{
    double until = clock_now() + seconds, now;
    while ((now = clock_now()) < until)
        take(c, until - now);
}

static void type(struct child *c, const char *keys)
{
    if (write(c->fd, keys, strlen(keys)) != (ssize_t)strlen(keys))
        die("the terminal takes no key");
}

static void leave(struct child *c)
{
    double begin = clock_now();
    int status;
    type(c, "q");
    settle(c, 0.2);
    if (waitpid(c->pid, &status, WNOHANG) != c->pid) {
        type(c, "y");
        while (waitpid(c->pid, &status, WNOHANG) != c->pid) {
            take(c, 0.01);
            if (clock_now() - begin > patience)
                show_and_die(c, "the end");
        }
    }
    close(c->fd);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        die("heed failed");
}

/* Processor seconds of the thread that draws: the first one. */
static double screen_cpu(pid_t pid)
{
    char path[64];
    unsigned long long ran = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)pid);
    FILE *f = fopen(path, "r");
    if (!f || fscanf(f, "%llu", &ran) != 1)
        die("no /proc/PID/task/PID/schedstat: this needs Linux");
    fclose(f);
    return (double)ran * 1e-9;
}

/* The most memory it has held, in 1e6 bytes. */
static double peak_mb(pid_t pid)
{
    char path[64], line[128];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "r");
    while (f && kb == 0 && fgets(line, sizeof line, f))
        sscanf(line, "VmHWM: %ld", &kb);
    if (!f || kb == 0)
        die("no VmHWM in /proc/PID/status: this needs Linux");
    fclose(f);
    return (double)kb * 1024e-6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(const char *what, double *ms, int n)
{
    qsort(ms, (size_t)n, sizeof *ms, by_size);
    printf("%-42s p50 %8.2f ms   p99 %8.2f ms   worst %8.2f ms   of %d\n", what, ms[n / 2],
           ms[(n * 99 + 99) / 100 - 1], ms[n - 1], n);
    fflush(stdout);
}

/* --- start ----------------------------------------------------------------------------------- */

static double time_help(char **heed)
{
    double begin = clock_now();
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl(heed[0], heed[0], "--help", (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        die("heed --help failed");
    return 1e3 * (clock_now() - begin);
}

/* The hint line at the bottom is drawn last. */
static double time_first_frame(char **heed)
{
    static struct child c;
    double begin = clock_now();
    start(&c, words_of(heed, "--no-files", NULL));
    wait_for(&c, "Train");
    wait_for(&c, "q quit");
    double took = clock_now() - begin;
    leave(&c);
    return 1e3 * took;
}

static void run_start(char **heed)
{
    double ms[STARTS];
    for (int i = 0; i < STARTS; i++)
        ms[i] = time_help(heed);
    report("heed --help", ms, STARTS);
    for (int i = 0; i < STARTS; i++)
        ms[i] = time_first_frame(heed);
    report("exec to first frame", ms, STARTS);
}

/* --- keys ------------------------------------------------------------------------------------ */

/* The number behind `mark`, "" if there is none on the screen. */
static void value_after(const struct screen *s, const char *mark, char out[32])
{
    char row[SCREEN_W * 4 + 8];
    out[0] = '\0';
    for (int y = 0; y < s->h; y++) {
        screen_row(s, y, row, sizeof row);
        for (const char *at = row; (at = strstr(at, mark)) != NULL;) {
            at += strlen(mark);
            int digits = (int)strspn(at, "0123456789");
            if (digits) {
                snprintf(out, 32, "%.*s", digits, at);
                return;
            }
        }
    }
}

/* What a key brings: a text that was not there, or another number behind a mark. */
struct press {
    const char *key, *text, *mark;
};

#define RIGHT "\033OC"
#define LEFT  "\033OD"
#define UP    "\033OA"
#define DOWN  "\033OB"
static const struct press cycle[] = {
    {"2", "looks at", NULL},     {RIGHT, NULL, "  key "}, {RIGHT, NULL, "  key "},
    {LEFT, NULL, "  key "},      {UP, NULL, "query "},    {UP, NULL, "query "},
    {DOWN, NULL, "query "},      {DOWN, NULL, "query "},  {"\t", "what comes next", NULL},
    {LEFT, NULL, "symbol "},     {LEFT, NULL, "symbol "}, {RIGHT, NULL, "symbol "},
    {"\t", "contestants", NULL}, {"5", "settings", NULL}, {"1", "accuracy now", NULL},
};
enum { PRESSES = sizeof cycle / sizeof *cycle };

static double time_key(struct child *c, const struct press *p)
{
    char before[32] = "", after[32] = "";
    while (take(c, 0))
        continue;
    if (p->mark)
        value_after(&c->screen, p->mark, before);
    if (p->mark ? !before[0] : screen_has(&c->screen, p->text))
        show_and_die(c, p->mark ? p->mark : "a page without the text of the next one");
    double begin = clock_now();
    type(c, p->key);
    for (;;) {
        take(c, 0.05);
        if (p->mark)
            value_after(&c->screen, p->mark, after);
        if (p->mark ? after[0] && strcmp(before, after) != 0 : screen_has(&c->screen, p->text))
            return 1e3 * (clock_now() - begin);
        if (clock_now() - begin > patience)
            show_and_die(c, p->mark ? p->mark : p->text);
    }
}

static void run_keys(char **heed)
{
    static struct child c;
    static double ms[3][KEYS];
    static const char *const names[] = {"key to another page", "key to moved cursor", "all keys"};
    int count[3] = {0};
    struct rng rng;
    rng_seed(&rng, 1, RNG_TEST, 0);
    start(&c, words_of(heed, "--no-files", "-s", "train.steps=1000000000", NULL));
    wait_for(&c, "steps/min"); /* they train */
    /* The cursor leaves the newest query, which it would follow, and stands at the first key. */
    type(&c, "2" UP "\033OH");
    settle(&c, 1);
    type(&c, "1");
    settle(&c, 1);
    for (int i = 0; i < CYCLES * PRESSES; i++) {
        const struct press *p = &cycle[i % PRESSES];
        settle(&c, 0.03 + 0.1 * rng_uniform(&rng)); /* anywhere between two frames */
        double took = time_key(&c, p);
        int kind = p->mark != NULL;
        ms[kind][count[kind]++] = ms[2][count[2]++] = took;
    }
    leave(&c);
    for (int i = 0; i < 3; i++)
        report(names[i], ms[i], count[i]);
}

/* --- bytes and time -------------------------------------------------------------------------- */

static void run_bytes(double seconds, char **heed)
{
    static struct child c;
    static char *const pages[][2] = {{"train", "32"}, {"attention", "64"}};
    for (int i = 0; i < 2; i++) {
        char context[32];
        snprintf(context, sizeof context, "task.context=%s", pages[i][1]);
        start(&c, words_of(heed, "--no-files", "--page", pages[i][0], "-s",
                           "train.steps=1000000000", "-s", context, NULL));
        wait_for(&c, "steps/min");
        settle(&c, seconds); /* the first seconds change more than the rest */
        long bytes = c.screen.bytes;
        double begin = clock_now(), cpu = screen_cpu(c.pid);
        settle(&c, seconds);
        double took = clock_now() - begin;
        printf("%-12s T %s %8.2f KB/s   screen thread %5.2f %% of a processor   %.1f s\n",
               pages[i][0], pages[i][1], 1e-3 * (double)(c.screen.bytes - bytes) / took,
               100 * (screen_cpu(c.pid) - cpu) / took, took);
        fflush(stdout);
        leave(&c);
    }
}

static void run_hold(double seconds, char **heed)
{
    static struct child c;
    double begin = clock_now();
    start(&c, words_of(heed, NULL));
    wait_for(&c, "q quit");
    settle(&c, begin + seconds - clock_now());
    double cpu = screen_cpu(c.pid), took = clock_now() - begin;
    printf("%.3f %ld %.4f %.1f\n", took, c.screen.bytes, cpu, peak_mb(c.pid));
    leave(&c);
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    double seconds = argc > 3 ? atof(argv[2]) : 0;
    if (strcmp(what, "start") == 0)
        run_start(argv + 2);
    else if (strcmp(what, "keys") == 0)
        run_keys(argv + 2);
    else if (strcmp(what, "bytes") == 0 && seconds > 0)
        run_bytes(seconds, argv + 3);
    else if (strcmp(what, "hold") == 0 && seconds > 0)
        run_hold(seconds, argv + 3);
    else
        die("start HEED | keys HEED | bytes SECONDS HEED | hold SECONDS HEED [WORD]...");
    return 0;
}
