import Crypto
import Formats
import HTTP

/// A page for people: one request, no script, and nothing from elsewhere (decision 71).
struct Page {
  let title: String
  let content: Markup
  var status = 200
  /// The origin that the answer to a form may lead to beside ourselves (CSP 3 §6.4.2).
  var formTarget: String?
  var fields: [(name: String, value: String)] = []

  /// Colours have 4.5:1 at least in both schemes (WCAG 2.2 §1.4.3); fields are 44 px high.
  private static let style = """
    :root{color-scheme:light dark;--back:#f4f5f7;--card:#fff;--text:#1b1f24;--soft:#4d5661;\
    --line:#7b8590;--main:#1a4fa0;--on:#fff;--bad:#a31515}
    @media(prefers-color-scheme:dark){:root{--back:#14171b;--card:#1e2329;--text:#eceff3;\
    --soft:#b4bdc8;--line:#7d8894;--main:#8ab4f8;--on:#10203a;--bad:#ff9a94}}
    *{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;\
    padding:1rem;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
    main{width:100%;max-width:26rem;padding:1.5rem;background:var(--card);border-radius:.75rem;\
    overflow-wrap:anywhere}
    h1{margin:0 0 1rem;font-size:1.375rem;line-height:1.3}p{margin:0 0 1rem}
    label{display:block;margin:0 0 .25rem;font-weight:600}
    input{width:100%;min-height:2.75rem;margin:0 0 1rem;padding:.5rem .75rem;font:inherit;\
    color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.375rem}
    button{width:100%;min-height:2.75rem;margin:0 0 .75rem;padding:.5rem 1rem;font:inherit;\
    font-weight:600;color:var(--on);background:var(--main);border:1px solid var(--main);\
    border-radius:.375rem;cursor:pointer}
    button.second{color:var(--main);background:transparent}
    :focus-visible{outline:3px solid var(--main);outline-offset:2px}
    .bad{color:var(--bad);font-weight:600}.soft{color:var(--soft)}ul{margin:0 0 1rem;\
    padding-left:1.25rem}code{font-size:1.125rem}
    """

  private static let styleHash = Base64.encode(
    SHA256Hasher().hash(style.utf8.span).bytes.span, .standard)

  /// The whole document.
  private var document: String {
    let head: Markup = """
      <!doctype html><html lang="en"><head><meta charset="utf-8">\
      <meta name="viewport" content="width=device-width,initial-scale=1">\
      <title>\(title)</title><style>
      """
    let body: Markup = "</style></head><body><main>\(content)</main></body></html>\n"
    return head.text + Page.style + body.text
  }

  var response: ServiceResponse {
    let target = formTarget.map { " " + $0 } ?? ""
    let policy =
      "default-src 'none'; style-src 'sha256-\(Page.styleHash)'; form-action 'self'\(target); "
      + "frame-ancestors 'none'; base-uri 'none'"
    return ServiceResponse(
      status: status,
      fields: [
        (name: "content-type", value: "text/html; charset=utf-8"),
        (name: "content-security-policy", value: policy),
        (name: "x-frame-options", value: "DENY"),
        (name: "cross-origin-opener-policy", value: "same-origin"),
        (name: "permissions-policy", value: "camera=(), microphone=(), geolocation=()"),
      ] + Replies.safety + fields, body: Array(document.utf8))
  }
}
