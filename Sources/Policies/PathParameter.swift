import Base
import HTTP
import PolicyKit

/// One named segment of path templates, found again in the path of a request.
struct PathParameter: Sendable {
  /// A template's segments, nil for any, and the place of the one that is meant.
  private struct Template: Sendable {
    let segments: [[UInt8]?]
    let place: Int
  }

  /// By the number of the route.
  private let templates: [[Template]]

  /// The parameter called `name`; nil if no route of the site's service has one.
  init?(_ name: String, at site: PolicySite) {
    guard PathParameter.names(at: site).contains(name) else { return nil }
    templates = site.routes.map { route in
      route.templates.compactMap { text in
        let segments = PathParameter.segments(text)
        let place = segments.firstIndex { $0 == "{\(name)}" }
        return place.map {
          Template(
            segments: segments.map { $0.hasPrefix("{") ? nil : Array($0.utf8) }, place: $0)
        }
      }
    }
  }

  /// The names of all parameters of the site's service, each once.
  static func names(at site: PolicySite) -> [String] {
    let names = site.routes.filter { $0.service == site.service }.flatMap(\.templates)
      .flatMap(segments).filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    return Set(names).sorted()
  }

  private static func segments(_ template: String) -> [Substring] {
    template.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
  }

  /// The segment of `path` that the parameter stands for, as it is encoded there; empty if the
  /// route has none.
  func find(_ fields: borrowing Fields, _ path: Slice, _ route: Int) -> Slice {
    guard templates.indices.contains(route) else { return .empty }
    for index in templates[route].indices {
      if let found = find(fields, path, templates[route][index]) { return found }
    }
    return .empty
  }

  private func find(_ fields: borrowing Fields, _ path: Slice, _ template: Template) -> Slice? {
    var found: Slice?
    var at = path.range.lowerBound
    let end = path.range.upperBound
    for index in template.segments.indices {
      guard at < end, fields.arena[at] == UInt8(ascii: "/") else { return nil }
      let start = at + 1
      at = start
      while at < end, fields.arena[at] != UInt8(ascii: "/") { at += 1 }
      let segment = Slice(offset: start, count: at - start)
      if let wanted = template.segments[index] {
        guard ASCII.equals(fields[segment], wanted.span) else { return nil }
      } else if segment.isEmpty {
        return nil
      }
      if index == template.place { found = segment }
    }
    return at == end ? found : nil
  }
}
