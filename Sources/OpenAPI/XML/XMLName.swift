/// What an element or attribute is called by a description.
struct XMLName: Hashable, Sendable {
  /// The name without a prefix; empty where none is given.
  var local: [UInt8] = []
  /// The name of its namespace; empty for none.
  var namespace: [UInt8] = []
  /// The prefix, which counts where no namespace is given; empty for none.
  var prefix: [UInt8] = []

  /// The same, called `name` where it has none.
  func or(_ name: [UInt8]) -> XMLName {
    var named = self
    if local.isEmpty { named.local = name }
    return named
  }

  /// Whether an element or attribute is called so.
  ///
  /// Where the description gives no namespace, elements may have the default namespace of the one
  /// around them, `outer`, and the prefix has to be the description's.
  func fits(
    _ name: [UInt8], namespace own: [UInt8], prefix ownPrefix: [UInt8], outer: [UInt8]
  ) -> Bool {
    guard name == local else { return false }
    if !namespace.isEmpty { return own == namespace }
    return ownPrefix == prefix && (!prefix.isEmpty || own.isEmpty || own == outer)
  }
}
