/// What a request waits for.
package enum ClientPhase: String, Hashable, Sendable {
  case connect
  case answer
  case finish
}
