import Base
import Blueprint
import HTTP

/// One route at one host and path: what is left to compare when these two fit.
///
/// It holds numbers alone, so that to look at one costs no counting of references.
struct RouteCandidate: Sendable {
  /// A field that must be there.
  struct Condition: Sendable {
    let id: FieldName
    let name: [UInt8]
    let value: [UInt8]
  }

  /// What few routes have: methods that have no number, conditions, and a path in one case among
  /// paths in any.
  struct Detail: Sendable {
    let otherMethods: [[UInt8]]
    let conditions: [Condition]
    let path: CasedPath?
  }

  /// How a method fits.
  enum Fit { case no, implied, yes }

  let route: Int
  let pathRule: RouteBlueprint.PathRule?
  /// Whether methods are listed; otherwise every known one fits that can be forwarded.
  let namesMethods: Bool
  /// Whether its path is taken in any case, so that it comes behind all others.
  let ignoresPathCase: Bool
  private let methods: UInt16
  /// The place of what it has beside, or -1.
  private let detail: Int32

  /// A candidate for a route; what it has beside is added to `details`. With `path` it fits that
  /// path alone in the case of its letters.
  init(_ entry: RouterEntry, _ path: CasedPath?, details: inout [Detail]) {
    let blueprint = entry.blueprint
    route = entry.route
    pathRule = blueprint.pathRule
    ignoresPathCase = blueprint.ignoresPathCase
    namesMethods = !blueprint.methods.isEmpty
    let listed = blueprint.methods.map { ($0, HTTP.Method($0.utf8.span)) }
    methods = listed.reduce(0) { $0 | Self.bit($1.1) }
    let otherMethods = listed.filter { $0.1 == .other }.map { Array($0.0.utf8) }
    let conditions = blueprint.headers.map {
      Condition(
        id: FieldName($0.name.utf8.span), name: Array($0.name.utf8),
        value: Array($0.value.utf8))
    }
    if otherMethods.isEmpty, conditions.isEmpty, path == nil {
      detail = -1
    } else {
      detail = Int32(details.count)
      details.append(Detail(otherMethods: otherMethods, conditions: conditions, path: path))
    }
  }

  /// Whether the request's method is one of this route's; GET stands for HEAD too.
  @inline(__always)
  func fit(_ request: borrowing RequestHead, _ details: borrowing [Detail]) -> Fit {
    let method = request.method
    guard namesMethods else {
      return method == .other || method == .trace || method == .connect ? .no : .yes
    }
    if method == .other { return detail >= 0 && namesOther(request, details) ? .yes : .no }
    if methods & Self.bit(method) != 0 { return .yes }
    return method == .head && methods & Self.bit(.get) != 0 ? .implied : .no
  }

  private func namesOther(
    _ request: borrowing RequestHead, _ details: borrowing [Detail]
  ) -> Bool {
    let text = request.fields[request.methodText]
    for name in details[Int(detail)].otherMethods where ASCII.equals(text, name.span) {
      return true
    }
    return false
  }

  /// Whether the path's letters are of the right case, where that is still to be compared.
  @inline(__always)
  func caseFits(_ request: borrowing RequestHead, _ details: borrowing [Detail]) -> Bool {
    if detail < 0 { return true }
    return details[Int(detail)].path?.fits(request.fields[request.path]) ?? true
  }

  /// Whether every required field is there, and has the required value wherever it is there.
  ///
  /// Of two fields of one name an upstream may read either, so both must be right.
  @inline(__always)
  func fieldsFit(_ request: borrowing RequestHead, _ details: borrowing [Detail]) -> Bool {
    detail < 0 || meetsConditions(request, details)
  }

  private func meetsConditions(
    _ request: borrowing RequestHead, _ details: borrowing [Detail]
  ) -> Bool {
    for condition in details[Int(detail)].conditions {
      var isThere = false
      for line in request.fields.lines where line.id == condition.id && !line.name.isEmpty {
        guard ASCII.equals(request.fields[line.name], condition.name.span) else { continue }
        guard ASCII.equals(request.fields[line.value], condition.value.span) else { return false }
        isThere = true
      }
      if !isThere { return false }
    }
    return true
  }

  private static func bit(_ method: HTTP.Method) -> UInt16 { 1 << UInt16(method.rawValue) }
}
