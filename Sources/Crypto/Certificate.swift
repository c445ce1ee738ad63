public import Base
import COpenSSL

/// An X.509 certificate that never changes; may be shared between threads.
public final class Certificate: Sendable {
  package let handle: SharedHandle

  /// Takes over one reference to an `X509`.
  @unsafe
  package init(owning pointer: OpaquePointer) {
    // Safety: whoever hands the reference over changes the object no more.
    unsafe handle = SharedHandle(pointer)
  }

  deinit {
    // Safety: this object owns one reference.
    unsafe X509_free(handle.pointer)
  }

  /// Reads every certificate of a PEM text, in order; other blocks, such as keys, are skipped.
  public static func all(pem: Span<UInt8>) throws(CertificateError) -> [Certificate] {
    try PEMReader.check(pem, for: .certificate)
    // Safety: the text outlives the reading of it.
    let (found, isComplete) = unsafe pem.withUnsafeBytes { unsafe PEMReader.certificates($0) }
    guard isComplete else { throw .malformed(.certificate, number: found.count + 1) }
    guard !found.isEmpty else { throw .missing(.certificate) }
    return found
  }

  /// The first instant at which it is valid, in seconds since 1970.
  public var notBeforeUnixSeconds: Int64 {
    // Safety: the time belongs to the certificate, which `self` keeps alive.
    unsafe CertificateTime.unixSeconds(X509_get0_notBefore(handle.pointer)) ?? .max
  }

  /// The last instant at which it is valid, in seconds since 1970; one that cannot be read is past.
  public var notAfterUnixSeconds: Int64 {
    // Safety: the time belongs to the certificate, which `self` keeps alive.
    unsafe CertificateTime.unixSeconds(X509_get0_notAfter(handle.pointer)) ?? .min
  }

  /// The last common name of its subject; nil if it has none or if that is no text.
  public var commonName: String? {
    // Safety: the name and its entries belong to the certificate, which `self` keeps alive.
    guard let name = unsafe X509_get_subject_name(handle.pointer) else { return nil }
    var at: Int32 = -1
    var last: Int32 = -1
    repeat {
      last = at
      at = unsafe X509_NAME_get_index_by_NID(name, NID_commonName, at)
    } while at >= 0
    guard last >= 0, let entry = unsafe X509_NAME_get_entry(name, last) else { return nil }
    return unsafe ASN1Text.utf8(X509_NAME_ENTRY_get_data(entry))
  }

  /// The whole subject as RFC 2253 text, such as `CN=api,O=Example`.
  public var subject: String {
    // Safety: the name belongs to the certificate; the memory is freed by its reader.
    unsafe MemoryBIO.text { output in
      unsafe X509_NAME_print_ex(
        output, X509_get_subject_name(handle.pointer), 0, shim_XN_FLAG_RFC2253()) >= 0
    }
  }

  /// The whole subject of the authority that signed it, as RFC 2253 text.
  public var issuer: String {
    // Safety: the name belongs to the certificate; the memory is freed by its reader.
    unsafe MemoryBIO.text { output in
      unsafe X509_NAME_print_ex(
        output, X509_get_issuer_name(handle.pointer), 0, shim_XN_FLAG_RFC2253()) >= 0
    }
  }

  /// What an operator knows it by: the common name, else the first name, else the subject.
  public var label: String { commonName ?? dnsNames.first ?? subject }

  /// The DNS names of its subject alternative name extension, in lower case, wildcards included.
  /// A name with other bytes than a host name may hold is left out (RFC 5280 §4.2.1.6).
  public var dnsNames: [String] { names.dns }

  /// The IP addresses of its subject alternative name extension.
  public var ipAddresses: [IPAddress] { names.ip }

  /// The URIs of its subject alternative name extension, such as a SPIFFE ID; none with a byte
  /// that no URI may hold (RFC 3986 §2).
  public var uris: [String] { names.uri }

  /// The mail addresses of its subject alternative name extension, of visible ASCII alone.
  public var emails: [String] { names.email }

  /// The SHA-256 digest of its DER form, by which people pin and compare certificates.
  public var fingerprint: Digest256 {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    // Safety: the target holds as many bytes as any digest has.
    let isDone = unsafe bytes.withUnsafeMutableBufferPointer { target in
      unsafe X509_digest(handle.pointer, EVP_sha256(), target.baseAddress, nil) == 1
    }
    guard isDone, let digest = Digest256(bytes: bytes.span.extracting(first: 32)) else {
      preconditionFailure("SHA-256 over memory cannot fail")
    }
    return digest
  }

  /// Its PEM text.
  public var pem: [UInt8] {
    // Safety: the certificate is valid; writing to memory fails only without memory.
    unsafe MemoryBIO.bytes { unsafe PEM_write_bio_X509($0, handle.pointer) == 1 } ?? []
  }

  private struct Names {
    var dns: [String] = []
    var ip: [IPAddress] = []
    var uri: [String] = []
    var email: [String] = []
  }

  private var names: Names {
    var names = Names()
    // Safety: the list is owned here and freed below; its elements live as long as it does.
    let raw = unsafe X509_get_ext_d2i(handle.pointer, NID_subject_alt_name, nil, nil)
    guard let list = OpaquePointer(raw) else { return names }
    defer { unsafe GENERAL_NAMES_free(list) }
    let count = unsafe shim_GENERAL_NAMES_num(list)
    for at in 0..<count {
      guard let name = unsafe shim_GENERAL_NAMES_value(list, at) else { continue }
      var kind: Int32 = 0
      let value = unsafe GENERAL_NAME_get0_value(name, &kind)
      guard let value = unsafe value?.assumingMemoryBound(to: ASN1_STRING.self) else { continue }
      let bytes = unsafe ASN1Text.bytes(value)
      if kind == GEN_DNS, let host = HostName(bytes, allowsWildcard: true) {
        names.dns.append(host.text)
      } else if kind == GEN_IPADD, let address = IPAddress(network: bytes) {
        names.ip.append(address)
      } else if kind == GEN_URI || kind == GEN_EMAIL, !bytes.isEmpty,
        bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      {
        let text = String(decoding: bytes, as: UTF8.self)
        if kind == GEN_URI { names.uri.append(text) } else { names.email.append(text) }
      }
    }
    return names
  }
}
