/// What a policy is called, when it runs, and which options it has.
public struct PolicyManifest: Sendable {
  /// One option, for the guide's table.
  public struct Option: Sendable {
    /// The key below the policy's name.
    public let key: String
    /// What may be written, in words.
    public let type: String
    /// The default, as written.
    public let standard: String
    /// What it is for, in a few words.
    public let summary: String

    /// An option called `key`.
    public init(_ key: String, _ type: String, default standard: String, _ summary: String) {
      self.key = key
      self.type = type
      self.standard = standard
      self.summary = summary
    }
  }

  /// The name in configuration, guide and log.
  public let name: String
  /// When it runs.
  public let stage: Stage
  /// Whether it can tell who calls, so that a route with it is not open to anybody.
  public let isAuthentication: Bool
  /// What it does, in one sentence.
  public let summary: String
  /// Its settings.
  public let options: [Option]

  public init(
    name: String, stage: Stage, isAuthentication: Bool = false, summary: String,
    options: [Option]
  ) {
    self.name = name
    self.stage = stage
    self.isAuthentication = isAuthentication
    self.summary = summary
    self.options = options
  }
}
