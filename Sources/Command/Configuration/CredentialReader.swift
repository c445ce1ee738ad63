import Blueprint
import Crypto
import Formats
import Runtime

/// Reads the files of certificates and keys that a blueprint names.
struct CredentialReader {
  let folder: Folder
  let diagnostics: Diagnostics
  let nowUnixSeconds: Int64

  /// Longest file, in bytes: a hundred times that of a real chain.
  private static let bytesMax = 1024 * 1024
  /// How long before its end a certificate is warned of, in days.
  private static let warningDays: Int64 = 14

  func read(_ blueprint: Blueprint) -> LoadedCredentials {
    LoadedCredentials(
      listeners: blueprint.listeners.map { $0.tls.map(listener) },
      admin: blueprint.admin.tls.map(listener),
      upstreams: blueprint.services.map { service in
        LoadedCredentials.Upstream(
          authorities: service.upstreamTLS.authorityPath.flatMap(authorities),
          certificate: service.upstreamTLS.certificate.flatMap(certifiedKey))
      })
  }

  private func listener(_ tls: TLSBlueprint) -> LoadedCredentials.Listener {
    let loaded = LoadedCredentials.Listener(
      certificates: tls.certificates.compactMap(certifiedKey),
      clientAuthorities: tls.clientAuthorityPath.flatMap(authorities) ?? [],
      clientRevocations: tls.clientRevocationPath.flatMap(revocations) ?? [])
    if let path = tls.clientRevocationPath { warnOfStrangers(loaded, path) }
    return loaded
  }

  /// Each authority needs its list, or nobody that it knows gets in; and a list by nobody who is
  /// believed revokes nothing.
  private func warnOfStrangers(_ loaded: LoadedCredentials.Listener, _ path: Text) {
    if loaded.clientAuthorities.isEmpty || loaded.clientRevocations.isEmpty { return }
    for (place, list) in loaded.clientRevocations.enumerated()
    where !loaded.clientAuthorities.contains(where: list.isIssued) {
      diagnostics.warning(
        "\(path.shown): list \(place + 1) is by no authority of 'client-authority'",
        expected: "lists of these authorities, or of ones between", at: path.position)
    }
    for authority in loaded.clientAuthorities
    where !loaded.clientRevocations.contains(where: { $0.isIssued(by: authority) }) {
      diagnostics.warning(
        "\(path.shown) has no list of \(authority.label): its clients are refused",
        expected: "a list of each authority", at: path.position)
    }
  }

  private func certifiedKey(_ paths: TLSBlueprint.Certificate) -> CertifiedKey? {
    let certificate = bytes(paths.certificatePath)
    let key = bytes(paths.keyPath)
    guard let certificate, let key else { return nil }
    warnOfPermissions(paths.keyPath)
    do throws(CertificateError) {
      let pair = try CertifiedKey(
        certificatePEM: certificate, keyPEM: key, nowUnixSeconds: nowUnixSeconds)
      warnOfEnd(pair.certificate, paths.certificatePath)
      return pair
    } catch {
      let path = error.isAboutKey ? paths.keyPath : paths.certificatePath
      diagnostics.error("\(path.shown): \(error)", at: path.position)
      return nil
    }
  }

  private func authorities(_ path: Text) -> [Certificate]? {
    guard let bytes = bytes(path) else { return nil }
    do throws(CertificateError) {
      return try Certificate.all(pem: bytes.span)
    } catch {
      diagnostics.error("\(path.shown): \(error)", at: path.position)
      return nil
    }
  }

  private func revocations(_ path: Text) -> [RevocationList]? {
    guard let bytes = bytes(path) else { return nil }
    do throws(CertificateError) {
      let lists = try RevocationList.all(pem: bytes.span)
      if lists.contains(where: { ($0.nextUpdateUnixSeconds ?? .max) <= nowUnixSeconds }) {
        diagnostics.warning(
          "\(path.shown) is out of date: clients of its authority are refused",
          expected: "a new list, then a reload", at: path.position)
      }
      return lists
    } catch {
      diagnostics.error("\(path.shown): \(error)", at: path.position)
      return nil
    }
  }

  private func bytes(_ path: Text) -> [UInt8]? {
    do throws(FileError) {
      return try SystemFile.read(folder.path(path.string), bytesMax: CredentialReader.bytesMax)
    } catch {
      let expected = error == .missing ? "a PEM file" : nil
      diagnostics.error("\(path.shown) \(error)", expected: expected, at: path.position)
      return nil
    }
  }

  private func warnOfPermissions(_ path: Text) {
    guard let bits = SystemFile.permissions(folder.path(path.string)), bits & 0o007 != 0 else {
      return
    }
    diagnostics.warning(
      "\(path.shown) holds a private key and is open to every user of this machine",
      expected: "chmod 600", at: path.position)
  }

  private func warnOfEnd(_ certificate: Certificate, _ path: Text) {
    let left = (certificate.notAfterUnixSeconds - nowUnixSeconds) / 86_400
    guard left < CredentialReader.warningDays else { return }
    diagnostics.warning(
      "\(path.shown): the certificate \(certificate.label) expires in \(left) days",
      at: path.position)
  }
}

extension CertificateError {
  /// Whether the file of the key is the one to look at.
  fileprivate var isAboutKey: Bool {
    switch self {
    case .notPEM(.privateKey), .missing(.privateKey), .malformed(.privateKey, _),
      .tooLarge(.privateKey), .encryptedKey, .keyMismatch:
      true
    default: false
    }
  }
}
