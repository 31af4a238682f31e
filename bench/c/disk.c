/* A disk that can lose, fail and kill: LD_PRELOAD into the server, for `run.py faults`.

   Power loss: every change below DISK_ROOT is carried out, and before it what was there is written into a log in
   DISK_LOG. A flush (fsync, fdatasync) of a file or folder says so in the log. After a kill -9, `bench.faults.disk`
   takes back, latest first, whatever no flush came after: exactly what a machine without power may have lost.
   Names count too: a file made, renamed or removed in a folder is there for sure only once the folder is flushed.

   Failing: DISK_CONTROL is a small shared file (struct control). When `calls` reaches `at`, the call fails with
   `error`, and so do all later ones if `lasting`; or, if `error` is 0, the process is killed right there. `only`
   restricts this to names that end so.

   SQLite writes database and log by pwrite; the -shm is mapped memory and of no weight after a crash. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 65536
#define REAL(result, name, ...) \
    static result (*real_##name)(__VA_ARGS__); \
    if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)

struct control { volatile int64_t calls, at; volatile int32_t error, lasting, struck, spare; char only[64]; };

static char root[512];
static size_t root_length;
static int log_fd = -1;
static int aside;                                        /* counts what is kept aside under a name of its own */
static char log_folder[512];
static struct control *control;
static unsigned char kind[MOST];                         /* of a descriptor: 0 not ours, 1 file, 2 folder */
static char name_of[MOST][160];                          /* below the root */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* one change and its note at a time */

static void begin(void) __attribute__((constructor));
static void begin(void) {
    const char *given = getenv("DISK_ROOT"), *log = getenv("DISK_LOG"), *shared = getenv("DISK_CONTROL");
    if (!given) return;
    snprintf(root, sizeof root, "%s/", given);
    root_length = strlen(root);
    if (log) {
        char path[600];
        snprintf(log_folder, sizeof log_folder, "%s", log);
        snprintf(path, sizeof path, "%s/log", log);
        log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    if (shared) {
        int fd = open(shared, O_RDWR | O_CLOEXEC);
        if (fd >= 0) {
            void *at = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            if (at != MAP_FAILED) control = at;
            close(fd);
        }
    }
}

/* Below the root, and not SQLite's shared memory. */
static const char *ours(const char *path) {
    if (!root_length || !path) return NULL;
    size_t length = strlen(path);
    if (length == root_length - 1 && !strncmp(path, root, length)) return "";
    if (strncmp(path, root, root_length)) return NULL;
    if (length > 4 && !strcmp(path + length - 4, "-shm")) return NULL;
    return length - root_length < sizeof name_of[0] ? path + root_length : NULL;
}

static int mine(int fd) { return fd >= 0 && fd < MOST && kind[fd]; }

/* -1 with errno if this call is to fail; does not return if the process is to die. */
static int strikes(const char *name) {
    if (!control || !control->at) return 0;
    size_t length = strlen(name), tail = strlen(control->only);
    if (tail && (length < tail || strcmp(name + length - tail, control->only))) return 0;
    int64_t call = __sync_add_and_fetch(&control->calls, 1);
    if (call < control->at || (call > control->at && !control->lasting)) return 0;
    control->struck += 1;
    if (!control->error) { kill(getpid(), SIGKILL); for (;;) pause(); }
    errno = control->error;
    return -1;
}

/* One line of the log: a word, an inode, two numbers, the names, then `size` bytes of what was there. */
static void note(char word, ino_t inode, int64_t a, int64_t b, const char *one, const char *two, const void *was, size_t size) {
    if (log_fd < 0) return;
    char head[512];
    int length = snprintf(head, sizeof head, "%c %llu %lld %lld %zu %s\t%s\n", word, (unsigned long long)inode,
                          (long long)a, (long long)b, size, one ? one : "", two ? two : "");
    struct iovec parts[2] = {{head, (size_t)length}, {(void *)was, size}};
    ssize_t done = writev(log_fd, parts, size ? 2 : 1);
    if (done != (ssize_t)(length + size)) abort();
}

static void note_region(int fd, int64_t offset, size_t count) {
    struct stat now;
    if (log_fd < 0 || fstat(fd, &now)) return;
    size_t size = offset >= now.st_size ? 0 : (size_t)(now.st_size - offset);
    if (size > count) size = count;
    char *was = size ? malloc(size) : NULL;
    if (size && pread(fd, was, size, offset) != (ssize_t)size) size = 0;
    note('w', now.st_ino, offset, now.st_size, name_of[fd], NULL, was, size);
    free(was);
}

static void remember(int fd, const char *name) {
    struct stat now;
    if (fd < 0 || fd >= MOST || fstat(fd, &now)) return;
    kind[fd] = S_ISDIR(now.st_mode) ? 2 : S_ISREG(now.st_mode) ? 1 : 0;
    snprintf(name_of[fd], sizeof name_of[fd], "%s", name);
}

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    const char *name = ours(path);
    if (!name) return real(path, flags, mode);
    if (flags & O_CREAT && strikes(name)) return -1;
    pthread_mutex_lock(&turn);
    struct stat before;
    int new = (flags & O_CREAT) && lstat(path, &before);
    if (!new && (flags & O_TRUNC) && !stat(path, &before) && before.st_size) {
        int fd = real(path, O_RDONLY | O_CLOEXEC, 0);
        if (fd >= 0) { remember(fd, name); note_region(fd, 0, before.st_size); kind[fd] = 0; close(fd); }
    }
    int fd = real(path, flags, mode);
    if (fd >= 0) {
        remember(fd, name);
        struct stat now;
        if (new && !fstat(fd, &now)) note('c', now.st_ino, 0, 0, name, NULL, NULL, 0);
    }
    pthread_mutex_unlock(&turn);
    return fd;
}

#define OPEN(which) \
int which(const char *path, int flags, ...) { \
    REAL(int, which, const char *, int, ...); \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    return opened(real_##which, path, flags, mode); \
}
OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...) {
    REAL(int, openat, int, const char *, int, ...);
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
    if (!ours(path)) return real_openat(folder, path, flags, mode);
    return open(path, flags, mode);
}

int close(int fd) {
    REAL(int, close, int);
    if (mine(fd)) kind[fd] = 0;
    return real_close(fd);
}

#define CHANGE(fd, region, call) \
    if (!mine(fd)) return call; \
    if (strikes(name_of[fd])) return -1; \
    pthread_mutex_lock(&turn); \
    region; \
    __typeof__(call) done = call; \
    int error = errno; \
    pthread_mutex_unlock(&turn); \
    errno = error; \
    return done

ssize_t pwrite(int fd, const void *data, size_t count, off_t offset) {
    REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    CHANGE(fd, note_region(fd, offset, count), real_pwrite(fd, data, count, offset));
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    CHANGE(fd, note_region(fd, offset, count), real_pwrite64(fd, data, count, offset));
}

static int64_t where(int fd) {
    struct stat now;
    if (fcntl(fd, F_GETFL) & O_APPEND && !fstat(fd, &now)) return now.st_size;
    return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *data, size_t count) {
    REAL(ssize_t, write, int, const void *, size_t);
    CHANGE(fd, note_region(fd, where(fd), count), real_write(fd, data, count));
}

static int shortened(int (*real)(int, off_t), int fd, off_t length) {
    struct stat now;
    CHANGE(fd, if (!fstat(fd, &now)) note_region(fd, length < now.st_size ? length : now.st_size,
                                                 length < now.st_size ? (size_t)(now.st_size - length) : 0), real(fd, length));
}

int ftruncate(int fd, off_t length) { REAL(int, ftruncate, int, off_t); return shortened(real_ftruncate, fd, length); }
int ftruncate64(int fd, off64_t length) { REAL(int, ftruncate64, int, off64_t); return shortened(real_ftruncate64, fd, length); }

/* Not kept aside, so not allowed: whoever asks falls back on plain writes. */
ssize_t sendfile(int to, int from, off_t *offset, size_t count) {
    REAL(ssize_t, sendfile, int, int, off_t *, size_t);
    if (mine(to)) { errno = EINVAL; return -1; }
    return real_sendfile(to, from, offset, count);
}
ssize_t copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t count, unsigned flags) {
    REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned);
    if (mine(to)) { errno = EXDEV; return -1; }
    return real_copy_file_range(from, in, to, out, count, flags);
}

static int flushed(int (*real)(int), int fd) {
    if (!mine(fd)) return real(fd);
    if (strikes(name_of[fd])) return -1;
    struct stat now;
    if (real(fd)) return -1;
    pthread_mutex_lock(&turn);
    if (!fstat(fd, &now)) note(kind[fd] == 2 ? 'D' : 'F', now.st_ino, 0, 0, name_of[fd], NULL, NULL, 0);
    pthread_mutex_unlock(&turn);
    return 0;
}

int fsync(int fd) { REAL(int, fsync, int); return flushed(real_fsync, fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); return flushed(real_fdatasync, fd); }

/* What a name stood for is kept beside the log, so that it can stand for it again. */
static void keep(const char *path, char *kept, size_t size) {
    struct stat there;
    kept[0] = 0;
    if (log_fd < 0 || lstat(path, &there) || !S_ISREG(there.st_mode)) return;
    snprintf(kept, size, "%s/%d-%d", log_folder, getpid(), __sync_add_and_fetch(&aside, 1));
    if (link(path, kept)) kept[0] = 0;
}

static int renamed(int (*real)(const char *, const char *), const char *from, const char *to) {
    const char *one = ours(from), *two = ours(to);
    if (!one || !two) return real(from, to);
    if (strikes(two)) return -1;
    pthread_mutex_lock(&turn);
    char kept[600];
    keep(to, kept, sizeof kept);
    int failed = real(from, to), error = errno;
    if (!failed) note('r', 0, 0, 0, one, two, kept, strlen(kept));
    pthread_mutex_unlock(&turn);
    errno = error;
    return failed;
}

int rename(const char *from, const char *to) { REAL(int, rename, const char *, const char *); return renamed(real_rename, from, to); }

int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, renameat, int, const char *, int, const char *);
    if (ours(from) && ours(to)) return rename(from, to);
    return real_renameat(a, from, b, to);
}

int link(const char *from, const char *to) {
    REAL(int, link, const char *, const char *);
    const char *two = ours(to);
    if (!two) return real_link(from, to);
    if (strikes(two)) return -1;
    pthread_mutex_lock(&turn);
    int failed = real_link(from, to), error = errno;
    struct stat now;
    if (!failed && !lstat(to, &now)) note('c', now.st_ino, 0, 0, two, NULL, NULL, 0);
    pthread_mutex_unlock(&turn);
    errno = error;
    return failed;
}

int linkat(int a, const char *from, int b, const char *to, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    if (ours(to)) return link(from, to);
    return real_linkat(a, from, b, to, flags);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    const char *name = ours(path);
    if (!name) return real_mkdir(path, mode);
    if (strikes(name)) return -1;
    pthread_mutex_lock(&turn);
    int failed = real_mkdir(path, mode), error = errno;
    if (!failed) note('m', 0, 0, 0, name, NULL, NULL, 0);
    pthread_mutex_unlock(&turn);
    errno = error;
    return failed;
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    const char *name = ours(path);
    if (!name) return real_unlink(path);
    pthread_mutex_lock(&turn);
    char kept[600];
    keep(path, kept, sizeof kept);
    int failed = real_unlink(path), error = errno;
    if (!failed && kept[0]) note('u', 0, 0, 0, name, NULL, kept, strlen(kept));
    pthread_mutex_unlock(&turn);
    errno = error;
    return failed;
}

int unlinkat(int folder, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    if (!(flags & AT_REMOVEDIR) && ours(path)) return unlink(path);
    return real_unlinkat(folder, path, flags);
}
