public import Formats

/// A rule that exchanges are held against: its settings, compiled once, and no I/O ever.
public protocol Policy: AnyObject, Sendable {
  static var manifest: PolicyManifest { get }
  /// Compiles the settings; whatever is wrong is reported through them, all of it at once.
  init(_ settings: inout Settings, at site: PolicySite)
}

/// A policy that decides on requests before anything goes upstream.
public protocol RequestPolicy: Policy {
  func review(_ exchange: Exchange) -> Verdict
}

/// A policy that sees the head of the upstream's response before the client does.
public protocol ResponsePolicy: Policy {
  func reviewResponse(_ exchange: Exchange)
}
