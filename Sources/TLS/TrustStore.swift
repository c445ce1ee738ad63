import COpenSSL
public import Crypto

/// The authorities whose certificates are believed; made once and shared by contexts.
public final class TrustStore: Sendable {
  let handle: SharedHandle
  /// The authorities by name; empty for those of the system.
  let authorities: [Certificate]
  /// What the authorities have revoked; empty if nobody asks.
  let revocations: [RevocationList]

  /// Believes `authorities` and nobody else; throws if there is none.
  ///
  /// With `revocations` every certificate of a chain is looked up in the list of its authority;
  /// without a list of that authority, or with one that is out of date, it is refused.
  public init(
    authorities: [Certificate], revocations: [RevocationList] = []
  ) throws(TLSSettingsError) {
    guard !authorities.isEmpty else { throw .noAuthorities }
    // Safety: the store is owned by this object; it counts a reference to each certificate.
    guard let store = unsafe X509_STORE_new() else { throw .library("a store of authorities") }
    unsafe handle = SharedHandle(store)
    self.authorities = authorities
    self.revocations = revocations
    for authority in authorities {
      guard unsafe X509_STORE_add_cert(store, authority.handle.pointer) == 1 else {
        throw .library("a store of authorities")
      }
    }
    if revocations.isEmpty { return }
    // Safety: the store was made above; it counts a reference to each list.
    for list in revocations {
      guard unsafe X509_STORE_add_crl(store, list.handle.pointer) == 1 else {
        throw .library("a store of revocation lists")
      }
    }
    let flags = UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)
    guard unsafe X509_STORE_set_flags(store, flags) == 1 else {
      throw .library("the check of revocation lists")
    }
  }

  /// Reads the system's bundle of authorities, once and now: a lookup never touches the disk.
  ///
  /// It takes some ten milliseconds, so make it only if an upstream needs it.
  public init(systemBundles paths: [String] = systemBundlePaths) throws(TLSSettingsError) {
    // Safety: the store is owned by this object.
    guard let store = unsafe X509_STORE_new() else { throw .library("a store of authorities") }
    unsafe handle = SharedHandle(store)
    authorities = []
    revocations = []
    // Safety: the store was made above, the path is a string for the call.
    let isLoaded = paths.contains { unsafe X509_STORE_load_file(store, $0) == 1 }
    ERR_clear_error()
    guard isLoaded else { throw .noSystemAuthorities }
  }

  deinit {
    // Safety: this object owns one reference; contexts have their own.
    unsafe X509_STORE_free(handle.pointer)
  }

  /// Where distributions keep the bundle: Debian, Fedora, Alpine and SUSE.
  public static var systemBundlePaths: [String] {
    [
      "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
      "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem",
    ]
  }
}
