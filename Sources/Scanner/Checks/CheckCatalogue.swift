/// All checks, in the order in which a scan runs them: what only looks comes first, what changes
/// things after that, what locks people out last.
enum CheckCatalogue {
  static let all: [any Check] = [
    FunctionReadCheck(),
    ObjectReadCheck(),
    GraphQLObjectCheck(),
    MissingAuthenticationCheck(),
    ExcessiveDataCheck(),
    PageSizeCheck(),
    OldVersionCheck(),
    ReadInputCheck(),
    WriteInputCheck(),
    OriginCheck(),
    DeveloperPageCheck(),
    HeaderCheck(),
    GraphQLCheck(),
    TokenCheck(),
    ObjectWriteCheck(),
    FunctionWriteCheck(),
    BodyReferenceCheck(),
    AccountWriteCheck(),
    AnonymousCreationCheck(),
    MassAssignmentCheck(),
    RegistrationCheck(),
    ConformanceCheck(),
    PasswordChangeCheck(),
    LoginInjectionCheck(),
    LogoutCheck(),
    EnumerationCheck(),
    PatternTimeCheck(),
    RateLimitCheck(),
  ]
}
