import Base
public import HTTP

/// What a kept response is an answer to: service, scheme, host, port, path and query.
public struct CacheKey: Hashable, Sendable {
  /// The parts, with a byte between them that none of them holds.
  public let bytes: [UInt8]
  private let originCount: Int
  private let pathCount: Int

  /// The key of a path and its query below an origin.
  public init(origin: [UInt8], path: [UInt8], query: [UInt8]?) {
    bytes = origin + path + (query.map { [0] + $0 } ?? [])
    (originCount, pathCount) = (origin.count, path.count)
  }

  /// The service's name.
  var service: ArraySlice<UInt8> { bytes.prefix { $0 != 0 } }

  /// The host, between the scheme and the port.
  var host: ArraySlice<UInt8> { bytes[(service.count + 2)..<(originCount - 3)] }

  /// The path.
  var path: ArraySlice<UInt8> { bytes[originCount..<originCount + pathCount] }

  /// What all keys of one host begin with: the service, the scheme, the host and its port.
  public static func origin(
    service: [UInt8], isSecure: Bool, request: borrowing RequestHead
  ) -> [UInt8] {
    let port = request.port
    return service + [0, isSecure ? 1 : 2] + request.fields.arena[request.host.range]
      + [0, UInt8(truncatingIfNeeded: port >> 8), UInt8(truncatingIfNeeded: port)]
  }

  /// The part of a request's query that counts; nil if there is none.
  public static func query(of request: borrowing RequestHead, _ rules: CacheRules) -> [UInt8]? {
    guard request.hasQuery else { return nil }
    guard let names = rules.parameters else {
      return Array(request.fields.arena[request.query.range])
    }
    let query = request.fields[request.query]
    var pairs = QueryPairs()
    var chosen: [UInt8] = []
    while let pair = pairs.next(in: query) {
      let name = query.extracting(pair.name)
      guard names.contains(where: { QueryPairs.isName(name, $0.span) }) else { continue }
      if !chosen.isEmpty { chosen.append(UInt8(ascii: "&")) }
      for place in pair.name.lowerBound..<pair.value.upperBound { chosen.append(query[place]) }
    }
    return chosen.isEmpty ? nil : chosen
  }
}
