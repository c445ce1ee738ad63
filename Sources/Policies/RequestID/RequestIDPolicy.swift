import Base
import Crypto
public import Formats
import HTTP
public import PolicyKit

/// `request-id`: gives each request a name that the upstream, the client and the log share.
public final class RequestIDPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "request-id", stage: .admission,
      summary: "Gives each request a name that upstream, client and log share.",
      options: [
        .init("trust", "boolean", default: "false", "whether a client's own name is kept")
      ])
  }

  private static let trustedBytesMax = 128

  private let trusts: Bool

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    trusts = settings.boolean("trust") ?? false
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    if trusts, let given = exchange.request.fields.value(.xRequestID), !given.isEmpty,
      Int(given.count) <= RequestIDPolicy.trustedBytesMax,
      RequestIDPolicy.isName(exchange.request.fields[given])
    {
      exchange.requestID = given
    } else {
      exchange.request.fields.remove(.xRequestID)
      exchange.requestID = RequestIDPolicy.make(&exchange.request.fields)
    }
    RequestIDPolicy.copy(exchange.requestID, exchange.request.fields, &exchange.replyFields)
    return .proceed
  }

  /// Whether these are bytes that names of requests are made of: what a client says goes into logs
  /// and back to it, and may not be anything else there.
  private static func isName(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices {
      let byte = bytes[index]
      if ASCII.isUnreserved(byte) { continue }
      switch byte {
      case 0x2B, 0x2F, 0x3A, 0x3D, 0x40: continue  // + / : = @
      default: return false
      }
    }
    return true
  }

  /// 128 random bits as hexadecimal digits.
  private static func make(_ fields: inout Fields) -> Slice {
    // Without random bytes the name is all zeros: it is a name for logs, and guards nothing.
    let (high, low) = ((try? SecureRandom.word()) ?? 0, (try? SecureRandom.word()) ?? 0)
    let name = fields.store("x-request-id")
    let start = fields.arena.count
    for place in 0..<32 {
      let half = place < 16 ? high : low
      let nibble = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (place % 16))) & 15
      fields.arena.append(nibble + (nibble < 10 ? 0x30 : 0x57))
    }
    let value = Slice(offset: start, count: 32)
    fields.lines.append(FieldLine(name: name, value: value, id: .xRequestID))
    return value
  }

  private static func copy(_ id: Slice, _ fields: borrowing Fields, _ reply: inout Fields) {
    reply.append(.xRequestID, fields[id])
  }
}
