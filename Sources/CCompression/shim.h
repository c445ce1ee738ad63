#pragma once
#include <zlib.h>
#include <zstd.h>

// A macro that passes the version and the size of the state on, under a name of its own.
static inline int shim_inflateInit2(z_stream *stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}
