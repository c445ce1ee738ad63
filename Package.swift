// swift-tools-version: 6.2
import PackageDescription

/// The one list of settings that every Swift target is built with.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// A Swift target below `Sources/`.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one target, below `Tests/`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "gatehouse",
  products: [.executable(name: "gatehouse", targets: ["gatehouse"])],
  targets: [
    // 0: C libraries, module maps and small inline shims.
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CCompression", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CArgon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CLDAP", providers: [.apt(["libldap-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CPostgres", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CPKCS11", providers: [.apt(["libp11-kit-dev"])]),
    .systemLibrary(name: "CPattern"),
    .systemLibrary(name: "CKafka"),

    // 1: vocabulary, pure values.
    module("Base", []),
    module("HTTP", ["Base"]),
    module("Formats", ["Base", "CYAML", "CCompression"]),
    module("Expression", ["Base", "Formats"]),
    module("Pattern", []),
    module("Schema", ["Base", "Formats", "Pattern"]),
    module("GraphQL", ["Base", "Formats"]),
    module("OpenAPI", ["Base", "HTTP", "Formats", "Schema"]),
    module("Crypto", ["Base", "COpenSSL", "CArgon2"]),
    module("JOSE", ["Base", "Formats", "Crypto"]),
    module("SecLang", ["Base", "Crypto", "CPattern"]),
    module("Blueprint", ["Base", "HTTP", "Formats", "Crypto"]),

    // 2: machinery.
    module("Wire", ["Base", "HTTP"]),
    module("TLS", ["Base", "Crypto", "COpenSSL"]),
    module("Runtime", ["Base", "CLinux"]),
    module("Telemetry", ["Base", "HTTP", "Formats", "CLinux"]),
    module("Client", ["Base", "HTTP", "Crypto", "Wire", "TLS", "Runtime"]),

    module(
      "Storage",
      ["Base", "Formats", "Crypto", "Runtime", "CSQLite", "CPostgres", "CPKCS11"]),

    module(
      "Events",
      [
        "Base", "HTTP", "Formats", "Crypto", "TLS", "Runtime", "Telemetry", "Client", "CKafka",
      ]),

    // 3: data plane, and what looks at what it does.
    module("Detection", ["Base", "HTTP", "Formats", "Blueprint", "Telemetry"]),
    module("PolicyKit", ["Base", "HTTP", "Formats"]),
    module("Directory", ["PolicyKit", "CLDAP"]),
    module(
      "Policies",
      [
        "Base", "HTTP", "Expression", "Formats", "Crypto", "JOSE", "GraphQL", "OpenAPI",
        "Schema", "PolicyKit", "SecLang",
      ]),
    module(
      "Gateway",
      [
        "Base", "HTTP", "Formats", "Blueprint", "Wire", "TLS", "Runtime", "Telemetry",
        "PolicyKit",
      ]),

    // 4: services.
    module(
      "Control",
      [
        "Base", "HTTP", "Formats", "Crypto", "Runtime", "Telemetry", "Storage", "PolicyKit",
        "Detection",
      ]),
    module(
      "Identity",
      [
        "Base", "HTTP", "Formats", "Crypto", "JOSE", "Blueprint", "Runtime", "Telemetry",
        "Storage",
      ]),
    module("Demo", ["Base", "HTTP", "Formats"]),
    module("Scanner", ["Base", "Formats", "Crypto", "Client"]),

    // 5: composition.
    module(
      "Command",
      [
        "Base", "HTTP", "Formats", "Crypto", "Blueprint", "Wire", "TLS", "Runtime", "Telemetry",
        "PolicyKit", "Policies", "Gateway", "Control", "Demo",
        "Client", "Scanner", "OpenAPI", "Storage", "Directory", "Identity", "Events",
        "Detection",
      ]),
    .executableTarget(name: "gatehouse", dependencies: ["Command"], swiftSettings: strict),

    tests("BaseTests", ["Base"]),
    tests("ExpressionTests", ["Base", "Expression"]),
    tests(
      "PoliciesTests", ["Base", "HTTP", "Formats", "Crypto", "JOSE", "PolicyKit", "Policies"]),
    tests("PatternTests", ["Pattern"]),
    tests("SecLangTests", ["Base", "SecLang"]),
    tests("SchemaTests", ["Base", "Formats", "Schema"]),
    tests("GraphQLTests", ["Formats", "GraphQL"]),
    tests("OpenAPITests", ["Base", "HTTP", "Formats", "OpenAPI"]),
    tests("DemoTests", ["Demo"]),
    tests(
      "CommandTests",
      [
        "Base", "Blueprint", "Formats", "PolicyKit", "Policies", "Command", "HTTP", "Demo",
        "Detection",
      ]),
    tests("TidyTests", []),
    tests("FormatsTests", ["Base", "Formats"]),
    tests("BlueprintTests", ["Base", "Formats", "Blueprint"]),
    tests("CryptoTests", ["Base", "Crypto"]),
    tests("JOSETests", ["Base", "Formats", "Crypto", "JOSE"]),
    tests("TLSTests", ["Base", "Crypto", "COpenSSL", "TLS"]),
    tests(
      "GatewayTests",
      ["Base", "HTTP", "Formats", "Blueprint", "Gateway", "PolicyKit", "Runtime", "Telemetry"]),
    tests("ClientTests", ["Base", "Crypto", "Runtime", "Client"]),
    tests("ScannerTests", ["Base", "Formats", "Crypto", "Runtime", "TLS", "Client", "Scanner"]),
    tests("RuntimeTests", ["Runtime", "Base", "CLinux"]),
    tests("WireTests", ["Base", "HTTP", "Wire"]),
    tests("TelemetryTests", ["Base", "HTTP", "CLinux", "Telemetry"]),
    tests("DetectionTests", ["Base", "HTTP", "Formats", "Blueprint", "Telemetry", "Detection"]),
    tests("EventsTests", ["Base", "HTTP", "Formats", "Runtime", "Telemetry", "Events"]),
    tests("StorageTests", ["Base", "Formats", "Crypto", "Storage"]),
    tests(
      "ControlTests",
      [
        "Base", "HTTP", "Formats", "Crypto", "PolicyKit", "Runtime", "Storage", "Control",
        "Blueprint", "Detection",
      ]),
    tests(
      "IdentityTests",
      ["Base", "Formats", "Blueprint", "Crypto", "HTTP", "Runtime", "Storage", "Identity"]),
    tests("IntegrationTests", ["Base", "Crypto", "Formats", "JOSE"]),
  ]
)
