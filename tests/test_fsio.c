/* Files: read with limits, replaced whole or not at all. */
#include "heed_test.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include "base/fsio.h"
#include "scratch.h"

static void reads_what_was_written(void **state)
{
    (void)state;
    struct failure why = {0};
    const char *path = in_scratch("a");
    char *data;
    size_t size;
    assert_int_equal(fsio_replace(path, "one\0two", 7, &why), 0);
    assert_int_equal(fsio_read(path, 7, &data, &size, &why), 0);
    assert_int_equal(size, 7);
    assert_memory_equal(data, "one\0two", 8); /* with the terminator */
    free(data);
    assert_int_equal(fsio_read(path, 6, &data, &size, &why), ERR_INPUT);
    assert_null(data);
    assert_contains(why.text, "larger than 6 bytes");
    assert_int_equal(fsio_replace(path, "", 0, &why), 0);
    assert_int_equal(fsio_read(path, 0, &data, &size, &why), 0);
    assert_int_equal(size, 0);
    free(data);
}

static void refuses_what_is_no_file(void **state)
{
    (void)state;
    struct failure why = {0};
    char *data;
    size_t size;
    assert_int_equal(fsio_read(in_scratch("none"), 9, &data, &size, &why), ERR_IO);
    assert_contains(why.text, "none: cannot be read: No such file or directory: check the path");
    assert_int_equal(fsio_read(scratch, 9, &data, &size, &why), ERR_IO);
    assert_contains(why.text, "not a regular file");
    const char *pipe_path = in_scratch("pipe");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_int_equal(fsio_read(pipe_path, 9, &data, &size, &why), ERR_IO); /* and does not wait */
    assert_contains(why.text, "not a regular file");
    assert_int_equal(fsio_replace(pipe_path, "x", 1, &why), ERR_IO);
    assert_contains(why.text, "not a regular file");
    assert_int_equal(fsio_replace(scratch, "x", 1, &why), ERR_IO);
    assert_contains(why.text, "is a folder");
}

static void reads_standard_input(void **state)
{
    (void)state;
    enum { SIZE = 200000 };
    int kept = dup(STDIN_FILENO);
    char *long_text = malloc(SIZE);
    memset(long_text, 'x', SIZE);
    put_file(in_scratch("input"), long_text, SIZE);
    int fd = open(in_scratch("input"), O_RDONLY);
    assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    char *data, *none;
    size_t size;
    struct failure why = {0};
    assert_int_equal(fsio_read("-", SIZE, &data, &size, &why), 0);
    assert_int_equal(size, SIZE);
    assert_memory_equal(data, long_text, SIZE);
    lseek(STDIN_FILENO, 0, SEEK_SET);
    assert_int_equal(fsio_read("-", SIZE - 1, &none, &size, &why), ERR_INPUT);
    assert_contains(why.text, "standard input: larger");
    dup2(kept, STDIN_FILENO);
    close(kept);
    close(fd);
    free(long_text);
    free(data);
}

static void keeps_links_and_permissions(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(mkdir(in_scratch("d"), 0700), 0);
    put_file(in_scratch("d/real"), "old", 3);
    assert_int_equal(symlink("d/real", in_scratch("link")), 0);
    assert_int_equal(fsio_replace(in_scratch("link"), "new", 3, NULL), 0);
    assert_int_equal(lstat(in_scratch("link"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    char *data = get_file(in_scratch("d/real"), NULL);
    assert_string_equal(data, "new");
    free(data);
    mode_t mask = umask(027);
    assert_int_equal(fsio_replace(in_scratch("masked"), "x", 1, NULL), 0);
    umask(mask);
    assert_int_equal(stat(in_scratch("masked"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void abandoning_leaves_the_old(void **state)
{
    (void)state;
    struct fsio_writer w, second;
    struct failure why = {0};
    const char *path = in_scratch("kept");
    put_file(path, "old", 3);
    assert_int_equal(fsio_begin(&w, path, &why), 0);
    assert_int_equal(fsio_write(&w, "new", 3, &why), 0);
    assert_int_equal(fsio_begin(&second, path, &why), ERR_IO);
    assert_contains(why.text, "another program is writing it");
    fsio_abandon(&second);
    assert_int_equal(access(in_scratch("kept.tmp"), F_OK), 0);
    fsio_abandon(&w);
    assert_int_equal(access(in_scratch("kept.tmp"), F_OK), -1);
    char *data = get_file(path, NULL);
    assert_string_equal(data, "old");
    free(data);
    /* What a killed writer left is in nobody's way. */
    put_file(in_scratch("kept.tmp"), "a long torn remainder", 21);
    assert_int_equal(fsio_replace(path, "new", 3, &why), 0);
    data = get_file(path, NULL);
    assert_string_equal(data, "new");
    free(data);
}

static void full_disk_leaves_the_old(void **state)
{
    (void)state;
    enum { SIZE = 100000 };
    char *big = calloc(1, SIZE);
    const char *path = in_scratch("full");
    put_file(path, "old", 3);
    struct failure why = {0};
    disk_ends_at(5000);
    int result = fsio_replace(path, big, SIZE, &why);
    disk_ends_at(RLIM_INFINITY);
    assert_int_equal(result, ERR_IO);
    assert_contains(why.text, "full: cannot be written: File too large: make room");
    char *data = get_file(path, NULL);
    assert_string_equal(data, "old");
    assert_int_equal(access(in_scratch("full.tmp"), F_OK), -1);
    free(data);
    free(big);
}

/* A child replaces the file for ever, each time with one letter, until it is killed. */
static void rewrite_for_ever(const char *path, char *block, size_t size)
{
    for (int letter = 0;; letter = (letter + 1) % 26) {
        memset(block, 'a' + letter, size);
        if (fsio_replace(path, block, size, NULL) < 0)
            _exit(1);
    }
}

static void killed_writer_leaves_one_whole_file(void **state)
{
    (void)state;
    enum { SIZE = 300000, ROUNDS = 20 };
    char *block = malloc(SIZE);
    const char *path = in_scratch("killed");
    memset(block, 'z', SIZE);
    put_file(path, block, SIZE);
    int changed = 0;
    for (int i = 0; i < ROUNDS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            rewrite_for_ever(path, block, SIZE);
        struct timespec pause = {0, 3000000 + i * 1300000};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status)); /* it had not failed by itself */
        size_t size;
        char *data = get_file(path, &size);
        assert_int_equal(size, SIZE);
        for (size_t k = 1; k < size; k++)
            if (data[k] != data[0])
                assert_int_equal(data[k], data[0]);
        changed += data[0] != 'z';
        free(data);
    }
    assert_true(changed > 0);
    free(block);
}

static void makes_folders(void **state)
{
    (void)state;
    struct failure why = {0};
    assert_int_equal(fsio_make_folder(in_scratch("x//y/z/"), &why), 0);
    assert_int_equal(fsio_make_folder(in_scratch("x/y/z"), &why), 0);
    assert_true(fsio_is_folder(in_scratch("x/y/z")));
    assert_false(fsio_is_file(in_scratch("x/y/z")));
    put_file(in_scratch("x/file"), "", 0);
    assert_true(fsio_is_file(in_scratch("x/file")));
    assert_int_equal(fsio_make_folder(in_scratch("x/file"), &why), ERR_IO);
    assert_contains(why.text, "x/file: cannot be created: Not a directory");
    assert_int_equal(fsio_make_folder(in_scratch("x/file/y"), &why), ERR_IO);
    assert_int_equal(fsio_make_folder("", &why), ERR_USAGE);
}

static void joins_paths(void **state)
{
    (void)state;
    char out[FSIO_PATH], long_name[FSIO_PATH];
    assert_int_equal(fsio_join(out, "a", "b", NULL), 0);
    assert_string_equal(out, "a/b");
    assert_int_equal(fsio_join(out, "a/", "b", NULL), 0);
    assert_string_equal(out, "a/b");
    memset(long_name, 'n', sizeof long_name);
    long_name[FSIO_PATH - 2] = '\0';
    assert_int_equal(fsio_join(out, "a", long_name, NULL), ERR_USAGE);
    assert_int_equal(fsio_join(out, "a", long_name + 1, NULL), 0);
    assert_int_equal(strlen(out), FSIO_PATH - 1);
}

static void finds_the_persons_folders(void **state)
{
    (void)state;
    char out[FSIO_PATH];
    struct failure why = {0};
    setenv("XDG_STATE_HOME", "/s", 1);
    setenv("XDG_CONFIG_HOME", "relative", 1); /* to be ignored */
    setenv("HOME", "/h", 1);
    assert_int_equal(fsio_state_folder(out, &why), 0);
    assert_string_equal(out, "/s/heed");
    assert_int_equal(fsio_config_folder(out, &why), 0);
    assert_string_equal(out, "/h/.config/heed");
    unsetenv("XDG_STATE_HOME");
    assert_int_equal(fsio_state_folder(out, &why), 0);
    assert_string_equal(out, "/h/.local/state/heed");
    unsetenv("HOME");
    assert_int_equal(fsio_state_folder(out, &why), ERR_USAGE);
    assert_contains(why.text, "HOME is not set");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_written),
        cmocka_unit_test(refuses_what_is_no_file),
        cmocka_unit_test(reads_standard_input),
        cmocka_unit_test(keeps_links_and_permissions),
        cmocka_unit_test(abandoning_leaves_the_old),
        cmocka_unit_test(full_disk_leaves_the_old),
        cmocka_unit_test(killed_writer_leaves_one_whole_file),
        cmocka_unit_test(makes_folders),
        cmocka_unit_test(joins_paths),
        cmocka_unit_test(finds_the_persons_folders),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
