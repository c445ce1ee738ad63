import Base

/// One thing that is searched for: a fixed beginning, what must stand before it, and what follows.
struct LeakRule: Sendable {
  /// Bytes that a run may have.
  enum Class: Sendable {
    case alphanumeric, upper, digit, token, base64

    func contains(_ byte: UInt8) -> Bool {
      switch self {
      case .alphanumeric: ASCII.isAlpha(byte) || ASCII.isDigit(byte)
      case .upper: byte &- 0x41 < 26 || ASCII.isDigit(byte)
      case .digit: ASCII.isDigit(byte)
      case .token: ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == 0x2D || byte == 0x5F
      case .base64: ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == 0x2E || byte == 0x2F
      }
    }
  }

  let kind: LeakScan.Kind
  /// What it is, for the log.
  let name: String
  let literal: [UInt8]
  /// The run behind the literal: which bytes, and how many at least; none for 0.
  let run: Class
  let runMin: Int
  /// What must stand behind the run.
  let tail: [UInt8]
  /// Whether a letter or digit right before it makes it something else.
  let isWord: Bool

  init(
    _ kind: LeakScan.Kind, _ name: String, _ literal: String, _ run: Class = .token,
    _ runMin: Int = 0, tail: String = "", isWord: Bool = true
  ) {
    self.kind = kind
    self.name = name
    self.literal = Array(literal.utf8)
    self.run = run
    self.runMin = runMin
    self.tail = Array(tail.utf8)
    self.isWord = isWord
  }

  /// The bytes that match from `at` on; nil if they do not.
  func match(_ text: Span<UInt8>, _ at: Int) -> Range<Int>? {
    guard at + literal.count + runMin + tail.count <= text.count else { return nil }
    for place in literal.indices where text[at + place] != literal[place] { return nil }
    if isWord, at > 0, Class.alphanumeric.contains(text[at - 1]) { return nil }
    var end = at + literal.count
    if runMin > 0 {
      let start = end
      while end < text.count, run.contains(text[end]) { end += 1 }
      guard end - start >= runMin else { return nil }
    }
    guard end + tail.count <= text.count else { return nil }
    for place in tail.indices where text[end + place] != tail[place] { return nil }
    return at..<end + tail.count
  }

  /// All rules.
  static let all = secrets + urls + traces

  private static let secrets: [LeakRule] = [
    LeakRule(.secrets, "private key", "-----BEGIN PRIVATE KEY-----"),
    LeakRule(.secrets, "private key", "-----BEGIN RSA PRIVATE KEY-----"),
    LeakRule(.secrets, "private key", "-----BEGIN EC PRIVATE KEY-----"),
    LeakRule(.secrets, "private key", "-----BEGIN DSA PRIVATE KEY-----"),
    LeakRule(.secrets, "private key", "-----BEGIN ENCRYPTED PRIVATE KEY-----"),
    LeakRule(.secrets, "private key", "-----BEGIN OPENSSH PRIVATE KEY-----"),
    LeakRule(.secrets, "private key", "-----BEGIN PGP PRIVATE KEY BLOCK-----"),
    LeakRule(.secrets, "AWS key", "AKIA", .upper, 16),
    LeakRule(.secrets, "AWS key", "ASIA", .upper, 16),
    LeakRule(.secrets, "GitHub token", "ghp_", .alphanumeric, 36),
    LeakRule(.secrets, "GitHub token", "gho_", .alphanumeric, 36),
    LeakRule(.secrets, "GitHub token", "ghs_", .alphanumeric, 36),
    LeakRule(.secrets, "GitHub token", "ghu_", .alphanumeric, 36),
    LeakRule(.secrets, "GitHub token", "ghr_", .alphanumeric, 36),
    LeakRule(.secrets, "GitHub token", "github_pat_", .token, 40),
    LeakRule(.secrets, "GitLab token", "glpat-", .token, 20),
    LeakRule(.secrets, "Slack token", "xoxb-", .token, 20),
    LeakRule(.secrets, "Slack token", "xoxp-", .token, 20),
    LeakRule(.secrets, "Slack token", "xoxs-", .token, 20),
    LeakRule(.secrets, "Stripe key", "sk_live_", .alphanumeric, 20),
    LeakRule(.secrets, "Stripe key", "rk_live_", .alphanumeric, 20),
    LeakRule(.secrets, "Google key", "AIza", .token, 35),
    LeakRule(.secrets, "npm token", "npm_", .alphanumeric, 36),
    LeakRule(.secrets, "SendGrid key", "SG.", .token, 22, tail: "."),
    LeakRule(.secrets, "OpenAI key", "sk-proj-", .token, 40),
    LeakRule(.secrets, "Anthropic key", "sk-ant-", .token, 40),
    LeakRule(.secrets, "password hash", "$2a$", .digit, 2, tail: "$"),
    LeakRule(.secrets, "password hash", "$2b$", .digit, 2, tail: "$"),
    LeakRule(.secrets, "password hash", "$2y$", .digit, 2, tail: "$"),
    LeakRule(.secrets, "password hash", "$argon2id$v="),
    LeakRule(.secrets, "password hash", "$argon2i$v="),
    LeakRule(.secrets, "password hash", "$6$", .base64, 8, tail: "$"),
  ]

  /// Addresses of databases with a password in them.
  private static let urls: [LeakRule] = [
    "postgres://", "postgresql://", "mysql://", "mongodb://", "mongodb+srv://", "redis://",
    "rediss://", "amqp://", "amqps://",
  ].map { LeakRule(.secrets, "database address with a password", $0, .token, 1, tail: ":") }

  private static let traces: [LeakRule] = [
    LeakRule(.traces, "Python trace", "Traceback (most recent call last)"),
    LeakRule(.traces, "Java trace", ".java:", .digit, 1, tail: ")", isWord: false),
    LeakRule(.traces, "Java trace", "Exception in thread "),
    LeakRule(.traces, "Kotlin trace", ".kt:", .digit, 1, tail: ")", isWord: false),
    LeakRule(.traces, ".NET trace", ".cs:line ", .digit, 1, isWord: false),
    LeakRule(.traces, "JavaScript trace", ".js:", .digit, 1, tail: ":", isWord: false),
    LeakRule(.traces, "JavaScript trace", ".ts:", .digit, 1, tail: ":", isWord: false),
    LeakRule(.traces, "Go trace", "goroutine ", .digit, 1, tail: " ["),
    LeakRule(.traces, "PHP trace", ".php on line ", .digit, 1, isWord: false),
    LeakRule(.traces, "PHP trace", ".php:", .digit, 1, isWord: false),
    LeakRule(.traces, "PHP trace", "PHP Fatal error"),
    LeakRule(.traces, "Ruby trace", ".rb:", .digit, 1, tail: ":in ", isWord: false),
    LeakRule(.traces, "Rust trace", "' panicked at ", isWord: false),
    LeakRule(.traces, "database error", "ORA-", .digit, 5),
    LeakRule(.traces, "database error", "SQLSTATE["),
    LeakRule(.traces, "database error", "You have an error in your SQL syntax"),
    LeakRule(.traces, "database error", "PSQLException", isWord: false),
    LeakRule(.traces, "database error", "syntax error at or near"),
    LeakRule(.traces, "database error", "Unclosed quotation mark after"),
    LeakRule(.traces, "database error", "java.sql.SQL"),
    LeakRule(.traces, "database error", "sqlite3.OperationalError"),
    LeakRule(.traces, "database error", "SqlException:", isWord: false),
    LeakRule(.traces, "database error", "psycopg2.errors."),
  ]
}
