import Crypto
import Formats

/// Who may call by a Kong configuration, and with what.
struct KongConsumers {
  private static let known: Set<String> = [
    "username", "custom_id", "id", "tags", "keyauth_credentials", "acls", "basicauth_credentials",
    "hmacauth_credentials", "created_at", "updated_at",
  ]

  /// Names and passwords for `basic`, as its settings.
  private(set) var users: [JSONValue] = []
  /// Names and secrets for `hmac`, as its settings.
  private(set) var secrets: [JSONValue] = []

  init(_ values: [JSONValue], _ draft: inout ImportDraft) {
    for (place, value) in values.enumerated() {
      add(value, "consumers[\(place)]", &draft)
    }
  }

  private mutating func add(
    _ value: JSONValue, _ place: String, _ draft: inout ImportDraft
  ) {
    guard let name = value["username"]?.string ?? value["custom_id"]?.string else {
      draft.note(.left, place, "a consumer without a name")
      return
    }
    var consumer = ImportDraft.Consumer(name: draft.name(name, at: place))
    for key in value["keyauth_credentials"]?.elements ?? [] {
      guard let text = key["key"]?.string, !text.isEmpty else {
        draft.note(.left, "\(place).keyauth_credentials", "a key that is not in the file")
        continue
      }
      consumer.keyHashes.append("sha256:" + SHA256Hasher().hash(text.utf8.span).hex)
    }
    consumer.groups = (value["acls"]?.elements ?? []).compactMap { $0["group"]?.string }
    for part in value["basicauth_credentials"]?.elements ?? [] {
      addUser(part, consumer, place, &draft)
    }
    for part in value["hmacauth_credentials"]?.elements ?? [] {
      addSecret(part, consumer, place, &draft)
    }
    if case .object(let object) = value {
      draft.noteRest(of: object, besides: KongConsumers.known, at: place)
    }
    draft.note(.carried, place, "consumer \(consumer.name); of its keys the hashes alone")
    draft.consumers.append(consumer)
  }

  private mutating func addUser(
    _ part: JSONValue, _ consumer: ImportDraft.Consumer, _ place: String,
    _ draft: inout ImportDraft
  ) {
    // What Kong has exported is a hash that nobody else can use.
    let isHash = part["password"]?.string.map { $0.count == 40 && $0.allSatisfy(\.isHexDigit) }
    guard let user = part["username"]?.string, let password = part["password"]?.string,
      isHash == false, !password.isEmpty, let hash = try? PasswordHash(of: password)
    else {
      draft.note(.left, "\(place).basicauth_credentials", "a password that is not in the file")
      return
    }
    users.append(
      ["name": .string(user), "password": .string(hash.text), "consumer": .string(consumer.name)])
  }

  private mutating func addSecret(
    _ part: JSONValue, _ consumer: ImportDraft.Consumer, _ place: String,
    _ draft: inout ImportDraft
  ) {
    guard let user = part["username"]?.string, let secret = part["secret"]?.string,
      secret.utf8.count >= 32
    else {
      draft.note(
        .left, "\(place).hmacauth_credentials", "a secret of less than 32 bytes, or none at all")
      return
    }
    secrets.append(
      ["id": .string(user), "secret": .string(secret), "consumer": .string(consumer.name)])
  }
}
