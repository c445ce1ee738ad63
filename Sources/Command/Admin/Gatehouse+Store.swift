extension Gatehouse {
  /// Those for the store and the admin API of a running gateway.
  static let storeSubcommands: [any Subcommand.Type] = [
    AdminCommand.self, ConsumersCommand.self, KeysCommand.self, RolesCommand.self,
    GroupsCommand.self,
  ]
}
