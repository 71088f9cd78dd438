/// A configuration that cannot be used.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind {
      case unreadable, syntax, duplicateKey, unknownKey, missingKey, wrongValue, contradiction
    }
    private let kind: Kind

    /// The file could not be read.
    public static let unreadable = Code(kind: .unreadable)
    /// The text is not YAML.
    public static let syntax = Code(kind: .syntax)
    /// A key stands twice in one section.
    public static let duplicateKey = Code(kind: .duplicateKey)
    /// No such key exists.
    public static let unknownKey = Code(kind: .unknownKey)
    /// A key without a default is not there.
    public static let missingKey = Code(kind: .missingKey)
    /// The value is of the wrong type or out of range.
    public static let wrongValue = Code(kind: .wrongValue)
    /// Two values, each good by itself, exclude each other.
    public static let contradiction = Code(kind: .contradiction)

    /// The code's name.
    public var description: String { String(describing: kind) }
  }

  /// The kind of failure.
  public var code: Code
  /// The file, or the override such as `--set lora.rank=0`; `nil` when the value is a default.
  public var path: String?
  /// Line in the file, from 1; `nil` for an override.
  public var line: Int?
  /// Full key, such as `lora.rank`; empty for the file as a whole.
  public var key: String
  /// What was expected and what came: one line.
  public var message: String

  /// Path, line, key and message in one line.
  public var description: String {
    var parts: [String] = []
    if let path { parts.append(line.map { "\(path):\($0)" } ?? path) }
    if !key.isEmpty { parts.append(key) }
    return (parts + [message]).joined(separator: ": ")
  }

  init(_ code: Code, at place: ConfigurationPlace, key: [String] = [], _ message: String) {
    self.code = code
    switch place {
    case .file(let name, let line): (path, self.line) = (name, line)
    case .override(let text): (path, self.line) = ("--set \(text)", nil)
    case .nowhere: (path, self.line) = (nil, nil)
    }
    self.key = key.joined(separator: ".")
    self.message = message
  }

  /// A file that cannot be read.
  static func unreadable(_ file: String, _ message: String) -> ConfigurationError {
    var error = ConfigurationError(.unreadable, at: .nowhere, message)
    error.path = file
    return error
  }
}
