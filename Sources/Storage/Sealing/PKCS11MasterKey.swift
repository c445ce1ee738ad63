import CPKCS11
public import Crypto
import Synchronization

/// A master key in a token that speaks PKCS #11: it wraps and unwraps there, and never leaves it.
public final class PKCS11MasterKey: MasterKey {
  /// Where the key is.
  public struct Place: Sendable {
    /// The token's library.
    public var module: String
    /// The labels of the token and of the AES key on it.
    public var token: String
    public var key: String
    /// What the user logs in with.
    public var pin: String

    /// A key on a token.
    public init(module: String, token: String, key: String, pin: String) {
      self.module = module
      self.token = token
      self.key = key
      self.pin = pin
    }
  }

  /// A session with the token, in the hands of whoever has the lock.
  // Safety: the table of functions is the library's own and lives as long as the process.
  @safe private struct Session {
    var functions: UnsafeMutablePointer<CK_FUNCTION_LIST>
    var session: UInt = 0
    var key: UInt = 0
  }

  /// What tells it from others: the labels.
  public let id: String
  private let place: Place
  private let session: Mutex<Session>

  private static let nonceBytes = 12
  private static let tagBytes = 16

  /// Loads the token's library, logs in and finds the key.
  public init(_ place: Place) throws(StoreError) {
    self.place = place
    id = "pkcs11-\(place.token)/\(place.key)"
    var functions: UnsafeMutablePointer<CK_FUNCTION_LIST>?
    // Safety: the path is a C string for the call; the table lives as long as the process.
    let result = unsafe shim_pkcs11_load(place.module, &functions)
    guard result == shim_pkcs11_ok(), let functions = unsafe functions else {
      throw .unusable("the module \(place.module) of PKCS #11 cannot be loaded (\(result))")
    }
    var made = unsafe Session(functions: functions)
    let failure = unsafe PKCS11MasterKey.open(&made, place)
    if let failure { throw failure }
    session = Mutex(made)
  }

  @unsafe
  private static func open(_ session: inout Session, _ place: Place) -> StoreError? {
    var pin = Array(place.pin.utf8)
    // Safety: labels and PIN are lent for the calls; both handles are the session's own.
    let opened = unsafe shim_pkcs11_open(
      session.functions, place.token, &pin, UInt(pin.count), &session.session)
    guard opened == shim_pkcs11_ok() else {
      return .unusable("the token '\(place.token)' cannot be used (PKCS #11 error \(opened))")
    }
    let found = unsafe shim_pkcs11_find(
      session.functions, session.session, place.key, &session.key)
    guard found == shim_pkcs11_ok() else {
      return .unusable(
        "the token '\(place.token)' has no one AES key '\(place.key)' (PKCS #11 error \(found))")
    }
    return nil
  }

  /// Runs the cipher on the token; a session that the token has forgotten is opened anew, once.
  private func run(
    encrypts: Bool, nonce: [UInt8], context: String, _ input: [UInt8]
  ) throws(StoreError) -> [UInt8] {
    let place = self.place
    var failure: StoreError?
    let output = session.withLock { session -> [UInt8] in
      for isRetry in [false, true] {
        // Safety: all buffers are lent for the call, with their counts; the output has room for a
        // tag more than the input.
        var (nonce, associated, input) = (nonce, Array(context.utf8), input)
        var output = [UInt8](repeating: 0, count: input.count + PKCS11MasterKey.tagBytes)
        var count = UInt(output.count)
        let result = unsafe shim_pkcs11_gcm(
          session.functions, session.session, session.key, encrypts ? 1 : 0, &nonce, &associated,
          UInt(associated.count), &input, UInt(input.count), &output, &count)
        if result == shim_pkcs11_ok() { return Array(output.prefix(Int(count))) }
        failure = .damaged("the token '\(place.token)' refuses a key (PKCS #11 error \(result))")
        if isRetry { break }
        if let closed = unsafe PKCS11MasterKey.open(&session, place) {
          failure = closed
          break
        }
      }
      return []
    }
    if output.isEmpty { throw failure ?? .damaged("the token gave nothing") }
    return output
  }

  /// A data key under this key: nonce, ciphertext, tag.
  public func wrap(_ key: SymmetricKey, context: String) throws(StoreError) -> [UInt8] {
    guard let nonce = try? SecureRandom.bytes(PKCS11MasterKey.nonceBytes) else {
      throw .unusable("the random number generator failed")
    }
    let bytes = key.withBytes { span in span.indices.map { span[$0] } }
    return nonce + (try run(encrypts: true, nonce: nonce, context: context, bytes))
  }

  /// What was wrapped.
  public func unwrap(_ wrapped: [UInt8], context: String) throws(StoreError) -> SymmetricKey {
    guard wrapped.count > PKCS11MasterKey.nonceBytes + PKCS11MasterKey.tagBytes else {
      throw .damaged("a data key (\(context)) has no such form")
    }
    let nonce = Array(wrapped.prefix(PKCS11MasterKey.nonceBytes))
    let input = Array(wrapped.dropFirst(PKCS11MasterKey.nonceBytes))
    return SymmetricKey(
      try run(encrypts: false, nonce: nonce, context: context, input))
  }
}
