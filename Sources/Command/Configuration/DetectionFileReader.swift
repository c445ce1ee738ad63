import Blueprint
import Detection
import Formats
import OpenAPI
import Runtime

/// Reads the files that detection needs, and reports what is wrong with them.
struct DetectionFileReader {
  let folder: Folder
  let diagnostics: Diagnostics

  func read(_ settings: DetectionBlueprint?) -> DetectionFiles {
    var files = DetectionFiles()
    guard let settings else { return files }
    if let text = settings.places, let bytes = bytes(text, PlaceFile.bytesMax) {
      do throws(PlaceFile.Fault) {
        files.places = try PlaceFile(bytes)
      } catch {
        diagnostics.error("\(text.shown) \(error.message)", at: text.position)
      }
    }
    for text in settings.rules {
      guard let bytes = bytes(text, SigmaReader.bytesMax) else { continue }
      do throws(SigmaFault) {
        files.rules.append(try SigmaReader.rule(bytes, file: text.string))
      } catch {
        diagnostics.error("\(text.shown): the rule \(error.message)", at: text.position)
      }
    }
    return files
  }

  private func bytes(_ text: Text, _ bytesMax: Int) -> [UInt8]? {
    do throws(FileError) {
      return try SystemFile.read(folder.path(text.string), bytesMax: bytesMax)
    } catch {
      diagnostics.error("\(text.shown) \(error)", at: text.position)
      return nil
    }
  }

  /// The operations of all descriptions; one that cannot be read is reported by who checks by it.
  static func described(_ blueprint: Blueprint, _ folder: Folder) -> [DescribedEndpoint] {
    blueprint.services.flatMap { service -> [DescribedEndpoint] in
      guard let file = service.description,
        let bytes = try? SystemFile.read(
          folder.path(file.string), bytesMax: ConfigurationFile.descriptionBytesMax),
        let outline = try? APIOutline(bytes)
      else { return [] }
      return outline.operations.map {
        DescribedEndpoint(
          service: service.name, method: $0.method, template: $0.path,
          isDeprecated: $0.isDeprecated)
      }
    }
  }
}
