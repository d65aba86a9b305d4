/* What stands in a run's folder, for the screen. */
#include "train/session_state.h"

#include <string.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "base/process.h"

static struct file_view look_at(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return (struct file_view){.bytes = -1};
    return (struct file_view){(int64_t)st.st_size, (int64_t)st.st_mtime};
}

static struct file_view look_in(const char *folder, const char *name)
{
    char path[FSIO_PATH];
    if (!folder[0] || fsio_join(path, folder, name, NULL) < 0)
        return (struct file_view){.bytes = -1};
    return look_at(path);
}

void look_at_files(struct session *s, double every)
{
    struct race_snapshot *now = s->ledger.now;
    const struct gathering *g = &s->gathering;
    char path[FSIO_PATH];
    double clock = clock_now();

    if (s->looked > 0 && clock - s->looked < every)
        return;
    s->looked = clock;
    now->resident = process_resident();
    const char *folder = g->runs == 1 ? g->folder[0] : "";
    now->settings = look_in(folder, "config.ini");
    now->metrics = look_in(folder, "metrics.jsonl");
    for (int i = 0; i < now->count; i++) {
        const char *of = g->folder[g->run[i]];
        bool named = of[0] && run_checkpoint_path(of, g->name[i], path, NULL) == 0;
        now->contestants[i].checkpoint = named ? look_at(path) : (struct file_view){.bytes = -1};
    }
}
