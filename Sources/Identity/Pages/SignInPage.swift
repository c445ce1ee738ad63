import HTTP

/// Asks for name and password.
struct SignInPage {
  let handle: String
  /// What the user signs in for.
  let purpose: String
  var name = ""
  var problem: String?
  var status = 200
  var formTarget: String?
  var fields: [(name: String, value: String)] = []

  var response: ServiceResponse {
    let hint: Markup =
      problem.map { "<p class=\"bad\" id=\"problem\" role=\"alert\">\($0)</p>" } ?? .nothing
    let described: Markup = problem == nil ? "" : " aria-describedby=\"problem\""
    let content: Markup = """
      <h1>Sign in</h1><p class="soft">\(purpose)</p>\(hint)\
      <form method="post" action="sign-in">\
      <input type="hidden" name="request" value="\(handle)">\
      <label for="name">User name</label>\
      <input id="name" name="name" autocomplete="username" autocapitalize="none" \
      spellcheck="false" required value="\(name)"\(described)>\
      <label for="password">Password</label>\
      <input id="password" name="password" type="password" autocomplete="current-password" \
      required\(described)>\
      <button type="submit">Sign in</button></form>\
      <form method="post" action="sign-in"><input type="hidden" name="request" value="\(handle)">\
      <input type="hidden" name="cancel" value="yes">\
      <button class="second" type="submit">Cancel</button></form>
      """
    return Page(
      title: "Sign in", content: content, status: status, formTarget: formTarget, fields: fields
    ).response
  }
}
