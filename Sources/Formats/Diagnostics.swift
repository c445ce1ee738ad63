/// Collects what is wrong with one file, so that its author sees everything at once.
///
/// It is a reference, because readers of nested parts all write into the same one; it stays on one
/// thread.
public final class Diagnostics {
  /// The name of the file, as the user wrote it.
  public let file: String

  /// No more than this many are kept: nobody reads on, and a hostile file must not fill memory.
  public static let countMax = 1000

  private var entries: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []
  private var leftOut = 0
  private var errors = 0

  /// Nothing found yet in the file of this name.
  public init(file: String) { self.file = file }

  /// Whether anything stands in the way of using the file.
  public var hasErrors: Bool { errors > 0 }

  /// Whether further findings are only counted, so that there is no use in wording them well.
  var isFull: Bool { entries.count >= Diagnostics.countMax }

  /// Errors, those beyond `countMax` included.
  public var errorCount: Int { errors }

  /// All that was reported, in the order of the places.
  public var sorted: [Diagnostic] {
    let order = entries.indices.sorted {
      (entries[$0].position, $0) < (entries[$1].position, $1)
    }
    return order.map { entries[$0] }
  }

  /// Reports an error.
  public func error(_ message: String, expected: String? = nil, at position: Position) {
    add(.error, message, expected, position)
  }

  /// Reports something doubtful that changes nothing.
  public func warning(_ message: String, expected: String? = nil, at position: Position) {
    add(.warning, message, expected, position)
  }

  private func add(
    _ severity: Diagnostic.Severity, _ message: String, _ expected: String?, _ position: Position
  ) {
    let entry = Diagnostic(
      file: file, position: position, severity: severity, message: message, expected: expected)
    // Two readers of one part may both find it; saying it twice helps nobody.
    if seen.contains(entry) { return }
    if severity == .error { errors += 1 }
    guard entries.count < Diagnostics.countMax else {
      leftOut += 1
      return
    }
    seen.insert(entry)
    entries.append(entry)
  }
}

extension Diagnostics: CustomStringConvertible {
  /// One line for each, in the order of the places.
  public var description: String {
    var lines = sorted.map(\.description)
    if leftOut > 0 { lines.append("\(file): and \(leftOut) more") }
    return lines.joined(separator: "\n")
  }
}
