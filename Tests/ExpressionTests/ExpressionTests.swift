import Base
import Testing

@testable import Expression

@Suite struct ExpressionTests {
  private static let environment: ExpressionEnvironment = {
    var environment = ExpressionEnvironment()
    environment.declare("request.method", .string)
    environment.declare("request.headers", .map)
    environment.declare("params", .map, keys: ["id", "user"])
    environment.declare("identity.name", .string)
    environment.declare("identity.roles", .list)
    environment.declare("client.address", .address)
    environment.declare("claims", .dynamic)
    environment.declare("gone", .string)
    return environment
  }()

  private func lookup(_ number: Int, _ key: String?) -> ExpressionValue? {
    switch number {
    case 0: .string("GET")
    case 1: ["accept": .string("text/html"), "x-n": .string("7")][key ?? ""]
    case 2: ["id": .string("42"), "user": .string("ann")][key ?? ""]
    case 3: .string("ann")
    case 4: .list([.string("reader"), .string("writer")])
    case 5: IPAddress("192.0.2.7").map { .address($0) }
    case 6: .map(["age": .int(31), "tags": .list([.string("a")]), "vip": .bool(true)])
    default: nil
    }
  }

  private func value(_ source: String) throws -> ExpressionValue {
    try Expression(source, in: ExpressionTests.environment).evaluate(lookup)
  }

  @Test(arguments: [
    "request.method == 'GET'", "request.method != \"POST\"", "params.user == identity.name",
    "params['id'] == '42'", "int(params.id) == 42 && int(params.id) < 43",
    "'reader' in identity.roles", "!('admin' in identity.roles)", "size(identity.roles) == 2",
    "identity.roles[1] == 'writer'", "identity.roles == ['reader', 'writer']",
    "request.method in ['GET', 'HEAD']", "'accept' in request.headers",
    "has(request.headers.accept) && !has(request.headers.cookie)",
    "request.headers.accept.startsWith('text/')", "request.headers.accept.endsWith('html')",
    "request.headers.accept.contains('/')", "'ABC'.lowerAscii() == 'abc'",
    "upperAscii('aZ9') == 'AZ9'", "client.address.inNetwork('192.0.2.0/24')",
    "!client.address.inNetwork('10.0.0.0/8')", "claims.age >= 18 && claims.vip",
    "'a' in claims.tags", "has(claims.age) && !has(claims.none)", "1 + 2 * 3 == 7",
    "(1 + 2) * 3 == 9", "7 / 2 == 3 && -7 / 2 == -3 && -7 % 2 == -1", "1.5 + 1.5 == 3.0",
    "1 == 1.0", "2 > 1.5", "0x10 == 16", "'a' + 'b' == 'ab'", "'a' < 'b'",
    "true ? true : false", "false || true", "r'\\n' == '\\\\n'", "'\\u0041\\x42' == 'AB'",
    "size('žlutý') == 5", "null == null", "claims.none == 1 || true", "true || claims.none",
    "!(false && claims.none)", "string(42) == '42'", "double('1.5') == 1.5",
  ])
  func `What CEL calls true is true`(source: String) throws {
    #expect(try value(source) == .bool(true))
  }

  @Test(arguments: [
    ("", "the end stands here"), ("request.methd == 'GET'", "is no variable"),
    ("nobody", "is no variable"), ("request.method == 1", "are never equal"),
    ("request.method && true", "expected a condition"), ("1 < 'a'", "have no order"),
    ("params.idd == 'x'", "has no 'idd', expected one of id, user"),
    ("matches('a')", "no function"),
    ("'a'.startsWith(1)", "wants string"), ("size()", "takes 1, found 0"),
    ("client.address.inNetwork('10.0.0.0/33')", "is no network"), ("'a", "closing quote"),
    ("1 +", "the end stands here"), ("(1", "expected ')'"), ("1 2", "expected an operator"),
    ("#", "belongs to no expression"), ("99999999999999999999 == 1", "64 bits"),
    ("has(1)", "'has' takes a member"), ("1 ? 2 : 3", "expected a condition before '?'"),
    ("identity.roles['a']", "expected a number as place"), ("'\\q' == ''", "escape"),
  ])
  func `A mistake is named`(source: String, message: String) {
    do throws(ExpressionError) {
      _ = try Expression(source, in: ExpressionTests.environment)
      Issue.record("taken")
    } catch {
      #expect(error.message.contains(message))
    }
  }

  @Test(arguments: [
    ("claims.none == 1", EvaluationError.noSuchKey("none")), ("1 / 0 == 1", .divisionByZero),
    ("9223372036854775807 + 1 == 0", .overflow), ("identity.roles[2] == 'x'", .noSuchPlace),
    ("claims.age == 'x' ? claims.age : claims.vip && claims.age", .wrongType),
    ("gone != 'x'", .absent), ("int('x') == 1", .wrongType),
  ])
  func `What has no value is an error, and so no permission`(
    source: String, error: EvaluationError
  ) throws {
    let expression = try Expression(source, in: ExpressionTests.environment)
    #expect(throws: error) { try expression.evaluate(lookup) }
    #expect(!expression.holds(lookup))
  }

  // ADM-10.
  @Test func `Depth and size are limited`() {
    let deep = String(repeating: "(", count: 40) + "1" + String(repeating: ")", count: 40)
    #expect(throws: ExpressionError.self) {
      _ = try Expression(deep, in: ExpressionTests.environment)
    }
    let nots = String(repeating: "!", count: 3000) + "true"
    #expect(throws: ExpressionError.self) {
      _ = try Expression(nots, in: ExpressionTests.environment)
    }
    let long = (0..<400).map { _ in "1" }.joined(separator: "+")
    #expect(throws: ExpressionError.self) {
      _ = try Expression(long, in: ExpressionTests.environment)
    }
  }

  @Test(arguments: [
    "'caf\\u00e9' == 'cafe\\u0301'", "'caf\\u00e9' in ['cafe\\u0301']",
    "'caf\\u00e9' >= 'cafe\\u0301' && 'caf\\u00e9' <= 'cafe\\u0301'",
    "['caf\\u00e9'] == ['cafe\\u0301']",
  ])
  func `Texts are the same by code points alone, as an upstream compares them`(
    source: String
  ) throws {
    #expect(try value(source) == .bool(false))
  }
}
