import Base
import Expression
import Formats
import HTTP
import PolicyKit

/// The members of a request's content, for conditions: of a JSON object, or of a form.
///
/// What could be read in two ways (a name twice, an encoding, no known type) has no members, and a
/// condition on one does not hold.
struct ContentValues {
  private let index: JSONIndex?
  private let form: [UInt8]?

  /// Largest content that is looked into.
  private static let limits: JSONLimits = {
    var limits = JSONLimits()
    limits.bytesMax = 16 * 1024 * 1024
    limits.stringBytesMax = 16 * 1024 * 1024
    return limits
  }()

  init(_ content: Span<UInt8>, _ request: borrowing RequestHead) {
    let fields = request.fields
    let type = fields.count(.contentEncoding) == 0 ? MediaType(of: fields) : nil
    let isRead = type?.isUTF8 ?? false
    var bytes: [UInt8] = []
    if isRead {
      bytes.reserveCapacity(content.count)
      for at in content.indices { bytes.append(content[at]) }
    }
    let essence = isRead ? type?.essence ?? [] : []
    let isForm = ASCII.equals(essence.span, "application/x-www-form-urlencoded")
    index =
      JSONContent.isJSON(essence) ? try? JSONIndex(bytes, limits: ContentValues.limits) : nil
    form = isForm ? bytes : nil
  }

  /// The member called `name`.
  func value(_ name: String) -> ExpressionValue? {
    if let index { return index.root[name].map(ExpressionValue.init) }
    guard let form else { return nil }
    let wanted = Array(name.utf8)
    var pairs = QueryPairs()
    var found: Range<Int>?
    while let pair = pairs.next(in: form.span) {
      guard ContentValues.decoded(Array(form[pair.name])) == wanted else { continue }
      if found != nil { return nil }
      found = pair.value
    }
    guard let found, let bytes = ContentValues.decoded(Array(form[found])) else { return nil }
    return String(validating: bytes, as: UTF8.self).map { .string($0) }
  }

  /// A form has `+` for a space (URL Standard §5.1).
  private static func decoded(_ text: [UInt8]) -> [UInt8]? {
    let spaced = text.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }
    return QueryPairs.decoded(spaced.span)
  }
}
