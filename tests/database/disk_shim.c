/* Writes down, in order, what a program does to the files of one folder.
 *
 * For LD_PRELOAD. PPC_DISK_FOLDER: the folder, absolute. PPC_DISK_LOG: where to. An entry
 * is a head and then the name and the data; names are within the folder, "" is itself.
 * What is written through a mapping (the -shm of SQLite, which no power cut outlives
 * anyway) is not seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS = 1024 };

struct head {
    uint8_t what;
    uint8_t pad[3];
    uint32_t name_size;
    uint64_t offset;
    uint64_t data_size;
};

static const char *folder;
static int log_fd = -1;
static char *names[FDS];

#define NEXT(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void)
{
    folder = getenv("PPC_DISK_FOLDER");
    const char *log = getenv("PPC_DISK_LOG");
    if (folder && log)
        log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
}

/* The name within the folder; NULL: it is elsewhere. */
static const char *within(const char *path)
{
    size_t size = folder ? strlen(folder) : 0;
    if (log_fd < 0 || !path || strncmp(path, folder, size))
        return NULL;
    return path[size] == '/' ? path + size + 1 : path[size] ? NULL : path + size;
}

static const char *name_of(int fd)
{
    return fd >= 0 && fd < FDS ? names[fd] : NULL;
}

static void note(char what, const char *name, off_t offset, const void *data, size_t size)
{
    struct head head = {what, {0}, strlen(name), offset, size};
    struct iovec parts[] = {
        {&head, sizeof head}, {(void *)name, head.name_size}, {(void *)data, size}};
    if (syscall(SYS_writev, log_fd, parts, 3) < 0)
        abort();
}

static int opened(int fd, const char *path, int flags)
{
    const char *name = within(path);
    if (fd < 0 || fd >= FDS || !name)
        return fd;
    names[fd] = strdup(name);
    if (flags & O_CREAT)
        note('c', name, 0, NULL, 0);
    if (flags & O_TRUNC)
        note('t', name, 0, NULL, 0);
    return fd;
}

#define OPEN(open)                                        \
    int open(const char *path, int flags, ...)            \
    {                                                     \
        va_list more;                                     \
        va_start(more, flags);                            \
        mode_t mode = va_arg(more, mode_t);               \
        va_end(more);                                     \
        return opened(NEXT(open)(path, flags, mode), path, flags); \
    }
OPEN(open)
OPEN(open64)

int close(int fd)
{
    if (name_of(fd)) {
        free(names[fd]);
        names[fd] = NULL;
    }
    return NEXT(close)(fd);
}

#define PWRITE(pwrite, off_t)                                             \
    ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)   \
    {                                                                     \
        ssize_t done = NEXT(pwrite)(fd, data, size, offset);              \
        if (done > 0 && name_of(fd))                                      \
            note('w', name_of(fd), offset, data, done);                   \
        return done;                                                      \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t size)
{
    ssize_t done = NEXT(write)(fd, data, size);
    if (done > 0 && name_of(fd))
        note('w', name_of(fd), lseek(fd, 0, SEEK_CUR) - done, data, done);
    return done;
}

#define ONE(ftruncate, off_t)                              \
    int ftruncate(int fd, off_t size)                      \
    {                                                      \
        int failed = NEXT(ftruncate)(fd, size);            \
        if (!failed && name_of(fd))                        \
            note('t', name_of(fd), size, NULL, 0);         \
        return failed;                                     \
    }
ONE(ftruncate, off_t)
ONE(ftruncate64, off64_t)

#define SYNC(fsync)                                        \
    int fsync(int fd)                                      \
    {                                                      \
        int failed = NEXT(fsync)(fd);                      \
        if (!failed && name_of(fd))                        \
            note('s', name_of(fd), 0, NULL, 0);            \
        return failed;                                     \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path)
{
    int failed = NEXT(unlink)(path);
    if (!failed && within(path))
        note('u', within(path), 0, NULL, 0);
    return failed;
}

int rename(const char *from, const char *to)
{
    int failed = NEXT(rename)(from, to);
    if (!failed && within(from) && within(to))
        note('r', within(from), 0, within(to), strlen(within(to)));
    return failed;
}
