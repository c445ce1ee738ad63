/// The bounds of a resolver; each has a reason.
public enum ResolverLimits {
  /// Shortest time that an answer is used, so that a TTL of 0 does not become a flood of questions.
  public static let ttlSecondsMin = 1
  /// Longest time, so that a mistaken TTL of a week is repaired within the hour.
  public static let ttlSecondsMax = 3600
  /// How long an answer is used that has no TTL: of the hosts file, or of one family alone.
  public static let ttlSecondsWithoutTTL = 30
  /// How long "there is nothing" and failures are remembered.
  public static let negativeSeconds = 5
  /// How long the last good addresses may stand in while look-ups fail (RFC 8767 §5: days).
  public static let staleSecondsMax = 86_400
  /// Addresses of one name: no race tries more.
  public static let addressesMax = 64
  /// Resource records looked at in one answer: 64 addresses, their aliases, and room.
  public static let recordsMax = 256
  /// Aliases followed from one name, as long as the longest honest chains.
  public static let aliasesMax = 16
  /// Names remembered: more than a configuration has upstreams.
  public static let namesMax = 1024
  /// Look-ups accepted and not yet answered.
  public static let pendingMax = 1024
  /// Look-ups with sockets open, two each.
  public static let activeMax = 64
  /// Datagrams that are no answer to the question, before another socket (and so port) is used.
  public static let strangersMax = 16
  /// Bytes read of the hosts file; larger ones are cut.
  public static let hostsFileBytesMax = 1 << 20
  /// Bytes read of resolv.conf.
  public static let configurationBytesMax = 1 << 16
  /// Name servers used, and search domains tried, as resolv.conf(5) has it.
  public static let serversMax = 3
  public static let searchMax = 6
}
