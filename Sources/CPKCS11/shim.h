#pragma once
#include <dlfcn.h>
#include <p11-kit-1/p11-kit/pkcs11.h>
#include <string.h>

// A module of PKCS #11 is a table of functions, which Swift cannot call by name. Each function
// below is one step with its return value (CK_RV), and nothing more.

// Loads a module and sets it up; CKR_GENERAL_ERROR if it cannot be loaded.
static inline unsigned long shim_pkcs11_load(const char *path, CK_FUNCTION_LIST **list) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return CKR_GENERAL_ERROR;
  CK_RV (*get)(CK_FUNCTION_LIST **) =
      (CK_RV(*)(CK_FUNCTION_LIST **))dlsym(handle, "C_GetFunctionList");
  if (!get) return CKR_GENERAL_ERROR;
  CK_RV result = get(list);
  if (result != CKR_OK) return result;
  CK_C_INITIALIZE_ARGS arguments;
  memset(&arguments, 0, sizeof arguments);
  arguments.flags = CKF_OS_LOCKING_OK;
  result = (*list)->C_Initialize(&arguments);
  return result == CKR_CRYPTOKI_ALREADY_INITIALIZED ? CKR_OK : result;
}

// Opens a session on the token with this label, and logs in.
static inline unsigned long shim_pkcs11_open(
    CK_FUNCTION_LIST *list, const char *label, unsigned char *pin, unsigned long pinCount,
    unsigned long *session) {
  CK_SLOT_ID slots[64];
  CK_ULONG count = 64;
  CK_RV result = list->C_GetSlotList(CK_TRUE, slots, &count);
  if (result != CKR_OK) return result;
  for (CK_ULONG at = 0; at < count; at++) {
    CK_TOKEN_INFO info;
    if (list->C_GetTokenInfo(slots[at], &info) != CKR_OK) continue;
    // Labels are padded with spaces to 32 bytes.
    size_t length = strlen(label);
    if (length > sizeof info.label || memcmp(info.label, label, length) != 0) continue;
    size_t rest = length;
    while (rest < sizeof info.label && info.label[rest] == ' ') rest++;
    if (rest < sizeof info.label) continue;
    result = list->C_OpenSession(slots[at], CKF_SERIAL_SESSION, NULL, NULL, session);
    if (result != CKR_OK) return result;
    result = list->C_Login(*session, CKU_USER, pin, pinCount);
    return result == CKR_USER_ALREADY_LOGGED_IN ? CKR_OK : result;
  }
  return CKR_TOKEN_NOT_PRESENT;
}

// Finds the one secret key with this label; CKR_KEY_HANDLE_INVALID for none or several.
static inline unsigned long shim_pkcs11_find(
    CK_FUNCTION_LIST *list, unsigned long session, const char *label, unsigned long *key) {
  CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
  CK_ATTRIBUTE wanted[] = {
      {CKA_CLASS, &kind, sizeof kind},
      {CKA_LABEL, (void *)label, strlen(label)},
  };
  CK_RV result = list->C_FindObjectsInit(session, wanted, 2);
  if (result != CKR_OK) return result;
  CK_OBJECT_HANDLE found[2];
  CK_ULONG count = 0;
  result = list->C_FindObjects(session, found, 2, &count);
  list->C_FindObjectsFinal(session);
  if (result != CKR_OK) return result;
  if (count != 1) return CKR_KEY_HANDLE_INVALID;
  *key = found[0];
  return CKR_OK;
}

// AES in Galois/Counter mode with nonces of 12 bytes and tags of 16, which stand behind the text.
static inline unsigned long shim_pkcs11_gcm(
    CK_FUNCTION_LIST *list, unsigned long session, unsigned long key, int encrypts,
    unsigned char *nonce, unsigned char *associated, unsigned long associatedCount,
    unsigned char *input, unsigned long inputCount, unsigned char *output,
    unsigned long *outputCount) {
  CK_GCM_PARAMS parameters;
  memset(&parameters, 0, sizeof parameters);
  parameters.iv_ptr = nonce;
  parameters.iv_len = 12;
  parameters.iv_bits = 96;
  parameters.aad_ptr = associated;
  parameters.aad_len = associatedCount;
  parameters.tag_bits = 128;
  CK_MECHANISM mechanism = {CKM_AES_GCM, &parameters, sizeof parameters};
  CK_RV result = encrypts ? list->C_EncryptInit(session, &mechanism, key)
                          : list->C_DecryptInit(session, &mechanism, key);
  if (result != CKR_OK) return result;
  return encrypts ? list->C_Encrypt(session, input, inputCount, output, outputCount)
                  : list->C_Decrypt(session, input, inputCount, output, outputCount);
}

static inline unsigned long shim_pkcs11_ok(void) { return CKR_OK; }
