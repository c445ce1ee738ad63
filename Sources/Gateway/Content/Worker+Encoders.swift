import Base
import Formats
import PolicyKit

/// The encoders of a loop: so many at once, and some that are kept for the next response.
extension Worker {
  /// Each has up to a megabyte.
  private static let idleEncodersMax = 8

  /// An encoder for one response; nil if enough are at work, or there is no memory.
  func takeEncoder(_ choice: ResponseCoding) -> ContentEncoder? {
    guard encoderCount < max(1, plan.limits.encodersMax / share), plan.limits.encodersMax > 0
    else { return nil }
    let place = idleEncoders.lastIndex { $0.coding == choice.coding && $0.level == choice.level }
    let kept = place.map { idleEncoders.remove(at: $0) }
    guard let encoder = kept ?? ContentEncoder(choice.coding, level: choice.level) else {
      return nil
    }
    encoderCount += 1
    return encoder
  }

  /// Takes an encoder back.
  func giveEncoder(_ encoder: ContentEncoder) {
    encoderCount -= 1
    guard encoder.reset() else { return }
    if idleEncoders.count == Worker.idleEncodersMax { idleEncoders.removeFirst() }
    idleEncoders.append(encoder)
  }
}
