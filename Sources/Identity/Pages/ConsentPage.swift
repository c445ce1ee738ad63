import HTTP

/// Asks whether a client may have what it asks for.
struct ConsentPage {
  let handle: String
  let client: String
  let user: String
  let meanings: [String]
  let formTarget: String
  /// Where the answer goes, for people to look at.
  let destination: String

  var response: ServiceResponse {
    let list = Markup.joined(meanings.map { "<li>\($0)</li>" })
    let content: Markup = """
      <h1>Allow \(client)?</h1><p>\(client) asks to:</p><ul>\(list)</ul>\
      <p class="soft">You are signed in as \(user). The answer goes to \(destination).</p>\
      <form method="post" action="consent">\
      <input type="hidden" name="request" value="\(handle)">\
      <button type="submit" name="decision" value="allow">Allow</button>\
      <button class="second" type="submit" name="decision" value="deny">Do not allow</button></form>
      """
    return Page(title: "Allow \(client)?", content: content, formTarget: formTarget).response
  }
}
