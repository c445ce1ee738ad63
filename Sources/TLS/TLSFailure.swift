/// Why a TLS connection failed, in words for a log; the peer was told by an alert, if at all.
public struct TLSFailure: Error, Hashable, Sendable {
  /// What went wrong.
  public let kind: Kind
  /// The alert that the peer sent (RFC 8446 §6.2), if that was the reason.
  public let alert: UInt8?
  /// OpenSSL's code of the error, for `openssl errstr`; 0 if it reported none.
  public let libraryCode: UInt

  init(_ kind: Kind, alert: UInt8? = nil, libraryCode: UInt = 0) {
    self.kind = kind
    self.alert = alert
    self.libraryCode = libraryCode
  }

  /// The kinds of failure that a log or a metric tells apart.
  public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
    case plainHTTP
    case notTLS
    case unsupportedVersion
    case noSharedCipher
    case unknownServerName
    case noApplicationProtocol
    case noPeerCertificate
    case wrongHost
    case unknownAuthority
    case certificateExpired
    case certificateNotYetValid
    case certificateRevoked
    case wrongPurpose
    case weakCertificate
    case badCertificate
    case peerAlert
    case badRecord
    case tooMuchWithoutData
    case truncated
    case protocolViolation
    case libraryFailure
  }
}

extension TLSFailure: CustomStringConvertible {
  public var description: String { "\(summary)" }

  /// One line that says what happened; costs nothing to get.
  public var summary: StaticString {
    switch kind {
    case .plainHTTP: "the client spoke plain HTTP to a TLS port"
    case .notTLS: "the peer does not speak TLS"
    case .unsupportedVersion: "the peer speaks only versions of TLS that are not accepted"
    case .noSharedCipher: "the peer offers no cipher, curve or signature that is accepted"
    case .unknownServerName: "the client asked for a name that no certificate bears"
    case .noApplicationProtocol: "the client offers no application protocol that is served"
    case .noPeerCertificate: "the client showed no certificate, but one is required"
    case .wrongHost: "the peer's certificate does not bear the name that was connected to"
    case .unknownAuthority: "the peer's certificate is not signed by a trusted authority"
    case .certificateExpired: "the peer's certificate, or one above it, has expired"
    case .certificateNotYetValid: "the peer's certificate, or one above it, is not yet valid"
    case .certificateRevoked: "the peer's certificate is revoked"
    case .wrongPurpose: "the peer's certificate is not meant for this purpose"
    case .weakCertificate: "the peer's certificate has a key or signature that is too weak"
    case .badCertificate: "the peer's certificate could not be verified"
    case .peerAlert: alertSummary
    case .badRecord: "a record was damaged or forged on the way"
    case .tooMuchWithoutData: "the peer sent more handshake and control records than is allowed"
    case .truncated: "the peer closed the connection without saying so in TLS"
    case .protocolViolation: "the peer broke the rules of TLS"
    case .libraryFailure: "OpenSSL failed, perhaps for want of memory"
    }
  }

  private var alertSummary: StaticString {
    switch alert ?? 0 {
    case 10: "the peer sent the alert unexpected_message"
    case 20: "the peer sent the alert bad_record_mac"
    case 22: "the peer sent the alert record_overflow"
    case 40: "the peer sent the alert handshake_failure"
    case 42: "the peer sent the alert bad_certificate"
    case 43: "the peer sent the alert unsupported_certificate"
    case 44: "the peer sent the alert certificate_revoked"
    case 45: "the peer sent the alert certificate_expired"
    case 46: "the peer sent the alert certificate_unknown"
    case 47: "the peer sent the alert illegal_parameter"
    case 48: "the peer sent the alert unknown_ca"
    case 49: "the peer sent the alert access_denied"
    case 50: "the peer sent the alert decode_error"
    case 51: "the peer sent the alert decrypt_error"
    case 70: "the peer sent the alert protocol_version"
    case 71: "the peer sent the alert insufficient_security"
    case 80: "the peer sent the alert internal_error"
    case 86: "the peer sent the alert inappropriate_fallback"
    case 90: "the peer sent the alert user_canceled"
    case 109: "the peer sent the alert missing_extension"
    case 110: "the peer sent the alert unsupported_extension"
    case 112: "the peer sent the alert unrecognized_name"
    case 116: "the peer sent the alert certificate_required"
    case 120: "the peer sent the alert no_application_protocol"
    default: "the peer sent an alert"
    }
  }
}
