import COpenSSL

extension TLSFailure {
  /// Reads the reason from OpenSSL's queue of errors, which is empty afterwards.
  ///
  /// `verifyResult` is what SSL_get_verify_result(3) says of the peer's certificate.
  static func fromQueue(verifyResult: Int, isNameRefused: Bool = false) -> TLSFailure {
    let code = ERR_peek_error()
    ERR_clear_error()
    guard code != 0 else { return TLSFailure(.protocolViolation) }
    guard shim_ERR_GET_LIB(code) == ERR_LIB_SSL else {
      return TLSFailure(.libraryFailure, libraryCode: code)
    }
    let reason = shim_ERR_GET_REASON(code)
    if reason == SSL_R_CALLBACK_FAILED, isNameRefused {
      return TLSFailure(.unknownServerName, libraryCode: code)
    }
    if reason == SSL_R_CERTIFICATE_VERIFY_FAILED {
      return TLSFailure(
        kind(verifyResult: Int32(truncatingIfNeeded: verifyResult)),
        libraryCode: code)
    }
    if reason > SSL_AD_REASON_OFFSET, reason <= SSL_AD_REASON_OFFSET + 255 {
      let alert = UInt8(truncatingIfNeeded: reason - SSL_AD_REASON_OFFSET)
      return TLSFailure(.peerAlert, alert: alert, libraryCode: code)
    }
    return TLSFailure(kind(reason: reason), libraryCode: code)
  }

  private static func kind(reason: Int32) -> Kind {
    switch reason {
    case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST: .plainHTTP
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_RECORD_LENGTH_MISMATCH, SSL_R_PACKET_LENGTH_TOO_LONG:
      .notTLS
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_UNSUPPORTED_SSL_VERSION, SSL_R_VERSION_TOO_LOW,
      SSL_R_WRONG_SSL_VERSION, SSL_R_UNKNOWN_PROTOCOL:
      .unsupportedVersion
    case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS,
      SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SHARED_GROUPS, SSL_R_NO_CIPHERS_AVAILABLE:
      .noSharedCipher
    case SSL_R_NO_APPLICATION_PROTOCOL: .noApplicationProtocol
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: .noPeerCertificate
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, SSL_R_BAD_RECORD_TYPE,
      SSL_R_ENCRYPTED_LENGTH_TOO_LONG, SSL_R_DATA_LENGTH_TOO_LONG, SSL_R_LENGTH_TOO_SHORT:
      .badRecord
    case SSL_R_EE_KEY_TOO_SMALL, SSL_R_CA_KEY_TOO_SMALL, SSL_R_CA_MD_TOO_WEAK: .weakCertificate
    case Int32(ERR_R_MALLOC_FAILURE), Int32(ERR_R_INTERNAL_ERROR), SSL_R_CALLBACK_FAILED:
      .libraryFailure
    default: .protocolViolation
    }
  }

  private static func kind(verifyResult: Int32) -> Kind {
    switch verifyResult {
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .wrongHost
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED,
      X509_V_ERR_CERT_SIGNATURE_FAILURE:
      .unknownAuthority
    case X509_V_ERR_CERT_HAS_EXPIRED: .certificateExpired
    case X509_V_ERR_CERT_NOT_YET_VALID: .certificateNotYetValid
    case X509_V_ERR_CERT_REVOKED: .certificateRevoked
    case X509_V_ERR_INVALID_PURPOSE, X509_V_ERR_INVALID_CA, X509_V_ERR_PATH_LENGTH_EXCEEDED:
      .wrongPurpose
    case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
      .weakCertificate
    default: .badCertificate
    }
  }
}
