import Foundation
import Testing

@testable import SecLang

/// The Core Rule Set as Debian installs it.
@Suite(.serialized) struct CoreRuleSetTests {
  static let folder = URL(filePath: "/usr/share/modsecurity-crs/rules")
  /// A folder with another version, such as 4, if the environment names one.
  static let other = ProcessInfo.processInfo.environment["GATEHOUSE_RULES"]

  private func load(_ folder: URL = folder) throws -> RuleSet {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".conf") }.sorted()
    let setup = "SecAction \"id:1,phase:1,pass,nolog,setvar:tx.crs_setup_version=334\""
    var files = [RuleFile(name: "setup", text: Array(setup.utf8))]
    for name in names {
      files.append(
        RuleFile(name: name, text: Array(try Data(contentsOf: folder.appending(path: name)))))
    }
    return try RuleSet(files) { name in
      (try? Data(contentsOf: folder.appending(path: name))).map { Array($0) }
    }
  }

  /// Whether a request with this parameter is refused.
  private func isRefused(_ inspection: inout Inspection, _ value: String) -> Bool {
    inspection.clear()
    for (name, text) in [("host", "example.org"), ("user-agent", "x"), ("accept", "*/*")] {
      inspection.add(.header, name: name.utf8.span, text.utf8.span)
      inspection.add(.headerName, name: name.utf8.span, name.utf8.span)
    }
    inspection.add(.method, name: Span(), "GET".utf8.span)
    inspection.add(.queryArgument, name: "q".utf8.span, value.utf8.span)
    return inspection.run()
  }

  @Test func `Every rule of the installed set is taken, and finds what it is for`() throws {
    let set = try load()
    #expect(set.count > 600)
    #expect(set.identifiers.contains(942_100) && set.identifiers.contains(949_110))
    try look(set)
  }

  @Test(.enabled(if: other != nil, "GATEHOUSE_RULES names no folder"))
  func `Every rule of the folder in the environment is taken, and finds what it is for`() throws {
    try look(load(URL(filePath: CoreRuleSetTests.other ?? "")))
  }

  private func look(_ set: RuleSet) throws {
    // Little is tried on every text.
    #expect(set.untoldCount < 30)
    guard var inspection = Inspection(set) else { fatalError("no memory") }
    for attack in [
      "' or 1=1 -- ", "<script>alert(1)</script>", "../../../etc/passwd", ";cat /etc/passwd",
      "${jndi:ldap://x/y}", "<?php system('id');",
    ] {
      #expect(isRefused(&inspection, attack), "\(attack)")
      #expect(!inspection.matches.isEmpty)
    }
    for benign in ["hello world", "O'Brien", "2026-01-01T00:00:00Z", "a@example.org", ""] {
      #expect(!isRefused(&inspection, benign), "\(benign)")
    }
  }
}
