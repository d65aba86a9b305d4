#include "base/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Linux counts in pages: all of them, then those in memory. */
int64_t process_resident(void)
{
    char line[128];
    long long pages;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t got = read(fd, line, sizeof line - 1);
    close(fd);
    if (got <= 0)
        return 0;
    line[got] = '\0';
    return sscanf(line, "%*d %lld", &pages) == 1 ? (int64_t)pages * sysconf(_SC_PAGESIZE) : 0;
}
