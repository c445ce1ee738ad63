import Formats

/// A form of another product's that a configuration can be made of.
protocol ImportFormat: Sendable {
  /// The word on the command line.
  static var name: String { get }
  /// What it is, in a few words.
  static var summary: String { get }
  /// Reads a file into a draft; what cannot be carried over is noted there, all of it. Throws if
  /// this is no such file.
  static func read(_ root: JSONValue, into draft: inout ImportDraft) throws(ImportError)
}

/// Why a file is none of the form that was named.
struct ImportError: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
