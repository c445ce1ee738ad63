public import PolicyKit

extension GraphQLPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "graphql", stage: .inspection,
      summary: "Holds GraphQL requests against a schema, and bounds what they ask for.",
      options: [
        .init("schema", "path", default: "none", "the service's types, in GraphQL's own language"),
        .init("limits.depth", "count", default: "10", "deepest nesting of fields"),
        .init("limits.fields", "count", default: "500", "most fields of an operation"),
        .init("limits.root_fields", "count", default: "20", "most fields at its root"),
        .init("limits.aliases", "count", default: "15", "most aliases of an operation"),
        .init("limits.complexity", "count", default: "10000", "greatest cost of an operation"),
        .init("limits.batch", "count", default: "5", "most requests sent together"),
        .init("limits.directives", "count", default: "20", "most directives of a document"),
        .init("limits.fragments", "count", default: "20", "most fragments of a document"),
        .init("limits.operations", "count", default: "10", "most operations of a document"),
        .init("limits.tokens", "count", default: "5000", "most tokens of a document"),
        .init("limits.bytes", "size", default: "64KiB", "longest document"),
        .init(
          "limits.list_arguments", "count", default: "1000", "most elements of one list of values"),
        .init(
          "limits.value_depth", "count", default: "20", "deepest nesting of values and types"),
        .init(
          "limits.introspection", "boolean", default: "false",
          "whether the schema may be asked for"),
        .init(
          "limits.mutation_over_get", "boolean", default: "false",
          "whether `GET` may change something"),
        .init("documents", "path", default: "any document", "JSON with the only ones that pass"),
      ] + CheckManner.options)
  }
}
