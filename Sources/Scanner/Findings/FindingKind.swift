/// The classes of holes that the scanner tells apart.
package enum FindingKind: String, CaseIterable, Sendable {
  case objectRead = "bola-read"
  case objectWrite = "bola-write"
  case functionLevel = "bfla"
  case missingAuthentication = "missing-auth"
  case tokenUnsigned = "jwt-none"
  case tokenUnverified = "jwt-unverified"
  case tokenWeakSecret = "jwt-weak-secret"
  case tokenNoExpiry = "jwt-no-expiry"
  case massAssignment = "mass-assignment"
  case excessiveData = "excessive-data"
  case sqlInjection = "sqli"
  case commandInjection = "cmdi"
  case templateInjection = "ssti"
  case pathTraversal = "path-traversal"
  case requestForgery = "ssrf"
  case scripting = "xss-reflected"
  case enumeration = "user-enumeration"
  case noRateLimit = "no-rate-limit"
  case unboundedPage = "unbounded-page"
  case verboseError = "verbose-error"
  case disclosure = "info-disclosure"
  case crossOrigin = "cors"
  case oldVersion = "old-version"
  case brokenAuthentication = "broken-auth"
  case noSQLInjection = "nosqli"
  case externalEntity = "xxe"
  case directoryInjection = "ldapi"
  case xpathInjection = "xpathi"
  case headerInjection = "crlf"
  case storedScripting = "xss-stored"
  case patternTime = "redos"
  case hostHeader = "host-header-injection"
  case graphDepth = "graphql-unbounded"
  case businessLogic = "business-logic"
  case predictableToken = "predictable-token"
  case rateLimitBypass = "rate-limit-bypass"
  case unrestrictedUpload = "unrestricted-upload"
  case weakTransport = "weak-tls"
  case serverError = "server-error"
  case conformance = "conformance"
  case method = "http-method"
  case informational

  /// CVSS 3.1 vector, base score, CWE, category of the OWASP API list of 2023, title, remedy.
  private var facts: (String, Double, Int, String, String, String) {
    switch self {
    case .objectRead:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 6.5, 639, "API1",
        "Another user's object can be read",
        "Look up the object together with its owner, and refuse what the caller does not own."
      )
    case .objectWrite:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:H", 8.1, 639, "API1",
        "Another user's object can be changed",
        "Check the owner before every change, deletion and action."
      )
    case .functionLevel:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N", 8.1, 285, "API5",
        "An ordinary user may do what is the administrators'",
        "Check the role on the server, for each operation, and deny by default."
      )
    case .missingAuthentication:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5, 306, "API2",
        "No credential is needed", "Demand and verify a credential before anything else."
      )
    case .tokenUnsigned, .tokenUnverified:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N", 9.1, 347, "API2",
        "Tokens are believed without a valid signature",
        "Verify the signature with one fixed algorithm, and refuse `none`."
      )
    case .tokenWeakSecret:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N", 9.1, 326, "API2",
        "The secret that signs tokens can be guessed",
        "Sign with 256 random bits or an asymmetric key, and replace the present secret."
      )
    case .tokenNoExpiry:
      (
        "AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N", 4.8, 613, "API2", "Tokens never expire",
        "Issue tokens with a short `exp`, and check it."
      )
    case .massAssignment:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:N", 6.5, 915, "API3",
        "Members that are not the caller's to set are taken over",
        "Copy the members that may be set, by name, and refuse the others."
      )
    case .excessiveData:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 6.5, 200, "API3",
        "Answers hold data that no client should get",
        "Answer with the members that the client needs, by name."
      )
    case .sqlInjection:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.8, 89, "API8",
        "Input becomes part of a database query", "Bind values as parameters of the query."
      )
    case .commandInjection:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.8, 78, "API8",
        "Input becomes part of a shell command",
        "Start the program with a list of arguments, without a shell."
      )
    case .templateInjection:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.8, 1336, "API8",
        "Input is evaluated as a template", "Pass input to templates as data alone."
      )
    case .pathTraversal:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 6.5, 22, "API8",
        "Files outside the intended folder can be read",
        "Choose files from a list, or compare the canonical path with the folder."
      )
    case .requestForgery:
      (
        "AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:N/A:N", 7.7, 918, "API7",
        "The server requests whatever address it is given",
        "Allow hosts by name, and check the address that is connected to."
      )
    case .scripting:
      (
        "AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, 79, "API8",
        "Input comes back as markup", "Escape for the place of output, and answer as JSON."
      )
    case .enumeration:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", 5.3, 204, "API2",
        "Answers tell which accounts exist", "Answer the same whether or not an account exists."
      )
    case .noRateLimit:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", 5.3, 307, "API4",
        "Passwords can be tried without end", "Limit attempts per account and per address."
      )
    case .unboundedPage:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:L", 4.3, 770, "API4",
        "The caller sets the size of a page without bound", "Refuse sizes beyond a maximum."
      )
    case .verboseError:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", 5.3, 209, "API8",
        "Errors show the inside of the server", "Answer errors with a number, and log the rest."
      )
    case .disclosure:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5, 215, "API8",
        "A page for developers is open to all", "Do not deploy it, or protect it."
      )
    case .crossOrigin:
      (
        "AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:N/A:N", 6.5, 942, "API8",
        "Any web site may read answers with the user's credentials",
        "Allow origins from a list, compared whole."
      )
    case .oldVersion:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5, 1059, "API9",
        "An older version still answers, without its successor's protection",
        "Take old versions down, or give them the same protection."
      )
    default: rarerFacts
    }
  }

  private var rarerFacts: (String, Double, Int, String, String, String) {
    switch self {
    case .brokenAuthentication:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N", 8.1, 287, "API2",
        "An account can be taken over",
        "Demand the present password or a proof of possession before a credential is changed."
      )
    case .noSQLInjection:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N", 8.1, 943, "API8",
        "Input becomes an operator of a database query",
        "Accept the declared type alone, and never pass objects of the caller's on to a query."
      )
    case .externalEntity:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:L", 7.1, 611, "API8",
        "Documents may name files that the server then reads",
        "Switch external entities and document types off in the XML parser."
      )
    case .directoryInjection:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 6.5, 90, "API8",
        "Input becomes part of a directory query", "Escape values by RFC 4515 §3."
      )
    case .xpathInjection:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 6.5, 643, "API8",
        "Input becomes part of an XPath query", "Pass values as variables of the query."
      )
    case .headerInjection:
      (
        "AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, 113, "API8",
        "Input becomes fields of the answer", "Refuse line breaks in values of fields."
      )
    case .storedScripting:
      (
        "AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", 5.4, 79, "API8",
        "Stored input comes back as markup", "Escape for the place of output, and answer as JSON."
      )
    case .patternTime:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H", 6.5, 1333, "API4",
        "A pattern takes time that grows without bound",
        "Match in linear time, or bound the length before matching."
      )
    case .hostHeader:
      (
        "AV:N/AC:L/PR:N/UI:R/S:U/C:L/I:L/A:N", 5.4, 644, "API8",
        "The Host field of a request decides about links",
        "Take the public name from the configuration."
      )
    case .graphDepth:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:L", 4.3, 770, "API4",
        "GraphQL requests have no bound", "Bound depth, aliases, batches and cost."
      )
    default: newerFacts
    }
  }

  private var newerFacts: (String, Double, Int, String, String, String) {
    switch self {
    case .businessLogic:
      (
        "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:N", 6.5, 840, "API6",
        "A step of a business can be turned round, repeated or skipped",
        "Check amounts, and use up what is good for once in the same transaction that gives it."
      )
    case .predictableToken:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N", 9.1, 330, "API2",
        "Tokens can be worked out", "Take at least 128 bits from a secure random source."
      )
    case .rateLimitBypass:
      (
        "AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", 5.3, 307, "API4",
        "A field that anybody can send lifts the limit of attempts",
        "Count by account too, and believe forwarded addresses of known proxies alone."
      )
    case .unrestrictedUpload:
      (
        "AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", 5.4, 434, "API8",
        "Uploaded pages are served as pages",
        "Take the types that are needed, and serve files as attachments from another origin."
      )
    case .weakTransport:
      (
        "AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:L/A:N", 6.5, 326, "API8",
        "Connections are not as well protected as they could be",
        "Speak TLS 1.2 and 1.3 alone, with ciphers of forward secrecy and a valid certificate."
      )
    default: notes
    }
  }

  /// What is worth knowing and no hole by itself.
  private var notes: (String, Double, Int, String, String, String) {
    let none = "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"
    return switch self {
    case .serverError:
      (none, 0, 755, "API8", "A request brings an error of the server", "Check input first.")
    case .conformance:
      (
        none, 0, 1059, "API9", "The answer is not what the description says",
        "Bring description and API together."
      )
    case .method:
      (none, 0, 650, "API8", "A method is open that is not described", "Refuse it with 405.")
    default:
      (none, 0, 16, "API8", "Worth knowing", "See the guide.")
    }
  }

  /// Whether it is a note beside the findings, and never fails a scan.
  package var isNote: Bool { score == 0 }

  /// The CVSS 3.1 vector without its version.
  package var vector: String { facts.0 }
  /// The CVSS 3.1 base score.
  package var score: Double { facts.1 }
  /// The number in the Common Weakness Enumeration.
  package var weakness: Int { facts.2 }
  /// The category in the OWASP API Security Top 10 of 2023.
  package var category: String { facts.3 }
  /// What is wrong, in a few words.
  package var title: String { facts.4 }
  /// What to do about it.
  package var remedy: String { facts.5 }

  /// The qualitative rating of the score (CVSS 3.1 §5).
  package var severity: String {
    switch score {
    case 0: "none"
    case 9...: "critical"
    case 7..<9: "high"
    case 4..<7: "medium"
    default: "low"
    }
  }
}
