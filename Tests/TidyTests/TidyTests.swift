import Testing

/// The rules of the house, held against the tree as it is.
@Suite struct TidyTests {
  private let repository = Repository.current

  private func expectNone(
    _ rule: String, _ breaches: [Breach], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for breach in Exceptions.current.remaining(breaches, of: rule) {
      Issue.record("\(breach)", sourceLocation: sourceLocation)
    }
  }

  @Test func `The tree is found and holds the sources`() {
    #expect(repository.file("Package.swift") != nil)
    #expect(repository.sources.count > 20)
    #expect(repository.sources.contains { $0.path == "Sources/gatehouse/main.swift" })
  }

  // NRM-01.
  @Test func `Targets import only what the table allows`() throws {
    let package = try #require(repository.file("Package.swift"))
    expectNone(
      ImportRule.name,
      repository.sources.flatMap { ImportRule.breaches(in: $0) }
        + ImportRule.breaches(inPackage: package))
  }

  @Test func `Lines, functions, files and folders are short`() {
    expectNone(
      LengthRule.name,
      repository.files.flatMap { LengthRule.breaches(in: $0) }
        + repository.sources.flatMap { LengthRule.breaches(inFunctionsOf: $0) }
        + LengthRule.breaches(inFoldersOf: repository))
  }

  @Test func `Files bear the name of their type, and names say something`() {
    expectNone(
      NameRule.name,
      repository.sources.flatMap {
        NameRule.breaches(in: $0) + NameRule.breaches(inFileNameOf: $0)
      })
  }

  @Test func `No way round the compiler is taken`() {
    expectNone(BannedRule.name, repository.sources.flatMap { BannedRule.breaches(in: $0) })
  }

  @Test func `Each unsafe place says why it holds`() {
    expectNone(SafetyRule.name, repository.sources.flatMap { SafetyRule.breaches(in: $0) })
  }

  @Test func `Each public item is documented`() {
    expectNone(
      DocumentationRule.name, repository.sources.flatMap { DocumentationRule.breaches(in: $0) })
  }

  @Test func `Comments hold no code and nothing unfinished`() {
    let written = repository.files.filter { $0.name != "LICENSE" }
    expectNone(
      CommentRule.name,
      repository.sources.flatMap { CommentRule.breaches(in: $0) }
        + written.flatMap { CommentRule.breaches(in: $0) })
  }

  @Test func `Names of tests are sentences`() {
    expectNone(TestNameRule.name, repository.sources.flatMap { TestNameRule.breaches(in: $0) })
  }

  @Test func `No path of a machine and no secret is in the tree`() {
    expectNone(PrivacyRule.name, repository.files.flatMap { PrivacyRule.breaches(in: $0) })
  }

  @Test func `The walk of a request names what exists`() {
    expectNone(WalkRule.name, WalkRule.breaches(in: repository))
  }

  @Test func `Links in documents lead somewhere`() {
    expectNone(LinkRule.name, LinkRule.breaches(in: repository))
  }

  @Test func `Each policy has code, tests and a page`() {
    expectNone(PolicyRule.name, PolicyRule.breaches(in: repository))
  }

  @Test func `Each limit has a reason, a range and a line in the guide`() {
    expectNone(LimitsRule.name, LimitsRule.breaches(in: repository))
  }

  @Test func `Each refusal has a line in the guide`() {
    expectNone(ProblemRule.name, ProblemRule.breaches(in: repository))
  }

  @Test func `Each item of the security checklist is named by a test`() {
    expectNone(ChecklistRule.name, ChecklistRule.breaches(in: repository))
  }

  @Test func `Exceptions give reasons for rules that exist`() {
    let rules: Set<String> = [
      ImportRule.name, LengthRule.name, NameRule.name, BannedRule.name, SafetyRule.name,
      DocumentationRule.name, CommentRule.name, TestNameRule.name, PrivacyRule.name,
      WalkRule.name, PolicyRule.name, LimitsRule.name, LinkRule.name,
      ProblemRule.name, ChecklistRule.name,
    ]
    for entry in Exceptions.current.entries {
      #expect(rules.contains(entry.rule))
      #expect(entry.reason.count > 15)
      #expect(entry.count > 0)
      #expect(repository.file(entry.path) != nil, "\(entry.path) is gone")
    }
  }
}
