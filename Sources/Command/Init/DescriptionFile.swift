import FoundationEssentials
import OpenAPI
import Runtime

/// The description of an API, as a command line names it.
enum DescriptionFile {
  /// Why a description cannot be used, in words.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// What the file says; it is compiled as well, so that whatever is wrong is known now.
  static func read(_ path: String) -> Result<APIOutline, Problem> {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try SystemFile.read(path, bytesMax: ConfigurationFile.descriptionBytesMax)
    } catch {
      return .failure(Problem(description: "\(path) \(error)"))
    }
    do throws(APIFault) {
      _ = try APIContract(bytes)
      return .success(try APIOutline(bytes))
    } catch {
      return .failure(Problem(description: "\(path):\(error)"))
    }
  }

  /// The path as it is from everywhere.
  static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
