/// Federated averaging of one factor at a time: B in the odd rounds of a stage, A in the even ones.
///
/// - The factor that rests has no gradient and no optimizer state, and stays the same to the bit; so
///   the mean of the other is exact in every round. B comes first, since A has no gradient while B is
///   zero.
/// - The factor that is trained goes up. Down goes what the client lacks: the mean of the last round, or
///   both factors when it missed that round or the stage is new.
/// - Rounds count from the start of a stage; an even number a stage gives both factors as many.
/// - SeeAlso: Chen et al., 2025, section 4, <https://arxiv.org/abs/2502.01755>.
public struct RoLoRA: FederatedMethod {
  /// `rolora`.
  public static let name = "rolora"
  /// For the reference.
  public static let meaning = "mean of B and of A in turns, the other at rest"

  /// Creates the method.
  ///
  /// - Parameter settings: Not looked at.
  public init(_ settings: MethodSettings = MethodSettings()) {}

  /// Anything goes that does not mix rounds.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks and answers to earlier rounds.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .unequalRanks: "its clients all train the whole rank"
    case .lateUpdates: "the factor that its round trained may be at rest"
    case .stages, .groupingByAdapter, .fusionBySum, .unequalRates, .trainedHead: nil
    }
  }

  /// What a client has missed travels down, the factor that is trained up.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down or up.
  ///   - place: Round, and when the client last took part.
  /// - Returns: Whether the other side lacks it.
  public func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool {
    let live = Self.factor(trainedIn: place.roundOfStage)
    guard way == .down else {
      return live.holds(tensorName) || AdapterPair.isOther(tensorName)
    }
    let wasThere = place.roundOfStage > 1 && place.lastRound == place.round - 1
    return wasThere ? !live.holds(tensorName) : true
  }

  /// Clients train one factor.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: A rule that freezes the other.
  public func localRule(for task: ClientTask) -> any LocalRule {
    FactorRule(factor: Self.factor(trainedIn: task.place.roundOfStage))
  }

  private static func factor(trainedIn roundOfStage: Int) -> AdapterFactor {
    roundOfStage.isMultiple(of: 2) ? .loraA : .loraB
  }
}
