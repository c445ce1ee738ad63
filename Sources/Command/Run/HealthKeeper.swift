import Base
import Blueprint
import Client
import Gateway
import Runtime
import Synchronization
import Telemetry

/// Asks upstreams whether they are well, once for all loops, where a service says so.
///
/// What is known of an upstream outlives a reload of the configuration.
final class HealthKeeper: Sendable {
  private struct Key: Hashable {
    let service: String
    let authority: [UInt8]
  }

  private struct Patient {
    let service: PlanService
    let target: UpstreamTarget
    var record = HealthRecord()
    var dueAt = Instant(nanoseconds: 0)
    var isAsked = false
  }

  private struct State {
    var patients: [Key: Patient] = [:]
    /// One for each service, since each verifies its upstreams in its own way.
    var clients: [String: Client] = [:]
  }

  private let state = Mutex(State())

  /// Replaces the upstreams that are looked after by those of a plan.
  func keep(_ plan: Plan) {
    state.withLock { state in
      var patients: [Key: Patient] = [:]
      state.clients = [:]
      for service in plan.services where service.health != nil {
        for target in service.targets {
          let key = Key(service: service.name, authority: target.authority)
          var patient = Patient(service: service, target: target)
          if let before = state.patients[key] {
            patient.record = before.record
            if !before.target.isWell { target.note(wellSince: nil) }
          }
          patients[key] = patient
        }
      }
      state.patients = patients
    }
  }

  /// Asks where it is time.
  func refresh(now: Instant) {
    let due = state.withLock { state in
      var due: [(Key, PlanService, UpstreamTarget, Client?)] = []
      for (key, patient) in state.patients where !patient.isAsked && patient.dueAt <= now {
        guard let health = patient.service.health else { continue }
        state.patients[key]?.isAsked = true
        state.patients[key]?.dueAt = now.adding(milliseconds: health.intervalMilliseconds)
        let client = HealthKeeper.client(&state, patient.service)
        due.append((key, patient.service, patient.target, client))
      }
      return due
    }
    for (key, service, target, client) in due {
      guard let health = service.health else { continue }
      Task { [self] in
        let flaw = await HealthKeeper.ask(target, service, health, client)
        note(flaw, of: key, target, health)
      }
    }
  }

  private static func client(_ state: inout State, _ service: PlanService) -> Client? {
    if let client = state.clients[service.name] { return client }
    // The operator chose the addresses, so private ones are allowed.
    let client = try? Client(ClientConfiguration(egress: .any, tls: service.tls))
    state.clients[service.name] = client
    return client
  }

  /// What is wrong with an upstream; nil if it is well.
  private static func ask(
    _ target: UpstreamTarget, _ service: PlanService, _ health: HealthBlueprint, _ client: Client?
  ) async -> String? {
    guard let client, let host = HostAddress(target.host) else { return "it cannot be asked" }
    let origin = ClientOrigin(isSecure: target.isSecure, host: host, port: target.port)
    let question = HealthQuestion(health, speaksHTTP2: service.speaksHTTP2)
    do throws(ClientError) {
      return question.flaw(of: try await client.send(question.request(to: origin)))
    } catch {
      return error.description
    }
  }

  private func note(
    _ flaw: String?, of key: Key, _ target: UpstreamTarget, _ health: HealthBlueprint
  ) {
    let change = state.withLock { state -> HealthRecord.Change? in
      state.patients[key]?.isAsked = false
      guard let patient = state.patients[key], patient.target === target else { return nil }
      return state.patients[key]?.record.note(isGood: flaw == nil, health)
    }
    guard let change else { return }
    let label = target.label(key.service)
    switch change {
    case .well:
      target.note(wellSince: Clock.monotonic)
      ErrorLog.notice("\(label) is well again")
    case .unwell:
      target.note(wellSince: nil)
      ErrorLog.warning("\(label) gets no requests: \(flaw ?? "")")
    }
  }
}
