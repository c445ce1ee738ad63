import CLDAP
public import PolicyKit

/// Asks a directory by LDAP (RFC 4511); waits for the network, so not for event loops.
public enum DirectoryClient {
  /// Why there was no answer, in words for the operator's log.
  public struct Failure: Error, CustomStringConvertible, Sendable {
    public let description: String
  }

  /// What the directory says of the caller. Throws if it says nothing.
  public static func ask(_ question: DirectoryQuestion) throws(Failure) -> DirectoryAnswer {
    guard !question.password.isEmpty else { return .wrong }
    let connection = try DirectoryConnection(question)
    if let entry = question.entry {
      guard try connection.bind(entry, question.password) else { return .wrong }
      return .right(entry: entry, groups: try groups(question, entry, connection))
    }
    guard let search = question.search else { return .wrong }
    try connection.serve(question)
    let entries = try connection.search(search.base, search.filter, attribute: nil)
    guard entries.count == 1 else {
      // A wrong password for an entry that does not exist takes as many exchanges with the server.
      _ = try connection.bind("cn=nobody,\(search.base)", question.password)
      return .wrong
    }
    let entry = entries[0].name
    guard try connection.bind(entry, question.password) else { return .wrong }
    if question.groups != nil { try connection.serve(question) }
    return .right(entry: entry, groups: try groups(question, entry, connection))
  }

  private static func groups(
    _ question: DirectoryQuestion, _ entry: String, _ connection: DirectoryConnection
  ) throws(Failure) -> [String] {
    guard let (search, attribute) = question.groups else { return [] }
    let filter = search.filter.replacing("{dn}", with: DirectoryFilter.escape(entry))
    return try connection.search(search.base, filter, attribute: attribute)
      .flatMap(\.values)
  }
}
