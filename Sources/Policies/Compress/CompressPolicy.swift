import Base
public import Formats
import HTTP
public import PolicyKit

/// `compress`: has responses compressed for clients that take them so (RFC 9110 §8.4, §12.5.3).
public final class CompressPolicy: CodingPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "compress", stage: .transformation,
      summary: "Compresses responses for clients that take them so.",
      options: [
        .init("codings", "list of zstd, br, gzip", default: "zstd, br, gzip", "the best first"),
        .init(
          "types", "list of media types", default: "text and JSON of all kinds",
          "what is compressed; text/* and */*+json stand for several"),
        .init(
          "size", "size", default: "1KiB", "shorter content goes as it is, if its length is told"),
        .init("zstd-level", "1 to 6", default: "3", "higher is smaller and slower"),
        .init("br-level", "0 to 6", default: "4", "the same"),
        .init("gzip-level", "1 to 9", default: "5", "the same"),
        .init(
          "private", "boolean", default: "false",
          "responses that set cookies, or say that they are private, as well"),
      ])
  }

  /// Types that are text, and are not compressed already.
  private static let standardTypes = [
    "text/*", "application/json", "*/*+json", "application/xml", "*/*+xml",
    "application/javascript", "application/x-ndjson", "application/graphql-response+json",
    "application/yaml", "application/wasm", "image/x-icon",
  ]

  private let codings: [ResponseCoding]
  private let types: MediaTypeRules
  private let bytesMin: Int
  private let takesPrivate: Bool

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let names = ["zstd", "br", "gzip"]
    let chosen = settings.choices("codings", names) ?? names
    let levels = [
      "zstd": settings.integer("zstd-level", in: ContentCoding.zstd.levels) ?? 3,
      "br": settings.integer("br-level", in: ContentCoding.br.levels) ?? 4,
      "gzip": settings.integer("gzip-level", in: ContentCoding.gzip.levels) ?? 5,
    ]
    codings = chosen.compactMap { name in
      ContentCoding(name.utf8.span).map { ResponseCoding($0, level: levels[name] ?? 1) }
    }
    if codings.isEmpty {
      settings.error("'codings' is empty", expected: "zstd, br or gzip", at: "codings")
    }
    types = MediaTypeRules(
      settings.texts("types")?.map(\.string) ?? CompressPolicy.standardTypes
    ) { text in
      settings.error(
        "'\(text)' is no media type", expected: "such as application/json, text/* or */*+json",
        at: settings.position(of: "types"))
    }
    bytesMin = settings.size("size", in: 0...Int.max / 2) ?? 1024
    takesPrivate = settings.boolean("private") ?? false
  }

  /// Chooses the coding of one response.
  public func coding(for exchange: inout Exchange) -> ResponseCoding? {
    if exchange.response.status == 304 {
      notModified(&exchange)
      return nil
    }
    guard mayEncode(exchange) else { return nil }
    CompressPolicy.vary(&exchange.response.fields)
    return choice(exchange)
  }

  private func choice(_ exchange: borrowing Exchange) -> ResponseCoding? {
    guard
      let accepted = exchange.acceptedCodings ?? AcceptedCodings(of: exchange.request.fields)
    else { return nil }
    var best: (coding: ResponseCoding, weight: Int)?
    for coding in codings {
      let weight = accepted.weight(of: coding.coding.text)
      if weight > best?.weight ?? 0 { best = (coding, weight) }
    }
    guard let best else { return nil }
    // Who would rather have it as it is, and says so, gets it so.
    let identity = accepted.weight(of: "identity")
    return identity > best.weight ? nil : best.coding
  }

  /// Whether the content may be encoded at all, whatever the client takes.
  private func mayEncode(_ exchange: borrowing Exchange) -> Bool {
    let fields = exchange.response.fields
    switch exchange.response.status {
    // Parts are of the content as it is (RFC 9110 §15.3.7).
    case 0..<200, 204, 205, 206, 304: return false
    default: break
    }
    if fields.value(.contentRange) != nil || fields.value(.contentEncoding) != nil { return false }
    if isShort(exchange) { return false }
    let control = CacheControl(of: fields)
    // RFC 9110 §7.7; who asks for it gets it as well (RFC 9111 §5.2.1.6).
    if control.flags.contains(.noTransform)
      || CacheControl(of: exchange.request.fields).flags.contains(.noTransform)
    {
      return false
    }
    if !takesPrivate, control.flags.contains(.isPrivate) || fields.value(.setCookie) != nil {
      return false
    }
    guard fields.count(.contentType) == 1, let type = fields.value(.contentType) else {
      return false
    }
    return types.match(fields[type])
  }

  /// Whether it is told that there is little content, or none.
  private func isShort(_ exchange: borrowing Exchange) -> Bool {
    var told: Int?
    if case .length(let count) = exchange.response.framing { told = count }
    if exchange.request.method == .head, let value = exchange.response.fields.value(.contentLength)
    {
      told = ASCII.decimal(exchange.response.fields[value])
    }
    return told.map { $0 == 0 || $0 < bytesMin } ?? false
  }

  /// Who has the encoded content has it by its weak validator, and has to find that again (RFC 9111
  /// §4.3.4).
  private func notModified(_ exchange: inout Exchange) {
    guard choice(exchange) != nil, exchange.response.fields.count(.etag) == 1,
      let tag = exchange.response.fields.value(.etag)
    else { return }
    let text = Array(exchange.response.fields.arena[tag.range])
    guard text.first == UInt8(ascii: "\"") else { return }
    exchange.response.fields.set(.etag, (Array("W/".utf8) + text).span)
    CompressPolicy.vary(&exchange.response.fields)
  }

  /// Says that the response hangs on what the client accepts, unless that is said already.
  private static func vary(_ fields: inout Fields) {
    for index in fields.lines.indices
    where fields.lines[index].id == .vary && !fields.lines[index].name.isEmpty {
      let value = fields[fields.lines[index].value]
      if VaryNames.contains("accept-encoding", in: value) { return }
    }
    fields.append(.vary, text: "accept-encoding")
  }
}
