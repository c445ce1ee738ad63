import Base
import COpenSSL

/// A certificate authority for one's own machine, so that the first run is already on TLS.
///
/// Its keys lie in files without a passphrase; it is for development and tests alone.
public struct DevelopmentAuthority: Sendable {
  /// How long the authority's own certificate lasts: ten years.
  public static let validityDays = 3_650
  /// The longest that a certificate it signs may last: less than browsers demand, and what
  /// Mozilla's recommendations for servers allow.
  public static let leafValidityDaysMax = 365

  /// The authority itself: its certificate, signed by its own key, and that key.
  public let certificate: Certificate
  public let privateKey: PrivateKey

  /// Makes a new authority with a P-256 key, valid from one day before `nowUnixSeconds`.
  public init(commonName: String, nowUnixSeconds: Int64) throws(CertificateError) {
    let key = try PrivateKey.generateP256()
    let name = [UInt8](commonName.utf8)
    guard !name.isEmpty, name.count <= 64 else { throw .invalidName(commonName) }
    let builder = try CertificateBuilder(subject: name, key: key)
    builder.setValidity(
      fromUnixSeconds: nowUnixSeconds, days: DevelopmentAuthority.validityDays)
    try builder.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
    try builder.add(NID_key_usage, "critical,keyCertSign,cRLSign")
    try builder.add(NID_subject_key_identifier, "hash")
    certificate = try builder.sign(with: key)
    privateKey = key
  }

  /// Reads an authority that was made before, from its PEM texts.
  public init(
    certificatePEM: [UInt8], keyPEM: [UInt8], nowUnixSeconds: Int64
  ) throws(CertificateError) {
    let pair = try CertifiedKey(
      certificatePEM: certificatePEM, keyPEM: keyPEM, nowUnixSeconds: nowUnixSeconds)
    certificate = pair.certificate
    privateKey = pair.privateKey
  }

  /// Makes a P-256 key and a certificate for it that bears `names`: host names (wildcards too)
  /// and IP addresses, at least one. `days` is cut to `leafValidityDaysMax`.
  public func issue(
    names: [String], purpose: CertificatePurpose = .server,
    days: Int = leafValidityDaysMax, nowUnixSeconds: Int64
  ) throws(CertificateError) -> CertifiedKey {
    guard let first = names.first else { throw .missing(.certificate) }
    var alternatives: [String] = []
    for name in names {
      if let address = IPAddress(name) {
        alternatives.append("IP:\(address)")
      } else if let host = HostName(name, allowsWildcard: true) {
        alternatives.append("DNS:\(host.text)")
      } else {
        throw .invalidName(name)
      }
    }
    let key = try PrivateKey.generateP256()
    let builder = try CertificateBuilder(
      subject: Array(first.utf8.prefix(64)), key: key, issuer: certificate)
    builder.setValidity(
      fromUnixSeconds: nowUnixSeconds, days: min(days, DevelopmentAuthority.leafValidityDaysMax))
    try builder.add(NID_basic_constraints, "critical,CA:FALSE")
    try builder.add(NID_key_usage, "critical,digitalSignature")
    try builder.add(NID_ext_key_usage, purpose.extendedKeyUsage)
    try builder.add(NID_subject_key_identifier, "hash")
    try builder.add(NID_authority_key_identifier, "keyid:always")
    try builder.add(NID_subject_alt_name, alternatives.joined(separator: ","))
    return try CertifiedKey(
      certificate: builder.sign(with: privateKey), intermediates: [], privateKey: key)
  }
}
