/// The columns of a page: what each holds, in the order in which they stand.
enum PageColumn: UInt8, CaseIterable {
  // Numbers of entries, and the entries.
  case groupCodes, groups
  case addressCodes, addresses
  case consumerCodes, consumers
  case agentCodes, agents
  case pathCodes, paths
  case queryCodes, queries
  case refererCodes, referers
  case detailCodes, details
  case credentialCodes, credentials
  case subjectCodes, subjects
  case requestCodes, requests
  // Numbers of several bytes, as many as they need.
  case times, sequences, durations, upstreams, bytesIn, bytesOut
  // One byte each.
  case workers, marks
  // What is random, and so is not compressed: names of requests, traces and spans.
  case requestNames, traces, spans, parents

  /// Whether compressing it would be in vain.
  var isRandom: Bool {
    switch self {
    case .requestNames, .traces, .spans, .parents: true
    default: false
    }
  }
}

/// What an event has in the columns of random numbers, by bits.
enum PageMarks {
  static let hasTrace: UInt8 = 1
  static let hasSpan: UInt8 = 2
  static let hasParent: UInt8 = 4
  /// The name of the request is 32 hexadecimal digits, kept as 16 bytes.
  static let hasName: UInt8 = 8
  /// The name is a UUID in small letters, kept so too.
  static let isUUID: UInt8 = 16
}
