public import Base
public import Formats

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
  /// The listener for health, metrics and administration.
  public var admin: AdminBlueprint
  /// The APIs behind the gateway; names are unique.
  public var services: [ServiceBlueprint]
  /// Those who may call; names and keys are unique.
  public var consumers: [ConsumerBlueprint]
  /// What consumers may use; names are unique, and at most one is the default.
  public var plans: [PlanBlueprint] = []
  /// What callers may do, by role; names are unique.
  public var roles: [RoleBlueprint] = []
  /// Who has which roles.
  public var assignments: [AssignmentBlueprint] = []
  /// Where what is changed at run time is kept; nil if nothing is.
  public var store: StoreBlueprint?
  /// Where counts are kept that other gateways keep as well; nil if nowhere.
  public var counters: CountersBlueprint?
  /// The identity provider; nil if there is none. Its service stands last among the services.
  public var identity: IdentityBlueprint?
  /// What is looked for in what is seen; nil if nothing is.
  public var detection: DetectionBlueprint?
  /// What is written down.
  public var logging: LoggingBlueprint
  /// What becomes of the events.
  public var events = EventsBlueprint()
  /// The local socket at which the process that follows takes over; nil if there is none.
  public var handOver: Text?
  /// What connections and messages are held to.
  public var limits: Limits
}
