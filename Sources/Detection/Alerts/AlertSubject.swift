/// Whom or what an alert is about.
public enum AlertSubject: String, CaseIterable, Sendable {
  case address, network, caller, credential, name, service, endpoint
}
