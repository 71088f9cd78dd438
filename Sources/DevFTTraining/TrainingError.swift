/// A failure of local training.
public struct TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind { case nonFiniteLoss, noExamples, overLong, badLabel }
    private let kind: Kind

    /// The loss of a batch is NaN or infinite.
    public static let nonFiniteLoss = Code(kind: .nonFiniteLoss)
    /// There is no example, or none with a target.
    public static let noExamples = Code(kind: .noExamples)
    /// An example has more tokens than allowed.
    public static let overLong = Code(kind: .overLong)
    /// A row has no class, or one that is not known, or there are too few.
    public static let badLabel = Code(kind: .badLabel)

    /// The code's name.
    public var description: String { String(describing: kind) }
  }

  /// The kind of failure.
  public var code: Code
  /// What was expected, what came, and where: one line, never the user's text.
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
