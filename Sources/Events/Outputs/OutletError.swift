/// Why events could not be handed over.
struct OutletError: Error, Sendable {
  /// In words that follow the output's name.
  let reason: String
  /// Whether trying again makes no sense: the other side will never take these events.
  let isFinal: Bool
  /// When the other side wants to be asked again, in milliseconds; nil if it did not say.
  var retryMilliseconds: Int?

  init(_ reason: String, isFinal: Bool = false, retryMilliseconds: Int? = nil) {
    self.reason = reason
    self.isFinal = isFinal
    self.retryMilliseconds = retryMilliseconds
  }
}
