import Base

@testable import Runtime

/// Gives whatever the fuzzer makes up to the reader of name servers' replies, as the answer to the
/// question that its header claims to answer: addresses come out, or a flaw, and never too many.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDNS(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  for type in [ResolverQuestion.RecordType.a, .aaaa] {
    let question = ResolverQuestion(name: "api.test", type: type)
    // The header and question as a server repeats them, so that the rest is read at all.
    var message = question.query(id: 7)
    message[2] |= 0x80
    let answers = bytes.first.map { Int($0 % 8) } ?? 0
    message[7] = UInt8(answers)
    message += bytes.dropFirst()
    for given in [bytes, message] {
      guard
        let reply = try? ResolverReply(given, to: question, id: 7, isOverTCP: given.count % 2 == 0)
      else { continue }
      if case .addresses(let addresses, _) = reply.finding {
        precondition(!addresses.isEmpty, "an answer without addresses")
        precondition(addresses.count <= given.count / 4, "more addresses than the bytes hold")
      }
    }
  }
  return 0
}
