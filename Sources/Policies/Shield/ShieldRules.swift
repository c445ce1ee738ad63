import Crypto
import Formats
import PolicyKit
import SecLang

/// The rules of a policy: the files that are read, and the gateway's own.
struct ShieldRules {
  /// Where Debian's package puts the OWASP Core Rule Set.
  static let installedFolder = "/usr/share/modsecurity-crs/rules"
  /// Longest file, in bytes, and most files.
  private static let fileBytesMax = 4 * 1024 * 1024
  private static let filesMax = 500

  private let paranoia: Int
  private let threshold: Int
  /// The folder; nil for none.
  private let folder: String?
  private var files: [RuleFile] = []
  /// Lists of phrases that rules name, by the names of their files.
  private var lists: [String: [UInt8]] = [:]
  private var isSound = true

  /// Reads the settings and the files.
  init(_ settings: inout Settings, at site: PolicySite) {
    paranoia = settings.integer("paranoia", in: 1...4) ?? 1
    threshold = settings.integer("threshold", in: 1...1000) ?? 5
    guard let text = settings.path("rules") else {
      let isInstalled = site.files.list(ShieldRules.installedFolder) != nil
      if !isInstalled {
        settings.warning(
          "the OWASP Core Rule Set is not installed: only the gateway's own rules look at requests",
          at: settings.position)
      }
      folder = isInstalled ? ShieldRules.installedFolder : nil
      isSound = isInstalled ? read(ShieldRules.installedFolder, &settings, site) : true
      return
    }
    folder = text.string == "own" ? nil : text.string
    if let folder { isSound = read(folder, &settings, site) }
  }

  private mutating func read(
    _ folder: String, _ settings: inout Settings, _ site: PolicySite
  ) -> Bool {
    let names = (site.files.list(folder) ?? []).sorted()
    let rules = names.filter { $0.hasSuffix(".conf") }
    guard !rules.isEmpty, names.count <= ShieldRules.filesMax else {
      settings.error("'\(folder)' holds no rule files", expected: "files *.conf", at: "rules")
      return false
    }
    for name in rules + names.filter({ $0.hasSuffix(".data") }) {
      switch site.files.read("\(folder)/\(name)", bytesMax: ShieldRules.fileBytesMax) {
      case .bytes(let bytes):
        if name.hasSuffix(".conf") {
          files.append(RuleFile(name: name, text: bytes))
        } else {
          lists[name] = bytes
        }
      case .failed(let reason):
        settings.error("'\(folder)/\(name)' \(reason)", at: "rules")
        return false
      }
    }
    return true
  }

  /// The rules made ready, shared by all policies that have the same; nil if there is an error.
  func compiled(_ settings: inout Settings, at site: PolicySite) -> RuleSet? {
    guard isSound else { return nil }
    let all = ShieldRules.ordered(files, paranoia: paranoia, threshold: threshold)
    let key = "shield/\(ShieldRules.digest(all, lists))"
    if let known = site.retained.kept(key, as: RuleSet.self) { return known }
    do throws(RuleFault) {
      let set = try RuleSet(all, paranoia: paranoia) { lists[$0] }
      return site.retained.object(key) { set }
    } catch {
      settings.error("\(error)", at: "rules")
      return nil
    }
  }

  /// What tells one set of files from another.
  private static func digest(_ files: [RuleFile], _ lists: [String: [UInt8]]) -> String {
    var all: [UInt8] = []
    for file in files { all += Array(file.name.utf8) + [0] + file.text + [0] }
    for name in lists.keys.sorted() { all += Array(name.utf8) + [0] + (lists[name] ?? []) + [0] }
    return HashFunction.sha256.hash(all.span).map { String($0, radix: 16) }.joined(separator: ".")
  }

  /// The gateway's settings, the files with its own rules before the one that sums up, and its
  /// own sum.
  static func ordered(_ files: [RuleFile], paranoia: Int, threshold: Int) -> [RuleFile] {
    let own = OwnRules(paranoia: paranoia, threshold: threshold)
    let sum = files.firstIndex { $0.name >= "REQUEST-949" } ?? files.count
    return [own.setup] + files[..<sum] + own.detectors + files[sum...] + [own.sum(behind: files)]
  }
}
