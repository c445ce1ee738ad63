#pragma once
#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>

/* Notes each expression that matches as a bit of `context`, which has room for all of them. */
static int shim_hs_note(unsigned int id, unsigned long long from, unsigned long long to,
                        unsigned int flags, void *context) {
  (void)from;
  (void)to;
  (void)flags;
  ((uint64_t *)context)[id >> 6] |= (uint64_t)1 << (id & 63);
  return 0;
}

static inline int shim_hs_scan(const hs_database_t *database, const uint8_t *text,
                               unsigned int count, hs_scratch_t *scratch, uint64_t *bits) {
  return hs_scan(database, text ? (const char *)text : "", count, 0, scratch, shim_hs_note, bits);
}

static inline void shim_free(void *memory) { free(memory); }
