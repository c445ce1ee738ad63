/// One directive of a rule file: a word and what stands behind it, quotes undone.
struct Directive: Hashable, Sendable {
  let name: String
  let arguments: [[UInt8]]
  let file: String
  let line: Int

  func fault(_ reason: String) -> RuleFault { RuleFault(reason, file: file, line: line) }

  /// An argument as text; bytes that are no UTF-8 are replaced.
  func text(_ index: Int) -> String { String(decoding: arguments[index], as: UTF8.self) }
}
