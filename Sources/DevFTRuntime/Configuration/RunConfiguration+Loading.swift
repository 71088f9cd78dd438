import Foundation

extension RunConfiguration {
  /// Reads a configuration file.
  ///
  /// Relative paths in the file count from the file's folder, so that a configuration can be moved
  /// together with its data; relative paths in overrides count from the working directory.
  ///
  /// - Parameters:
  ///   - file: Path of the YAML file.
  ///   - overrides: Texts such as `lora.rank=8`; a later one wins over an earlier one.
  /// - Returns: The configuration, all paths absolute.
  /// - Throws: `ConfigurationError` that names file, line and key.
  public static func load(file: String, overrides: [String] = []) throws(ConfigurationError)
    -> RunConfiguration
  {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw unreadable(file, "expected a configuration file, got nothing readable there")
    }
    guard let yaml = String(data: data, encoding: .utf8) else {
      throw unreadable(file, "expected UTF-8 text, got other bytes")
    }
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
    return try RunConfiguration(yaml: yaml, name: file, overrides: overrides, folder: folder)
  }

  /// Reads a configuration from text.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - name: What errors call the text, usually a path.
  ///   - overrides: Texts such as `lora.rank=8`; a later one wins over an earlier one.
  ///   - folder: Folder that relative paths in the text count from; `nil` leaves all paths alone.
  /// - Throws: `ConfigurationError` that names the text, line and key.
  public init(
    yaml: String,
    name: String,
    overrides: [String] = [],
    folder: String? = nil
  ) throws(ConfigurationError) {
    var root = try ConfigurationNode(yaml: yaml) { .file(name: name, line: $0) }
    for override in overrides { root.overlay(try ConfigurationNode(override: override)) }
    self = Self.standard
    try read(root, path: [])
    try check(root)
    if let folder { makePathsAbsolute(root, folder: folder) }
  }

  /// The configuration with every key, in a fixed order; read back, it gives an equal value.
  public var resolvedYAML: String { node.yaml }

  private static func unreadable(_ file: String, _ message: String) -> ConfigurationError {
    var error = ConfigurationError(.unreadable, at: .nowhere, message)
    error.path = file
    return error
  }
}

// MARK: - Paths

extension RunConfiguration {
  private mutating func makePathsAbsolute(_ root: ConfigurationNode, folder: String) {
    func absolute(_ path: String, _ key: [String]) -> String {
      let isOverride = if case .override = root.place(of: key) { true } else { false }
      let base = isOverride ? FileManager.default.currentDirectoryPath : folder
      let baseURL = URL(fileURLWithPath: base, isDirectory: true)
      return URL(fileURLWithPath: path, relativeTo: baseURL).standardizedFileURL.path
    }
    data.path = absolute(data.path, ["data", "path"])
    data.eval = data.eval.map { absolute($0, ["data", "eval"]) }
    if modelIsPath { model = absolute(model, ["model"]) }
  }

  /// Whether `model` is a path rather than the name of a known model.
  public var modelIsPath: Bool { model.contains("/") || model.lowercased().hasSuffix(".gguf") }
}
