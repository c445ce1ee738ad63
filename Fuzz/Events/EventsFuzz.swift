import Base
import HTTP

@testable import Telemetry

/// Gives whatever the fuzzer makes up to the reader of events as a block that was kept: every event
/// that it finds lies within the block, with all of its texts. Then the same bytes as a request:
/// its event is whole, and what follows `token=` is not in it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEvents(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var (length, events) = (0, 0)
  let block = EventBlock(kept: bytes)
  block.forEach { event in
    events += 1
    length += event.status + event.attempts + event.kind.hashValue & 1
    for text in EventText.allCases { length += event[text].count + event.string(text).count }
  }
  precondition(events == block.count && length >= 0, "counted otherwise")
  check(bytes)
  return 0
}

private func check(_ bytes: [UInt8]) {
  var head = RequestHead()
  head.path = head.fields.store(bytes.span)
  let query = bytes + Array("&token=SECRET;api%5Fkey=SECRET&code=SECRET".utf8)
  head.hasQuery = true
  head.query = head.fields.store(query.span)
  for name in ["user-agent", "referer", "content-type"] {
    head.fields.append(name: name.utf8.span, value: bytes.span)
  }
  var encoder = EventEncoder(worker: 0, masking: MaskedNames(), blockBytes: 65_536)
  var texts = EventTexts()
  texts.detail = bytes.span
  texts.title = bytes.span
  encoder.append(EventRecord(), sequence: 1, texts, head)
  precondition(encoder.block.count <= EventLayout.bytesMax, "too long")
  let block = EventBlock(kept: Array(encoder.block.storage[..<encoder.block.count]))
  precondition(block.count == 1, "not whole")
  block.forEach { event in
    let query = event.string(.query)
    precondition(!query.contains("token=SECRET") && !query.contains("code=SECRET"), "a secret")
  }
}
