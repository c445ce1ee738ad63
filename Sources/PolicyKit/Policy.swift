public import Formats

/// A rule that exchanges are held against: its settings, compiled once, and no I/O ever.
public protocol Policy: AnyObject, Sendable {
  static var manifest: PolicyManifest { get }
  /// Compiles the settings; whatever is wrong is reported through them, all of it at once.
  init(_ settings: inout Settings, at site: PolicySite)
}
