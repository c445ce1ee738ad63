public import Formats
import HTTP
public import PolicyKit

/// `body-limit`: refuses requests whose content is too long.
public final class BodyLimitPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "body-limit", stage: .admission,
      summary: "Refuses requests whose content is too long.",
      options: [.init("size", "size", default: "required", "such as 1MiB; content up to it passes")]
    )
  }

  private let size: Int

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    size = settings.size("size", in: 0...Int.max / 2) ?? 0
    if settings.node("size") == nil {
      settings.error("'size' is missing", expected: "such as 1MiB", at: settings.position)
    }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    exchange.bodyBytesMax = min(exchange.bodyBytesMax, size)
    if case .length(let count) = exchange.request.framing, count > size {
      return .deny(Denial(.contentTooLarge))
    }
    return .proceed
  }
}
