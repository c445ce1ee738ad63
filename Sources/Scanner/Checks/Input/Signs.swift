/// Texts by which an answer gives away what happened inside.
enum Signs {
  private static let databaseErrors = [
    "you have an error in your sql syntax", "sqlite3.operationalerror", "sqlite_error",
    "unrecognized token:", "unclosed quotation mark", "unterminated quoted string",
    "quoted string not properly terminated", "pg::syntaxerror", "psycopg2.",
    "syntax error at or near",
    "mysql_fetch", "ora-00933", "ora-01756", "sqlstate[", "near \"", "incomplete input",
    "sequelizedatabaseerror", "sqlalchemy.exc", "jdbc.sqlsyntaxerror", "sqlexception",
    "mongoerror", "unterminated string literal", "sqlite3::", "sqlite error", "pymysql.err",
    "mysql2", "er_parse_error", "org.hibernate", "org.postgresql", "invalid input syntax for",
    "no such column", "sqlitedatabaseerror", "sql syntax", "unclosed string",
    "syntaxerror: invalid", "odbc sql server driver",
  ]

  /// Whether a database complains about a query.
  static func isDatabaseError(_ text: String) -> Bool {
    let lowered = text.lowercased()
    return databaseErrors.contains { lowered.contains($0) }
  }

  private static let traces = [
    "Traceback (most recent call last)", "at java.", "\tat ", "    at Object.", "    at Module.",
    "    at async ", ".java:", "Stack trace:", "stack trace:", "goroutine 1 [", ".py\", line ",
    ".py\\\", line ", "System.Exception", "   at System.", "Fatal error: Uncaught", ".rb:",
    "node_modules/", "werkzeug.exceptions", "org.springframework.",
  ]

  /// Whether an answer shows a stack.
  static func isTrace(_ text: String) -> Bool { traces.contains { text.contains($0) } }

  /// Whether a text has what `/proc/version` says.
  static func isKernelVersion(_ text: String) -> Bool {
    guard let start = text.firstRange(of: "Linux version ")?.upperBound else { return false }
    return text[start...].first?.isNumber == true
  }

  /// Whether a file of accounts of a Unix system is shown.
  static func isPasswordFile(_ text: String) -> Bool {
    text.contains("root:x:0:0:") || text.contains("root:*:0:0:")
  }

  private static let insides = [
    "DB_PASSWORD", "DATABASE_URL", "SECRET_KEY", "AWS_SECRET", "\"env\"", "PASSWORD=", "API_KEY=",
    "activeProfiles", "propertySources", "JWT_SECRET", "[core]\n", "BEGIN RSA", "debug=True",
    "SECRET=", "PRIVATE KEY", "\"PATH\":",
  ]

  /// Whether an answer shows the settings of the server.
  static func isInside(_ text: String) -> Bool { insides.contains { text.contains($0) } }

  /// Whether an answer holds a server's environment: variables that every process has.
  static func isEnvironment(_ answer: Answer) -> Bool {
    let names = Set((answer.json?.leaves ?? []).map(\.name))
    return names.contains("PATH") && (names.contains("HOME") || names.contains("PWD"))
      || ["DB_PASSWORD", "SECRET_KEY", "JWT_SECRET", "AWS_SECRET_ACCESS_KEY", "DATABASE_URL"]
        .contains { names.contains($0) }
  }
}
