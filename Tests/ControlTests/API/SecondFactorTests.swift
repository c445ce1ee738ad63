import Control
import Crypto
import Formats
import Testing

/// ADM-05: the second factor of administrators, and what it is asked for again.
@Suite struct SecondFactorTests {
  /// The password that a telephone shows now for a secret in Base32.
  private func code(_ secret: String, _ bench: AdminBench) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var bits = 0
    var held: UInt32 = 0
    var bytes: [UInt8] = []
    for letter in secret {
      held = held << 5 | UInt32(alphabet.firstIndex(of: letter) ?? 0)
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
      }
    }
    return OneTimePassword(secret: bytes).code(counter: UInt64(bench.time.now / 1000 / 30))
  }

  /// An owner with a second factor: the secret and the recovery codes.
  private func enrolled(
    _ rules: AdminRules = AdminRules()
  ) throws -> (bench: AdminBench, secret: String, codes: [String]) {
    let bench = try AdminBench(rules: rules)
    try bench.setUp()
    let begun = bench.send(
      "POST", "/v1/self/second-factor", as: "owner",
      ["password": .string(AdminBench.password)])
    try #require(begun.status == 201)
    let secret = try #require(begun.body["secret"]?.string)
    #expect(begun.body["link"]?.string?.contains("secret=" + secret) == true)
    let done = bench.send(
      "POST", "/v1/self/second-factor/confirmation", as: "owner",
      ["code": .string(code(secret, bench))])
    try #require(done.status == 200)
    let codes = (done.body["recovery-codes"]?.elements ?? []).compactMap(\.string)
    try #require(codes.count == 10)
    return (bench, secret, codes)
  }

  private func logIn(_ bench: AdminBench, _ code: String?) -> AdminReply {
    bench.send(
      "POST", "/v1/sessions",
      [
        "name": "owner", "password": .string(AdminBench.password),
        "code": code.map { .string($0) } ?? .null,
      ])
  }

  @Test func `A login takes the code as well, and each code once`() throws {
    let (bench, secret, codes) = try enrolled()
    #expect(logIn(bench, nil).problem == "second-factor-required")
    #expect(logIn(bench, "000000").problem == "credentials-invalid")
    // The one that confirmed is used up.
    #expect(logIn(bench, code(secret, bench)).status == 401)
    bench.time.advance(milliseconds: 120_000)
    let next = code(secret, bench)
    #expect(logIn(bench, next).status == 201)
    #expect(logIn(bench, next).status == 401)
    #expect(logIn(bench, codes[3]).status == 201)
    bench.time.advance(milliseconds: 120_000)
    #expect(logIn(bench, codes[3]).status == 401)
  }

  @Test func `A wrong password does not tell that there is a second factor`() throws {
    let (bench, _, _) = try enrolled()
    let refused = bench.send(
      "POST", "/v1/sessions", ["name": "owner", "password": "not the password of owner"])
    #expect(refused.problem == "credentials-invalid")
  }

  @Test func `Wrong codes are slowed down as wrong passwords are`() throws {
    let (bench, _, _) = try enrolled()
    for _ in 0..<3 { #expect(logIn(bench, "000000").status == 401) }
    #expect(logIn(bench, "000000").status == 429)
  }

  @Test func `What could do great harm takes a factor of the last minutes`() throws {
    let (bench, secret, _) = try enrolled()
    let person: JSONValue = [
      "name": "viewer", "role": "viewer", "password": .string(AdminBench.password),
    ]
    bench.time.advance(milliseconds: 15 * 60_000)
    let stale = bench.send("POST", "/v1/administrators", as: "owner", person)
    #expect(stale.status == 403)
    #expect(stale.problem == "step-up-required")
    #expect(bench.send("POST", "/v1/store/rotation", as: "owner").problem == "step-up-required")
    // What does none goes on.
    #expect(bench.send("POST", "/v1/consumers", as: "owner", ["name": "shop"]).status == 201)
    let fresh = logIn(bench, code(secret, bench)).body["token"]?.string
    #expect(bench.send("POST", "/v1/administrators", person, token: fresh).status == 201)
    // A program's token cannot show a telephone, whoever made it.
    let made = bench.send("POST", "/v1/tokens", ["permissions": ["administrators"]], token: fresh)
    let program = made.body["token"]?.string
    #expect(made.status == 403 || program != nil)
    let tried = bench.send("DELETE", "/v1/administrators/viewer", token: program, match: "*")
    #expect(tried.status == 403)
  }

  @Test func `Where it is required, one without it can get one and nothing else`() throws {
    var rules = AdminRules()
    rules.requiresSecondFactor = true
    let bare = try AdminBench(rules: rules)
    try bare.setUp()
    let refused = bare.send("GET", "/v1/consumers", as: "owner")
    #expect(refused.status == 403)
    #expect(refused.problem == "second-factor-missing")
    #expect(bare.send("GET", "/v1/self", as: "owner").status == 200)
    let (bench, _, _) = try enrolled(rules)
    #expect(bench.send("GET", "/v1/consumers", as: "owner").status == 200)
  }

  @Test func `It goes by a code of it, or by another owner`() throws {
    let (bench, _, codes) = try enrolled()
    let path = "/v1/self/second-factor"
    #expect(bench.send("POST", path + "/removal", as: "owner", ["code": "1"]).status == 401)
    let again = bench.send(
      "POST", path, as: "owner", ["password": .string(AdminBench.password)])
    #expect(again.status == 409)
    let removed = bench.send(
      "POST", path + "/removal", as: "owner", ["code": .string(codes[0])])
    #expect(removed.status == 204)
    #expect(logIn(bench, nil).status == 201)
    let now = bench.send("GET", "/v1/administrators/owner", as: "owner")
    #expect(now.body["second-factor"]?.boolean == false)
    let given = bench.send(
      "PATCH", "/v1/administrators/owner", as: "owner", ["second-factor": true], match: now.tag)
    #expect(given.status == 400)
  }

  @Test func `An owner takes away what another one lost`() throws {
    let (bench, secret, _) = try enrolled()
    bench.time.advance(milliseconds: 60_000)
    let fresh = logIn(bench, code(secret, bench)).body["token"]?.string
    let now = bench.send("GET", "/v1/administrators/owner", token: fresh)
    let removed = bench.send(
      "PATCH", "/v1/administrators/owner", ["second-factor": false], token: fresh,
      match: now.tag)
    #expect(removed.body["second-factor"]?.boolean == false)
    #expect(logIn(bench, nil).status == 201)
  }

  @Test func `Neither secret nor codes are shown again, in answers or in the audit log`() throws {
    let (bench, secret, codes) = try enrolled()
    let shown = bench.send("GET", "/v1/administrators/owner", as: "owner").body.serialized
    let log = bench.send("GET", "/v1/audit?limit=1000", as: "owner").body.serialized
    #expect(log.contains("second-factor.add"))
    for text in [shown, log] {
      #expect(!text.contains(secret))
      #expect(!codes.contains { text.contains($0) })
    }
  }
}
