import Foundation
import Yams

extension ConfigurationNode {
  /// Reads a YAML document.
  ///
  /// - Parameters:
  ///   - yaml: The text; an empty one is an empty mapping.
  ///   - place: Makes the place of a line.
  /// - Throws: `ConfigurationError` when the text is not YAML or repeats a key.
  init(yaml: String, place: (Int) -> ConfigurationPlace) throws(ConfigurationError) {
    do {
      guard let root = try Yams.compose(yaml: yaml) else {
        self.init(content: .mapping([]), place: place(1))
        return
      }
      try self.init(root, place: place, depth: 0)
    } catch let error as ConfigurationError {
      throw error
    } catch let error as YamlError {
      throw Self.translate(error, place: place)
    } catch {
      throw ConfigurationError(.syntax, at: place(1), "not readable as YAML: \(error)")
    }
  }

  /// Reads one override such as `lora.rank=8`, whose value is YAML.
  init(override text: String) throws(ConfigurationError) {
    let place = ConfigurationPlace.override(text)
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw ConfigurationError(.syntax, at: place, "expected key=value, such as lora.rank=8")
    }
    self = try ConfigurationNode(yaml: String(text[text.index(after: sign)...])) { _ in place }
    if case .mapping(let entries) = content, entries.isEmpty, text.last == "=" {
      content = .scalar(text: "", isQuoted: false)
    }
    nest(under: String(text[..<sign]), at: place)
  }

  /// Reads the text of a file.
  ///
  /// - Parameter file: Path of the YAML file.
  /// - Throws: `ConfigurationError` when it cannot be read, is not YAML or repeats a key.
  init(file: String) throws(ConfigurationError) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .unreadable(file, "expected a configuration file, got nothing readable there")
    }
    guard let yaml = String(data: data, encoding: .utf8) else {
      throw .unreadable(file, "expected UTF-8 text, got other bytes")
    }
    try self.init(yaml: yaml) { .file(name: file, line: $0) }
  }

  /// Makes this the value of a full key such as `lora.rank`, and nothing else.
  mutating func nest(under key: String, at place: ConfigurationPlace) {
    for part in key.split(separator: ".", omittingEmptySubsequences: false).reversed() {
      let entry = Entry(key: String(part), place: place, value: self)
      self = ConfigurationNode(content: .mapping([entry]), place: place)
    }
  }

  /// Copies a node of the YAML library; the deepest section of a configuration is at depth 3.
  private init(_ node: Node, place: (Int) -> ConfigurationPlace, depth: Int) throws {
    let here = place(node.mark?.line ?? 1)
    guard depth <= 8 else {
      throw ConfigurationError(.syntax, at: here, "expected at most 8 nested sections or lists")
    }
    switch node {
    case .scalar(let scalar):
      let isQuoted = scalar.style != .plain && scalar.style != .any
      self.init(content: .scalar(text: scalar.string, isQuoted: isQuoted), place: here)
    case .sequence(let sequence):
      let list = try sequence.map { try Self($0, place: place, depth: depth + 1) }
      self.init(content: .list(list), place: here)
    case .mapping(let mapping):
      let entries = try mapping.map { pair in
        let keyPlace = place(pair.key.mark?.line ?? 1)
        guard let key = pair.key.scalar?.string else {
          throw ConfigurationError(.syntax, at: keyPlace, "expected a name as key")
        }
        let value = try Self(pair.value, place: place, depth: depth + 1)
        return Entry(key: key, place: keyPlace, value: value)
      }
      self.init(content: .mapping(entries), place: here)
    case .alias:
      throw ConfigurationError(.syntax, at: here, "expected a value, got an alias")
    }
  }

  /// Names the line and the problem of a YAML library error.
  private static func translate(
    _ error: YamlError,
    place: (Int) -> ConfigurationPlace
  ) -> ConfigurationError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return ConfigurationError(.syntax, at: place(mark.line), "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let names, let context):
      let keys = names.sorted().joined(separator: ", ")
      return ConfigurationError(
        .duplicateKey,
        at: place(context.mark.line),
        "expected each key once in its section, got twice: \(keys)"
      )
    case .reader(let problem, _, _, _):
      return ConfigurationError(.syntax, at: place(1), "not YAML: \(problem)")
    default:
      return ConfigurationError(.syntax, at: place(1), "not YAML: \(error)")
    }
  }
}
