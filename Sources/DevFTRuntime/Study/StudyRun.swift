import Foundation

/// One run of a study: a cell with one seed.
public struct StudyRun: Sendable {
  /// Name of the cell.
  public let cell: String
  /// Seed of every random stream.
  public let seed: UInt64
  /// Everything that decides what the run does, the seed included.
  public let configuration: RunConfiguration
  /// SHA-256 of what decides about the run's results: format of runs, configuration, model, data.
  ///
  /// Two runs of one identity are one run, whatever their cells are called.
  public let identity: String

  /// Describes a run.
  ///
  /// - Parameters:
  ///   - cell: Name of the cell.
  ///   - seed: Seed of every random stream; replaces the configuration's.
  ///   - configuration: What the cell's runs share.
  ///   - digest: Gives the digest of a file or of a model's directory; its own by default.
  public init(
    cell: String,
    seed: UInt64,
    configuration: RunConfiguration,
    digest: (String) -> String = StudyRun.digest
  ) {
    var configuration = configuration
    configuration.seed = seed
    let data = configuration.data
    let parts = [
      "run format \(ProgramVersion.runFormat)", configuration.resolvedYAML,
      digest((try? KnownModel.path(of: configuration.model)) ?? configuration.model),
      digest(data.path),
      data.eval.map(digest) ?? "none",
    ]
    self.cell = cell
    self.seed = seed
    self.configuration = configuration
    identity = FileDigest.sha256(of: Data(parts.joined(separator: "\n").utf8))
  }

  /// SHA-256 of a file; `missing` where none can be read.
  ///
  /// - Parameter path: The file.
  /// - Returns: The digest in hexadecimal digits.
  public static func digest(of path: String) -> String {
    (try? FileDigest.sha256(of: path)) ?? "missing"
  }

  /// Gives digests of files, each read once.
  static func rememberedDigest() -> (String) -> String {
    var digests: [String: String] = [:]
    return { path in
      let known = digests[path] ?? digest(of: path)
      digests[path] = known
      return known
    }
  }

  /// Name of the run's directory: readable, and ending in the identity's first digits.
  var directoryName: String {
    let words = cell.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let slug = String(words.joined(separator: "-").prefix(48))
    return "\(slug.isEmpty ? "cell" : slug)-seed-\(seed)-\(shortIdentity)"
  }

  /// Enough of the identity to tell the runs of a study apart.
  var shortIdentity: String { String(identity.prefix(12)) }
}
