import Base
import Formats
import PolicyKit

/// What a policy that checks messages does about those that are not allowed, which it looks at, and
/// how much clients are told.
struct CheckManner: Sendable {
  enum Mode: String, CaseIterable, Sendable { case block, report, sample }
  enum Errors: String, CaseIterable, Sendable { case full, terse }

  let mode: Mode
  let errors: Errors
  /// How many of 2^32 requests are looked at by `sample`.
  private let share: UInt64

  /// Reads `mode`, `sample-rate` and `errors`.
  init(_ settings: inout Settings) {
    mode = settings.choice("mode", of: Mode.self) ?? .block
    errors = settings.choice("errors", of: Errors.self) ?? .full
    let rate = settings.percent("sample-rate")
    if rate != nil, mode != .sample {
      settings.error(
        "'sample-rate' without 'mode: sample'", expected: "both or none of them",
        at: "sample-rate")
    }
    share = UInt64((rate ?? 0.01) * 4_294_967_296)
  }

  /// Whether a request is looked at; the same each time it is asked about one.
  func looksAt(_ exchange: borrowing Exchange) -> Bool {
    guard mode == .sample else { return true }
    // The nanosecond at which the head was complete is as good as chance to whoever sent it.
    var mixed = exchange.start.nanoseconds &* 0x9E37_79B9_7F4A_7C15
    mixed ^= mixed >> 29
    mixed &*= 0xBF58_476D_1CE4_E5B9
    return mixed >> 32 < share
  }

  /// Notes violations for the log, and refuses by `denial` where the mode says so.
  func conclude(
    _ violations: [Violation], of name: String, _ denial: Denial, _ exchange: inout Exchange
  ) -> Verdict {
    exchange.note(Violation.detail(violations, of: name))
    guard mode == .block else { return .proceed }
    if errors == .full { exchange.problemErrors = Violation.json(violations) }
    return .deny(denial)
  }

  /// The options, for the tables of the guide.
  static let options: [PolicyManifest.Option] = [
    .init("mode", "word", default: "block", "block, report: let through and log, or sample"),
    .init("sample-rate", "share", default: "1%", "of requests that `mode: sample` reports on"),
    .init("errors", "word", default: "full", "full, or terse: clients learn no places"),
  ]
}

extension Exchange {
  /// Longest text for the log, in bytes.
  private static let detailBytesMax = 1024

  /// Adds words for the log, behind those of other policies.
  mutating func note(_ text: [UInt8]) {
    if detail.isEmpty {
      detail = text
    } else if detail.count + text.count + 2 <= Exchange.detailBytesMax {
      detail += [UInt8(ascii: ";"), 0x20] + text
    }
  }
}
