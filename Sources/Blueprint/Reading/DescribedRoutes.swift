import Base
import Formats

/// Routes for the paths that the description of an API has, one for each.
///
/// A path may be described more exactly than a route can tell, such as `/files/{name}.{kind}`: then
/// the route takes more, and whoever checks requests against the description refuses the rest.
struct DescribedRoutes {
  /// Longest name of a route, in bytes.
  private static let nameBytesMax = 60

  private(set) var routes: [RouteBlueprint] = []

  /// Routes like `model`, but each for a path of its own.
  init(_ paths: [String], like model: RouteBlueprint, at position: Position) {
    var shapes: Set<String> = []
    var names: Set<String> = []
    for path in paths {
      guard let pattern = DescribedRoutes.pattern(path),
        shapes.insert(pattern.shape).inserted
      else { continue }
      var route = model
      route.paths = [pattern]
      route.position = position
      let name = DescribedRoutes.name(path)
      var own = name
      var number = 2
      while !names.insert(own).inserted {
        own = "\(name).\(number)"
        number += 1
      }
      route.name = own
      routes.append(route)
    }
    if routes.isEmpty { routes = [model] }
  }

  /// The pattern for a path of a description; nil for one that no request can have.
  private static func pattern(_ path: String) -> PathPattern? {
    var number = 0
    var segments: [String] = []
    for segment in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      if segment.contains("{") {
        number += 1
        segments.append("{p\(number)}")
      } else {
        segments.append(encoded(segment))
      }
    }
    let text = "/" + segments.joined(separator: "/")
    return try? PathPattern(text, kind: number > 0 ? .template : .exact)
  }

  /// A fixed segment with what a path may not hold percent-encoded.
  private static func encoded(_ segment: Substring) -> String {
    let digits = Array("0123456789ABCDEF")
    var text = ""
    for byte in segment.utf8 {
      if ASCII.isPathCharacter(byte) || byte == UInt8(ascii: "%") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
      }
    }
    return text
  }

  /// A name for logs and metrics, such as `pets.petId` for `/pets/{petId}`.
  private static func name(_ path: String) -> String {
    var name = ""
    for byte in path.utf8.dropFirst() {
      switch byte {
      case UInt8(ascii: "/"): name += "."
      case UInt8(ascii: "{"), UInt8(ascii: "}"): continue
      case _ where ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "_"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      default: name += "-"
      }
    }
    return name.isEmpty ? "root" : String(name.prefix(nameBytesMax))
  }
}
