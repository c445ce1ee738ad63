#pragma once
#include <ldap.h>
#include <sys/time.h>

static inline struct timeval shim_timeval(int milliseconds) {
  struct timeval time = {milliseconds / 1000, milliseconds % 1000 * 1000};
  return time;
}

static inline int shim_ldap_set_time(LDAP *ld, int option, int milliseconds) {
  struct timeval time = shim_timeval(milliseconds);
  return ldap_set_option(ld, option, &time);
}

static inline int shim_ldap_search(LDAP *ld, const char *base, const char *filter, char **names,
                                   int milliseconds, int most, LDAPMessage **result) {
  struct timeval time = shim_timeval(milliseconds);
  return ldap_search_ext_s(ld, base, LDAP_SCOPE_SUBTREE, filter, names, 0, NULL, NULL, &time, most,
                           result);
}
