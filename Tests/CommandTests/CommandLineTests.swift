import Testing

struct CommandLineTests {
  @Test func `An unknown option is refused with the nearest one`() throws {
    let outcome = try Session().run(["check", "--confg", "x"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("unknown option '--confg', did you mean '--config'?"))
    #expect(outcome.output.isEmpty)
  }

  @Test func `An unknown command is refused with the nearest one`() throws {
    let outcome = try Session().run(["chekc"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("did you mean 'check'?"))
  }

  @Test(arguments: [
    ["check", "--config"], ["check", "--config="], ["check", "--config", "--json"],
    ["check", "--config=a", "--config=b"], ["check", "stray"], ["version", "--json=1"],
    ["hash-key", "secret"], ["init", "--demo", "--upstream", "http://x:1"], ["--verbose"],
    ["help", "nothing"], [],
  ])
  func `What is not understood ends with status 2`(_ words: [String]) throws {
    let outcome = try Session().run(words)
    #expect(outcome.status == 2)
    #expect(!outcome.errors.isEmpty)
  }

  @Test(arguments: ["check", "init", "new-key", "hash-key", "version"])
  func `Each command explains itself`(_ name: String) throws {
    let session = try Session()
    let outcome = session.run([name, "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("gatehouse \(name)"))
    #expect(session.run(["help", name]).output == outcome.output)
    #expect(session.run(["--help"]).output.contains("  \(name) "))
  }

  @Test func `The version is one line, or JSON`() throws {
    let session = try Session()
    #expect(session.run(["version"]).output.hasPrefix("gatehouse "))
    let json = session.run(["version", "--json"]).output
    #expect(json.hasPrefix(#"{"name":"gatehouse","version":""#))
  }

  // SEC-01.
  @Test func `A new key is new each time and goes with its hash`() throws {
    let session = try Session()
    let lines = session.run(["new-key"]).output.split(separator: "\n")
    let key = String(lines[0].split(separator: " ")[1])
    #expect(
      lines[1].split(separator: " ")[1] == session.run(["hash-key"], input: key).output.dropLast())
    #expect(session.run(["new-key"]).output.contains(key) == false)
  }

  @Test(arguments: ["abc", "abc\n", "abc\r\n"])
  func `The hash of a key is its SHA-256 without the line end`(_ input: String) throws {
    let outcome = try Session().run(["hash-key", "-"], input: input)
    #expect(
      outcome.output
        == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n")
  }

  @Test(arguments: ["", "\n", "a b", "a\nb", "\u{e9}"])
  func `What cannot be a key is not hashed`(_ input: String) throws {
    let outcome = try Session().run(["hash-key"], input: input)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
  }
}
