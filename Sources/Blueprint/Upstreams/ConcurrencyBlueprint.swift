/// How many requests of a service may be under way at once; further ones are refused at once.
public enum ConcurrencyBlueprint: Hashable, Sendable {
  /// As many as there are.
  case unlimited
  /// So many, over all workers.
  case limit(Int)
  /// As many as the upstreams answer without a growing queue, which is found out as it goes.
  case adaptive
}
