extension Gatehouse {
  /// Those for the store and the admin API of a running gateway.
  static let storeSubcommands: [any Subcommand.Type] = [
    AdminCommand.self, ConsumersCommand.self, KeysCommand.self, RolesCommand.self,
    GroupsCommand.self, UsersCommand.self, ClientsCommand.self, ApplyCommand.self, DiffCommand.self,
    ExportCommand.self, UsageCommand.self, BansCommand.self, CacheCommand.self, AlertsCommand.self,
    DiscoverCommand.self,
    StoreCommand.self, BackupCommand.self, RestoreCommand.self, AuditLogCommand.self,
  ]
}
