import Client

/// Whether an uploaded page is served as a page (CWE-434): whoever is sent its address runs it with
/// the rights that it has there. What is uploaded does nothing.
struct UploadCheck: OperationCheck {
  static let name = "upload"
  static let isQuick = false

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    ["POST", "PUT", "PATCH"].contains(operation.method) && operation.graphField == nil
      && operation.mediaType.contains("multipart/form-data") && !scan.users.isEmpty
      && scan.wants(.unrestrictedUpload, at: operation) && file(of: operation) != nil
  }

  /// The member that takes a file.
  private func file(of operation: Operation) -> String? {
    operation.textMembers.first { member in
      member.value["format"]?.string == "binary"
        || ["file", "upload", "image", "photo", "picture", "avatar", "attachment", "document"]
          .contains { Names.plain(member.name).contains($0) }
    }?.name
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let member = file(of: operation), let user = scan.users.first?.name else { return }
    var steps: [FindingStep] = []
    for (ending, type) in [("html", "text/html"), ("svg", "image/svg+xml")] {
      guard let found = await upload(operation, member, ending, type, user, in: scan) else {
        continue
      }
      steps += found
    }
    // Both must be served as what they are; one type alone may well be what the API is for.
    guard steps.count >= 4 else { return }
    scan.report(
      .unrestrictedUpload, operation, member, "an uploaded page is served as a page", steps)
  }

  private func upload(
    _ operation: Operation, _ member: String, _ ending: String, _ type: String, _ user: String,
    in scan: isolated Scan
  ) async -> [FindingStep]? {
    guard let (values, _) = await scan.values(for: operation, of: user) else { return nil }
    let mark = scan.marker()
    let text =
      ending == "html"
      ? "<!doctype html><title>\(mark)</title><p>\(mark)</p>"
      : "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>\(mark)</title></svg>"
    var markers: [String] = []
    var call = Call(operation, values, as: user)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: user)
    call = call.with(member: member, .string("ghfile:" + text))
    call.file = (mark + "." + ending, type)
    guard let answer = await scan.send(call) else { return nil }
    scan.note(operation, user, answer)
    guard answer.isSuccess else { return nil }
    for path in UploadCheck.addresses(in: answer, mark + "." + ending, in: scan).prefix(6) {
      let look = Call("GET", path, as: user)
      guard let shown = await scan.send(look), shown.isSuccess, shown.text.contains(text),
        shown.field("content-type")?.lowercased().hasPrefix(type) == true,
        shown.field("content-disposition")?.lowercased().hasPrefix("attachment") != true
      else { continue }
      return [
        FindingStep("a page is uploaded as a file", call, answer),
        FindingStep("and is served as a page", look, shown),
      ]
    }
    return nil
  }

  /// Where an answer says that the file is, below the base, and where such files often are.
  private static func addresses(
    in answer: Answer, _ name: String, in scan: isolated Scan
  ) -> [String] {
    var found: [String] = []
    let base = scan.settings.origin.description
    let texts =
      (answer.json?.leaves ?? []).compactMap(\.value.string)
      + [answer.field("location")].compactMap { $0 }
    for text in texts where text.contains(".") || text.contains("/") {
      var path = text
      if path.hasPrefix(base) { path = String(path.dropFirst(base.count)) }
      guard !path.contains("://"), !path.contains(" "), path.utf8.count < 300 else { continue }
      if !path.hasPrefix("/") { path = "/" + path }
      if !scan.basePath.isEmpty, path.hasPrefix(scan.basePath + "/") {
        path = String(path.dropFirst(scan.basePath.count))
      }
      found.append(path)
    }
    let folders = ["/uploads/", "/static/", "/files/", "/media/", "/images/"]
    return found + folders.map { $0 + name }
  }
}
