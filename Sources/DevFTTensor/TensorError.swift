/// A failure of the numeric layer.
public struct TensorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind { case productUnavailable, nonFinite }
    private let kind: Kind

    /// The CPU or the library has no such matrix product.
    public static let productUnavailable = Code(kind: .productUnavailable)
    /// A result is NaN or infinite.
    public static let nonFinite = Code(kind: .nonFinite)

    /// The code's name.
    public var description: String { String(describing: kind) }
  }

  /// The kind of failure.
  public var code: Code
  /// What was expected, what came, and where.
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
