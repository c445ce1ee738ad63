import Formats

/// Uploads that could run somewhere and pass for what cannot.
enum UploadDisguise {
  /// What `content` is and what it passes for, such as `page as image/png`; nil for an upload that
  /// is no disguise. Pictures of another kind than declared are common, and none.
  static func of(_ content: Span<UInt8>, _ name: [UInt8], _ type: [UInt8]) -> String? {
    guard let signature = FileSignature(content) else { return nil }
    if signature.isImage, FileSignature.holdsScript(content) { return "script as \(signature)" }
    guard signature.isActive else { return nil }
    let declared = String(decoding: type, as: UTF8.self)
    if signature.types.contains(declared) { return nil }
    let end = FileName.end(name)
    let claims = FileSignature.allCases.filter { kind in
      !kind.isActive && (kind.types.contains(declared) || kind.extensions.contains(end ?? ""))
    }
    guard let claim = claims.first else { return nil }
    return "\(signature) as \(claim)"
  }
}
