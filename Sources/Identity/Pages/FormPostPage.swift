import Blueprint
import HTTP

/// Hands an answer to the client by a form (OAuth 2.0 Form Post Response Mode §2). The user sends
/// it, since a page that sends itself needs script.
struct FormPostPage {
  let target: RedirectURI
  let pairs: [(String, String)]
  var fields: [(name: String, value: String)] = []

  var response: ServiceResponse {
    let inputs = Markup.joined(
      pairs.map { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })
    let content: Markup = """
      <h1>Almost done</h1><p>Go on to \(target.origin).</p>\
      <form method="post" action="\(target.text)">\(inputs)\
      <button type="submit">Continue</button></form>
      """
    return Page(
      title: "Continue", content: content, formTarget: target.origin, fields: fields
    ).response
  }
}
