#pragma once
#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast of -1 to a pointer, which Swift does not see: the library copies.
static inline int shim_sqlite3_bind_text(
    sqlite3_stmt *statement, int at, const char *text, int count) {
  return sqlite3_bind_text(statement, at, text, count, SQLITE_TRANSIENT);
}
static inline int shim_sqlite3_bind_blob(
    sqlite3_stmt *statement, int at, const void *bytes, int count) {
  return count == 0 ? sqlite3_bind_zeroblob(statement, at, 0)
                    : sqlite3_bind_blob(statement, at, bytes, count, SQLITE_TRANSIENT);
}
// A variadic function under the one form that is used.
static inline int shim_sqlite3_defensive(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}
