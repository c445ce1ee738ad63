import Base
import Formats
import HTTP
import OpenAPI
import PolicyKit

/// Which operations of an API a request is: by names such as `GET /users/{id}`, and by those that
/// the API's description gives.
struct OperationNames: Sendable {
  /// A method and the segments of a path; nil for any segment.
  private struct Template: Sendable {
    let name: String
    let method: [UInt8]
    let segments: [[UInt8]?]
  }

  private static let descriptionBytesMax = 64 * 1024 * 1024

  private let templates: [Template]
  private let contract: APIContract?

  /// The operations called `names`; those without a method need the description in `file`.
  init(_ names: Set<String>, description file: Text?, at site: PolicySite, _ settings: Settings) {
    templates = names.compactMap(OperationNames.template)
    contract = file.flatMap { OperationNames.contract($0, site, settings) }
    let unknown = names.filter { OperationNames.template($0) == nil }.sorted()
    if file == nil, let first = unknown.first {
      settings.error(
        "the operation '\(first)' is known by a description alone",
        expected: "'description', or an operation such as 'GET /users/{id}'",
        at: settings.position)
    }
  }

  private static func template(_ name: String) -> Template? {
    let words = name.split(separator: " ")
    guard words.count == 2, words[1].hasPrefix("/") else { return nil }
    let segments = words[1].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    return Template(
      name: name, method: Array(words[0].utf8),
      segments: segments.map { $0.hasPrefix("{") && $0.hasSuffix("}") ? nil : Array($0.utf8) })
  }

  private static func contract(
    _ file: Text, _ site: PolicySite, _ settings: Settings
  ) -> APIContract? {
    switch site.files.read(file.string, bytesMax: descriptionBytesMax) {
    case .bytes(let bytes):
      do throws(APIFault) {
        return try APIContract(bytes)
      } catch {
        settings.error("\(file.shown):\(error)", at: file.position)
      }
    case .failed(let reason): settings.error("\(file.shown) \(reason)", at: file.position)
    }
    return nil
  }

  /// The names that a request goes by; none if it is no operation that is named.
  func names(of exchange: borrowing Exchange) -> [String] {
    let path = exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
    var found: [String] = []
    for template in templates where OperationNames.matches(template, exchange.request, path) {
      found.append(template.name)
    }
    guard let contract else { return found }
    var check = RequestCheck(contract, rules: RequestCheck.Rules(), exchange.request, path: path)
    for place in 0..<check.alternativeCount {
      check.select(place)
      found.append(check.operationName)
    }
    return found
  }

  private static func matches(
    _ template: Template, _ request: borrowing RequestHead, _ path: Slice
  ) -> Bool {
    guard ASCII.equals(request.fields[request.methodText], template.method.span) else {
      return false
    }
    var at = path.range.lowerBound
    let end = path.range.upperBound
    for segment in template.segments {
      guard at < end, request.fields.arena[at] == UInt8(ascii: "/") else { return false }
      let start = at + 1
      at = start
      while at < end, request.fields.arena[at] != UInt8(ascii: "/") { at += 1 }
      let given = Slice(offset: start, count: at - start)
      if let segment {
        guard ASCII.equals(request.fields[given], segment.span) else { return false }
      } else if given.isEmpty {
        return false
      }
    }
    return at == end
  }
}
