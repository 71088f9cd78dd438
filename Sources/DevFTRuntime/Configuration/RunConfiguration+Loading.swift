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
    try RunConfiguration(
      try ConfigurationNode(file: file),
      overrides: overrides,
      folder: Self.folder
    )
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
    try self.init(
      try ConfigurationNode(yaml: yaml) { .file(name: name, line: $0) },
      overrides: overrides,
      folder: folder.map { folder in { _ in folder } }
    )
  }

  /// Reads a configuration from a tree.
  ///
  /// - Parameters:
  ///   - root: The tree.
  ///   - overrides: Texts such as `lora.rank=8`; a later one wins over an earlier one.
  ///   - folder: Folder that relative paths written at a place count from; `nil` leaves them alone.
  /// - Throws: `ConfigurationError` that names the text, line and key.
  init(
    _ root: ConfigurationNode,
    overrides: [String] = [],
    folder: ((ConfigurationPlace) -> String)?
  ) throws(ConfigurationError) {
    var root = root
    for override in overrides { root.overlay(try ConfigurationNode(override: override)) }
    self = Self.standard
    try read(root, path: [])
    try check(root)
    if let folder { makePathsAbsolute(root, folder: folder) }
  }

  /// The configuration with every key, in a fixed order; read back, it gives an equal value.
  public var resolvedYAML: String { node.yaml }

  /// The folder that relative paths count from: that of the file they stand in.
  static func folder(of place: ConfigurationPlace) -> String {
    guard case .file(let name, _) = place else { return FileManager.default.currentDirectoryPath }
    return URL(fileURLWithPath: name).deletingLastPathComponent().path
  }
}

// MARK: - Paths

extension RunConfiguration {
  private mutating func makePathsAbsolute(
    _ root: ConfigurationNode,
    folder: (ConfigurationPlace) -> String
  ) {
    func absolute(_ path: String, _ key: [String]) -> String {
      let place = root.place(of: key)
      let isOverride = if case .override = place { true } else { false }
      let base = isOverride ? FileManager.default.currentDirectoryPath : folder(place)
      let baseURL = URL(fileURLWithPath: base, isDirectory: true)
      return URL(fileURLWithPath: path, relativeTo: baseURL).standardizedFileURL.path
    }
    data.path = absolute(data.path, ["data", "path"])
    data.eval = data.eval.map { absolute($0, ["data", "eval"]) }
    federation.prompts = federation.prompts.map { absolute($0, ["federation", "prompts"]) }
    if modelIsPath { model = absolute(model, ["model"]) }
  }

  /// Whether `model` is a path rather than the name of a known model.
  public var modelIsPath: Bool { model.contains("/") || model.lowercased().hasSuffix(".gguf") }
}
