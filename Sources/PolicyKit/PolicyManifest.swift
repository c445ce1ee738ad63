/// What a policy is called, when it runs, and which options it has.
public struct PolicyManifest: Sendable {
  /// One option, for the guide's table.
  public struct Option: Sendable {
    public let key: String
    public let type: String
    public let standard: String
    public let summary: String

    public init(_ key: String, _ type: String, default standard: String, _ summary: String) {
      self.key = key
      self.type = type
      self.standard = standard
      self.summary = summary
    }
  }

  public let name: String
  public let stage: Stage
  /// Whether it can tell who calls, so that a route with it is not open to anybody.
  public let isAuthentication: Bool
  public let summary: String
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
