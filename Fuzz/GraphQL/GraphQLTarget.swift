import GraphQL

/// Holds whatever the fuzzer makes up, as a request and as a document, against the limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGraphQL(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let check = GraphQLCheck()
  if let requests = try? GraphQLRequest.all(bytes, check.limits) {
    for request in requests { try? check.check(request, isSafe: false) }
  }
  let query = String(decoding: bytes, as: UTF8.self)
  do throws(GraphQLFault) {
    let request = try GraphQLRequest(
      query: query, operationName: nil, variables: nil, check.limits)
    try check.check(request, isSafe: true)
  } catch {
    precondition(error.offset <= query.utf8.count, "a place beyond the text")
    precondition(!error.rule.isEmpty && !error.expected.isEmpty, "a fault without a reason")
  }
  return 0
}
