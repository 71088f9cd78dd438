/// A stage that cannot be planned or built from what was given.
public struct StagesError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind {
      case invalidOption, invalidSchedule, invalidGroups, layersDiffer, missingParameter
      case nonFinite, noPositiveDegree, eigenvectorsNotFound
    }
    private let kind: Kind

    /// An option has an unknown name or a value outside its range.
    public static let invalidOption = Code(kind: .invalidOption)
    /// Capacities or rounds do not make a sequence of stages.
    public static let invalidSchedule = Code(kind: .invalidSchedule)
    /// Layer groups are no partition of the layers, or cannot be made as asked.
    public static let invalidGroups = Code(kind: .invalidGroups)
    /// Layers that should be alike differ in number, names or shapes.
    public static let layersDiffer = Code(kind: .layersDiffer)
    /// A layer lacks a parameter.
    public static let missingParameter = Code(kind: .missingParameter)
    /// A parameter or similarity is NaN or infinite.
    public static let nonFinite = Code(kind: .nonFinite)
    /// The symmetric Laplacian does not exist: a layer's similarities sum to less than zero.
    public static let noPositiveDegree = Code(kind: .noPositiveDegree)
    /// The eigensolver did not converge.
    public static let eigenvectorsNotFound = Code(kind: .eigenvectorsNotFound)

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
