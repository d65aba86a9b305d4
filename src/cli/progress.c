#include "cli/progress.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/report.h"

enum { BAR = 20 };

void progress_init(struct progress *p, FILE *stream, double interval, bool plain)
{
    *p = (struct progress){.stream = stream, .interval = interval, .last_step = -1};
    p->bar = !plain && isatty(fileno(stream));
}

static int columns(FILE *stream)
{
    struct winsize size;

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col - 1;
    return 79;
}

static void draw_bar(struct progress *p, const struct race_snapshot *race)
{
    struct text t = {0};
    double share = race->steps > 0 ? (double)race->step / (double)race->steps : 0;
    int full = (int)(share * BAR);

    text_add(&t, "[");
    for (int i = 0; i < BAR; i++)
        text_add(&t, i < full ? "#" : ".");
    text_add(&t, "] ");
    report_line(race, &t);
    /* Names are ASCII, so bytes are columns. */
    fprintf(p->stream, "\r%.*s\033[K", columns(p->stream), text_string(&t));
    fflush(p->stream);
    text_release(&t);
}

static void put_line(struct progress *p, const struct race_snapshot *race)
{
    struct text t = {0};

    report_line(race, &t);
    fprintf(p->stream, "%s\n", text_string(&t));
    fflush(p->stream);
    text_release(&t);
    p->last_time = clock_now();
    p->last_step = race->step;
}

void progress_show(struct progress *p, const struct race_snapshot *race)
{
    if (!race)
        return;
    if (p->bar)
        draw_bar(p, race);
    else if (p->last_step < 0 ||
             (clock_now() - p->last_time >= p->interval && race->step != p->last_step))
        put_line(p, race);
}

void progress_end(struct progress *p, const struct race_snapshot *race)
{
    if (p->bar)
        fprintf(p->stream, "\r\033[K");
    if (race && (p->bar || race->step != p->last_step))
        put_line(p, race);
}
