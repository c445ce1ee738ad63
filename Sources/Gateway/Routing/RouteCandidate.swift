import Base
import Blueprint
import HTTP

/// One route at one host and path: what is left to compare when these two fit.
struct RouteCandidate: Sendable {
  /// A field that must be there.
  struct Condition: Sendable {
    let id: FieldName
    let name: [UInt8]
    let value: [UInt8]
  }

  /// How a method fits.
  enum Fit { case no, implied, yes }

  let route: Int
  let pathRule: RouteBlueprint.PathRule?
  /// Whether methods are listed; otherwise every known one fits that can be forwarded.
  let namesMethods: Bool
  private let methods: UInt16
  private let otherMethods: [[UInt8]]
  private let conditions: [Condition]

  init(_ entry: RouterEntry) {
    let blueprint = entry.blueprint
    route = entry.route
    pathRule = blueprint.pathRule
    namesMethods = !blueprint.methods.isEmpty
    let listed = blueprint.methods.map { ($0, HTTP.Method($0.utf8.span)) }
    methods = listed.reduce(0) { $0 | Self.bit($1.1) }
    otherMethods = listed.filter { $0.1 == .other }.map { Array($0.0.utf8) }
    conditions = blueprint.headers.map {
      Condition(
        id: FieldName($0.name.utf8.span), name: Array($0.name.utf8),
        value: Array($0.value.utf8))
    }
  }

  /// Whether the request's method is one of this route's; GET stands for HEAD too.
  func fit(_ request: borrowing RequestHead) -> Fit {
    let method = request.method
    guard namesMethods else {
      return method == .other || method == .trace || method == .connect ? .no : .yes
    }
    if method == .other {
      let text = request.fields[request.methodText]
      for name in otherMethods where ASCII.equals(text, name.span) { return .yes }
      return .no
    }
    if methods & Self.bit(method) != 0 { return .yes }
    return method == .head && methods & Self.bit(.get) != 0 ? .implied : .no
  }

  /// Whether every required field is there, and has the required value wherever it is there.
  ///
  /// Of two fields of one name an upstream may read either, so both must be right.
  func fieldsFit(_ request: borrowing RequestHead) -> Bool {
    if conditions.isEmpty { return true }
    for condition in conditions {
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
