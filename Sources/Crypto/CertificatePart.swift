/// What a PEM file was expected to hold.
public enum CertificatePart: String, Hashable, Sendable {
  case certificate = "certificate"
  case privateKey = "private key"
  case revocationList = "revocation list"
}
