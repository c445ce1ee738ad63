import Base
import Crypto
import Formats
import JOSE

/// Gives whatever the fuzzer makes up to the readers of JSON, keys and tokens.
///
/// A token that no key here has signed must never be taken, and JSON that is taken must be the same
/// when each of its values is read again by itself.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTokens(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let kind = bytes.first else { return 0 }
  let input = Array(bytes.dropFirst())
  switch kind {
  case UInt8(ascii: "j"): readJSON(input)
  case UInt8(ascii: "k"): _ = try? JSONWebKeySet(json: input)
  case UInt8(ascii: "b"): readBase64(input)
  case UInt8(ascii: "e"): decrypt(input)
  default: verify(input)
  }
  return 0
}

private func readJSON(_ input: [UInt8]) {
  guard let index = try? JSONIndex(input) else { return }
  walk(index.root)
}

private func walk(_ element: JSONElement) {
  for (name, value) in element.members {
    precondition(element.member(name.utf8.span) != nil, "a member that is not found by its name")
    walk(value)
  }
  for value in element.elements { walk(value) }
  switch element.kind {
  case .string: precondition(element.string != nil, "a string without a text")
  case .number: _ = (element.integer, element.number)
  case .boolean: precondition(element.boolean != nil, "a truth value that is neither")
  case .object, .array, .null: break
  }
}

private func readBase64(_ input: [UInt8]) {
  guard let decoded = Base64.decode(input.span) else { return }
  precondition(Array(Base64.encode(decoded.span).utf8) == input, "two texts for the same bytes")
}

private let secret = [UInt8](repeating: 0x5A, count: 32)

private func verify(_ input: [UInt8]) {
  let key = JSONWebKey(.secret(SymmetricKey(secret)))
  let reader = SignatureReader(keys: VerificationKeys([key], algorithms: [.hs256, .es256]))
  let isTaken = (try? reader.verify(compact: input.span)) != nil
  _ = try? reader.verify(json: input)
  if isTaken {
    // Only a token whose code is right: made here again, it is the same.
    guard let dot = input.lastIndex(of: UInt8(ascii: ".")),
      let authenticator = try? MessageAuthenticator(SymmetricKey(secret), .sha256)
    else { preconditionFailure("a token without a signature was taken") }
    let signed = Array(input[..<dot])
    let code = authenticator.code(signed.span)
    precondition(
      Array(Base64.encode(code.span).utf8) == Array(input[(dot + 1)...]),
      "a token with a wrong signature was taken")
  }
}

private func decrypt(_ input: [UInt8]) {
  let key = JSONWebKey(.secret(SymmetricKey(secret)))
  let reader = EncryptionReader(keys: [key], managements: Set(KeyManagement.allCases))
  _ = try? reader.decrypt(compact: input.span)
  _ = try? reader.decrypt(json: input)
}
