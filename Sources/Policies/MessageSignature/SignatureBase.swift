import Base
import Formats
import HTTP
import PolicyKit

/// What a signature by RFC 9421 is made over: the components that it covers, written out (§2.5).
struct SignatureBase {
  /// Most components of one signature.
  private static let componentsMax = 64

  /// The names of what is covered.
  private(set) var covered: Set<String> = []
  private(set) var text: [UInt8] = []

  /// Writes out what `items` cover of a request; nil if some of it is not there, is there twice, or
  /// is of a kind that is not known here.
  init?(
    _ items: [StructuredItem], _ parameters: [StructuredItem.Parameter],
    _ exchange: borrowing Exchange
  ) {
    guard items.count <= SignatureBase.componentsMax,
      let last = StructuredFieldWriter.text(.list(items, parameters))
    else { return nil }
    var written: Set<String> = []
    for item in items {
      guard case .string(let name) = item.value, let identifier = StructuredFieldWriter.text(item),
        written.insert(identifier).inserted,
        let value = SignatureBase.value(name, item.parameters, exchange)
      else { return nil }
      covered.insert(name)
      text += Array("\(identifier): ".utf8) + value + [0x0A]
    }
    text += Array("\"@signature-params\": \(last)".utf8)
  }

  private static func value(
    _ name: String, _ parameters: [StructuredItem.Parameter], _ exchange: borrowing Exchange
  ) -> [UInt8]? {
    if name == "@query-param" {
      guard parameters.count == 1, case .string(let wanted) = parameters.value("name") else {
        return nil
      }
      return parameter(wanted, exchange.request)
    }
    // Other parameters ask for a form of the value that is not made here.
    guard parameters.isEmpty else { return nil }
    let fields = exchange.request.fields
    let path = exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
    let query = exchange.request.hasQuery ? Array(fields.arena[exchange.request.query.range]) : nil
    let target =
      Array(fields.arena[path.range]) + (query.map { [UInt8(ascii: "?")] + $0 } ?? [])
    switch name {
    case "@method": return Array(fields.arena[exchange.request.methodText.range])
    case "@scheme": return Array((exchange.isSecure ? "https" : "http").utf8)
    case "@authority": return authority(exchange)
    case "@path": return Array(fields.arena[path.range])
    case "@query": return [UInt8(ascii: "?")] + (query ?? [])
    case "@request-target": return target
    case "@target-uri":
      return Array((exchange.isSecure ? "https://" : "http://").utf8) + authority(exchange) + target
    case "host": return authority(exchange)
    default:
      // A derived component that is not known, or a name that is none of a field.
      guard !name.isEmpty, name.utf8.allSatisfy(ASCII.isToken), name == name.lowercased() else {
        return nil
      }
      return fields.joined(name)
    }
  }

  /// Host and port, without the port that the scheme has by itself (§2.2.3).
  private static func authority(_ exchange: borrowing Exchange) -> [UInt8] {
    let host = Array(exchange.request.fields.arena[exchange.request.host.range])
    let port = exchange.request.port
    if port == 0 || port == (exchange.isSecure ? 443 : 80) { return host }
    return host + Array(":\(port)".utf8)
  }

  /// A parameter of the query that stands there once (§2.2.8), both in their encoded form.
  private static func parameter(
    _ wanted: String, _ request: borrowing RequestHead
  ) -> [UInt8]? {
    let text = Array(request.fields.arena[request.query.range])
    var pairs = QueryPairs()
    var found: String?
    while let pair = pairs.next(in: text.span) {
      guard let name = decoded(text[pair.name]) else { return nil }
      guard FormText.encode(name) == wanted else { continue }
      guard found == nil, let value = decoded(text[pair.value]) else { return nil }
      found = value
    }
    return found.map { Array(FormText.encode($0).utf8) }
  }

  private static func decoded(_ part: ArraySlice<UInt8>) -> String? {
    let spaced = part.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }
    return QueryPairs.decoded(spaced.span).flatMap { String(validating: $0, as: UTF8.self) }
  }
}
