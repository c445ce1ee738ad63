import Client

/// The scanner's own listener, as the probes for forged requests see it.
struct CallbackProbe: Sendable {
  private let listener: CallbackListener

  init?() {
    guard let listener = try? CallbackListener() else { return nil }
    self.listener = listener
  }

  func url(_ token: String) -> String { listener.url(token) }

  /// Whether the token's address was requested by now.
  func wasCalled(_ token: String) async -> Bool { listener.wasCalled(token) }
}
