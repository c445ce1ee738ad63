public import Base
public import HTTP

extension Fields {
  /// The value of the first field called `name`, in lower case; nil if there is none.
  public func value(of name: [UInt8]) -> Slice? { value(named: name.span) }

  /// How many fields are called `name`, in lower case.
  public func count(of name: [UInt8]) -> Int { count(named: name.span) }

  /// Appends a field; `name` is in lower case.
  public mutating func append(_ name: [UInt8], _ value: [UInt8]) {
    append(name: name.span, value: value.span)
  }

  /// The bytes of a slice, for whoever keeps them.
  public func copy(_ slice: Slice) -> [UInt8] { Array(arena[slice.range]) }
}
