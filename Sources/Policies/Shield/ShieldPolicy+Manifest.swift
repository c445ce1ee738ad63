public import PolicyKit

extension ShieldPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "shield", stage: .inspection,
      summary: "Finds injections in everything that a client can write.",
      options: [
        .init("rules", "path", default: "installed set", "folder of rule files, or `own` for none"),
        .init("paranoia", "count", default: "1", "which rules look, from 1 to 4"),
        .init("threshold", "count", default: "5", "the score at which a request is refused"),
        .init("mode", "word", default: "block", "block, or report: let through and log"),
        .init("exceptions", "list", default: "none", "what is let through where, and until when"),
        .init("errors", "word", default: "terse", "terse, or full: clients learn rule and place"),
      ])
  }
}
