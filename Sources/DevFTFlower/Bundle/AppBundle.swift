import Crypto
public import Foundation

/// The app that a run of a federation names: Flower starts no run without one.
///
/// It holds no code. Both app processes are this program, which was started by hand; the one module
/// is there for `flwr run`, which looks for it.
public struct AppBundle: Sendable {
  /// The app's files by path.
  public let files: [(path: String, contents: Data)]

  /// Describes the app.
  ///
  /// - Parameter version: Version of this program.
  public init(version: String) {
    let project = """
      [project]
      name = "devft"
      version = "\(Self.release(of: version))"
      description = "Federated fine-tuning with devft: both app processes are started by hand."
      license = { text = "Apache-2.0" }
      dependencies = []

      [tool.flwr.app]
      publisher = "devft"

      [tool.flwr.app.components]
      serverapp = "native:app"
      clientapp = "native:app"

      [tool.flwr.app.config]

      """
    let module = "# The apps are processes of their own, started by `devft flower`.\napp = None\n"
    files = [("native.py", Data(module.utf8)), ("pyproject.toml", Data(project.utf8))]
  }

  /// Takes the app of a folder, for runs in which some clients are not this program.
  ///
  /// - Parameter directory: Holds `pyproject.toml` and modules of Python; folders in it do not count.
  /// - Throws: `FlowerError` with code `invalidSetting` when there is no app.
  public init(directory: String) throws {
    let names = try? FileManager.default.contentsOfDirectory(atPath: directory)
      .filter { $0.hasSuffix(".py") || $0 == "pyproject.toml" }.sorted()
    guard let names, names.contains("pyproject.toml") else {
      throw FlowerError(
        .invalidSetting,
        "\(directory): expected an app with pyproject.toml, found none"
      )
    }
    files = try names.map { name in
      (name, try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")))
    }
  }

  /// The archive that is sent to start a run: the files and a list with their digests.
  public var archive: Data {
    var zip = ZipArchive()
    for file in files { zip.add(file.path, file.contents) }
    let lines = files.map { file in
      "\(file.path),\(SHA256.hash(data: file.contents).hexadecimal),\(file.contents.count * 8)"
    }
    zip.add(".info/CONTENT", Data(lines.joined(separator: "\n").utf8))
    return zip.data
  }

  /// The leading numbers of a version: what Flower takes for one.
  private static func release(of version: String) -> String {
    let numbers = version.prefix { $0.isNumber || $0 == "." }
    return numbers.isEmpty ? "0" : String(numbers)
  }
}
