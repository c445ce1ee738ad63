import Blueprint
import Formats
import Foundation
import PolicyKit
import Runtime

/// Makes the policies of a blueprint, and reports what is wrong with their settings.
struct PolicyCompiler {
  let blueprint: Blueprint
  let catalogue: PolicyCatalogue
  let diagnostics: Diagnostics
  let interpolation: Interpolation
  let retained: RetainedState
  let folder: Folder
  let plans: [CallerPlan]

  func compile() -> CompiledPolicies {
    let routes = self.routes
    let roles = RoleDirectory(blueprint)
    var compiled = CompiledPolicies(
      directory: ConsumerDirectory(blueprint.consumers, roles: roles), plans: plans)
    for service in blueprint.services {
      let shared = policies(
        service.policies, of: service, below: "service", directory: compiled.directory,
        routes: routes, roles: roles)
      let forPublic = shared.filter { policy in
        let stage = type(of: policy).manifest.stage
        return stage != .identification && stage != .authorization
      }
      for route in service.routes {
        let own = policies(
          route.policies, of: service, below: PolicyCompiler.place(of: route),
          directory: compiled.directory, routes: routes, roles: roles)
        let chain = (route.isPublic ? forPublic : shared) + own
        compiled.perRoute.append(PolicyCompiler.sorted(chain))
      }
    }
    return compiled
  }

  private func policies(
    _ parts: [PolicyBlueprint], of service: ServiceBlueprint, below place: String,
    directory: ConsumerDirectory, routes: [PolicyRoute], roles: RoleDirectory
  ) -> [any Policy] {
    var counts: [String: Int] = [:]
    return parts.compactMap { part in
      // One that is unknown was reported by the reader.
      guard let type = catalogue.policy(part.name) else { return nil }
      let number = counts[part.name, default: 0]
      counts[part.name] = number + 1
      var settings = Settings(part.node, in: diagnostics, interpolation: interpolation)
      let site = PolicySite(
        service: service.name, path: "\(place)/\(part.name)/\(number)", directory: directory,
        retained: retained, routes: routes, roles: roles,
        companions: companions(service.policies + parts),
        description: service.description, files: files,
        wallMilliseconds: UInt64(max(0, Date().timeIntervalSince1970) * 1000),
        issuer: blueprint.identity?.issuer.text, hasStore: blueprint.store != nil,
        gateways: blueprint.counters?.gateways, plans: plans)
      let policy = type.init(&settings, at: site)
      settings.finish()
      return policy
    }
  }

  /// The names of policies, and of those within them.
  private func companions(_ parts: [PolicyBlueprint]) -> Set<String> {
    var names = Set(parts.map(\.name))
    for part in parts {
      guard let type = catalogue.policy(part.name) as? any CompositePolicy.Type else { continue }
      names.formUnion(type.parts(of: part.node))
    }
    return names
  }

  private var files: PolicyFiles {
    PolicyFiles(
      { [folder] path, bytesMax in
        do throws(FileError) {
          return .bytes(try SystemFile.read(folder.path(path), bytesMax: bytesMax))
        } catch {
          return .failed("\(error)")
        }
      }, resolver: { [folder] path in folder.path(path) },
      listing: { [folder] path in
        try? FileManager.default.contentsOfDirectory(atPath: folder.path(path))
      })
  }

  /// All routes, numbered as in the plan.
  private var routes: [PolicyRoute] {
    blueprint.services.flatMap { service in
      service.routes.enumerated().map { place, route in
        PolicyRoute(
          name: route.name ?? "\(service.name)/\(place)", service: service.name,
          templates: route.paths.filter { $0.kind == .template }.map(\.text))
      }
    }
  }

  /// What a route is known by: it stays the same when others come and go around it.
  private static func place(of route: RouteBlueprint) -> String {
    if let name = route.name { return "route/\(name)" }
    let words =
      route.hosts.map(\.description) + route.paths.map(\.description) + route.methods
      + route.headers.map { "\($0.name)=\($0.value)" }
    return "route:\(words.joined(separator: " "))"
  }

  /// By stage; within one, the order stays.
  private static func sorted(_ policies: [any Policy]) -> [any Policy] {
    Stage.allCases.flatMap { stage in
      policies.filter { type(of: $0).manifest.stage == stage }
    }
  }
}
