import Foundation
import Glibc

/// A real `slapd` on a port of this machine, with a few entries, until this is let go.
final class DirectoryServer {
  let port: UInt16
  let securePort: UInt16
  let authority: TestAuthority
  private let process = Process()

  private static let program = "/usr/sbin/slapd"

  /// Starts it with carol and dave, whose passwords are `c-password` and `d-password`.
  init() throws {
    (port, securePort) = try Socket.freePorts()
    authority = try TestAuthority()
    // By its address: the library takes `localhost` for the machine's own name.
    try authority.openssl(
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.csr "
        + "-subj /CN=directory -addext subjectAltName=IP:127.0.0.1 "
        + "-addext extendedKeyUsage=serverAuth")
    try authority.openssl(
      "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
        + "-copy_extensions copyall -out own.pem")
    let folder = authority.folder
    try FileManager.default.createDirectory(
      at: folder.appending(path: "data"), withIntermediateDirectories: true)
    try write(
      "slapd.conf",
      """
      include /etc/ldap/schema/core.schema
      include /etc/ldap/schema/cosine.schema
      include /etc/ldap/schema/inetorgperson.schema
      modulepath /usr/lib/ldap
      moduleload back_mdb
      pidfile \(authority.path("pid"))
      TLSCACertificateFile \(authority.path("ca.pem"))
      TLSCertificateFile \(authority.path("own.pem"))
      TLSCertificateKeyFile \(authority.path("own.key"))
      database mdb
      suffix "dc=example,dc=org"
      rootdn "cn=admin,dc=example,dc=org"
      rootpw admin-password
      directory \(authority.path("data"))
      """)
    try write("entries.ldif", DirectoryServer.entries)
    let added = try Command.run(
      URL(filePath: "/usr/sbin/slapadd"), ["-f", "slapd.conf", "-l", "entries.ldif"], in: folder)
    guard added.status == 0 else { throw AuthorityError.failed(added.output) }
    process.executableURL = URL(filePath: DirectoryServer.program)
    process.arguments = [
      "-f", authority.path("slapd.conf"), "-d", "0", "-h",
      "ldap://127.0.0.1:\(port) ldaps://127.0.0.1:\(securePort)",
    ]
    process.currentDirectoryURL = folder
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    try Waiting.until("slapd") {
      !process.isRunning || (try? Socket.connected(to: securePort)) != nil
    }
  }

  deinit { stop() }

  func stop() {
    // It would wait for connections that are still open.
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  private func write(_ name: String, _ text: String) throws {
    try Data((text + "\n").utf8).write(to: authority.folder.appending(path: name))
  }

  private static let entries = """
    dn: dc=example,dc=org
    objectClass: dcObject
    objectClass: organization
    o: Example
    dc: example

    dn: ou=people,dc=example,dc=org
    objectClass: organizationalUnit
    ou: people

    dn: uid=carol,ou=people,dc=example,dc=org
    objectClass: inetOrgPerson
    uid: carol
    cn: Carol
    sn: C
    userPassword: c-password

    dn: uid=dave,ou=people,dc=example,dc=org
    objectClass: inetOrgPerson
    uid: dave
    cn: Dave
    sn: D
    userPassword: d-password

    dn: ou=groups,dc=example,dc=org
    objectClass: organizationalUnit
    ou: groups

    dn: cn=staff,ou=groups,dc=example,dc=org
    objectClass: groupOfNames
    cn: staff
    member: uid=carol,ou=people,dc=example,dc=org
    """
}
