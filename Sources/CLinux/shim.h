#pragma once
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <resolv.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/sockios.h>

// What Swift cannot import: a macro that is an lvalue, and functions with variable arguments.
static inline int linux_errno(void) { return errno; }
static inline int linux_open(const char *path, int flags) { return open(path, flags); }

// Hidden behind _GNU_SOURCE, which a module cannot define for itself.
extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pipe2(int[2], int);
extern long syscall(long, ...);
extern ssize_t splice(int, long long *, int, long long *, size_t, unsigned);
extern char **environ;

// Socket addresses travel as the 16 bytes of an IPv6 address, IPv4 in mapped form, and a port.
static inline socklen_t linux_address(struct sockaddr_storage *out, const unsigned char *bytes,
                                      int isV4, unsigned short port) {
  memset(out, 0, sizeof *out);
  if (isV4) {
    struct sockaddr_in *in = (struct sockaddr_in *)out;
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    memcpy(&in->sin_addr, bytes + 12, 4);
    return sizeof *in;
  }
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
  in6->sin6_family = AF_INET6;
  in6->sin6_port = htons(port);
  memcpy(&in6->sin6_addr, bytes, 16);
  return sizeof *in6;
}
// Within one machine nothing is congested, and a system's choice for the network, such as BBR with
// its estimates for each segment, is work for nothing. "reno" is always there (tcp(7)), and
// accepted sockets have it from the listening one; a refusal leaves what there was.
static inline void linux_plain_congestion(int fd, const unsigned char *bytes, int isV4) {
  static const unsigned char one[16] = {[15] = 1};
  if (isV4 ? bytes[12] == 127 : memcmp(bytes, one, 16) == 0)
    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
}
static inline int linux_accept(int fd, unsigned long long *high, unsigned long long *low) {
  struct sockaddr_storage from;
  socklen_t size = sizeof from;
  int accepted = accept4(fd, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (accepted < 0) return -1;
  *high = 0;
  *low = 0;
  if (from.ss_family == AF_INET) {
    *low = 0xFFFF00000000ULL | ntohl(((struct sockaddr_in *)&from)->sin_addr.s_addr);
  } else if (from.ss_family == AF_INET6) {
    const unsigned char *b = ((struct sockaddr_in6 *)&from)->sin6_addr.s6_addr;
    for (int i = 0; i < 8; i++) *high = *high << 8 | b[i], *low = *low << 8 | b[i + 8];
  }
  return accepted;
}
static inline int linux_listen(const unsigned char *bytes, int isV4, unsigned short port,
                               int isShared) {
  struct sockaddr_storage to;
  socklen_t size = linux_address(&to, bytes, isV4, port);
  int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (isShared) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  linux_plain_congestion(fd, bytes, isV4);
  if (bind(fd, (struct sockaddr *)&to, size) < 0 || listen(fd, 4096) < 0) {
    int failed = errno;
    close(fd);
    errno = failed;
    return -1;
  }
  return fd;
}
static inline int linux_connect(const unsigned char *bytes, int isV4, unsigned short port) {
  struct sockaddr_storage to;
  socklen_t size = linux_address(&to, bytes, isV4, port);
  int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0) return -1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  linux_plain_congestion(fd, bytes, isV4);
  if (connect(fd, (struct sockaddr *)&to, size) < 0 && errno != EINPROGRESS) {
    int failed = errno;
    close(fd);
    errno = failed;
    return -1;
  }
  return fd;
}
static inline int linux_socket_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}
// Bytes in the queue of a socket that the other side has not acknowledged (SIOCOUTQ, tcp(7)).
static inline int linux_unacknowledged(int fd) {
  int count = 0;
  return ioctl(fd, SIOCOUTQ, &count) < 0 ? -1 : count;
}
// A pipe that never blocks: its reading end, its writing end.
static inline int linux_pipe(int *out, int *in) {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0) return -1;
  *out = ends[0];
  *in = ends[1];
  return 0;
}
// Moves bytes between a pipe and a socket without copying them: flags 1 MOVE, 2 NONBLOCK, 4 MORE.
// Asks for a pipe's size; what it has then, or -1.
static inline int linux_pipe_resize(int fd, int size) {
  return fcntl(fd, 1031, size);
}
static inline long linux_splice(int from, int to, size_t count, int more) {
  return splice(from, 0, to, 0, count, 1 | 2 | (more ? 4 : 0));
}
static inline int linux_epoll_add(int epoll, int fd, unsigned long long token,
                                  unsigned int events) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}
static inline int linux_epoll_change(int epoll, int fd, unsigned long long token,
                                     unsigned int events) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}
// The library's own recv, send and epoll_wait are points at which a thread may be cancelled, which
// costs each call two locked instructions once there are threads; no thread is cancelled here.
static inline ssize_t linux_receive(int fd, void *bytes, size_t count) {
  return syscall(SYS_recvfrom, (long)fd, bytes, count, 0L, 0L, 0L);
}
// What is there, left there.
static inline ssize_t linux_peek(int fd, void *bytes, size_t count) {
  return syscall(SYS_recvfrom, (long)fd, bytes, count, (long)MSG_PEEK, 0L, 0L);
}
// Takes away what was looked at, 4096 bytes at most.
static inline ssize_t linux_discard(int fd, size_t count) {
  char bytes[4096];
  return syscall(SYS_recvfrom, (long)fd, bytes, count < sizeof bytes ? count : sizeof bytes, 0L, 0L,
                 0L);
}
static inline ssize_t linux_send(int fd, const void *bytes, size_t count) {
  return syscall(SYS_sendto, (long)fd, bytes, count, (long)MSG_NOSIGNAL, 0L, 0L);
}
static inline void linux_ignore_pipes(void) { signal(SIGPIPE, SIG_IGN); }
static inline int linux_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
// Events as pairs of words, token and flags: the system's structure holds a union with a pointer.
static inline int linux_epoll_wait(int epoll, unsigned long long *pairs, int max,
                                   int milliseconds) {
  struct epoll_event events[256];
  long most = max < 256 ? max : 256;
  int count = syscall(SYS_epoll_pwait, (long)epoll, events, most, (long)milliseconds, 0L, 8L);
  for (int i = 0; i < count; i++) {
    pairs[2 * i] = events[i].data.u64;
    pairs[2 * i + 1] = events[i].events;
  }
  return count;
}
static inline int linux_create(const char *path, int flags, unsigned int mode) {
  return open(path, flags, mode);
}

// Local sockets that keep messages apart (unix(7), SOCK_SEQPACKET), and descriptors over them.
static inline socklen_t linux_local_address(struct sockaddr_un *out, const char *path) {
  size_t count = strlen(path);
  if (count == 0 || count >= sizeof out->sun_path) {
    errno = ENAMETOOLONG;
    return 0;
  }
  memset(out, 0, sizeof *out);
  out->sun_family = AF_UNIX;
  memcpy(out->sun_path, path, count);
  // A name that begins with @ stands in no folder.
  if (path[0] == '@') {
    out->sun_path[0] = 0;
    return offsetof(struct sockaddr_un, sun_path) + count;
  }
  return sizeof *out;
}
static inline int linux_close_failed(int fd) {
  int failed = errno;
  close(fd);
  errno = failed;
  return -1;
}
static inline int linux_local_listen(const char *path) {
  struct sockaddr_un to;
  socklen_t size = linux_local_address(&to, path);
  if (size == 0) return -1;
  int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  // The file takes the mode that the socket has (unix(7)): there is no moment in which it has more.
  if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&to, size) < 0 || listen(fd, 4) < 0)
    return linux_close_failed(fd);
  return fd;
}
static inline int linux_local_connect(const char *path) {
  struct sockaddr_un to;
  socklen_t size = linux_local_address(&to, path);
  if (size == 0) return -1;
  int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr *)&to, size) < 0) return linux_close_failed(fd);
  return fd;
}
static inline int linux_local_accept(int fd) {
  return accept4(fd, NULL, NULL, SOCK_CLOEXEC);
}
// The user of the process at the other end when it connected, or began to listen; -1 if unknown.
static inline long linux_peer_user(int fd) {
  struct { pid_t pid; uid_t uid; gid_t gid; } peer;
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -1;
  return (long)peer.uid;
}
// Sends a message, with a descriptor unless that is -1.
static inline ssize_t linux_local_send(int fd, const void *bytes, size_t count, int passed) {
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
  union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (passed >= 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &passed, sizeof passed);
  }
  return sendmsg(fd, &message, MSG_NOSIGNAL);
}
// Receives a message, and its descriptor or -1; one that is too long, or brings more, has failed.
static inline ssize_t linux_local_receive(int fd, void *bytes, size_t count, int *passed) {
  struct iovec part = {.iov_base = bytes, .iov_len = count};
  union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control.bytes};
  *passed = -1;
  ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
  if (got < 0) return -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len == CMSG_LEN(sizeof(int)))
    memcpy(passed, CMSG_DATA(header), sizeof *passed);
  if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
    if (*passed >= 0) close(*passed);
    *passed = -1;
    errno = EMSGSIZE;
    return -1;
  }
  return got;
}
// A message to whoever started this process (sd_notify(3)).
static inline int linux_notify(const char *path, const char *text) {
  struct sockaddr_un to;
  socklen_t size = linux_local_address(&to, path);
  if (size == 0) return -1;
  // Here the length is that of the name, with which systemd compares.
  if (path[0] != '@') size = offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  ssize_t sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, size);
  close(fd);
  return sent < 0 ? -1 : 0;
}
// One end of a connection: the other side's, or our own.
static inline int linux_end(int fd, int isPeer, unsigned long long *high, unsigned long long *low,
                            unsigned short *port) {
  struct sockaddr_storage end;
  socklen_t size = sizeof end;
  struct sockaddr *place = (struct sockaddr *)&end;
  if ((isPeer ? getpeername(fd, place, &size) : getsockname(fd, place, &size)) < 0) return -1;
  *high = 0;
  *low = 0;
  if (end.ss_family == AF_INET) {
    struct sockaddr_in *in = (struct sockaddr_in *)&end;
    *low = 0xFFFF00000000ULL | ntohl(in->sin_addr.s_addr);
    *port = ntohs(in->sin_port);
    return 0;
  }
  if (end.ss_family != AF_INET6) return -1;
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&end;
  const unsigned char *b = in6->sin6_addr.s6_addr;
  for (int i = 0; i < 8; i++) *high = *high << 8 | b[i], *low = *low << 8 | b[i + 8];
  *port = ntohs(in6->sin6_port);
  return 0;
}
static inline int linux_duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 3); }
static inline int linux_epoll_remove(int epoll, int fd) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
}
// Starts a program; `words` are its arguments, each with a zero behind it. It gets no descriptor
// but the standard ones, and blocks no signal.
static inline pid_t linux_spawn(const char *path, const char *words, size_t count) {
  char *arguments[33];
  size_t place = 0;
  for (; place < count && place < 32; place++) {
    arguments[place] = (char *)words;
    words += strlen(words) + 1;
  }
  arguments[place] = NULL;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  sigemptyset(&none);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t started = -1;
  int failed = posix_spawn(&started, path, &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed) errno = failed;
  return failed ? -1 : started;
}
// Whether a child has ended, and with which status: -1 if it has not.
static inline int linux_child_status(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, WNOHANG) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
static inline ssize_t linux_own_path(char *bytes, size_t count) {
  return readlink("/proc/self/exe", bytes, count);
}
