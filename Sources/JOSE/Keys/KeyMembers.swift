import Crypto
import Formats

/// The members of a JSON Web Key, read strictly (RFC 7518 §6, RFC 8037 §2).
struct KeyMembers {
  private let object: JSONElement

  init(_ object: JSONElement) { self.object = object }

  /// A text; nil if it is absent.
  func text(_ name: String) throws(JWKError) -> String? {
    guard let element = object[name] else { return nil }
    guard let text = element.string else { throw .member(name) }
    return text
  }

  /// A list of words, each once; nil if it is absent.
  func words(_ name: String) throws(JWKError) -> Set<String>? {
    guard let element = object[name] else { return nil }
    guard element.kind == .array else { throw .member(name) }
    var words: Set<String> = []
    for word in element.elements {
      guard let word = word.string, words.insert(word).inserted else { throw .member(name) }
    }
    return words
  }

  /// Bytes in base64url; they must be there.
  func bytes(_ name: String) throws(JWKError) -> [UInt8] {
    guard let text = object[name]?.textBytes, let bytes = Base64.decode(text.span) else {
      throw .member(name)
    }
    return bytes
  }

  private func has(_ name: String) -> Bool { object[name] != nil }

  func rsa() throws(JWKError) -> JSONWebKey.Material {
    let (modulus, exponent) = (try bytes("n"), try bytes("e"))
    do throws(KeyError) {
      let known = try PublicKey(modulus: modulus.span, exponent: exponent.span)
      guard has("d") else { return .publicKey(known) }
      guard !has("oth"), let d = try? bytes("d"), let p = try? bytes("p"), let q = try? bytes("q")
      else { throw .malformed }
      let own = try PrivateKey(
        PrivateKey.RSANumbers(
          modulus: modulus, exponent: exponent, privateExponent: d, firstPrime: p, secondPrime: q))
      return .keyPair(own, known)
    } catch {
      throw .key(error)
    }
  }

  func elliptic() throws(JWKError) -> JSONWebKey.Material {
    guard let curve = try text("crv").flatMap(EllipticCurve.init) else { throw .member("crv") }
    let (x, y) = (try bytes("x"), try bytes("y"))
    let d = has("d") ? try bytes("d") : nil
    do throws(KeyError) {
      let known = try PublicKey(curve: curve, x: x.span, y: y.span)
      guard let d else { return .publicKey(known) }
      return .keyPair(try PrivateKey(curve: curve, x: x.span, y: y.span, d: d.span), known)
    } catch {
      throw .key(error)
    }
  }

  func montgomery() throws(JWKError) -> JSONWebKey.Material {
    guard let curve = try text("crv").flatMap(MontgomeryCurve.init) else { throw .member("crv") }
    let x = try bytes("x")
    let d = has("d") ? try bytes("d") : nil
    do throws(KeyError) {
      let known = try PublicKey(curve: curve, bytes: x.span)
      guard let d else { return .publicKey(known) }
      return .keyPair(try PrivateKey(curve: curve, bytes: d.span, publicBytes: x), known)
    } catch {
      throw .key(error)
    }
  }
}
