import Blueprint
import PolicyKit

extension ConsumerDirectory {
  /// The consumers of a blueprint, with the hashes of their keys.
  convenience init(_ consumers: [ConsumerBlueprint], roles: RoleDirectory) {
    self.init(
      consumers: consumers.enumerated().map { index, consumer in
        Consumer(
          index: index, name: consumer.name,
          roles: roles.roles(
            of: RoleDirectory.Caller(
              consumer: consumer.name, roles: Set(consumer.roles), groups: Set(consumer.groups))),
          groups: Set(consumer.groups), isDisabled: consumer.disabled, plan: consumer.plan)
      },
      credentials: consumers.enumerated().flatMap { index, consumer in
        consumer.apiKeys.map { key in
          let digest = key.digest
          return Credential(
            digest: (digest.first, digest.second, digest.third, digest.fourth), consumer: index,
            scopes: Set(key.scopes))
        }
      })
  }
}
