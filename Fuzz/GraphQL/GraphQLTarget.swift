import GraphQL

/// The types that documents are held against.
private let types = try? GraphQLSchema(
  Array(
    """
    type Query { a(i: Int, f: F): A b: [U!]! me(id: ID!): A }
    interface N { id: ID! } type A implements N { id: ID! a: A e: E } type B { b: Int }
    union U = A | B enum E { X Y } input F { x: Int! f: F l: [E!] }
    """.utf8))

/// Holds whatever the fuzzer makes up, as a request and as a document, against the limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGraphQL(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var check = GraphQLCheck()
  precondition(types != nil, "the target's own types are not taken")
  _ = try? GraphQLSchema(bytes)
  if bytes.count.isMultiple(of: 2) { check.schema = types }
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
