import Base
import Expression

/// Gives whatever the fuzzer makes up to the reader of expressions, and works out what is taken: it
/// never fails, whatever the values.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzExpression(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var environment = ExpressionEnvironment()
  environment.declare("a", .string)
  environment.declare("b.c", .map)
  environment.declare("l", .list)
  environment.declare("d", .dynamic)
  environment.declare("n", .address)
  let source = String(decoding: bytes, as: UTF8.self)
  do throws(ExpressionError) {
    let expression = try Expression(source, in: environment)
    _ = try? expression.evaluate { number, key in
      switch number {
      case 0: .string("text")
      case 1: key.map { .string($0) }
      case 2: .list([.int(.max), .string("x"), .null])
      case 3: .map(["k": .double(1.5)])
      default: IPAddress("192.0.2.1").map { .address($0) }
      }
    }
  } catch {
    precondition(error.offset <= source.utf8.count, "a place beyond the text")
  }
  return 0
}
