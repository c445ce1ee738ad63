/// The limits that every connection and every message is held to.
///
/// A limit of configuration has a default here and a range in `Limits.bounds`; nothing in the data
/// plane may grow with what a peer sends beyond one of them.
public struct Limits: Hashable, Sendable {
  // MARK: Request heads

  /// Longest method, in bytes: the longest registered has 17 (RFC 9110 §16.1), ours are shorter.
  public var methodBytesMax = 24

  /// Longest request target, in bytes. RFC 9110 §4.1 asks for 8000 at least; longer ones are 414.
  public var targetBytesMax = 8 * 1024

  /// Most fields in a head. Browsers send some 20; each costs a lookup in every policy. 431.
  public var fieldCountMax = 100

  /// Longest single field, name and value, in bytes: room for a large token or cookie. 431.
  public var fieldBytesMax = 16 * 1024

  /// Longest head, request line and fields, in bytes: what one client may make us hold. 431.
  public var headBytesMax = 32 * 1024

  /// Time from the first byte of a head to its last: what a slow-header attack may hold a slot for.
  public var headerTimeoutMilliseconds = 10_000

  // MARK: Bodies

  /// Slowest body, in bytes each second, measured after the grace: below it a client is an attack.
  public var bodyRateBytesPerSecondMin = 240

  /// Time in which a body need not reach the slowest rate: connections are slow to start.
  public var bodyRateGraceMilliseconds = 10_000

  /// Longest silence within a body, either way: a sender that is alive sends something.
  public var bodyTimeoutMilliseconds = 30_000

  /// Body bytes kept for a policy that needs the body whole; longer ones are 413.
  public var bodyBufferBytesMax = 1024 * 1024

  /// Bytes between reading from one side and writing to the other, each way: backpressure's depth.
  public var streamBufferBytesMax = 64 * 1024

  /// Extensions of one chunk, in bytes: no one uses them, and they cost without carrying content.
  public var chunkExtensionBytesMax = 256

  /// Most trailer fields: gRPC uses a handful.
  public var trailerCountMax = 32

  /// All trailer fields together, in bytes.
  public var trailerBytesMax = 8 * 1024

  // MARK: Connections

  /// Connections from clients, all listeners together: memory and descriptors are finite.
  public var connectionsMax = 65_536

  /// Connections from one address (IPv6: one /64). High, since networks and balancers share one.
  public var connectionsPerAddressMax = 16_384

  /// TLS handshakes that one address (IPv6: one /64) may begin each second, and five times as many
  /// at once; 0 for no bound. Each costs a signature, which the client has for nothing.
  public var handshakesPerAddressMax = 200

  /// Requests that one address (IPv6: one /64) may send to the admin listener each second, and five
  /// times as many at once; 0 for no bound. Far above what people and scripts need, and below what
  /// would take a core from the traffic.
  public var adminRequestsPerAddressMax = 2000

  /// Time for a TLS handshake: until it is done the peer has shown nothing and costs memory.
  public var handshakeTimeoutMilliseconds = 10_000

  /// Time a connection may wait for its next request: idle ones cost memory, new ones a handshake.
  public var idleTimeoutMilliseconds = 60_000

  /// Time in which a client that is slow to read takes what `bodyRate` asks: it holds buffers.
  public var sendTimeoutMilliseconds = 30_000

  /// Requests on one connection, after which it is closed: spreads load over workers again.
  public var requestsPerConnectionMax = 100_000

  /// Streams of one HTTP/2 connection at once: each may cost as much as a connection.
  public var streamsPerConnectionMax = 100

  /// Streams of one HTTP/2 connection that may end before their answers at a stretch, whoever
  /// resets them; a tenth as many more each second. Browsers cancel some, an attack millions.
  public var streamResetsMax = 200

  /// Time that exchanges under way get to end when the process is told to stop.
  public var drainTimeoutMilliseconds = 30_000

  /// Time that idle connections get for one more request when another process has taken over: a
  /// client that sends one just then must not find its connection closed.
  public var handOverIdleMilliseconds = 5_000

  /// Descriptors that clients never get, so that administration and logs work under a flood.
  public var descriptorsReserved = 64

  // MARK: Responses of upstreams

  /// Longest head of an upstream's response, in bytes; longer is the upstream's fault (502).
  public var responseHeadBytesMax = 64 * 1024

  /// Most fields in an upstream's response head, `Set-Cookie` included.
  public var responseFieldCountMax = 200

  /// Responses that are compressed at once; more go as they are. An encoder has some two megabytes,
  /// and four at most.
  public var encodersMax = 128

  /// Interim responses (1xx) before a final one: a stream of them would never end.
  public var interimResponseCountMax = 8

  /// The defaults.
  public init() {}
}
