/// Which submodel size is trained in which rounds.
///
/// Stages and rounds count from 1. Capacities grow strictly and end at the full depth.
///
/// ```swift
/// let schedule = try StageSchedule(layerCount: 30, totalRounds: 40)
/// schedule.capacities          // [4, 8, 15, 30]
/// schedule.stage(ofRound: 11)  // 2
/// ```
public struct StageSchedule: Codable, Equatable, Sendable {
  /// Number of layers of each stage's submodel.
  public let capacities: [Int]
  /// Number of rounds of each stage, at least 1 each.
  public let roundCounts: [Int]

  /// Divides the rounds equally over the stages.
  ///
  /// What does not divide goes to the last stages, one round each: 42 rounds over four stages are
  /// 10, 10, 11, 11.
  ///
  /// - Parameters:
  ///   - capacities: Layers by stage; `nil` for doubling up to the full depth.
  ///   - layerCount: Number of layers `L` of the full model, at least 1.
  ///   - totalRounds: Rounds of all stages together, at least one a stage.
  /// - Throws: `StagesError` with code `invalidSchedule`.
  public init(
    capacities: [Int]? = nil,
    layerCount: Int,
    totalRounds: Int
  ) throws(StagesError) {
    let capacities = capacities ?? Self.doublingCapacities(layerCount: layerCount)
    try Self.check(capacities, layerCount: layerCount)
    guard totalRounds >= capacities.count else {
      let came = "expected at least one a stage, \(capacities.count) in all; got \(totalRounds)"
      throw StagesError(.invalidSchedule, "rounds: \(came)")
    }
    let (each, rest) = totalRounds.quotientAndRemainder(dividingBy: capacities.count)
    self.capacities = capacities
    roundCounts = capacities.indices.map { each + ($0 >= capacities.count - rest ? 1 : 0) }
  }

  /// Gives each stage its own number of rounds.
  ///
  /// - Parameters:
  ///   - capacities: Layers by stage; `nil` for doubling up to the full depth.
  ///   - layerCount: Number of layers `L` of the full model, at least 1.
  ///   - roundCounts: Rounds by stage, at least 1 each.
  /// - Throws: `StagesError` with code `invalidSchedule`.
  public init(
    capacities: [Int]? = nil,
    layerCount: Int,
    roundCounts: [Int]
  ) throws(StagesError) {
    let capacities = capacities ?? Self.doublingCapacities(layerCount: layerCount)
    try Self.check(capacities, layerCount: layerCount)
    guard roundCounts.count == capacities.count, roundCounts.allSatisfy({ $0 >= 1 }) else {
      let came = "expected \(capacities.count) numbers of at least 1, got \(roundCounts)"
      throw StagesError(.invalidSchedule, "rounds: \(came)")
    }
    self.capacities = capacities
    self.roundCounts = roundCounts
  }

  /// The paper's capacities `L/8, L/4, L/2, L`, rounded half up.
  ///
  /// - Parameter layerCount: Number of layers `L`, at least 1.
  /// - Returns: Strictly growing capacities that end at `L`: 30 layers give 4, 8, 15, 30.
  public static func doublingCapacities(layerCount: Int) -> [Int] {
    growingCapacities(layerCount: layerCount)
  }

  /// Capacities that grow by a factor from stage to stage, rounded half up, the last one cut to `L`.
  ///
  /// Differs from the paper, which has no model this small: capacities below 1 and repeated ones,
  /// as they come with fewer than eight layers, are left out.
  ///
  /// - Parameters:
  ///   - layerCount: Number of layers `L`, at least 1.
  ///   - initial: Layers of the first stage, at least 1; `nil` for `L/8`, which is multiplied as it is
  ///     before it is rounded.
  ///   - growth: The factor, at least 2: the paper's is 2, its ablation has 4 and 8.
  /// - Returns: Strictly growing capacities that end at `L`: 32 layers by 4 give 4, 16, 32.
  public static func growingCapacities(
    layerCount: Int,
    initial: Int? = nil,
    growth: Int = 2
  ) -> [Int] {
    precondition(layerCount >= 1, "layer count \(layerCount) must be at least 1")
    precondition(growth >= 2, "growth \(growth) must be at least 2")
    precondition(initial.map { $0 >= 1 } ?? true, "initial capacity must be at least 1")
    // In eighths, so that nothing is rounded before it is multiplied.
    var eighths = min(initial ?? layerCount, layerCount) * (initial == nil ? 1 : 8)
    var capacities: Set<Int> = [layerCount]
    while eighths < layerCount * 8 {
      let rounded = (eighths + 4) / 8
      if rounded >= 1 { capacities.insert(rounded) }
      let (next, overflows) = eighths.multipliedReportingOverflow(by: growth)
      eighths = overflows ? Int.max : next
    }
    return capacities.sorted()
  }

  /// Number of stages.
  public var stageCount: Int { capacities.count }

  /// Rounds of all stages together.
  public var totalRounds: Int { roundCounts.reduce(0, +) }

  /// The stage that a round belongs to.
  ///
  /// - Parameter round: In `1 ... totalRounds`.
  /// - Returns: A stage in `1 ... stageCount`.
  public func stage(ofRound round: Int) -> Int {
    precondition((1...totalRounds).contains(round), "round \(round) is not in 1 ... \(totalRounds)")
    var last = 0
    for (index, count) in roundCounts.enumerated() {
      last += count
      if round <= last { return index + 1 }
    }
    return stageCount
  }

  /// The rounds of a stage.
  ///
  /// - Parameter stage: In `1 ... stageCount`.
  /// - Returns: First to last round.
  public func rounds(ofStage stage: Int) -> ClosedRange<Int> {
    precondition((1...stageCount).contains(stage), "stage \(stage) is not in 1 ... \(stageCount)")
    let before = roundCounts.prefix(stage - 1).reduce(0, +)
    return (before + 1)...(before + roundCounts[stage - 1])
  }

  /// The number of layers trained in a stage.
  ///
  /// - Parameter stage: In `1 ... stageCount`.
  /// - Returns: A capacity in `1 ... L`.
  public func capacity(ofStage stage: Int) -> Int {
    precondition((1...stageCount).contains(stage), "stage \(stage) is not in 1 ... \(stageCount)")
    return capacities[stage - 1]
  }

  /// Adapter bytes sent by clients over those of the same number of rounds at full depth.
  ///
  /// `Σ_s R_s L_s / (L Σ_s R_s)` for `R_s` rounds of capacity `L_s`; four equal doubling stages of a
  /// 32-layer model give 15/32 = 1/2.133.
  public var uplinkRatio: Double {
    let sent = zip(capacities, roundCounts).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return sent / (Double(capacities[stageCount - 1]) * Double(totalRounds))
  }

  private static func check(_ capacities: [Int], layerCount: Int) throws(StagesError) {
    let isGrowing = zip(capacities, capacities.dropFirst()).allSatisfy { $0 < $1 }
    guard isGrowing, let first = capacities.first, first >= 1, capacities.last == layerCount else {
      let expected = "expected growing numbers from at least 1 to the model's \(layerCount) layers"
      throw StagesError(.invalidSchedule, "capacities: \(expected); got \(capacities)")
    }
  }
}
