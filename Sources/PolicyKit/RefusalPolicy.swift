public import HTTP

/// A policy that hears of requests that were refused, whoever refused them.
public protocol RefusalPolicy: Policy {
  /// The request is refused with `problem`; nothing can be changed any more.
  func refused(_ exchange: borrowing Exchange, _ problem: Problem)
}
