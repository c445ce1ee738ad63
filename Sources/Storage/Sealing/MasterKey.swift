public import Crypto

/// The key that wraps all others. It never stands in the database.
public protocol MasterKey: Sendable {
  /// What tells it from others, without telling anything of it.
  var id: String { get }
  /// A data key under this key; `context` has to be the same when it is unwrapped.
  func wrap(_ key: SymmetricKey, context: String) throws(StoreError) -> [UInt8]
  /// What was wrapped.
  func unwrap(_ wrapped: [UInt8], context: String) throws(StoreError) -> SymmetricKey
}
