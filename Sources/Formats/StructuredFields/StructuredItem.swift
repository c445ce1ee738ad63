/// A value with its parameters (RFC 9651 §3.3).
public struct StructuredItem: Hashable, Sendable {
  /// One parameter; no key comes twice.
  public struct Parameter: Hashable, Sendable {
    /// In lower case.
    public let key: String
    public let value: StructuredValue

    /// A parameter called `key`.
    public init(_ key: String, _ value: StructuredValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value itself.
  public let value: StructuredValue
  /// In their order.
  public let parameters: [Parameter]

  /// A value with these parameters.
  public init(_ value: StructuredValue, _ parameters: [Parameter] = []) {
    self.value = value
    self.parameters = parameters
  }
}

extension [StructuredItem.Parameter] {
  /// The value of the parameter called `key`.
  public func value(_ key: String) -> StructuredValue? { first { $0.key == key }?.value }
}
