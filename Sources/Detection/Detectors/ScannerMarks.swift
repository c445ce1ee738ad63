import Base

/// By what well-known scanners show: what they call themselves, and what they ask for.
struct ScannerMarks: Sendable {
  /// Parts of the names by which tools introduce themselves.
  static let agents = [
    "sqlmap", "nikto", "nuclei", "masscan", "zgrab", "gobuster", "feroxbuster", "dirbuster",
    "wfuzz", "ffuf", "acunetix", "nessus", "openvas", "wpscan", "arachni", "w3af", "dirsearch",
    "whatweb", "jaeles", "httpx - open-source",
  ]

  /// Parts of paths that no API has.
  static let paths = [
    "/.env", "/.git/", "/.svn/", "/.aws/", "/.ssh/", "/.ds_store", "/.htaccess", "/.htpasswd",
    "/wp-login", "/wp-admin", "/wp-content", "/xmlrpc.php", "phpmyadmin", "/phpinfo",
    "/cgi-bin/", "/etc/passwd", "/web-inf/", "/actuator/", "/server-status", "/vendor/phpunit",
    "/boaform", "/hnap1", "/solr/", "/jenkins", "/manager/html", "/console/login", "/owa/",
    "/autodiscover", "/_ignition", "/telescope", "/config.json", "/backup.", "/dump.sql",
    "/id_rsa", "/docker-compose", "/.vscode", "/.idea", "/web.config", "/shell.php", "/adminer",
  ]

  private static let agentBytes = agents.map { Array($0.utf8) }
  private static let pathBytes = paths.map { Array($0.utf8) }

  /// Whether a name is one of a tool's.
  static func isTool(_ agent: Span<UInt8>) -> Bool { holds(agent, agentBytes) }

  /// Whether a path is one that scanners ask for.
  static func isProbe(_ path: Span<UInt8>) -> Bool { holds(path, pathBytes) }

  private static func holds(_ text: Span<UInt8>, _ marks: [[UInt8]]) -> Bool {
    for mark in marks where text.count >= mark.count {
      for start in 0...text.count - mark.count where begins(text, start, mark) { return true }
    }
    return false
  }

  @inline(__always)
  private static func begins(_ text: Span<UInt8>, _ start: Int, _ mark: [UInt8]) -> Bool {
    for place in mark.indices {
      var byte = text[start + place]
      if byte &- 0x41 < 26 { byte |= 0x20 }
      if byte != mark[place] { return false }
    }
    return true
  }
}
