/// A failure of the way to a Flower federation.
///
/// What a client does wrong is no such failure: its task ends with a reason and the round goes on.
public struct FlowerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind {
      case unreachable, untrusted, refused, stopped, incomplete, malformed, tooLarge,
        unsupported, invalidSetting
    }
    private let kind: Kind

    /// The other side cannot be reached, or says that it is not ready; it may be later.
    public static let unreachable = Code(kind: .unreachable)
    /// The other side's certificate is not that of the given authority.
    public static let untrusted = Code(kind: .untrusted)
    /// The other side refuses a request.
    public static let refused = Code(kind: .refused)
    /// The run or the task has been stopped, or its token has run out.
    public static let stopped = Code(kind: .stopped)
    /// A message is announced, and what it is made of never came.
    public static let incomplete = Code(kind: .incomplete)
    /// An object or a message is not what its format says.
    public static let malformed = Code(kind: .malformed)
    /// Something is larger than it may be.
    public static let tooLarge = Code(kind: .tooLarge)
    /// The other side asks for something that this program cannot do.
    public static let unsupported = Code(kind: .unsupported)
    /// An option is outside its range, or one needs another.
    public static let invalidSetting = Code(kind: .invalidSetting)

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
