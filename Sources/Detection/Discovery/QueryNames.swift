import Base

/// The names of a query's parameters, and what their values look like.
enum QueryNames {
  /// Longest name that is taken for one.
  private static let nameBytesMax = 64

  static func take(_ query: Span<UInt8>, into names: inout [String: ParameterKind]) {
    var start = 0
    while start < query.count {
      var end = start
      while end < query.count, query[end] != UInt8(ascii: "&") { end += 1 }
      take(pair: query.extracting(start..<end), into: &names)
      start = end + 1
    }
  }

  private static func take(pair: Span<UInt8>, into names: inout [String: ParameterKind]) {
    var middle = 0
    while middle < pair.count, pair[middle] != UInt8(ascii: "=") { middle += 1 }
    guard middle > 0, middle <= nameBytesMax else { return }
    var bytes: [UInt8] = []
    for place in 0..<middle {
      let byte = pair[place]
      // What is no plain name is none that an API has.
      guard ASCII.isAlpha(byte) || ASCII.isDigit(byte) || "_-.[]%".utf8.contains(byte) else {
        return
      }
      bytes.append(byte)
    }
    let name = String(decoding: bytes, as: UTF8.self)
    let kind = ParameterKind(pair.extracting(min(middle + 1, pair.count)..<pair.count))
    if let known = names[name] {
      names[name] = known.joined(kind)
    } else if names.count < EndpointRecord.fewMax {
      names[name] = kind
    }
  }
}
