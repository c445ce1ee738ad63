import Base
import COpenSSL
import Crypto

/// What a server context answers while OpenSSL shakes hands: certificates by name, protocols, and
/// tickets. OpenSSL holds an unretained pointer to it; the context keeps it alive.
final class ServerCallbacks: Sendable {
  private let contexts: [SharedHandle]
  private let names: ServerNameTable
  private let rejectsUnknownNames: Bool
  private let protocols: [[UInt8]]
  let ticketKeys: TicketKeyRing?

  init(_ settings: TLSServerSettings, contexts: [SharedHandle]) {
    self.contexts = contexts
    names = ServerNameTable(settings.certificates.map(\.certificate))
    rejectsUnknownNames = settings.rejectsUnknownNames
    protocols = settings.applicationProtocols.map { Array($0.utf8) }
    ticketKeys = settings.ticketKeys
  }

  /// The place of the certificate for a name; that of the first for any other, and for none.
  func place(of name: String?) -> Int {
    name.flatMap { HostName($0) }.flatMap { names.place(of: $0.text) } ?? 0
  }

  /// The object that a callback's argument points at.
  @unsafe
  static func at(_ pointer: UnsafeMutableRawPointer?) -> ServerCallbacks? {
    // Safety: the pointer was made from an object that the context, and so the session, retains.
    guard let pointer = unsafe pointer else { return nil }
    return unsafe Unmanaged<ServerCallbacks>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Switches `ssl` to the certificate for the name that the client asks for (RFC 6066 §3).
  @unsafe
  func selectCertificate(_ ssl: OpaquePointer) -> Int32 {
    // Safety: the name is a C string that lives as long as the handshake's message.
    let asked = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)
    let name = unsafe asked.flatMap { unsafe HostName(String(cString: $0)) }
    guard let place = name.flatMap({ names.place(of: $0.text) }) else {
      guard rejectsUnknownNames else { return SSL_TLSEXT_ERR_OK }
      // Safety: the session's BIO is a record port's, set when the session was made.
      let port = unsafe BIO_get_data(SSL_get_rbio(ssl))?.assumingMemoryBound(to: RecordPort.self)
      unsafe port?.pointee.isNameRefused = true
      return SSL_TLSEXT_ERR_ALERT_FATAL
    }
    // Safety: all contexts live as long as this object; they differ in their certificate alone.
    let isSwitched = unsafe place == 0 || SSL_set_SSL_CTX(ssl, contexts[place].pointer) != nil
    return isSwitched ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL
  }

  /// The first of our protocols that the client offers, as a part of its list (RFC 7301 §3.2);
  /// nil if there is none.
  @unsafe
  func selectProtocol(_ offer: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    for wanted in protocols {
      var at = 0
      // Safety: every access is within the list's count.
      while at < offer.count {
        let end = unsafe at + 1 + Int(offer[at])
        guard end <= offer.count else { return nil }
        let name = unsafe UnsafeBufferPointer(rebasing: offer[(at + 1)..<end])
        if unsafe name.elementsEqual(wanted) { return unsafe name }
        at = end
      }
    }
    return nil
  }
}
