#pragma once
// SHA256_Init and its like are marked as deprecated in favour of EVP, which allocates for each
// digest.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Swift sees functions, but neither function-like macros nor variadic functions nor typed
// stacks. Each function below is one such thing under a name of its own, and nothing more.

static inline long shim_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_mode(context, mode);
}
static inline uint64_t shim_SSL_OP_NO_COMPRESSION(void) { return SSL_OP_NO_COMPRESSION; }
static inline uint64_t shim_SSL_OP_NO_RENEGOTIATION(void) { return SSL_OP_NO_RENEGOTIATION; }
static inline uint64_t shim_SSL_OP_NO_TICKET(void) { return SSL_OP_NO_TICKET; }
static inline uint64_t shim_SSL_OP_CIPHER_SERVER_PREFERENCE(void) {
  return SSL_OP_CIPHER_SERVER_PREFERENCE;
}
static inline uint64_t shim_SSL_OP_PRIORITIZE_CHACHA(void) { return SSL_OP_PRIORITIZE_CHACHA; }
static inline int shim_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_min_proto_version(context, version);
}
static inline int shim_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_max_proto_version(context, version);
}
static inline int shim_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *list) {
  return (int)SSL_CTX_set1_groups_list(context, list);
}
static inline int shim_SSL_CTX_add1_chain_cert(SSL_CTX *context, X509 *certificate) {
  return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline long shim_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_session_cache_mode(context, mode);
}
static inline long shim_SSL_CTX_set_max_cert_list(SSL_CTX *context, long bytes) {
  return SSL_CTX_set_max_cert_list(context, bytes);
}
static inline long shim_SSL_CTX_set_tlsext_servername_callback(
    SSL_CTX *context, int (*callback)(SSL *, int *, void *)) {
  return SSL_CTX_set_tlsext_servername_callback(context, callback);
}
static inline long shim_SSL_CTX_set_tlsext_servername_arg(SSL_CTX *context, void *argument) {
  return SSL_CTX_set_tlsext_servername_arg(context, argument);
}
static inline long shim_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
  return SSL_set_tlsext_host_name(ssl, name);
}
static inline void shim_SSL_set_msg_callback_arg(SSL *ssl, void *argument) {
  SSL_set_msg_callback_arg(ssl, argument);
}
static inline void shim_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void shim_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline long shim_BIO_get_mem_data(BIO *bio, char **data) {
  return BIO_get_mem_data(bio, data);
}
static inline EVP_PKEY *shim_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *shim_EVP_RSA_gen(size_t bits) { return EVP_RSA_gen(bits); }
static inline unsigned long shim_XN_FLAG_RFC2253(void) { return XN_FLAG_RFC2253; }
static inline int shim_ERR_GET_LIB(unsigned long error) { return ERR_GET_LIB(error); }
static inline int shim_ERR_GET_REASON(unsigned long error) { return ERR_GET_REASON(error); }

// Parameters keep pointers to their names, so the names must be literals of C.
static inline OSSL_PARAM shim_OSSL_MAC_PARAM_DIGEST_SHA256(void) {
  return OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0);
}
static inline OSSL_PARAM shim_OSSL_MAC_PARAM_KEY(void *key, size_t count) {
  return OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, count);
}

static inline const char *shim_OSSL_PKEY_PARAM_RSA_N(void) { return OSSL_PKEY_PARAM_RSA_N; }
static inline const char *shim_OSSL_PKEY_PARAM_RSA_E(void) { return OSSL_PKEY_PARAM_RSA_E; }
static inline const char *shim_OSSL_PKEY_PARAM_RSA_D(void) { return OSSL_PKEY_PARAM_RSA_D; }
static inline const char *shim_OSSL_PKEY_PARAM_RSA_FACTOR1(void) {
  return OSSL_PKEY_PARAM_RSA_FACTOR1;
}
static inline const char *shim_OSSL_PKEY_PARAM_RSA_FACTOR2(void) {
  return OSSL_PKEY_PARAM_RSA_FACTOR2;
}
static inline const char *shim_OSSL_PKEY_PARAM_RSA_EXPONENT1(void) {
  return OSSL_PKEY_PARAM_RSA_EXPONENT1;
}
static inline const char *shim_OSSL_PKEY_PARAM_RSA_EXPONENT2(void) {
  return OSSL_PKEY_PARAM_RSA_EXPONENT2;
}
static inline const char *shim_OSSL_PKEY_PARAM_RSA_COEFFICIENT1(void) {
  return OSSL_PKEY_PARAM_RSA_COEFFICIENT1;
}
static inline const char *shim_OSSL_PKEY_PARAM_GROUP_NAME(void) {
  return OSSL_PKEY_PARAM_GROUP_NAME;
}
static inline const char *shim_OSSL_PKEY_PARAM_PUB_KEY(void) { return OSSL_PKEY_PARAM_PUB_KEY; }
static inline const char *shim_OSSL_PKEY_PARAM_PRIV_KEY(void) { return OSSL_PKEY_PARAM_PRIV_KEY; }
static inline int shim_EVP_PKEY_KEYPAIR(void) { return EVP_PKEY_KEYPAIR; }
static inline int shim_EVP_PKEY_PUBLIC_KEY(void) { return EVP_PKEY_PUBLIC_KEY; }

static inline const char *shim_SN_P256(void) { return "P-256"; }
static inline const char *shim_SN_P384(void) { return "P-384"; }
static inline const char *shim_SN_P521(void) { return "P-521"; }

static inline OSSL_PARAM shim_OSSL_KDF_PARAM_DIGEST_SHA256(void) {
  return OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0);
}
static inline OSSL_PARAM shim_OSSL_KDF_PARAM_KEY(void *key, size_t count) {
  return OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key, count);
}
static inline OSSL_PARAM shim_OSSL_KDF_PARAM_INFO(void *info, size_t count) {
  return OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, count);
}

static inline int shim_GENERAL_NAMES_num(const GENERAL_NAMES *names) {
  return sk_GENERAL_NAME_num(names);
}
static inline GENERAL_NAME *shim_GENERAL_NAMES_value(const GENERAL_NAMES *names, int at) {
  return sk_GENERAL_NAME_value(names, at);
}
