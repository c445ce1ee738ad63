/// Something that can be done about an alert, and undone.
public protocol AlertResponse: Sendable {
  /// Does it, for so long; tells in words what was done and how that is undone, nil if there was
  /// nothing to do.
  func respond(to alert: Alert, forMilliseconds milliseconds: Int) -> String?
}
