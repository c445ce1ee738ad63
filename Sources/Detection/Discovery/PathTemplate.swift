import Base

/// The text of a path with what names objects left out.
enum PathTemplate {
  /// The template; bit n of `parameters` says that the segment n names an object.
  static func text(_ path: Span<UInt8>, parameters: UInt64) -> String {
    var text: [UInt8] = []
    var count = 0
    forEach(path) { place, segment in
      text.append(UInt8(ascii: "/"))
      if place < 64, parameters & 1 << UInt64(place) != 0 {
        count += 1
        text += Array("{id\(count == 1 ? "" : "\(count)")}".utf8)
      } else {
        for place in segment.indices { text.append(segment[place]) }
      }
    }
    return text.isEmpty ? "/" : String(decoding: text, as: UTF8.self)
  }

  /// What the parameters look like.
  static func kinds(_ path: Span<UInt8>, parameters: UInt64) -> [ParameterKind] {
    var kinds: [ParameterKind] = []
    forEach(path) { place, segment in
      if place < 64, parameters & 1 << UInt64(place) != 0 { kinds.append(ParameterKind(segment)) }
    }
    return kinds
  }

  private static func forEach(_ path: Span<UInt8>, _ body: (Int, Span<UInt8>) -> Void) {
    var (start, place) = (0, 0)
    while start < path.count {
      if path[start] == UInt8(ascii: "/") {
        start += 1
        continue
      }
      var end = start
      while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
      if place == PathShaper.segmentsMax - 1 { end = path.count }
      body(place, path.extracting(start..<end))
      place += 1
      start = end
    }
  }
}
