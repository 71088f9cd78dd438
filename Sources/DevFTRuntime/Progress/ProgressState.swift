/// How far a run is, as far as it is known.
public struct ProgressState: Equatable, Sendable {
  /// A stage of the run.
  public struct Stage: Equatable, Sendable {
    /// Stage from 1.
    public var index: Int
    /// Number of stages.
    public var count: Int
    /// Layers of the submodel.
    public var capacity: Int

    /// Names a stage.
    ///
    /// - Parameters:
    ///   - index: Stage from 1.
    ///   - count: Number of stages.
    ///   - capacity: Layers of the submodel.
    public init(index: Int, count: Int, capacity: Int) {
      self.index = index
      self.count = count
      self.capacity = capacity
    }
  }

  /// The running stage; `nil` without stages.
  public var stage: Stage?
  /// Finished rounds.
  public var round = 0
  /// Rounds in all, at least 1.
  public var roundCount: Int
  /// Finished part of the running round, in `0 ... 1`.
  public var roundFraction = 0.0
  /// Latest training loss, nats per token.
  public var loss: Double?
  /// Target tokens trained on a second.
  public var throughput: Double?
  /// Bytes sent and received so far, all clients together.
  public var byteCount = 0

  /// Creates the state before the first round.
  ///
  /// - Parameter roundCount: Rounds in all, at least 1.
  public init(roundCount: Int) {
    precondition(roundCount >= 1, "round count \(roundCount) must be at least 1")
    self.roundCount = roundCount
  }

  /// Finished part of the run, in `0 ... 1`.
  var fraction: Double {
    let part = roundFraction.isFinite ? max(0, min(1, roundFraction)) : 0
    return max(0, min(1, (Double(round) + part) / Double(roundCount)))
  }

  /// Stage, round, loss, throughput and bytes, apart by two spaces.
  var text: String {
    var parts: [String] = []
    if let stage { parts.append("stage \(stage.index)/\(stage.count) (\(stage.capacity) layers)") }
    parts.append("round \(round)/\(roundCount)")
    if let loss { parts.append("loss \(NumberText.fixed(loss, decimals: 3))") }
    if let throughput { parts.append("\(NumberText.fixed(throughput, decimals: 0)) tok/s") }
    if byteCount > 0 { parts.append(ByteCountText.text(byteCount)) }
    return parts.joined(separator: "  ")
  }
}
