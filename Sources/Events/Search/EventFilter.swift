public import Base
import HTTP
public import Telemetry

/// Which events are looked for: those that fit in everything that is said.
public struct EventFilter: Sendable {
  /// What became of a request.
  public enum Outcome: String, CaseIterable, Sendable {
    /// It went to the upstream, or was answered, without fault.
    case ok
    /// The gateway refused it.
    case refused
    /// It got a status of 500 or more, or none.
    case failed
  }

  /// From and until when, in milliseconds since 1970.
  public var since: UInt64 = 0
  public var until: UInt64 = .max
  /// Statuses; empty for any.
  public var statuses: [ClosedRange<Int>] = []
  public var outcome: Outcome?
  /// The client's address, or a block that it is in.
  public var client: AddressBlock?
  /// How the path begins; empty for any.
  public var pathPrefix: [UInt8] = []
  /// Texts that are the same as these, from the first byte to the last.
  public var texts: [(text: EventText, value: [UInt8])] = []
  /// The name of the request; nil for any.
  public var requestID: [UInt8]?
  /// The trace; nil for any.
  public var trace: (high: UInt64, low: UInt64)?
  /// What the event tells of; nil for anything.
  public var kind: EventKind?

  /// Everything.
  public init() {}

  /// Whether an event is one of those.
  public func matches(_ event: borrowing Event) -> Bool {
    let time = event.wallMilliseconds
    guard time >= since, time <= until, matchesGroup(event) else { return false }
    for (text, value) in texts where !EventFilter.isGrouped(text) {
      if !EventFilter.isEqual(event[text], value.span) { return false }
    }
    if let client, !client.contains(event.client) { return false }
    if !pathPrefix.isEmpty, !hasPrefix(event[.path]) { return false }
    if let requestID, !EventFilter.isEqual(event[.requestID], requestID.span) { return false }
    if let trace, event.trace != trace { return false }
    return true
  }

  private func matchesGroup(_ event: borrowing Event) -> Bool {
    guard matches(status: event.status, isRefused: event.problem != nil, event.kind) else {
      return false
    }
    for (text, value) in texts where EventFilter.isGrouped(text) {
      if !EventFilter.isEqual(event[text], value.span) { return false }
    }
    return true
  }

  /// Whether events of a group may be among those, by what the group tells.
  func matches(_ group: borrowing EventGroup) -> Bool {
    guard matches(status: group.status, isRefused: group.problem != nil, group.kind) else {
      return false
    }
    for (text, value) in texts where EventFilter.isGrouped(text) {
      if !EventFilter.isEqual(group[text], value.span) { return false }
    }
    return true
  }

  private func matches(status: Int, isRefused: Bool, _ kind: EventKind) -> Bool {
    if let wanted = self.kind, kind != wanted { return false }
    if !statuses.isEmpty, !statuses.contains(where: { $0.contains(status) }) { return false }
    switch outcome {
    case nil: return true
    case .refused: return isRefused
    case .failed: return kind == .exchange && (status >= 500 || status == 0)
    case .ok: return !isRefused && status > 0 && status < 500
    }
  }

  /// Whether anything is asked that the group tells.
  var asksGroup: Bool {
    kind != nil || !statuses.isEmpty || outcome != nil
      || texts.contains { EventFilter.isGrouped($0.text) }
  }

  static func isGrouped(_ text: EventText) -> Bool { text.isGrouped }

  func hasPrefix(_ path: Span<UInt8>) -> Bool {
    guard path.count >= pathPrefix.count else { return false }
    return EventFilter.isEqual(path.extracting(first: pathPrefix.count), pathPrefix.span)
  }

  static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for place in left.indices where left[place] != right[place] { return false }
    return true
  }
}
