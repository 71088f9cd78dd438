/// A failure of a federated run.
///
/// What a client does wrong is no such failure but a ``RejectedUpdate``: the round goes on without it.
public struct FederationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind {
      case invalidSetting, invalidPartition, emptyClient, unknownMethod, noWeight, quorumMissed
      case notSolvable
    }
    private let kind: Kind

    /// A number or name of the configuration is outside its range.
    public static let invalidSetting = Code(kind: .invalidSetting)
    /// The examples cannot be split as asked, or a saved split does not fit them.
    public static let invalidPartition = Code(kind: .invalidPartition)
    /// A client would have no example, or fewer than asked.
    public static let emptyClient = Code(kind: .emptyClient)
    /// No federated method has this name.
    public static let unknownMethod = Code(kind: .unknownMethod)
    /// There is nothing to average: no update, or none that weighs anything.
    public static let noWeight = Code(kind: .noWeight)
    /// Fewer updates than the quorum arrived.
    public static let quorumMissed = Code(kind: .quorumMissed)
    /// The equations of a method's server step have no solution in floating point.
    public static let notSolvable = Code(kind: .notSolvable)

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
