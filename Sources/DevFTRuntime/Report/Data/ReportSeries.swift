public import DevFTFederation

/// What one method did from round to round.
public struct ReportSeries: Codable, Equatable, Sendable {
  /// The state after one round; all amounts count from the start of the run.
  public struct Point: Codable, Equatable, Sendable {
    /// Round from 1; 0 is before training.
    public var round: Int
    /// Stage from 1; `nil` for a method without stages.
    public var stage: Int?
    /// Layers of the submodel; `nil` when not known.
    public var capacity: Int?
    /// Mean training loss of the round's clients, nats per token.
    public var trainingLoss: Double?
    /// Held-out loss of the full model, nats per token, in rounds that measure it.
    public var heldOutLoss: Double?
    /// Bytes that all clients sent and received so far.
    public var traffic = Traffic()
    /// Seconds of computing so far.
    public var seconds = 0.0

    /// Creates a point without numbers.
    ///
    /// - Parameter round: Round from 1; 0 is before training.
    public init(round: Int) { self.round = round }
  }

  /// Name of the method, as in the results.
  public var method: String
  /// The points by round, ascending.
  public var points: [Point]

  /// Creates a series.
  ///
  /// - Parameters:
  ///   - method: Name of the method.
  ///   - points: The points by round, ascending.
  public init(method: String, points: [Point]) {
    self.method = method
    self.points = points
  }

  /// The lowest held-out loss of the series; `nil` when none was measured.
  var lowestHeldOutLoss: Double? {
    points.compactMap(\.heldOutLoss).filter(\.isPresentable).min()
  }

  /// The first point that is at least as good as a loss.
  func firstPoint(reaching loss: Double) -> Point? {
    points.first { point in point.heldOutLoss.map { $0.isPresentable && $0 <= loss } ?? false }
  }
}

extension Traffic {
  /// All kinds together.
  var total: Int { [loraUp, loraDown, baseDown, aux].reduce(0) { $0.addingClamped($1) } }
}

extension Int {
  /// The sum, or the largest integer when it does not fit: meters come from files.
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? Int.max : sum
  }
}
