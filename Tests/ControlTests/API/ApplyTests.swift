import Control
import Formats
import Storage
import Testing

/// Consumers, roles and groups as one document.
@Suite struct ApplyTests {
  private let document: JSONValue = [
    "roles": [["name": "lead", "inherits": ["staff"]]],
    "groups": [["name": "g", "roles": ["lead"]]],
    "consumers": [
      ["name": "shop", "roles": ["reader"]], ["name": "app", "disabled": true],
    ],
  ]

  // ADM-12.
  @Test func `A document is applied whole, and then nothing is different`() throws {
    let bench = try AdminBench()
    try bench.setUp()
    let dry = bench.send("POST", "/v1/apply?dry-run=true", as: "owner", document)
    #expect(dry.body["changes"]?.elements.count == 4)
    #expect(bench.send("GET", "/v1/consumers/shop", as: "owner").status == 404)
    let done = bench.send("POST", "/v1/apply", as: "owner", document)
    #expect(done.status == 200 && done.body["changes"] == dry.body["changes"])
    #expect(bench.send("GET", "/v1/consumers/app", as: "owner").body["disabled"] == true)
    let again = bench.send("POST", "/v1/apply", as: "owner", document)
    #expect(again.body["changes"] == [])
    let exported = bench.send("GET", "/v1/export", as: "owner").body
    #expect(
      bench.send("POST", "/v1/apply?dry-run=true", as: "owner", exported).body["changes"] == [])
    #expect(try bench.vault.journalFault() == nil)
  }

  @Test func `With prune, what a list leaves out goes, and other lists stay`() throws {
    let bench = try AdminBench()
    try bench.setUp()
    _ = bench.send("POST", "/v1/apply", as: "owner", document)
    let less: JSONValue = ["consumers": [["name": "shop"]], "prune": true]
    let done = bench.send("POST", "/v1/apply", as: "owner", less)
    let targets = (done.body["changes"]?.elements ?? []).compactMap { $0["target"]?.string }
    #expect(Set(targets) == ["consumers/shop", "consumers/app"])
    #expect(bench.send("GET", "/v1/consumers/app", as: "owner").status == 404)
    #expect(bench.send("GET", "/v1/roles/lead", as: "owner").status == 200)
  }

  @Test(
    arguments: [
      ["consumers": [["name": "a"], ["name": "a"]]], ["consumers": [["nam": "a"]]],
      ["consumers": ["a"]], ["consumers": "a"], ["consumer": []],
      ["roles": [["name": "r", "inherits": "x"]]], ["consumers": [["name": "owned"]]],
    ] as [JSONValue])
  func `A document with an error changes nothing`(document: JSONValue) throws {
    var owned = FileOwned()
    owned.consumers = ["owned"]
    let bench = try AdminBench(owned: owned)
    try bench.setUp()
    var members = document.members
    members.append(JSONMember("groups", [["name": "g"]]))
    let answer = bench.send("POST", "/v1/apply", as: "owner", .object(members))
    #expect(answer.status == 400 || answer.status == 409)
    #expect(bench.send("GET", "/v1/groups/g", as: "owner").status == 404)
  }

  @Test func `Whoever may not change roles applies nothing`() throws {
    let bench = try AdminBench()
    try bench.setUp()
    let made = bench.send("POST", "/v1/tokens", as: "owner", ["permissions": ["consumers"]])
    let answer = bench.send(
      "POST", "/v1/apply", document, token: made.body["token"]?.string)
    #expect(answer.status == 403)
  }
}
