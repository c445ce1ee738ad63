/// What a limit says of one request.
struct LimitDecision {
  let isAllowed: Bool
  /// How many more would pass now.
  let remaining: UInt64
  /// Seconds until one passes again (refused), or until the limit has recovered.
  let seconds: UInt64
  /// Whether there was no room for the key, which shares a count with others.
  var isOverflow = false
}
