import Base
public import Formats
import HTTP
public import PolicyKit

/// `decompress`: takes the content of requests out of its coding, so that policies and upstream see
/// it as it is (RFC 9110 §8.4), and no bomb reaches them.
public final class DecompressPolicy: RequestPolicy, BodyPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "decompress", stage: .admission,
      summary: "Takes the content of requests out of its coding.",
      options: [
        .init(
          "codings", "list of gzip, deflate, br, zstd", default: "all four",
          "others are refused with 415"),
        .init("size", "size, up to 64MiB", default: "1MiB", "longest content, once decoded"),
        .init(
          "ratio", "2 to 1000", default: "20",
          "how many times longer it may become; content up to 64KiB whatever the ratio"),
      ])
  }

  private let codings: [ContentCoding]
  private let bytesMax: Int
  private let ratioMax: Int
  /// For `Accept-Encoding` where a coding is refused (RFC 9110 §15.5.16).
  private let accepted: [UInt8]

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let names = ["gzip", "deflate", "br", "zstd"]
    let chosen = settings.choices("codings", names) ?? names
    codings = chosen.compactMap { ContentCoding($0.utf8.span) }
    if codings.isEmpty {
      settings.error("'codings' is empty", expected: "a coding", at: "codings")
    }
    bytesMax = settings.size("size", in: 1...64 * 1024 * 1024) ?? 1024 * 1024
    ratioMax = settings.integer("ratio", in: 2...1000) ?? 20
    accepted = Array(chosen.joined(separator: ", ").utf8)
  }

  /// Looks which coding the content has: from here on it has none.
  public func review(_ exchange: inout Exchange) -> Verdict {
    guard let value = exchange.request.fields.value(.contentEncoding) else { return .proceed }
    // Codings within codings are how bombs are made (DOS-07): one is enough.
    guard exchange.request.fields.count(.contentEncoding) == 1 else {
      return refuse("content in several codings", &exchange)
    }
    if ASCII.equalsIgnoringCase(exchange.request.fields[value], "identity") {
      exchange.request.fields.remove(.contentEncoding)
      return .proceed
    }
    guard let coding = DecompressPolicy.coding(exchange.request.fields, value),
      codings.contains(coding)
    else { return refuse("content in a coding that is not taken", &exchange) }
    exchange.request.fields.remove(.contentEncoding)
    if exchange.request.hasBody { exchange.contentCoding = coding }
    return .proceed
  }

  private static func coding(_ fields: borrowing Fields, _ value: Slice) -> ContentCoding? {
    let token = fields[value]
    return ContentCoding(token)
  }

  private func refuse(_ reason: StaticString, _ exchange: inout Exchange) -> Verdict {
    let accepted = self.accepted
    exchange.replyFields.append(.acceptEncoding, accepted.span)
    return .deny(Denial(.unsupportedMediaType, reason: reason))
  }

  /// Whether the content has a coding.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool {
    exchange.contentCoding != nil
  }

  /// Decodes the content.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard let coding = exchange.contentCoding else { return .proceed }
    exchange.contentCoding = nil
    do throws(ContentDecoder.Failure) {
      exchange.newContent = try ContentDecoder.decode(
        content, coding, bytesMax: bytesMax, ratioMax: ratioMax)
      return .proceed
    } catch {
      switch error {
      case .damaged:
        return .deny(
          Denial(.malformedRequest, reason: "content is not in the coding that it names"))
      case .tooLarge:
        return .deny(
          Denial(.contentTooLarge, reason: "content becomes longer than the route allows"))
      }
    }
  }
}
