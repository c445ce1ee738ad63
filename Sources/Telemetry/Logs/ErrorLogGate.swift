/// Which messages the error log lets through: by severity, and not too many.
struct ErrorLogGate {
  /// One message goes through once a second, and so many messages altogether.
  static let messagesPerSecondMax = 100
  private static let rememberedMax = 16

  var least = ErrorLog.Level.info
  private var second: UInt64 = 0
  private var admitted = 0
  private var heldBack = 0
  private var recent: [Int] = []

  init() {}

  /// Whether to write `message`, and how many were held back since the last one written; nil for
  /// not.
  mutating func admit(_ level: ErrorLog.Level, _ message: String, wallMilliseconds: UInt64) -> Int?
  {
    if level < least { return nil }
    if wallMilliseconds / 1000 != second {
      second = wallMilliseconds / 1000
      admitted = 0
      recent.removeAll(keepingCapacity: true)
    }
    let mark = message.hashValue
    guard admitted < ErrorLogGate.messagesPerSecondMax, !recent.contains(mark) else {
      heldBack += 1
      return nil
    }
    admitted += 1
    if recent.count == ErrorLogGate.rememberedMax { recent.removeFirst() }
    recent.append(mark)
    defer { heldBack = 0 }
    return heldBack
  }
}
