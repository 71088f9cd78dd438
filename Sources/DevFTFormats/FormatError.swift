/// A file, a piece of text or a directory that is not what it should be.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind { case unreadable, truncated, malformed, unsupported, missing, unwritable }
    private let kind: Kind

    /// The file could not be opened or read.
    public static let unreadable = Code(kind: .unreadable)
    /// The file ends before what it announces.
    public static let truncated = Code(kind: .truncated)
    /// The contents contradict the format.
    public static let malformed = Code(kind: .malformed)
    /// The contents are valid, but of a kind this program does not read.
    public static let unsupported = Code(kind: .unsupported)
    /// A required tensor, key or file is not there.
    public static let missing = Code(kind: .missing)
    /// The file could not be written.
    public static let unwritable = Code(kind: .unwritable)

    /// The code's name.
    public var description: String { String(describing: kind) }
  }

  /// The kind of failure.
  public var code: Code
  /// File or directory the failure is about, or `nil` when it is not about one.
  public var path: String?
  /// What was expected, what came, and where: one line, never the user's text.
  public var message: String

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - path: File or directory, or `nil`.
  ///   - message: What was expected, what came, and where: one line.
  public init(_ code: Code, path: String? = nil, _ message: String) {
    self.code = code
    self.path = path
    self.message = message
  }

  /// Path and message in one line.
  public var description: String { path.map { "\($0): \(message)" } ?? message }
}
