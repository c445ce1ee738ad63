/// What is known of the caller of a request.
public struct CallerFacts: Sendable {
  /// Whether a policy knows who it is.
  public var isKnown: Bool
  /// The scopes of the caller's token; nil if there is no token.
  public var scopes: Set<String>?
  /// The kinds of credentials that policies check here: a caller without them has not shown them.
  /// Those that no policy checks are taken for shown, if the caller is known at all.
  public var checkedKinds: Set<SecurityNeed.Kind>
  /// The kinds that the caller has shown.
  public var shownKinds: Set<SecurityNeed.Kind>

  /// Somebody, or nobody.
  public init(
    isKnown: Bool, scopes: Set<String>? = nil, checkedKinds: Set<SecurityNeed.Kind> = [],
    shownKinds: Set<SecurityNeed.Kind> = []
  ) {
    self.isKnown = isKnown
    self.scopes = scopes
    self.checkedKinds = checkedKinds
    self.shownKinds = shownKinds
  }

  /// Whether this caller has what a scheme asks for.
  func meets(_ need: SecurityNeed) -> Bool {
    if checkedKinds.contains(need.kind), !shownKinds.contains(need.kind) { return false }
    return need.scopes.isEmpty || scopes?.isSuperset(of: need.scopes) == true
  }
}
