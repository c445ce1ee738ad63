public import PolicyKit

extension GraphQLPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "graphql", stage: .inspection,
      summary: "Bounds what GraphQL requests ask for.",
      options: [
        .init("depth", "count", default: "10", "deepest nesting of fields"),
        .init("fields", "count", default: "500", "most fields of an operation"),
        .init("root-fields", "count", default: "20", "most fields at its root"),
        .init("aliases", "count", default: "15", "most aliases of an operation"),
        .init("complexity", "count", default: "10000", "greatest cost of an operation"),
        .init("batch", "count", default: "5", "most requests sent together"),
        .init("directives", "count", default: "20", "most directives of a document"),
        .init("fragments", "count", default: "20", "most fragments of a document"),
        .init("operations", "count", default: "10", "most operations of a document"),
        .init("tokens", "count", default: "5000", "most tokens of a document"),
        .init("size", "size", default: "64KiB", "longest document"),
        .init("list", "count", default: "1000", "most elements of one list of values"),
        .init("value-depth", "count", default: "20", "deepest nesting of values and types"),
        .init("introspection", "boolean", default: "false", "whether the schema may be asked for"),
        .init("documents", "path", default: "any document", "JSON with the only ones that pass"),
        .init("mode", "word", default: "block", "block, or report: let through and log"),
        .init("errors", "word", default: "full", "full, or terse: clients learn no rule"),
      ])
  }
}
