import Base
public import Formats
import HTTP
public import PolicyKit
import SecLang

/// `shield`: finds injections in everything that a client can write.
public final class ShieldPolicy: BodyPolicy {
  /// What is done about a request that looks like an attack.
  private enum Mode: String, CaseIterable { case block, report }
  /// How much a client is told.
  private enum Errors: String, CaseIterable { case full, terse }

  private let rules: RuleSet?
  private let rooms: InspectionRooms?
  private let mode: Mode
  private let errors: Errors
  private let exceptions: [ShieldException]
  private let routes: [PolicyRoute]

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    mode = settings.choice("mode", of: Mode.self) ?? .block
    errors = settings.choice("errors", of: Errors.self) ?? .terse
    routes = site.routes
    let loading = ShieldRules(&settings, at: site)
    rules = loading.compiled(&settings, at: site)
    rooms = rules.map { InspectionRooms($0) }
    exceptions = ShieldException.all(&settings, at: site, rules)
  }

  /// Decides on a request with all of its content.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    // Without rules the configuration was refused; nothing runs by it.
    guard let rooms, let room = rooms.take() else {
      return .deny(Denial(.overloaded, reason: "no memory for looking at the request"))
    }
    defer { rooms.giveBack(room) }
    return room.inspect(content, &exchange) { inspection, exchange, fault in
      decide(&inspection, &exchange, fault)
    }
  }

  private func decide(
    _ inspection: inout Inspection, _ exchange: inout Exchange, _ fault: ContentFault?
  ) -> Verdict {
    if let fault { return refuse(fault, &exchange) }
    for exception in exceptions where exception.holds(exchange) {
      exception.apply(to: &inspection)
    }
    let isAttack = inspection.run()
    if inspection.isTooMuch { return refuse(.tooMuch, &exchange) }
    guard isAttack, let rules else { return .proceed }
    let findings = ShieldFinding.all(inspection, rules)
    exchange.detail = ShieldFinding.detail(findings)
    if mode == .report { return .proceed }
    if errors == .full { exchange.problemErrors = ShieldFinding.json(findings) }
    return .deny(Denial(.requestBlocked, reason: "looks like an attack"))
  }

  private func refuse(_ fault: ContentFault, _ exchange: inout Exchange) -> Verdict {
    exchange.detail = Array("shield: \(fault.reason)".utf8)
    if mode == .report { return .proceed }
    return .deny(Denial(fault.problem, reason: "content that cannot be looked at"))
  }
}
