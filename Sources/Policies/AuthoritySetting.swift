import Crypto
import Formats
import PolicyKit

/// The setting `authority`: the file with the authorities that a server's certificate is from.
enum AuthoritySetting {
  /// Longest file, in bytes.
  private static let bytesMax = 1024 * 1024

  /// The authorities in the file; nil for those of the system, and for a file that holds none,
  /// which is reported.
  static func read(_ settings: inout Settings, _ site: PolicySite) -> TrustedAuthorities? {
    guard let path = settings.path("authority") else { return nil }
    switch site.files.read(path.string, bytesMax: bytesMax) {
    case .failed(let reason): settings.error("\(path.shown) \(reason)", at: path.position)
    case .bytes(let bytes):
      do throws(CertificateError) {
        _ = try Certificate.all(pem: bytes.span)
        return TrustedAuthorities(
          pem: bytes, fingerprint: SHA256Hasher().hash(bytes.span).hex)
      } catch {
        settings.error("\(path.shown): \(error)", at: path.position)
      }
    }
    return nil
  }

  /// The option, for the tables of the guide.
  static let option = PolicyManifest.Option(
    "authority", "PEM file", default: "those of the system",
    "the authorities that the server's certificate is from")
}
