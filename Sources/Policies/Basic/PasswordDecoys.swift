import Crypto
import Formats

/// Hashes that no password fits, for names that nobody has: so that an unknown name costs as much
/// as a wrong password.
///
/// Where hashes of several costs are in use, unknown names are of these costs in the same shares,
/// and each name always of the same one.
struct PasswordDecoys: Sendable {
  /// More kinds of hashes than anybody has at once.
  private static let countMax = 64

  private let hashes: [PasswordHash]
  /// Chooses for a name; nobody outside can tell how.
  private let chooser: MessageAuthenticator?

  /// Decoys like these hashes, which are all that are in use.
  init(like hashes: [PasswordHash]) {
    // Every n-th of them: the shares of the costs are kept.
    let step = max(1, hashes.count / PasswordDecoys.countMax)
    let costs = hashes.sorted { $0.text < $1.text }
    self.hashes = stride(from: 0, to: costs.count, by: step).compactMap {
      PasswordDecoys.decoy(like: costs[$0])
    }
    let bytes = (try? SecureRandom.bytes(32)) ?? []
    chooser = try? MessageAuthenticator(SymmetricKey(bytes), .sha256)
  }

  /// The decoy for a name; nil without any.
  func hash(for name: String) -> PasswordHash? {
    guard let code = chooser?.code(name.utf8.span), code.count >= 4, !hashes.isEmpty else {
      return hashes.first
    }
    let number = code[0..<4].reduce(0) { $0 << 8 | Int($1) }
    return hashes[number % hashes.count]
  }

  /// The same cost and salt with another tag.
  private static func decoy(like hash: PasswordHash) -> PasswordHash? {
    let parts = hash.text.split(separator: "$", omittingEmptySubsequences: false)
    guard let tag = try? SecureRandom.bytes(32) else { return nil }
    let text = Base64.encode(tag.span, .standard).replacing("=", with: "")
    return PasswordHash(parts.dropLast().joined(separator: "$") + "$" + text)
  }
}
