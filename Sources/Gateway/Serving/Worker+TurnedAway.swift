import Base
import HTTP
import Runtime
import TLS
import Telemetry

/// Who was turned away before there was a request: one line of the access log and one count each.
extension Worker {
  /// A connection that there is no room for.
  func refused(_ address: IPAddress, _ cause: RefusedConnection) {
    metrics.connectionRefused(cause)
    logTurnedAway(address, cause.reason, cause == .system ? .gateway : .client)
  }

  /// A handshake that came to nothing.
  func handshakeFailed(_ client: ClientConnection) {
    let fault = HandshakeFault(client.failureKind, hasTimedOut: client.hasTimedOut)
    metrics.tlsHandshakeFailed(fault)
    let reason: StaticString =
      switch fault {
      case .timedOut: "TLS handshake timed out"
      case .cutOff: "TLS handshake cut"
      default: client.failure
      }
    logTurnedAway(
      client.address, reason, fault == .library ? .gateway : .client,
      fingerprint: client.tls?.clientFingerprint ?? [])
  }

  /// An HTTP/2 connection that broke a rule while no request was under way.
  func protocolFailed(_ client: ClientConnection, _ reason: StaticString) {
    logTurnedAway(client.address, reason, .client)
  }

  private func logTurnedAway(
    _ address: IPAddress, _ reason: StaticString, _ fault: Fault, fingerprint: [UInt8] = []
  ) {
    recordTurnedAway(address, reason, fault, fingerprint)
    guard let accessLog else { return }
    var entry = AccessRecord()
    entry.wallMilliseconds = loop.wallMilliseconds
    entry.client = address
    entry.reason = reason
    entry.fault = fault
    accessLog.append(
      entry, request: RequestHead(), requestID: .empty, consumer: [], route: [], service: [],
      upstream: [], detail: [], fingerprint: fingerprint)
  }
}

extension Worker {
  /// The event of it.
  private func recordTurnedAway(
    _ address: IPAddress, _ reason: StaticString, _ fault: Fault, _ fingerprint: [UInt8]
  ) {
    guard let recorder else { return }
    var record = EventRecord()
    record.kind = .turnedAway
    record.wallMilliseconds = loop.wallMilliseconds
    record.client = address
    record.fault = fault
    let nothing = Span<UInt8>()
    var texts = EventTexts(
      route: nothing, service: nothing, template: nothing, consumer: nothing, upstream: nothing,
      policy: nothing, detail: nothing, responseType: nothing)
    texts.reason = reason
    texts.fingerprint = fingerprint.span
    recorder.append(record, texts, request: RequestHead())
  }
}

extension HandshakeFault {
  /// What a failure is counted as; one without a kind is the end of the connection.
  init(_ kind: TLSFailure.Kind?, hasTimedOut: Bool) {
    self =
      switch kind {
      case nil: hasTimedOut ? .timedOut : .cutOff
      case .plainHTTP, .notTLS: .notTLS
      case .unsupportedVersion: .version
      case .noSharedCipher, .noApplicationProtocol: .cipher
      case .unknownServerName: .serverName
      case .noPeerCertificate, .wrongHost, .unknownAuthority, .certificateExpired,
        .certificateNotYetValid, .certificateRevoked, .wrongPurpose, .weakCertificate,
        .badCertificate:
        .clientCertificate
      case .peerAlert: .alert
      case .truncated: .cutOff
      case .badRecord, .tooMuchWithoutData, .protocolViolation: .violation
      case .libraryFailure: .library
      }
  }
}
