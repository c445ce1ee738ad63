/// Who may import whom: the table of `Documentation/architecture.md` as data.
///
/// `Package.swift` is held to it as well, so that a dependency is not even declared against it.
enum ImportTable {
  /// What each target may import beside the modules of `everywhere`.
  static let allowed: [String: Set<String>] = [
    "Base": [],
    "HTTP": ["Base"],
    "Expression": ["Base", "Formats"],
    "Pattern": [],
    "Schema": ["Base", "Formats", "Pattern"],
    "GraphQL": ["Base", "Formats"],
    "OpenAPI": ["Base", "HTTP", "Formats", "Schema"],
    "Formats": ["Base", "CYAML", "CCompression"],
    "Crypto": ["Base", "COpenSSL", "CArgon2"],
    "JOSE": ["Base", "Formats", "Crypto"],
    "SecLang": ["Base", "Crypto", "CPattern"],
    "Blueprint": ["Base", "HTTP", "Formats", "Crypto"],
    "Wire": ["Base", "HTTP"],
    "TLS": ["Base", "Crypto", "COpenSSL"],
    "Runtime": ["Base", "CLinux"],
    "Client": ["Base", "HTTP", "Crypto", "Wire", "TLS", "Runtime"],
    "Telemetry": ["Base", "HTTP", "Formats", "CLinux"],
    "Events": [
      "Base", "HTTP", "Formats", "Crypto", "TLS", "Runtime", "Telemetry", "Client", "CKafka",
    ],
    "Detection": ["Base", "HTTP", "Formats", "Blueprint", "Telemetry"],
    "PolicyKit": ["Base", "HTTP", "Formats"],
    "Directory": ["PolicyKit", "CLDAP"],
    "Policies": [
      "Base", "HTTP", "Expression", "Formats", "Crypto", "JOSE", "GraphQL", "OpenAPI",
      "Schema", "PolicyKit", "SecLang",
    ],
    "Gateway": [
      "Base", "HTTP", "Formats", "Blueprint", "Wire", "TLS", "Runtime", "Telemetry",
      "PolicyKit", "Glibc",
    ],
    "Storage": ["Base", "Formats", "Crypto", "Runtime", "CSQLite", "CPostgres", "CPKCS11"],
    "Control": [
      "Base", "HTTP", "Formats", "Crypto", "Runtime", "Telemetry", "Storage", "PolicyKit",
      "Detection", "Foundation", "FoundationEssentials",
    ],
    "Identity": [
      "Base", "HTTP", "Formats", "Crypto", "JOSE", "Blueprint", "Runtime", "Telemetry",
      "Storage", "Foundation", "FoundationEssentials",
    ],
    "Demo": ["Base", "HTTP", "Formats", "Foundation", "FoundationEssentials"],
    "Scanner": ["Base", "Formats", "Crypto", "Client"],
    "Command": [
      "Base", "HTTP", "Formats", "Crypto", "Blueprint", "Wire", "TLS", "Runtime", "Telemetry",
      "PolicyKit", "Policies", "Gateway", "Control", "Demo", "Foundation", "FoundationEssentials",
      "Client", "Scanner", "OpenAPI", "Storage", "Directory", "Identity", "Events",
      "Detection",
    ],
    "gatehouse": ["Command"],
  ]

  /// Part of the language.
  static let everywhere: Set<String> = ["Swift", "Synchronization", "_Concurrency"]

  /// The targets that may import a C module.
  static let importersOfC: [String: Set<String>] = [
    "CLinux": ["Runtime", "Telemetry"],
    "COpenSSL": ["Crypto", "TLS"],
    "CYAML": ["Formats"],
    "CCompression": ["Formats"],
    "CArgon2": ["Crypto"],
    "CSQLite": ["Storage"],
    "CPostgres": ["Storage"],
    "CPKCS11": ["Storage"],
    "CLDAP": ["Directory"],
    "CPattern": ["SecLang"],
    "CKafka": ["Events"],
  ]
}
