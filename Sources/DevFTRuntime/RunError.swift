/// A failure of a run: a missing model, a directory that does not fit, a number that is none.
public struct RunError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind {
      case modelMissing, otherModel, unsupported, directory, download, nonFinite
    }
    private let kind: Kind

    /// The model is not on this machine.
    public static let modelMissing = Code(kind: .modelMissing)
    /// The model or the adapter is not the one that the other side of a federation has.
    public static let otherModel = Code(kind: .otherModel)
    /// The configuration asks for something this program cannot do.
    public static let unsupported = Code(kind: .unsupported)
    /// A run directory is in the way, missing, or of another run.
    public static let directory = Code(kind: .directory)
    /// A download failed, or gave other bytes than expected.
    public static let download = Code(kind: .download)
    /// A loss is NaN or infinite.
    public static let nonFinite = Code(kind: .nonFinite)

    /// The code's name.
    public var description: String { String(describing: kind) }
  }

  /// The kind of failure.
  public var code: Code
  /// What was expected, what came, and where: one line.
  public var message: String

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What was expected, what came, and where: one line.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
