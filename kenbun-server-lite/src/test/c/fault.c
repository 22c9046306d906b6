/*
 * A disk that fails or is slow, for a process started with LD_PRELOAD=fault.so. The file that
 * KENBUN_FAULTS names says how, and is read again at each call:
 *
 *   "eio"      writes and syncs of the databases fail with EIO
 *   "slow N"   each sync takes N microseconds longer
 *   "" or gone all is well
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static int fault(char *text, size_t size) {
  const char *path = getenv("KENBUN_FAULTS");
  if (path == NULL) return 0;
  /* System calls of its own: the wrappers below must not be asked. */
  int file = (int) syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  long length = syscall(SYS_read, file, text, size - 1);
  syscall(SYS_close, file);
  if (length <= 0) return 0;
  text[length] = 0;
  return 1;
}

/* Says whether it is one of the databases, its WAL or its journal. */
static int ours(int fd) {
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, ".db") != NULL;
}

static int fails(int fd) {
  char text[32];
  return fault(text, sizeof text) && strncmp(text, "eio", 3) == 0 && ours(fd);
}

static void slow_down(void) {
  char text[32];
  if (!fault(text, sizeof text) || strncmp(text, "slow ", 5) != 0) return;
  long micros = atol(text + 5);
  struct timespec pause = {micros / 1000000, micros % 1000000 * 1000};
  nanosleep(&pause, NULL);
}

static int sync_with(const char *name, int fd) {
  int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, name);
  if (fails(fd)) {
    errno = EIO;
    return -1;
  }
  slow_down();
  return real(fd);
}

int fsync(int fd) { return sync_with("fsync", fd); }

int fdatasync(int fd) { return sync_with("fdatasync", fd); }

static ssize_t write_with(const char *name, int fd, const void *bytes, size_t count, off64_t at) {
  ssize_t (*real)(int, const void *, size_t, off64_t) =
      (ssize_t (*)(int, const void *, size_t, off64_t)) dlsym(RTLD_NEXT, name);
  if (fails(fd)) {
    errno = EIO;
    return -1;
  }
  return real(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  return write_with("pwrite64", fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  return write_with("pwrite64", fd, bytes, count, at);
}
