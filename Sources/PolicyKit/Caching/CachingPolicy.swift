/// A policy that has responses kept for those who ask for the same.
public protocol CachingPolicy: Policy {
  var cache: ResponseCache { get }
  var rules: CacheRules { get }
}
