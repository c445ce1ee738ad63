import CLDAP
import PolicyKit

/// One connection to a directory.
@safe final class DirectoryConnection {
  /// An entry that was found.
  struct Entry {
    let name: String
    /// The values of the attribute that was asked for.
    let values: [String]
  }

  /// Most entries of one search, and most values of one attribute.
  private static let entriesMax: Int32 = 1000

  private let handle: OpaquePointer
  private let milliseconds: Int

  init(_ question: DirectoryQuestion) throws(DirectoryClient.Failure) {
    milliseconds = question.milliseconds
    var made: OpaquePointer?
    // Safety: the handle is written by the call, and owned from here on.
    let code = unsafe ldap_initialize(&made, question.url)
    guard code == LDAP_SUCCESS, let handle = unsafe made else {
      throw DirectoryConnection.failure(question.url, code)
    }
    unsafe self.handle = handle
    try setUp(question)
    if question.security == .startTLS {
      // Safety: the handle is valid; no controls are given.
      try check(unsafe ldap_start_tls_s(handle, nil, nil), question.url)
    }
  }

  deinit {
    // Safety: the handle is this object's own, and freed by the call.
    _ = unsafe ldap_unbind_ext_s(handle, nil, nil)
  }

  private func setUp(_ question: DirectoryQuestion) throws(DirectoryClient.Failure) {
    var version: Int32 = 3
    var demand: Int32 = LDAP_OPT_X_TLS_HARD
    var isServer: Int32 = 0
    // Safety: each option gets a pointer to a value of its own type that lives for the call.
    var codes = unsafe [
      ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version),
      shim_ldap_set_time(handle, LDAP_OPT_NETWORK_TIMEOUT, Int32(clamping: milliseconds)),
      shim_ldap_set_time(handle, LDAP_OPT_TIMEOUT, Int32(clamping: milliseconds)),
      // Where a server sends on to was not configured.
      ldap_set_option(handle, LDAP_OPT_REFERRALS, nil),
    ]
    if question.security != .none {
      codes.append(unsafe ldap_set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand))
      if let path = question.authorityPath {
        codes.append(unsafe ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, path))
      }
      codes.append(unsafe ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &isServer))
    }
    for code in codes { try check(code, question.url) }
  }

  /// Binds as the one who searches, or as nobody.
  func serve(_ question: DirectoryQuestion) throws(DirectoryClient.Failure) {
    let name = question.service?.name ?? ""
    guard try bind(name, question.service?.password ?? "", mayBeNobody: true) else {
      throw DirectoryClient.Failure(description: "\(question.url): the service may not bind")
    }
  }

  /// Whether the server takes the password for the entry (RFC 4513 §5.1).
  func bind(
    _ entry: String, _ password: String, mayBeNobody: Bool = false
  ) throws(DirectoryClient.Failure) -> Bool {
    // An empty password would bind as nobody, and the server would call that a success.
    if password.isEmpty, !mayBeNobody || !entry.isEmpty { return false }
    var bytes = Array(password.utf8)
    // Safety: the password's bytes live for the call, with their count; no controls are given.
    let code = unsafe bytes.withUnsafeMutableBytes { bytes in
      var credentials = unsafe berval(
        bv_len: ber_len_t(bytes.count),
        bv_val: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
      return unsafe ldap_sasl_bind_s(handle, entry, nil, &credentials, nil, nil, nil)
    }
    switch code {
    case LDAP_SUCCESS: return true
    case LDAP_INVALID_CREDENTIALS, LDAP_NO_SUCH_OBJECT, LDAP_INVALID_DN_SYNTAX,
      LDAP_INAPPROPRIATE_AUTH, LDAP_UNWILLING_TO_PERFORM:
      return false
    default: throw DirectoryConnection.failure("bind", code)
    }
  }

  /// The entries below `base` that a filter takes.
  func search(
    _ base: String, _ filter: String, attribute: String?
  ) throws(DirectoryClient.Failure) -> [Entry] {
    var result: OpaquePointer?
    // `1.1` stands for no attribute at all (RFC 4511 §4.5.1.8).
    var name = (attribute ?? "1.1").utf8CString.map { $0 }
    // Safety: the names live for the call; what comes is owned from here on.
    let code = unsafe name.withUnsafeMutableBufferPointer { name in
      var names = unsafe [name.baseAddress, nil]
      return unsafe shim_ldap_search(
        handle, base, filter, &names, Int32(clamping: milliseconds),
        DirectoryConnection.entriesMax, &result)
    }
    defer { _ = unsafe ldap_msgfree(result) }
    if code == LDAP_NO_SUCH_OBJECT { return [] }
    guard code == LDAP_SUCCESS else { throw DirectoryConnection.failure("search", code) }
    var entries: [Entry] = []
    // Safety: entries belong to the result, which lives until the end of this function.
    var next = unsafe ldap_first_entry(handle, result)
    while let entry = unsafe next {
      unsafe entries.append(
        Entry(name: text(of: entry), values: attribute.map { unsafe values(of: entry, $0) } ?? []))
      unsafe next = ldap_next_entry(handle, entry)
    }
    return entries
  }

  @unsafe
  private func text(of entry: OpaquePointer) -> String {
    // Safety: the text is copied, and freed as the library asks.
    guard let name = unsafe ldap_get_dn(handle, entry) else { return "" }
    defer { unsafe ldap_memfree(name) }
    return unsafe String(cString: name)
  }

  @unsafe
  private func values(of entry: OpaquePointer, _ attribute: String) -> [String] {
    // Safety: the list ends with nil; each value is copied by its length, and all is freed here.
    guard let list = unsafe ldap_get_values_len(handle, entry, attribute) else { return [] }
    defer { unsafe ldap_value_free_len(list) }
    var values: [String] = []
    var place = 0
    while values.count < Int(DirectoryConnection.entriesMax), let value = unsafe list[place] {
      let bytes = unsafe UnsafeRawBufferPointer(
        start: value.pointee.bv_val, count: Int(value.pointee.bv_len))
      unsafe values.append(String(decoding: bytes, as: UTF8.self))
      place += 1
    }
    return values
  }

  private func check(_ code: Int32, _ what: String) throws(DirectoryClient.Failure) {
    if code != LDAP_SUCCESS { throw DirectoryConnection.failure(what, code) }
  }

  private static func failure(_ what: String, _ code: Int32) -> DirectoryClient.Failure {
    // Safety: the library's texts of its errors are constants.
    let text = unsafe ldap_err2string(code).map { unsafe String(cString: $0) } ?? "\(code)"
    return DirectoryClient.Failure(description: "\(what): \(text)")
  }
}
