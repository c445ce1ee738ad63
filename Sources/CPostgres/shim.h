#pragma once
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <postgresql/libpq-fe.h>

// Waits until there is something to read on the connection, or the time is over.
static inline int shim_PQwait(PGconn *connection, int milliseconds) {
  struct pollfd waited = {.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
  return waited.fd < 0 ? -1 : poll(&waited, 1, milliseconds);
}
