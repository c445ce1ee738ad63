public import Blueprint
public import Detection

/// A configuration that was read and checked, with all that its files and policies hold.
public struct Configuration: Sendable {
  /// What the file asks for.
  public let blueprint: Blueprint
  /// The policies of each route, compiled.
  public let policies: CompiledPolicies
  /// The certificates, keys and authorities that the file names.
  public let credentials: LoadedCredentials
  /// What detection reads from files.
  public let detectionFiles: DetectionFiles
}
