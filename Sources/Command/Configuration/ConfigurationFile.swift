public import Blueprint
public import Formats
import OpenAPI
public import PolicyKit
import Runtime

/// Reads a configuration file with all that belongs to it, and reports everything that is wrong.
public enum ConfigurationFile {
  /// Longest description of an API, in bytes.
  static let descriptionBytesMax = 64 * 1024 * 1024
  /// Longest file that `${file:PATH}` may name, in bytes.
  public static let referenceBytesMax = 256 * 1024

  /// The blueprint in the file at `path`; nil if there is any error.
  public static func load(
    path: String, catalogue: PolicyCatalogue
  ) -> (blueprint: Blueprint?, diagnostics: Diagnostics) {
    let loaded = load(path: path, in: Surroundings(catalogue: catalogue), retained: RetainedState())
    return (loaded.configuration?.blueprint, loaded.diagnostics)
  }

  /// The configuration in the file at `path`; nil if there is any error.
  ///
  /// Policies keep what must outlive a reload, such as counters, in `retained`.
  public static func load(
    path: String, in surroundings: Surroundings, retained: RetainedState
  ) -> (configuration: Configuration?, diagnostics: Diagnostics) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try SystemFile.read(path, bytesMax: YAMLReader.Limits().bytesMax)
    } catch {
      let diagnostics = Diagnostics(file: path)
      diagnostics.error(
        "the configuration \(error)",
        expected: error == .missing ? "a file; 'gatehouse init' makes one" : nil, at: .start)
      return (nil, diagnostics)
    }
    return load(text: bytes, path: path, in: surroundings, retained: retained)
  }

  /// The configuration in a text as if it stood in the file at `path`; nil if there is any error.
  static func load(
    text bytes: [UInt8], path: String, in surroundings: Surroundings, retained: RetainedState
  ) -> (configuration: Configuration?, diagnostics: Diagnostics) {
    let folder = Folder(of: path)
    let catalogue = surroundings.catalogue
    let interpolation = interpolation(folder, surroundings.environment)
    let reader = BlueprintReader(
      authenticationPolicies: catalogue.authenticationNames, policies: catalogue.names,
      describedPaths: { file in
        let bytes = try? SystemFile.read(folder.path(file.string), bytesMax: descriptionBytesMax)
        return bytes.flatMap { try? APIOutline($0) }?.pathTemplates
      })
    let (draft, diagnostics) = reader.draft(bytes, file: path, interpolation: interpolation)
    guard let draft else { return (nil, diagnostics) }
    let policies = PolicyCompiler(
      blueprint: draft, catalogue: catalogue, diagnostics: diagnostics,
      interpolation: interpolation, retained: retained, folder: folder,
      plans: PlanReader(diagnostics: diagnostics).read(draft.plans)
    ).compile()
    let credentials = CredentialReader(
      folder: folder, diagnostics: diagnostics, nowUnixSeconds: surroundings.nowUnixSeconds()
    ).read(draft)
    let files = DetectionFileReader(folder: folder, diagnostics: diagnostics).read(draft.detection)
    guard !diagnostics.hasErrors else { return (nil, diagnostics) }
    return (
      Configuration(
        blueprint: draft, policies: policies, credentials: credentials, detectionFiles: files),
      diagnostics
    )
  }

  private static func interpolation(
    _ folder: Folder, _ environment: @escaping @Sendable (String) -> String?
  ) -> Interpolation {
    Interpolation(
      environment: { environment($0).map { .found($0) } ?? .failed("is not set") },
      file: { path in
        do throws(FileError) {
          let bytes = try SystemFile.read(folder.path(path), bytesMax: referenceBytesMax)
          guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failed("is no UTF-8 text")
          }
          return .found(text)
        } catch {
          return .failed("\(error)")
        }
      })
  }
}
