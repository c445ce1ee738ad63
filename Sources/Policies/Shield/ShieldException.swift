import Formats
import PolicyKit
import SecLang

/// What is let through although rules would not: some rules, at some place, on some route, for some
/// time.
struct ShieldException: Sendable {
  /// The numbers of the routes; nil for all.
  private let routes: Set<Int>?
  /// The rules, by their places.
  private let rules: [Int]
  /// The parameter whose values they do not look at; nil if they do not look at the request.
  private let parameter: [UInt8]?
  /// When it ends, in milliseconds since 1970.
  private let endMilliseconds: UInt64

  /// Whether it holds for a request.
  func holds(_ exchange: borrowing Exchange) -> Bool {
    exchange.wallMilliseconds < endMilliseconds && (routes?.contains(exchange.route) ?? true)
  }

  func apply(to inspection: inout Inspection) {
    if let parameter {
      inspection.exempt(parameter: parameter, from: rules)
    } else {
      inspection.remove(rules: rules)
    }
  }

  // MARK: Settings

  /// Those of the settings; what has expired is reported, and does nothing.
  static func all(
    _ settings: inout Settings, at site: PolicySite, _ set: RuleSet?
  ) -> [ShieldException] {
    (settings.settingsList("exceptions") ?? []).compactMap { element in
      var element = element
      defer { element.finish() }
      let rules = rules(&element, set)
      let routes = routes(&element, site)
      let parameter = element.string("parameter").map { Array($0.lowercased().utf8) }
      _ = element.requiredString("reason")
      guard let text = element.requiredText("until") else { return nil }
      guard let end = DayCount.milliseconds(behind: text.string) else {
        element.refuse(text, "until", expected: "a day such as 2030-12-31")
        return nil
      }
      if end <= site.wallMilliseconds {
        element.warning("the exception ended on \(text.string) and does nothing", at: text.position)
        return nil
      }
      return ShieldException(
        routes: routes, rules: rules, parameter: parameter, endMilliseconds: end)
    }
  }

  private static func rules(_ element: inout Settings, _ set: RuleSet?) -> [Int] {
    var places: [Int] = []
    for text in element.texts("rules") ?? [] {
      let found = set?.places(of: text.string) ?? []
      if found.isEmpty, set != nil {
        element.refuse(text, "rules", expected: "a rule's number, numbers from-to, or a tag")
      }
      places += found
    }
    if element.node("rules") == nil { element.error("'rules' is missing", at: element.position) }
    return places
  }

  private static func routes(_ element: inout Settings, _ site: PolicySite) -> Set<Int>? {
    guard let text = element.text("route") else { return nil }
    let found = site.routes.indices.filter {
      String(decoding: site.routes[$0].name, as: UTF8.self) == text.string
    }
    if found.isEmpty, !site.routes.isEmpty {
      element.refuse(text, "route", expected: "the name of a route")
    }
    return Set(found)
  }
}
