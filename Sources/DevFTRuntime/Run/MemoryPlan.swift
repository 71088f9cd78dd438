import DevFTModel

/// How a client spends its memory.
struct MemoryPlan: Equatable, Sendable {
  /// How frozen matrices are kept.
  var weights: WeightStorage
  /// What a step computes twice.
  var recomputation: Recomputation

  /// The plans that a configuration allows, the quickest first.
  static func candidates(_ memory: MemoryConfiguration) -> [MemoryPlan] {
    let all = [
      MemoryPlan(weights: .expanded, recomputation: .never),
      MemoryPlan(weights: .stored, recomputation: .never),
      MemoryPlan(weights: .stored, recomputation: .always),
      MemoryPlan(weights: .expanded, recomputation: .always),
    ]
    return all.filter { plan in
      (memory.weights.storage.map { $0 == plan.weights } ?? true)
        && (memory.recompute.recomputation.map { $0 == plan.recomputation } ?? true)
    }
  }

  /// The quickest plan that a configuration allows and whose memory fits its budget.
  ///
  /// - Parameters:
  ///   - memory: Wishes and budget.
  ///   - estimate: Resident bytes under a plan.
  /// - Returns: The plan.
  /// - Throws: `RunError` with code `unsupported` when none fits.
  static func choose(
    _ memory: MemoryConfiguration,
    estimate: (MemoryPlan) -> Int
  ) throws(RunError) -> MemoryPlan {
    let candidates = candidates(memory)
    guard let budget = memory.budget else { return candidates[0] }
    if let plan = candidates.first(where: { estimate($0) <= budget.byteCount }) { return plan }
    let least = candidates.map(estimate).min() ?? 0
    throw RunError(
      .unsupported,
      "memory.budget: expected at least \(ByteCountText.text(least)), which the largest stage needs "
        + "by estimate, got \(ByteCountText.text(budget.byteCount))"
    )
  }
}

extension MemoryConfiguration.Weights {
  fileprivate var storage: WeightStorage? {
    switch self {
    case .auto: nil
    case .expanded: .expanded
    case .stored: .stored
    }
  }
}

extension MemoryConfiguration.Recompute {
  fileprivate var recomputation: Recomputation? {
    switch self {
    case .auto: nil
    case .always: .always
    case .never: .never
    }
  }
}
