public import Base

/// The desired state: what a configuration asks for, checked as far as that can be done without
/// looking at the system.
///
/// It is a pure value. Where a later stage may find something wrong (a file that is missing, a
/// policy with bad settings), the part concerned knows its place in the text.
public struct Blueprint: Sendable {
  /// Worker threads; nil means one for each core.
  public var workers: Int?
  /// Where clients connect; at least one.
  public var listeners: [ListenerBlueprint]
  public var admin: AdminBlueprint
  public var services: [ServiceBlueprint]
  public var consumers: [ConsumerBlueprint]
  public var logging: LoggingBlueprint
  public var limits: Limits
}
