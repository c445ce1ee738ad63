import Blueprint
import Crypto
import HTTP
import Telemetry

/// The page for what cannot be told to the client: it has a number, which the log has with the
/// reason.
enum ErrorPage {
  /// The page. `advice` is for the user, `reason` for the operator alone.
  static func make(
    _ advice: String, status: Int = 400, reason: String, _ call: IdentityCall
  ) -> ServiceResponse {
    let word = (try? SecureRandom.word()) ?? 0
    let digits = String(word >> 32, radix: 16)
    let number = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    ErrorLog.notice(
      "identity: page \(number) for \(call.request.client) at \(call.endpoint.rawValue): \(reason)")
    return Page(
      title: "That did not work",
      content: """
        <h1>That did not work</h1><p>\(advice)</p>\
        <p class="soft">If you ask for help, quote the number <code>\(number)</code>.</p>
        """, status: status
    ).response
  }
}
