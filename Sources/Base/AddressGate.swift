/// How often each address may begin something: the generic cell rate algorithm (ITU-T I.371) over a
/// table that does not grow.
///
/// Addresses share places by chance. Under a flood from many, one that shares a place with a
/// flooder may be refused; where it shares is different in each process.
public struct AddressGate: Sendable {
  /// How many seconds' worth may come at once.
  public static let burstSeconds = 5
  private static let places = 4096

  /// When the last one that was let in would be due, were they evenly spaced.
  private var due: [Instant] = []

  /// A gate that nobody has come through.
  public init() {}

  /// Whether one more may begin; `perSecond` is what one address may.
  public mutating func admits(_ address: IPAddress, perSecond: Int, now: Instant) -> Bool {
    if due.isEmpty {
      due = [Instant](repeating: Instant(nanoseconds: 0), count: AddressGate.places)
    }
    var hasher = Hasher()
    hasher.combine(address)
    let place = Int(UInt(bitPattern: hasher.finalize()) % UInt(AddressGate.places))
    let spacing = UInt64(1_000_000_000 / max(1, perSecond))
    let burst = spacing * UInt64(max(1, perSecond * AddressGate.burstSeconds) - 1)
    let ahead = due[place] > now ? due[place].since(now) : 0
    if ahead > burst { return false }
    due[place] = Instant(nanoseconds: max(due[place].nanoseconds, now.nanoseconds) + spacing)
    return true
  }
}
