/// Why a certificate or its key cannot be used; the description is written for its owner.
public enum CertificateError: Error, Hashable, Sendable {
  /// There is no `-----BEGIN` line at all: perhaps DER, perhaps another file.
  case notPEM(CertificatePart)
  /// The text is PEM but holds nothing of the kind that was looked for.
  case missing(CertificatePart)
  /// The block of that number, counted from 1, is damaged.
  case malformed(CertificatePart, number: Int)
  /// There are more certificates or bytes than the limit.
  case tooLarge(CertificatePart)
  /// The private key is protected by a passphrase, which a server that starts alone cannot know.
  case encryptedKey
  /// The private key belongs to another certificate than the first one.
  case keyMismatch(subject: String)
  /// The first certificate's time is over.
  case expired(subject: String, notAfterUnixSeconds: Int64)
  /// The first certificate's time has not begun.
  case notYetValid(subject: String, notBeforeUnixSeconds: Int64)
  /// A name that no certificate of a server may bear.
  case invalidName(String)
  /// The library could not make a certificate or key.
  case generation(String)
}

extension CertificateError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notPEM(let part):
      "this is no PEM file: there is no \"-----BEGIN\" line, so there is no \(part.rawValue) in it"
    case .missing(let part): "the PEM file holds no \(part.rawValue)"
    case .malformed(let part, let number): "\(part.rawValue) number \(number) is damaged"
    case .tooLarge(.certificate):
      "the file is too large: at most \(CertifiedKey.chainCountMax) certificates in 1 MiB"
    case .tooLarge(.revocationList): "the file is too large: at most 1 MiB of revocation lists"
    case .tooLarge(.privateKey): "the file is too large for a private key: at most 1 MiB"
    case .encryptedKey:
      "the private key is encrypted; store it without a passphrase (openssl pkey -in OLD -out NEW)"
    case .keyMismatch(let subject):
      "the private key does not belong to the first certificate (\(subject)); "
        + "perhaps the chain is in the wrong order, or one of the two files was not renewed"
    case .expired(let subject, let time):
      "the certificate \(subject) expired at \(CertificateTime.text(time))"
    case .notYetValid(let subject, let time):
      "the certificate \(subject) is not valid before \(CertificateTime.text(time)); "
        + "is the clock right?"
    case .invalidName(let name): "\"\(name)\" is neither a host name nor an IP address"
    case .generation(let what): "OpenSSL could not make \(what)"
    }
  }
}
