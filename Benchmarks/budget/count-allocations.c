// Counts heap allocations of the program it is preloaded into, in a file that others can read.
//
//     cc -O2 -shared -fPIC -o count-allocations.so count-allocations.c
//     ALLOCATION_COUNTER=counter LD_PRELOAD=./count-allocations.so program
//
// The file holds one number of 8 bytes, in the machine's byte order. Every call that may allocate
// counts once, whatever it returns: malloc, calloc, realloc, aligned_alloc, posix_memalign.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// The C library's own functions by their other names, so that none has to be looked up, which
// would itself allocate.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Atomic uint64_t before_mapping;
static _Atomic uint64_t *_Atomic counter = &before_mapping;

static void count_one(void) {
  atomic_fetch_add_explicit(atomic_load_explicit(&counter, memory_order_relaxed), 1,
                            memory_order_relaxed);
}

__attribute__((constructor)) static void map_counter(void) {
  const char *path = getenv("ALLOCATION_COUNTER");
  if (path == NULL) return;
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ftruncate(file, sizeof(uint64_t)) != 0) abort();
  void *place = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (place == MAP_FAILED) abort();
  close(file);
  atomic_store(&counter, (_Atomic uint64_t *)place);
}

void *malloc(size_t size) {
  count_one();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  count_one();
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  count_one();
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count_one();
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *place = aligned_alloc(alignment, size);
  if (place == NULL) return ENOMEM;
  *block = place;
  return 0;
}
