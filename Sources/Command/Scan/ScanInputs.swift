import Client
import Crypto
import Runtime
import Scanner
import TLS

/// Reads the files and addresses that a scan, or a request by hand, is made from.
struct ScanInputs: Sendable {
  static let fileBytesMax = 64 * 1024 * 1024

  let isInsecure: Bool
  let nowUnixSeconds: @Sendable () -> Int64

  /// The bytes of a file that describes something.
  static func file(_ path: String) throws(ScanError) -> [UInt8] {
    do throws(FileError) {
      return try SystemFile.read(path, bytesMax: fileBytesMax)
    } catch { throw .description("\(path) \(error)") }
  }

  /// A client that may connect anywhere: the operator chose the target, which may well be on a
  /// private network.
  func client(_ key: CertifiedKey? = nil) throws(ScanError) -> Client {
    var configuration = ClientConfiguration(egress: .any)
    do {
      if isInsecure || key != nil {
        var settings = TLSClientSettings(
          verification: isInsecure ? .insecure : .full(try TrustStore()))
        settings.certifiedKey = key
        configuration.tls = try TLSClientContext(settings)
      }
      return try Client(configuration)
    } catch { throw .target("\(error)") }
  }

  /// Gives those identities a client of their own who have a certificate.
  func certify(_ identities: inout [Identity]) throws(ScanError) {
    for place in identities.indices {
      guard let files = identities[place].certificate else { continue }
      let (certificate, key) = (
        try ScanInputs.file(files.certificate), try ScanInputs.file(files.key)
      )
      do throws(CertificateError) {
        let pair = try CertifiedKey(
          certificatePEM: certificate, keyPEM: key, nowUnixSeconds: nowUnixSeconds())
        identities[place].client = try? client(pair)
      } catch { throw .identities("the certificate of \(identities[place].name): \(error)") }
    }
  }

  /// The descriptions at `sources` as one.
  func description(
    _ sources: [String], environment: String?, target: String, _ client: Client
  ) async throws(ScanError) -> APIDescription {
    var all: [APIDescription] = []
    for source in sources {
      var folder = source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      if source.hasPrefix("/"), folder.isEmpty { folder = "/" }
      let isAddress = ClientOrigin.split(source) != nil
      let base = folder.isEmpty ? "." : folder
      var reader = DescriptionReader { name in
        isAddress
          ? nil : try? SystemFile.read("\(base)/\(name)", bytesMax: ScanInputs.fileBytesMax)
      }
      if let environment, !reader.take(environment: try ScanInputs.file(environment)) {
        throw .description("\(environment) is no Postman environment")
      }
      all.append(try await read(source, reader, client))
    }
    return DescriptionReader.merge(all)
  }

  private func read(
    _ source: String, _ reader: DescriptionReader, _ client: Client
  ) async throws(ScanError) -> APIDescription {
    guard let (origin, path) = ClientOrigin.split(source) else {
      return try reader.read(ScanInputs.file(source), named: source)
    }
    var request = ClientRequest("GET", origin, target: path)
    request.limits.bodyBytesMax = ScanInputs.fileBytesMax
    do throws(ClientError) {
      let response = try await client.send(request)
      if response.status == 200, let found = try? reader.read(response.body, named: source) {
        return found
      }
      // Perhaps a GraphQL endpoint, which tells of itself.
      var question = ClientRequest(
        "POST", origin, target: path, fields: [("content-type", "application/json")],
        body: GraphQLImport.introspection)
      question.limits.bodyBytesMax = ScanInputs.fileBytesMax
      let told = try await client.send(question)
      if told.status == 200, let found = GraphQLImport.read(told.body, at: path) { return found }
      if response.status != 200 { throw .malformed("status \(response.status)") }
      return try read(response.body, source, reader)
    } catch { throw .description("\(source): \(error)") }
  }

  /// Says what is wrong with what was sent.
  private func read(
    _ bytes: [UInt8], _ source: String, _ reader: DescriptionReader
  ) throws(ClientError) -> APIDescription {
    do throws(ScanError) { return try reader.read(bytes, named: source) } catch {
      throw .malformed("\(error)")
    }
  }
}
