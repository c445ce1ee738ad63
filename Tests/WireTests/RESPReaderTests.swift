import Base
import Testing

@testable import Wire

/// Replies of a store that speaks the Redis protocol.
@Suite struct RESPReaderTests {
  private func read(_ text: String) -> (step: String, left: Int) {
    var input = ByteBuffer()
    input.append(utf8: text)
    let step = RESPReader.next(&input)
    return (words(step), input.count)
  }

  private func words(_ step: RESPReader.Step) -> String {
    switch step {
    case .incomplete: "incomplete"
    case .refused: "refused"
    case .reply(.status(let text)): "+\(String(decoding: text, as: UTF8.self))"
    case .reply(.error(let text)): "-\(String(decoding: text, as: UTF8.self))"
    case .reply(.integer(let number)): ":\(number)"
    case .reply(.bulk(let bytes)): bytes.map { "$\(String(decoding: $0, as: UTF8.self))" } ?? "$nil"
    case .reply(.integers(let numbers)): "*\(numbers)"
    }
  }

  @Test(arguments: [
    ("+OK\r\n", "+OK"), ("-ERR no\r\n", "-ERR no"), (":-12\r\n", ":-12"), ("$-1\r\n", "$nil"),
    ("$0\r\n\r\n", "$"), ("$4\r\na\r\nb\r\n", "$a\r\nb"), ("*0\r\n", "*[]"),
    ("*3\r\n:1\r\n:0\r\n:9223372036854775807\r\n", "*[1, 0, 9223372036854775807]"),
  ])
  func `A reply is read whole or not at all, and nothing behind it is taken`(
    text: String, wanted: String
  ) {
    let (step, left) = read(text + "+more")
    #expect(step == wanted)
    #expect(left == 5)
    for count in 0..<text.utf8.count {
      let part = String(decoding: Array(text.utf8.prefix(count)), as: UTF8.self)
      let (early, kept) = read(part)
      #expect(early == "incomplete", "\(count) bytes")
      #expect(kept == count)
    }
  }

  @Test(arguments: [
    "?x\r\n", ":\r\n", ":1x\r\n", ":--1\r\n", ":9223372036854775808\r\n", "$-2\r\n", "$x\r\n",
    "$1\r\nabc", "$8193\r\n", "*-1\r\n", "*65\r\n", "*1\r\n+a\r\n", "*1\r\n*1\r\n:1\r\n",
    "*1\r\n:x\r\n", "%1\r\n",
  ])
  func `What was never asked for is refused`(text: String) {
    #expect(read(text).step == "refused")
  }

  @Test func `Bounds hold on both sides`() {
    let line = String(repeating: "a", count: RESPReader.lineBytesMax - 3)
    #expect(read("+\(line)\r\n").step == "+\(line)")
    #expect(read("+\(line)a\r\n").step == "refused")
    let text = String(repeating: "b", count: RESPReader.bulkBytesMax)
    #expect(read("$8192\r\n\(text)\r\n").step == "$\(text)")
    let numbers = String(repeating: ":7\r\n", count: RESPReader.elementsMax)
    #expect(read("*64\r\n\(numbers)").step == "*\([Int](repeating: 7, count: 64))")
  }

  @Test func `A command's strings have lengths, so that nothing in them has a meaning`() {
    var output = ByteBuffer()
    RESPWriter.command(["SET", "a\r\n*1", "é"], into: &output)
    RESPWriter.number(1_234_567, into: &output)
    let text = String(decoding: output.storage[..<output.writeIndex], as: UTF8.self)
    #expect(text == "*3\r\n$3\r\nSET\r\n$5\r\na\r\n*1\r\n$2\r\né\r\n$7\r\n1234567\r\n")
  }
}
